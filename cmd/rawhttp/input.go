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
	input       *console.Input
	interactive bool // a person types
	typed       bool // all of it is typed, none of it from FILEs
	left        bool // standard input is a terminal that this program may not read
}

// nobody is an input at which nothing is ever typed.
type nobody struct{}

// Next implements session.Input.
func (nobody) Next(ctx context.Context) ([]byte, error) {
	<-ctx.Done()
	return nil, context.Cause(ctx)
}

// typedLines is the input of a terminal. The system's line editing drops what
// is typed beyond its limit; a line at the limit is said to be cut.
type typedLines struct {
	*console.Input
	screen *transcript.Screen
}

// Next implements session.Input.
func (t typedLines) Next(ctx context.Context) ([]byte, error) {
	p, err := t.Input.Next(ctx)
	for refused(err) {
		t.screen.Always("not-sent", "not sent: "+err.Error()+" of what was typed; "+hintOf(err))
		p, err = t.Input.Next(ctx)
	}
	if len(p) >= lineLimit() {
		t.screen.Always("line-cut", fmt.Sprintf("this line is cut at %d bytes, the most a terminal hands on at once; send longer ones from a FILE", len(p)))
	}
	return p, err
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

// forSession is the source as a session reads it.
func (s *source) forSession(screen *transcript.Screen) session.Input {
	switch {
	case s.left:
		return nobody{}
	case s.interactive:
		return typedLines{s.input, screen}
	}
	return s.input
}

// openSource chooses between the FILEs, a terminal and a pipe. Nothing is read
// yet.
func (p *program) openSource(files *inputFiles, escapes bool) (*source, error) {
	s := &source{}
	var reader io.Reader = p.stdin
	if len(files.names) > 0 {
		// The input pump may be reading it to the end of the program, so nobody
		// else closes it; each file is closed where it ends.
		reader = files.open()
	}
	if len(files.names) == 0 || slices.Contains(files.names, "-") {
		if err := checkStandardInput(p); err != nil {
			return nil, err
		}
		if isTerminal(p.stdin) {
			if console.Background(p.stdin) {
				return &source{left: true}, nil
			}
			s.interactive = true
			p.typed = true
		}
	}
	s.typed = s.interactive && len(files.names) == 0
	switch {
	case escapes && s.typed:
		reader = console.NewTypedUnescaper(reader)
	case escapes:
		reader = console.NewUnescaper(reader)
	}
	s.input = console.NewInput(reader, s.typed)
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
		if err := screen.Always("not-sent", "not sent: the connection is closed; Ctrl-D ends"); err != nil {
			return err
		}
	}
}
