package console

// Forget drops what was entered before the call and not read yet: lines, which
// the history keeps, ends of the input, and the rest of a paste whose beginning
// was entered. A line that is still being typed stays. It returns how many lines
// were dropped, and whether something pasted was.
func (e *Editor) Forget() (lines int, pasted bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.forgotten = forgotten{going: true}
	e.keys.put(press{key: keyForget})
	e.changed.Broadcast()
	for e.forgotten.going && !e.closed {
		e.changed.Wait()
	}
	return e.forgotten.lines, e.forgotten.pasted
}

// Dropped reports, once, whether more of a paste came and was dropped after Forget
// could not know of it.
func (e *Editor) Dropped() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	dropped := e.dropped
	e.dropped = false
	return dropped
}

// drop drops a key of a paste. e.mu is held.
func (e *Editor) drop() {
	if !e.dropSaid {
		e.dropSaid, e.dropped = true, true
	}
}

// forgotten is what Forget has come to.
type forgotten struct {
	going  bool // up to keyForget, what is entered is dropped
	lines  int
	pasted bool
}

// forget drops the line that is entered. e.mu is held.
func (e *Editor) forget(lineEnd, pasted bool) {
	if lineEnd || len(e.line.text) > 0 {
		if err := e.o.History.Add(e.line.text); err != nil {
			e.trouble = err
		}
		e.forgotten.lines++
		e.forgotten.pasted = e.forgotten.pasted || pasted
	}
	e.pasted = pasted
	e.clearLine()
}

// forgetPaste ends Forget: what else comes of a paste is dropped, and what has
// come of its line. e.mu is held.
func (e *Editor) forgetPaste() {
	e.dropping, e.dropSaid = e.pasted, false
	if e.pasted && len(e.line.text) > 0 && !e.touched {
		e.forgotten.pasted = true
		e.clearLine()
	}
	e.dropSaid = e.forgotten.pasted
	e.forgotten.going = false
	e.changed.Broadcast()
}

func (e *Editor) clearLine() {
	e.line.clear()
	e.touched = false
	e.layout.changed(0)
}
