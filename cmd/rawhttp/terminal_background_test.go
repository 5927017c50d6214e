//go:build linux || darwin

package main

import (
	"os/exec"
	"syscall"
	"testing"
)

// inEveryShell calls test with a program that is started in the background of each
// shell that is there: bash tells no program that is not stopped of an fg, others do.
func inEveryShell(t *testing.T, test func(t *testing.T, s setting)) {
	for name, bash := range map[string]bool{"sh": false, "bash": true} {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath(name); err != nil {
				t.Skip(err)
			}
			s := classroom
			s.leader, s.bash = inBackgroundFirst, bash
			test(t, s)
		})
	}
}

// startedInBackground waits for the note about it: until fg the terminal is the
// shell's.
func (x *terminal) startedInBackground() {
	x.t.Helper()
	x.expect(`\* started in the background: the terminal's input is left alone[^*]*fg lets\s+you\s+type\n`)
	x.asBefore()
}

// TestForeground: fg makes a program that was started in the background one that was
// started in the foreground, and nothing that is typed runs in the shell.
func TestForeground(t *testing.T) {
	inEveryShell(t, func(t *testing.T, s setting) {
		x := s.open(t, "listen", "0")
		address := x.listening()
		x.startedInBackground()
		x.foreground()
		x.wait("* in the foreground now: what you type is sent")
		x.enter("HTTP/1.1 200 OK", "* not sent: nobody is connected")
		client := connect(t, address)
		put(t, client, curl)
		x.expectBottom(`
* request complete: 82 bytes (head 82, no body); your turn, Ctrl-D closes
> status          ▮
`)
		x.typeKeys("HTTP/1.1 204 No Content\r\r")
		take(t, client, "HTTP/1.1 204 No Content\r\n\r\n")
		client.Close()
		x.expect(`the client closed .*; Ctrl-D ends`)
		x.enter("touch LEAK1", "* not sent: the connection is closed; Ctrl-D ends")
		x.typeKeys("touch LEAK2")
		x.expectBottom(">                 touch LEAK2▮")
		x.typeKeys("\x03")
		x.exit(130)
	})
}

// TestForegroundMidway: fg while a client waits for its answer.
func TestForegroundMidway(t *testing.T) {
	for number, args := range map[string][]string{"": {"listen", "0"}, "#1 ": {"listen", "-k", "0"}} {
		inEveryShell(t, func(t *testing.T, s setting) {
			x := s.open(t, args...)
			client := connect(t, x.listening())
			x.startedInBackground()
			put(t, client, curl)
			x.expect(`request complete: 82 bytes \(head 82, no body\)\n`)
			x.asBefore()
			x.foreground()
			x.expectBottom(number + "> status          ▮")
			x.typeKeys("HTTP/1.1 200 OK\r")
			take(t, client, "HTTP/1.1 200 OK\r\n")
			x.typeKeys("\x1a") // and from now on it is a job like others
			x.suspended()
			x.foreground()
			x.expectBottom(number + "> header          ▮")
			x.typeKeys("Content-Length: 0\r\r")
			take(t, client, "Content-Length: 0\r\n\r\n")
			client.Close()
			x.expect(`the client closed .*;[^*]*Ctrl-D\s+ends`)
			if x.typeKeys("\x04"); number != "" {
				x.expect(`Ctrl-D once more ends rawhttp`)
				x.typeKeys("\x04")
			}
			x.exit(0)
		})
	}
}

// TestForegroundSend is the same of the commands that connect.
func TestForegroundSend(t *testing.T) {
	inEveryShell(t, func(t *testing.T, s setting) {
		address, accept := server(t)
		x := s.open(t, "send", address)
		conn := accept()
		x.startedInBackground()
		x.foreground()
		x.expectBottom("> request         ▮")
		x.typeKeys("GET / HTTP/1.0\r\r")
		take(t, conn, "GET / HTTP/1.0\r\n\r\n")
		put(t, conn, "HTTP/1.0 204 No Content\r\n\r\n")
		conn.Close()
		x.expect(`the server closed .*; Ctrl-D ends`)
		x.enter("touch LEAK", "* not sent: the connection is closed; Ctrl-D ends")
		x.typeKeys("\x04")
		x.exit(0)
	})
}

// TestForegroundWithoutEditor: the system's own line editing is used.
func TestForegroundWithoutEditor(t *testing.T) {
	inEveryShell(t, func(t *testing.T, s setting) {
		s.env = withoutEditor
		x := s.open(t, "listen", "0")
		client := connect(t, x.listening())
		x.startedInBackground()
		put(t, client, curl)
		x.expect(`request complete: 82 bytes \(head 82, no body\)\n`)
		x.foreground()
		x.wait("* in the foreground now: what you type is sent")
		x.typeKeys("HTTP/1.1 204 No Content\n\n")
		take(t, client, "HTTP/1.1 204 No Content\r\n\r\n")
		client.Close()
		x.expect(`the client closed .*; Ctrl-D ends`)
		x.typeKeys("touch LEAK1\n")
		x.wait("* not sent: the connection is closed; Ctrl-D ends")
		x.typeKeys("touch LEAK2")
		x.wait("touch LEAK2")
		x.typeKeys("\x03")
		x.exit(130)
	})
}

// TestForegroundEnds: the terminal is given back, whatever ends the program.
func TestForegroundEnds(t *testing.T) {
	inEveryShell(t, func(t *testing.T, s setting) {
		x := s.open(t, "listen", "0")
		x.startedInBackground()
		x.foreground()
		x.wait("* in the foreground now")
		x.typeKeys("touch LEAK")
		x.expectBottom(">                 touch LEAK▮")
		_ = syscall.Kill(x.pid, syscall.SIGTERM)
		x.exit(143)
	})
}
