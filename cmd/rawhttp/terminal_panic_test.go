//go:build linux || darwin

package main

import (
	"bytes"
	"fmt"
	"os/signal"
	"reflect"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/term"
)

// TestPanic: a bug ends the program with its name, and the terminal is as it was
// before that is printed.
func TestPanic(t *testing.T) {
	const everything = "[everything]"
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	before, err := term.GetState(int(slave.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	shown := make(chan []byte)
	go func() {
		var all []byte
		for buffer := make([]byte, 4096); !bytes.HasSuffix(all, []byte(everything)); {
			n, err := master.Read(buffer)
			if all = append(all, buffer[:n]...); err != nil {
				break
			}
		}
		shown <- all
	}()
	var raw *term.State
	w := &world{stdin: slave, stdout: slave, stderr: slave, getenv: func(string) string { return "" }}
	w.container = func() bool {
		raw, _ = term.GetState(int(slave.Fd()))
		panic("as if by mistake")
	}
	if status := run([]string{"listen", "0"}, w); status != statusFailed {
		t.Errorf("status %d", status)
	}
	signal.Reset() // run leaves them caught
	after, err := term.GetState(int(slave.Fd()))
	if err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("the terminal was left as %v (%v), it was %v", after, err, before)
	}
	if reflect.DeepEqual(before, raw) {
		t.Error("no line was edited")
	}
	fmt.Fprint(slave, everything)
	screen := <-shown
	off, said := bytes.Index(screen, []byte("\x1b[?2004l")), bytes.Index(screen, []byte("this is a bug in rawhttp: as if by mistake\r\n"))
	if off < 0 || said < off || !bytes.Contains(screen, []byte("terminal_panic_test.go:")) {
		t.Errorf("%q", screen)
	}
}
