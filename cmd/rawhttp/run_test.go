//go:build linux || darwin

package main

import (
	"errors"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creack/pty"
	"github.com/spf13/pflag"
)

// TestGiveBackAtAnyTime: a signal may end the program while its input is being
// opened; for the race detector.
func TestGiveBackAtAnyTime(t *testing.T) {
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer slave.Close()
	output, err := os.Open(os.DevNull) // no terminal: without the editor
	if err != nil {
		t.Fatal(err)
	}
	defer output.Close()
	p := &program{world: &world{stdin: slave, stdout: output, stderr: output, getenv: func(string) string { return "" }}}
	var both sync.WaitGroup
	both.Go(func() {
		f := &conversationFlags{}
		f.viewFlags.register(pflag.NewFlagSet("send", pflag.ContinueOnError))
		f.raw = newChoice("off")
		if err := f.viewFlags.check(p); err != nil {
			t.Error(err)
		}
		if _, err := p.openSource(&inputFiles{}, f, completer{}); err != nil {
			t.Error(err)
		}
	})
	both.Go(func() { p.finish(errors.New("stopped")) })
	both.Wait()
}

// TestWind: who is told to stop may finish, for a time, though nobody reads what it
// shows; a second signal cuts that short.
func TestWind(t *testing.T) {
	for name, c := range map[string]struct {
		finishing time.Duration
		again     bool
		want      time.Duration
	}{
		"nothing to finish": {0, false, lastRows},
		"finishes":          {grace, false, grace + lastRows},
		"is hurried":        {grace, true, lastRows},
		"cannot be hurried": {0, true, lastRows},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := &program{signals: make(chan os.Signal, 2), crash: make(chan error), hurried: make(chan struct{})}
			p.finishes.Store(int64(c.finishing))
			if c.again {
				p.signals <- syscall.SIGTERM
			}
			begun := time.Now()
			if status := p.wind(&stopped{syscall.SIGTERM}, nil); status != 143 || time.Since(begun) != c.want {
				t.Errorf("%s: status %d after %v, want 143 after %v", name, status, time.Since(begun), c.want)
			}
		})
	}
}

// TestSystemText: what is left of an error of accept.
func TestSystemText(t *testing.T) {
	err := &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	if got := systemText(err); got != syscall.EMFILE.Error() {
		t.Errorf("%q", got)
	}
}
