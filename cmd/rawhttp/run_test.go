//go:build linux || darwin

package main

import (
	"errors"
	"os"
	"sync"
	"testing"

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
