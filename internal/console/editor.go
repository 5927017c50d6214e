package console

import (
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Rules of the line editor:
//
//   - It holds bytes. How they look is the caller's (Look); what is entered is
//     what was typed or pasted, byte for byte, and LF for Enter.
//   - Everything drawn goes through one lock: what others write stands above the
//     line being typed, and is one Write with it.
//   - The line never takes more rows than the screen has: of a longer one the
//     rows around the cursor are shown. So what stands above it is never drawn
//     over, and nothing that has scrolled away has to be erased.
//   - Keys that stand for signals are seen at once, behind up to 16 MiB typed or
//     pasted ahead, and though the output is blocked.
//   - A line is entered only when somebody reads; keys typed ahead wait, in
//     order. So the prompt of a line is always that of the bytes before it.
//   - The terminal is given back behind the last control sequence, which it may
//     not understand any more then; at once where the lock does not come.

const (
	// LineLimit is how many bytes a line may have. A longer one is handed on as
	// far as it goes, without a line end.
	LineLimit = 1 << 20
	// PieceSize is what a reader of an Editor must have room for to get each
	// line in one piece.
	PieceSize = LineLimit + 2

	aheadLimit = 16 << 20               // bytes typed or pasted ahead, above which no key is read
	closeTime  = 200 * time.Millisecond // that a blocked output may take to erase the line, or to be taken again
)

// EditorOptions are the policy of an Editor.
type EditorOptions struct {
	Input, Output *os.File // both the same terminal
	// Look appends how the first character of b looks, and returns how many
	// bytes that is and how many columns it takes; based says that a character
	// standing for itself comes before it. Nothing it appends may move the cursor.
	Look func(dst, b []byte, based bool) (shown []byte, size, columns int)
	// Idle is the prompt of a line that nobody gets; see SetPrompt. nil: none.
	Idle func(line []byte) string
	// Complete returns what may stand where the cursor is: line, which ends
	// there, from the byte from on is replaced by one of words. A negative from
	// says that TAB is a byte like others here. nil: it always is.
	Complete func(line []byte) (from int, words []string)
	History  *History // required
	// Signal is told of a key that stands for a signal: Ctrl-C, Ctrl-Z and
	// Ctrl-\. It must not block.
	Signal func(Key)
	// Crash is told of a panic of the Editor's goroutines, which then end.
	Crash func(value any, stack []byte)
	// Reflows says that the terminal wraps anew what is on it when it becomes
	// narrower.
	Reflows bool
}

// Editor is the line that is being typed at a terminal. It is an io.Reader that
// gives a line with its LF for each Enter, a line without one for Ctrl-D behind
// text, and io.EOF, which is not final, for Ctrl-D on an empty line. It is also
// the io.Writer through which everything else goes to the terminal. Its methods
// may be called concurrently, Read by one at a time.
type Editor struct {
	o       EditorOptions
	keys    queue
	raw     rawMode
	changed *sync.Cond // of what Read and enter wait for

	mu       sync.Mutex
	line     line
	layout   layout
	drawn    drawn
	prompt   func(line []byte) string // nil: o.Idle, as nobody gets what is typed
	hint     string                   // shown under the line until the next key
	wanted   bool                     // somebody reads
	inFlight bool                     // a line was entered and nobody has asked for another
	replaced bool                     // something was written since then: its row
	out      []byte                   // entered, to be read
	atEnd    bool                     // Ctrl-D was pressed, to be read
	stopped  bool                     // the terminal is not ours at the moment
	closed   bool
	pasted   bool  // the line entered last was
	dropping bool  // what is pasted
	dropSaid bool  // who dropped it knows that something was
	dropped  bool  // nobody does yet
	touched  bool  // the line does not hold pasted text alone
	trouble  error // of the history's file
	failed   error // of reading keys, once those before it are done

	forgotten forgotten

	pressed atomic.Int64 // when the last key was; see LastKey
	calls   atomic.Int64 // of soon
}

// NewEditor puts the terminal into raw mode and begins to read keys. It must be
// closed. The error says that the terminal cannot do what is needed; it is then
// as it was. In the background the terminal is left alone until Resume, as after
// Suspend.
func NewEditor(o EditorOptions) (*Editor, error) {
	e := &Editor{o: o}
	e.changed = sync.NewCond(&e.mu)
	e.keys.init()
	e.raw.in, e.raw.out = o.Input, o.Output
	e.line.history = o.History
	e.line.browsing = o.History.Len()
	if e.stopped = Background(o.Input); !e.stopped {
		if err := e.raw.begin(); err != nil {
			return nil, err
		}
		if _, err := o.Output.WriteString(pasteOn); err != nil {
			e.raw.end()
			return nil, err
		}
	}
	go e.readKeys()
	go e.edit()
	return e, nil
}

// Read implements io.Reader. An error other than io.EOF is the terminal's.
func (e *Editor) Read(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.out) == 0 && !e.atEnd {
		e.wanted = true
		if e.inFlight {
			e.inFlight = false
			e.show()
		}
		e.changed.Broadcast()
	}
	for len(e.out) == 0 && !e.atEnd {
		if e.failed != nil {
			return 0, e.failed
		}
		if e.closed {
			return 0, os.ErrClosed
		}
		e.changed.Wait()
	}
	if len(e.out) == 0 {
		e.atEnd = false
		return 0, io.EOF
	}
	n := copy(p, e.out)
	e.out = e.out[n:]
	return n, nil
}

