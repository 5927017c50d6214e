package main

import (
	"io"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

// echo is what a terminal shows of a key that ends the program, such as ^C: it
// stands behind the last row, and what comes then begins with a line end.
type echo struct{ shown atomic.Bool }

// end ends the line of the echo, if there is one.
func (e *echo) end(to io.Writer) {
	if e != nil && e.shown.CompareAndSwap(true, false) {
		_, _ = io.WriteString(to, "\n")
	}
}

// noteEcho remembers that a signal may be a key that the terminal has shown. Where
// there is the line editor it shows none, and the key is no signal.
func (p *program) noteEcho(s os.Signal) {
	if (s == os.Interrupt || s == syscall.SIGQUIT) && p.currentKeyboard() == nil {
		p.echoed.shown.Store(true)
	}
}

// endEcho puts the shell's prompt on a line of its own, where nothing was shown
// since the echo. A terminal that is stopped is not waited for.
func (p *program) endEcho() {
	if !p.echoed.shown.Load() {
		return
	}
	for _, f := range []*os.File{p.stdout, p.stderr} {
		if !isTerminal(f) {
			continue
		}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			p.echoed.end(f)
		}()
		select {
		case <-ended:
		case <-time.After(lastRows):
		}
		return
	}
}
