package main

import (
	"context"
	"sync/atomic"

	"rawhttp/internal/console"
	"rawhttp/internal/transcript"
)

// person is whoever may type at the terminal that standard input is. A nil one is
// nobody: it is no terminal, or is not read.
type person struct {
	came chan struct{} // closed once this program had the terminal
	said atomic.Bool   // that it came later than the start
}

// newPerson is the person at a terminal. In the background it is the shell's until
// fg, which may never come.
func (p *program) newPerson() *person {
	who := &person{came: make(chan struct{})}
	if console.Background(p.stdin) {
		p.awaited <- who
	} else {
		who.said.Store(true)
		close(who.came)
	}
	return who
}

// types reports whether the person can type.
func (w *person) types() bool {
	if w == nil {
		return false
	}
	select {
	case <-w.came:
		return true
	default:
		return false
	}
}

// away reports whether the program was started in the background and has not had
// the terminal yet.
func (w *person) away() bool { return w != nil && !w.types() }

// await waits until the person can type, and says so where that was not from the start.
func (w *person) await(ctx context.Context, screen *transcript.Screen) error {
	select {
	case <-w.came:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if w.said.Swap(true) {
		return nil
	}
	return screen.Note("foreground", "in the foreground now: what you type is sent")
}

// sayAway says how the person can begin to type; more is what else there is to say
// of the meantime.
func (w *person) sayAway(screen *transcript.Screen, more string) {
	if w.away() {
		screen.Note("background", "started in the background: the terminal's input is left alone"+more+"; fg lets you type")
	}
}
