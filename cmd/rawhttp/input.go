package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"

	"rawhttp/internal/console"
	"rawhttp/internal/session"
	"rawhttp/internal/transcript"
)

// source is where the bytes to send come from.
type source struct {
	input    *console.Input
	person   *person // who types it
	typed    bool    // all of it is typed, none of it from FILEs
	keyboard *keyboard
	// gone is the connection of listen -k that ended otherwise than by Ctrl-D, if
	// nothing was entered since: a Ctrl-D may still be meant for it. 0: none.
	gone int
}

// typedLines is the input of a terminal, in one conversation.
type typedLines struct {
	*source
	observer *observer
	asked    bool // Ctrl-D was pressed, and not taken for the end
}

// Next implements session.Input.
func (t *typedLines) Next(ctx context.Context) ([]byte, error) {
	screen := t.observer.outputs.screen
	if err := t.person.await(ctx, screen); err != nil {
		return nil, err
	}
	for {
		p, err := t.input.Next(ctx)
		t.sayTrouble(screen)
		switch {
		case err == nil:
			t.asked, t.gone = false, 0
			t.sayLong(screen, p)
			return p, nil
		case refused(err):
			screen.Always("not-sent", "not sent"+t.again(err.Error()+" of what was typed")+"; "+hintOf(err))
		case !errors.Is(err, io.EOF) || t.ends(screen):
			return nil, err
		}
	}
}

// ends takes Ctrl-D for the end of the input and reports true, unless it may be a
// mistake that nobody was told of: one in the middle of a message is asked about, and
// one that may be meant for the connection before.
func (t *typedLines) ends(screen *transcript.Screen) bool {
	sure := !t.typed || t.asked
	if !sure {
		owed := t.observer.stillOwed()
		if t.gone != 0 {
			owed = t.over() + fmt.Sprintf(" closes #%d, which has no answer", t.observer.number)
		}
		if owed != "" {
			t.asked = true
			screen.Always("end-asked", owed)
			return false
		}
	}
	t.observer.outputs.endInput()
	if waits := t.observer.stillWaits(); !sure && waits != "" {
		screen.Always("end-waits", waits)
	}
	return true
}

// over begins a sentence about a Ctrl-D that may be meant for the connection gone.
func (s *source) over() string {
	return fmt.Sprintf("#%d was over before this %s; %[2]s once more", s.gone, s.keyboard.endKey())
}

// sayLong says that a line is at the limit of whoever edits it.
func (t *typedLines) sayLong(screen *transcript.Screen, p []byte) {
	switch {
	case t.keyboard != nil && len(p) == console.LineLimit:
		screen.Always("line-cut", fmt.Sprintf("%d bytes without Enter: sent as far as they go; the line goes on", len(p)))
	case t.keyboard == nil && len(p) >= lineLimit():
		screen.Always("line-cut", fmt.Sprintf("this line is cut at %d bytes, the most a terminal hands on at once; send longer ones from a FILE", len(p)))
	}
}

// refused reports whether a typed line was not taken for its escapes.
func refused(err error) bool {
	var escape *console.EscapeError
	return errors.As(err, &escape)
}

// lineLimit is MAX_CANON less one for the line end that may not fit.
func lineLimit() int {
	if runtime.GOOS == "darwin" {
		return 1023
	}
	return 4095
}

// sayTrouble says that the history could not be written, or that more of a paste
// came when its connection was over.
func (s *source) sayTrouble(screen *transcript.Screen) {
	if s.keyboard == nil {
		return
	}
	if err := s.keyboard.editor.Trouble(); err != nil {
		screen.Always("history", "the history is not written any more: "+plainFileError(err))
	}
	if s.keyboard.editor.Dropped() {
		screen.Always("not-sent", "the rest of the paste was not sent: the connection it was for was over by then")
	}
}

// again says why a line was not sent, what that means for a paste, and how the
// line comes back.
func (s *source) again(why string) string {
	switch {
	case s.keyboard == nil:
		return ": " + why
	case s.keyboard.dropPaste():
		return ", nor the rest of the paste: " + why + "; the up arrow brings its first line back"
	}
	return ": " + why + "; the up arrow brings it back"
}

// dropLate takes what was entered for a connection that was over by then, lines
// and ends of the input: the next one must not get it.
func (s *source) dropLate(screen *transcript.Screen, connection int) {
	if s.keyboard == nil || s.person.away() {
		return
	}
	lines, pasted := s.keyboard.editor.Forget()
	select {
	case <-s.input.Ready(): // what the session was about to take
		if _, err := s.input.Next(context.Background()); err == nil {
			lines++
			pasted = s.keyboard.editor.DropPaste() || pasted
		}
	default:
	}
	if lines == 0 && !pasted {
		return
	}
	text := fmt.Sprintf("not sent: #%d was over by then; the up arrow brings it back", connection)
	if pasted {
		text = fmt.Sprintf("the rest of the paste was not sent: #%d was over by then", connection)
	}
	screen.Always("not-sent", text)
}

// forSession is the source as a session reads it.
func (s *source) forSession(seen *observer) session.Input {
	if s.person != nil {
		return &typedLines{source: s, observer: seen}
	}
	return s.input
}

// openSource chooses between the FILEs, a terminal and a pipe. Nothing is read
// yet but keys.
func (p *program) openSource(files *inputFiles, f *conversationFlags, words completer) (*source, error) {
	s := &source{}
	if len(files.names) == 0 || slices.Contains(files.names, "-") {
		if err := checkStandardInput(p); err != nil {
			return nil, err
		}
		if isTerminal(p.stdin) {
			s.person = p.newPerson()
			p.typed.Store(true)
		}
	}
	var reader io.Reader = p.stdin
	size := 0
	if s.person != nil {
		if k := p.openKeyboard(f, words); k != nil {
			s.keyboard, reader, size = k, k.editor, console.PieceSize
		}
	}
	s.typed = s.person != nil && len(files.names) == 0
	if len(files.names) > 0 {
		// The input pump may be reading it to the end of the program, so nobody
		// else closes it; each file is closed where it ends.
		files.stdin = reader
		reader = files.open()
	}
	switch {
	case f.escapes && s.typed:
		reader = console.NewTypedUnescaper(reader)
	case f.escapes:
		reader = console.NewUnescaper(reader)
	}
	s.input = console.NewInput(reader, s.typed)
	if size > 0 {
		s.input.SetPiece(size)
	}
	return s, nil
}

func checkStandardInput(p *program) error {
	info, err := p.stdin.Stat()
	if err != nil {
		return usagef("", "cannot read standard input: %s", plainFileError(err))
	}
	if info.IsDir() {
		return usagef("give the name of a file in it", "standard input is a directory")
	}
	return nil
}

// afterwards keeps a person who types company until Ctrl-D: what is typed for a
// peer that is gone must not run in the shell.
func (s *source) afterwards(ctx context.Context, screen *transcript.Screen) error {
	for {
		_, err := s.input.Next(ctx)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && !refused(err):
			return err
		}
		text := "not sent"
		if s.keyboard.dropPaste() {
			text += ", nor the rest of the paste"
		}
		if err := screen.Always("not-sent", text+": the connection is closed; "+s.keyboard.endKey()+" ends"); err != nil {
			return err
		}
	}
}
