package main

import (
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"rawhttp/internal/console"
)

// What run does for the terminal: it listens to signals and to the keys that
// stand for them, and gives the terminal back when the program stops or ends.

// setKeyboard makes k what signals about the terminal are for.
func (p *program) setKeyboard(k *keyboard) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keyboard = k
	for s := range terminalSignals {
		signal.Notify(p.changes, s)
	}
}

func (p *program) currentKeyboard() *keyboard {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.keyboard
}

// saySuspended sets what Ctrl-Z means for whoever waits for this program.
func (p *program) saySuspended(out *outputs, meaning string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.suspends = func() {
		out.screen.Always("suspended", "suspended"+meaning+" (fg goes on, kill %1 ends it)")
	}
}

// pressed is told by the line editor of a key that stands for a signal.
func (p *program) pressed(k console.Key) {
	select {
	case p.keys <- k:
	default: // the ones before it were not looked at yet
	}
}

// keySignal does what a key says, or returns the signal that ends the program.
func (p *program) keySignal(k console.Key) os.Signal {
	switch k {
	case console.KeySuspend:
		p.suspend()
		return nil
	case console.KeyQuit:
		return syscall.SIGQUIT
	}
	return os.Interrupt
}

// terminalSignal does what a signal about the terminal says. There is a keyboard:
// nobody listens to these signals before.
func (p *program) terminalSignal(s os.Signal) {
	k := p.currentKeyboard()
	switch terminalSignals[s] {
	case terminalResized:
		k.editor.Resized()
	case terminalContinued:
		if p.ownStops > 0 {
			p.ownStops-- // suspend has resumed already; once more would draw the line once more
			return
		}
		p.resume()
	}
}

// backgroundTick is how often the program looks whether it is in the foreground
// again: a shell need not tell one that goes on in the background already.
const backgroundTick = 200 * time.Millisecond

// resume takes the terminal, again or, when this program was started in the
// background, at last; or it sees to it that this is tried again later.
func (p *program) resume() {
	p.away = nil
	if !p.hasTerminal() {
		p.away = time.After(backgroundTick)
		return
	}
	if p.awaiting != nil {
		close(p.awaiting.came)
		p.awaiting = nil
	}
}

// hasTerminal reports whether the terminal is this program's. Where lines are edited
// it takes it.
func (p *program) hasTerminal() bool {
	if k := p.currentKeyboard(); k != nil {
		return k.editor.Resume()
	}
	return isTerminal(p.stdin) && !console.Background(p.stdin) // it may have been hung up
}

// suspend gives the terminal to the shell until this program is continued. There
// is a keyboard: nothing else comes here.
func (p *program) suspend() {
	p.mu.Lock()
	k, say := p.keyboard, p.suspends
	p.mu.Unlock()
	if say != nil {
		said := make(chan struct{})
		go func() {
			defer close(said)
			defer p.guard()
			say()
		}()
		select {
		case <-said:
		case <-time.After(lastRows): // the output is blocked
		}
	}
	k.editor.Suspend()
	p.ownStops++
	stop()
	p.resume()
}

// guard is deferred in goroutines: a panic ends the program as an error does,
// with the terminal given back.
func (p *program) guard() {
	if v := recover(); v != nil {
		p.crashed(v, debug.Stack())
	}
}

func (p *program) crashed(value any, stack []byte) {
	select {
	case p.crash <- &bug{value, stack}:
	default: // one is enough
	}
}

// bug is a panic.
type bug struct {
	value any
	stack []byte
}

// Error says what it came to.
func (b *bug) Error() string { return fmt.Sprintf("this is a bug in rawhttp: %v", b.value) }

// Hint says what to do about it.
func (b *bug) Hint() string { return "please report it with the lines that follow" }
