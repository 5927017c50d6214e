//go:build linux || darwin

package console

import (
	"context"
	"os"
	"os/exec"
	"reflect"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"
)

func state(t *testing.T, f *os.File) *term.State {
	t.Helper()
	s, err := term.GetState(int(f.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestRaw: keys come as they are typed, and the terminal is given back as it was,
// however often.
func TestRaw(t *testing.T) {
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer slave.Close()
	before := state(t, slave)
	for range 2 {
		restore, err := raw(slave, slave)
		if err != nil {
			t.Fatal(err)
		}
		keys := "\x03\x04\x1a\r\n\x11\x13\x16\x7f\xff"
		if _, err := master.WriteString(keys); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(keys))
		for n := 0; n < len(got); {
			read, err := slave.Read(got[n:])
			if n += read; err != nil {
				t.Fatal(err)
			}
		}
		if string(got) != keys {
			t.Errorf("%q, want %q", got, keys)
		}
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(restore)
		}
		wg.Wait()
		if after := state(t, slave); !reflect.DeepEqual(after, before) {
			t.Errorf("left as %+v, it was %+v", after, before)
		}
	}

	restore, err := raw(slave, slave)
	if err != nil {
		t.Fatal(err)
	}
	restore()
	again, err := raw(slave, slave)
	if err != nil {
		t.Fatal(err)
	}
	defer again()
	inside := state(t, slave)
	restore() // the first one is done: what is set up since is not its business
	if after := state(t, slave); !reflect.DeepEqual(after, inside) {
		t.Errorf("set to %+v, it was %+v", after, inside)
	}
}

// TestRawPipe: what is no terminal cannot be raw.
func TestRawPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if restore, err := raw(r, w); err == nil || restore != nil {
		t.Errorf("a pipe: %v", err)
	}
}

const rawHelper = "CONSOLE_RAW_HELPER"

// TestRawInBackground: a terminal that another program uses is left alone, and
// touching it, which would stop this program, is not tried.
func TestRawInBackground(t *testing.T) {
	if os.Getenv(rawHelper) != "" {
		inBackground(t)
		return
	}
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer slave.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // it may have been stopped; with the shell it is hung up
	defer cancel()
	shell := exec.CommandContext(ctx, "sh", "-c", `"$0" -test.run '^TestRawInBackground$'; exit $?`, os.Args[0])
	shell.Env = append(os.Environ(), rawHelper+"=1")
	shell.Stdin = slave
	shell.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if out, err := shell.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// inBackground runs at a terminal of its own, first in the foreground.
func inBackground(t *testing.T) {
	foreground := syscall.Getpgrp()
	before := state(t, os.Stdin)
	restore, err := raw(os.Stdin, os.Stdin)
	if err != nil {
		t.Fatal(err)
	}
	inside := state(t, os.Stdin)
	if err := syscall.Setpgid(0, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := raw(os.Stdin, os.Stdin); err == nil {
		t.Error("made raw in the background")
	}
	restore()
	if after := state(t, os.Stdin); !reflect.DeepEqual(after, inside) {
		t.Errorf("in the background set to %+v, it was %+v", after, inside)
	}
	if err := syscall.Setpgid(0, foreground); err != nil {
		t.Fatal(err)
	}
	restore()
	if after := state(t, os.Stdin); !reflect.DeepEqual(after, before) {
		t.Errorf("left as %+v, it was %+v", after, before)
	}
	editorInBackground(t, foreground)
}

// editorInBackground begins to edit in the background.
func editorInBackground(t *testing.T, foreground int) {
	before := state(t, os.Stdin)
	if err := syscall.Setpgid(0, 0); err != nil {
		t.Fatal(err)
	}
	e, err := NewEditor(EditorOptions{Input: os.Stdin, Output: os.Stdin, History: NewHistory()})
	if err != nil {
		t.Fatal(err)
	}
	if e.Resume() {
		t.Error("it has the terminal in the background")
	}
	if after := state(t, os.Stdin); !reflect.DeepEqual(after, before) {
		t.Errorf("in the background set to %+v, it was %+v", after, before)
	}
	if err := syscall.Setpgid(0, foreground); err != nil {
		t.Fatal(err)
	}
	if !e.Resume() {
		t.Error("it has not got the terminal in the foreground")
	}
	if after := state(t, os.Stdin); reflect.DeepEqual(after, before) {
		t.Error("the terminal is not raw")
	}
	e.Close()
	if after := state(t, os.Stdin); !reflect.DeepEqual(after, before) {
		t.Errorf("left as %+v, it was %+v", after, before)
	}
}
