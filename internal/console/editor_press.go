package console

import (
	"bytes"
	"runtime/debug"
	"time"
)

// pasteQuiet is how long no byte of a paste may come for its end to be doubted.
const pasteQuiet = time.Second

// readKeys is the goroutine that reads the terminal. It lives as long as the
// program, because reads of standard input cannot be interrupted.
func (e *Editor) readKeys() {
	defer e.crashed()
	decoder := decoder{emit: e.keys.put, signal: e.o.Signal}
	buffer := make([]byte, 64<<10)
	for {
		asked := time.Now()
		n, err := readRaw(e.o.Input, buffer)
		e.pressed.Store(time.Now().UnixNano())
		decoder.take(buffer[:n], time.Since(asked) > pasteQuiet)
		if err != nil {
			e.keys.put(press{key: keyFailure, err: err})
			return
		}
		e.keys.wait()
	}
}

// edit is the goroutine that does what the keys say.
func (e *Editor) edit() {
	defer e.crashed()
	for {
		p, last, ok := e.keys.take()
		if !ok {
			return
		}
		e.do(&p, last)
	}
}

// do does what one key says, the last for now or not.
func (e *Editor) do(p *press, last bool) {
	e.mu.Lock()
	defer e.mu.Unlock() // after a panic too: the terminal is to be given back
	e.press(p)
	if last {
		e.show()
	}
}

func (e *Editor) crashed() {
	if v := recover(); v != nil {
		e.o.Crash(v, debug.Stack())
	}
}

// show draws the line, unless the row of the one before it is about to take its
// place. e.mu is held.
func (e *Editor) show() {
	if (!e.inFlight || e.replaced) && !e.away() {
		_ = e.draw(nil) // an error of the output comes back to who writes rows
	}
}

// press does what one key says. e.mu is held.
func (e *Editor) press(p *press) {
	switch {
	case p.key == keyRedraw: // no key
		e.hint, e.drawn.bytes = "", nil
		return
	case p.key == keyForget:
		e.forgetPaste()
		return
	case p.key == keyFailure:
		e.failed = p.err
		e.changed.Broadcast()
		return
	}
	if e.dropping = e.dropping && p.pasted; e.dropping {
		e.drop()
		return
	}
	e.hint = ""
	e.touched = e.touched || !p.pasted && p.key != keyPaste
	switch p.key {
	case keyText:
		e.insert(p)
	case keyEnter, keyEndOfInput:
		e.enter(p.key == keyEnter, p.pasted)
	case keyTab:
		for e.inFlight && !e.closed && !e.forgotten.going { // the line before it says what may stand in this one
			e.changed.Wait()
		}
		e.complete()
	case keyClear:
		if !e.away() {
			_, _ = e.o.Output.Write(append(e.drawn.appendErase(nil), clearScreen...)) // tmux keeps what it clears
			e.drawn = drawn{}
		}
	default:
		e.line.move(p.key, e.layout.size)
	}
	e.layout.changed(e.line.changedAt())
}

// insert takes text, and hands on what is longer than a line may be. e.mu is held.
func (e *Editor) insert(p *press) {
	for text := p.text; len(text) > 0 && !e.closed && !(p.pasted && e.dropping); {
		n := min(len(text), max(LineLimit-len(e.line.text), 0))
		e.line.insert(text[:n])
		text = text[n:]
		if len(text) > 0 {
			e.enter(false, p.pasted)
		}
	}
}

// enter hands the line on, with or without a line end, once somebody reads. On
// an empty line without one it is the end of the input. e.mu is held.
func (e *Editor) enter(lineEnd, pasted bool) {
	if !e.wanted {
		e.show()
	}
	for !e.wanted && !e.closed && !e.forgotten.going && !(pasted && e.dropping) {
		e.changed.Wait()
	}
	switch {
	case e.closed || pasted && e.dropping:
		return
	case e.forgotten.going:
		e.forget(lineEnd, pasted)
		return
	}
	e.pasted = pasted
	text := e.line.text
	e.wanted, e.inFlight, e.replaced = false, true, false
	switch {
	case lineEnd || len(text) > 0:
		e.out = bytes.Clone(text)
		if err := e.o.History.Add(text); err != nil {
			e.trouble = err
		}
		if lineEnd {
			e.out = append(e.out, '\n')
		}
	default:
		e.atEnd = true
		e.inFlight = false
	}
	e.clearLine()
	e.changed.Broadcast()
}