// Write puts p, which is whole lines, above the line that is being typed.
func (e *Editor) Write(p []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.away() {
		return e.o.Output.Write(p)
	}
	e.replaced = true
	if err := e.draw(p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// away reports whether the terminal is not ours, so that nothing may be drawn: what
// was drawn before is then no longer known to stand there. e.mu is held.
func (e *Editor) away() bool {
	if !e.closed && !e.stopped && !Background(e.o.Input) {
		return false
	}
	e.drawn = drawn{}
	return true
}

// SetPrompt sets what stands before the line being typed, which it may depend
// on: columns of ASCII. It is called under the Editor's lock and must not call
// the Editor, nor wait for who does. nil stands for that of a line that nobody gets.
func (e *Editor) SetPrompt(prompt func(line []byte) string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.prompt = prompt
	e.show()
}

// DropPaste reports whether the line entered last was pasted; then what else
// was pasted with it is not entered any more.
func (e *Editor) DropPaste() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.pasted {
		return false
	}
	e.dropping, e.dropSaid = true, true
	e.clearLine()
	e.changed.Broadcast()
	return true
}

// Trouble returns the error of writing the history's file, once.
func (e *Editor) Trouble() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	err := e.trouble
	e.trouble = nil
	return err
}

// LastKey returns when a key was pressed last; the zero time if none was.
func (e *Editor) LastKey() time.Time {
	if at := e.pressed.Load(); at != 0 {
		return time.Unix(0, at)
	}
	return time.Time{}
}

// Resized says that the terminal has another size.
func (e *Editor) Resized() { e.keys.put(press{key: keyRedraw}) }

// Suspend gives the terminal back until Resume.
func (e *Editor) Suspend() { e.leave(false, func() { e.stopped = true }) }

// Resume takes the terminal again, after Suspend or after somebody else has
// changed it, and reports whether it could. It cannot while the terminal belongs to
// another process group.
func (e *Editor) Resume() bool {
	if err := e.raw.begin(); err != nil {
		return false
	}
	e.soon(false, func(bool) {
		if e.closed {
			e.raw.end()
			return
		}
		e.stopped = false
		e.drawn = drawn{}
		_, _ = e.o.Output.WriteString(pasteOn) // an error comes back to who writes rows
		e.keys.put(press{key: keyRedraw})
	})
	return true
}

// Close erases the line being typed and gives the terminal back as it was. It
// may be called again, and while output is blocked.
func (e *Editor) Close() {
	e.leave(true, func() {
		e.closed = true
		e.changed.Broadcast()
	})
	e.keys.close()
}

// leave gives the terminal back; erasing the line may have to wait for others.
func (e *Editor) leave(final bool, set func()) {
	defer e.raw.end()
	e.soon(final, func(late bool) {
		if !e.away() {
			_, _ = e.o.Output.Write(append(e.drawn.appendErase(nil), pasteOff...))
			e.drawn = drawn{}
		}
		if !late {
			e.raw.end() // before others write to a terminal that is theirs
		}
		set()
	})
}

// soon calls do with e.mu held, and waits no longer than closeTime for that: while
// the output is blocked the lock does not come. What comes late is left out when
// there was another call meanwhile, unless it is final.
func (e *Editor) soon(final bool, do func(late bool)) {
	call := e.calls.Add(1)
	var late atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.mu.Lock()
		defer e.mu.Unlock()
		if final || e.calls.Load() == call {
			do(late.Load())
		}
	}()
	timer := time.NewTimer(closeTime)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
		late.Store(true)
	}
}
