//go:build linux || darwin

package main

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestScreenSuspended: Ctrl-Z gives the terminal to the shell, fg gives it back.
func TestScreenSuspended(t *testing.T) {
	s := classroom
	s.leader = inJobControl
	x, client := s.asked(t)
	x.typeKeys("HTTP/1.1 200 OK\x02")
	x.expectBottom("> status          HTTP/1.1 200 O▮K")
	for range 2 {
		x.typeKeys("\x1a")
		x.suspended()
		x.expectBottom(`
* suspended: {} stays taken (fg goes on, kill %1 ends it)
▮`)
		x.foreground()
		x.expectBottom("> status          HTTP/1.1 200 O▮K")
	}
	x.typeKeys("\r")
	take(t, client, "HTTP/1.1 200 OK\r\n")
	x.typeKeys("Content-Length: 0\r\r")
	take(t, client, "Content-Length: 0\r\n\r\n")
	client.Close()
	x.expect(`the client closed .*; Ctrl-D ends`)
	x.typeKeys("late\x1a") // now the port is free
	x.suspended()
	x.wait("* suspended (fg goes on, kill %1 ends it)")
	x.foreground()
	x.expectBottom(">                 late▮")
	x.typeKeys("\x03")
	x.exit(130)
}

// TestScreenBackground: bg has it go on with rows alone, whatever is typed at the
// shell, and fg gives the terminal back, though bash tells nobody of it.
func TestScreenBackground(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip(err)
	}
	for name, stop := range map[string]func(x *terminal){
		"Ctrl-Z": func(x *terminal) {
			x.typeKeys("\x1a")
			x.suspended()
		},
		"stopped from elsewhere": func(x *terminal) {
			_ = syscall.Kill(x.pid, syscall.SIGSTOP)
			x.report()
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := classroom
			s.leader = inBash
			x, client := s.asked(t)
			x.typeKeys("HTTP/1.1 200 OK\x02")
			x.expectBottom("> status          HTTP/1.1 200 O▮K")
			stop(x)
			x.goOnInBackground()
			x.typeKeys("\r") // not read now, which would stop it, but when it is in the foreground
			put(t, client, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
			x.expect(`GET /a HTTP/1\.1\\r\\n(?s:.*)request complete.*\n\s*$`)
			x.foreground()
			x.expectBottom("> header          ▮")
			take(t, client, "HTTP/1.1 200 OK\r\n")
			x.typeKeys("Content-Length: 0\r\r")
			take(t, client, "Content-Length: 0\r\n\r\n")
			x.typeKeys("\x03")
			if status := x.ended(); status != 130 {
				t.Errorf("exit status %d", status)
			}
			if name == "Ctrl-Z" { // else what bash has found when it was stopped
				x.asBefore()
			}
		})
	}
}

// TestScreenSuspendedWrapped: a line of several rows is drawn once for each fg,
// though the program is told twice that it goes on.
func TestScreenSuspendedWrapped(t *testing.T) {
	s := classroom
	s.leader = inJobControl
	x, _ := s.asked(t)
	const last = "                  cccccccccccccccccccccccccccccccccccccc▮"
	x.typeKeys(strings.Repeat("a", 61) + strings.Repeat("b", 61) + strings.Repeat("c", 38))
	x.expectBottom(last)
	for range 8 {
		x.typeKeys("\x1a")
		x.suspended()
		x.foreground()
		x.expectBottom(last)
	}
	x.typeKeys("\x03")
	if n := strings.Count(x.exit(130), "aaa\\"); n > 0 {
		t.Errorf("%d rows of it are left", n)
	}
}
