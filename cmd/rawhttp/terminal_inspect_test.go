//go:build linux || darwin

package main

import (
	"strings"
	"syscall"
	"testing"
)

// TestInspectTyped: at a terminal it says what it waits for and ends at Ctrl-D.
func TestInspectTyped(t *testing.T) {
	x := setting{}.open(t, "inspect")
	x.wait("Ctrl-D ends")
	x.typeKeys("GET / HTTP/1.0\r")
	x.wait(`> request     15  GET / HTTP/1.0\n`)
	x.typeKeys("\r")
	x.wait("request complete")
	x.typeKeys("\x04")
	if screen := x.exit(statusDone); !strings.Contains(screen, "* 16 bytes, 1 request: 2 warnings (bare-lf 2 times)") {
		t.Error(screen)
	}
}

// TestInspectCtrlC: Ctrl-C ends at once, also while a FIFO nobody writes to is
// being opened, and what was typed does not reach the shell.
func TestInspectCtrlC(t *testing.T) {
	x := setting{keepKeys: true}.open(t, "inspect")
	x.wait("Ctrl-D ends")
	x.typeKeys("GET / HTTP/1.0\r")
	x.wait("> request")
	x.typeKeys("rm -r x\x03")
	x.exit(130)

	fifo := t.TempDir() + "/fifo"
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	x = setting{}.open(t, "inspect", fifo)
	x.wait("waits for a writer")
	x.typeKeys("\x03")
	x.exit(130)
}

// TestInspectBackground: in the background the terminal is left alone.
func TestInspectBackground(t *testing.T) {
	x := setting{leader: inBackground}.open(t, "inspect")
	if screen := x.exit(statusUsage); !strings.Contains(screen, "rawhttp: hint: give a FILE") {
		t.Error(screen)
	}
}
