package main

import (
	"context"
	"errors"
	"io"

	"rawhttp/internal/console"
	"rawhttp/internal/transcript"
)

// source is where the bytes to send come from.
type source struct {
	input       *console.Input
	interactive bool // a person types
	left        bool // standard input is a terminal that this program may not read
	opened      io.Closer
}

// nobody is an input at which nothing is ever typed.
type nobody struct{}

// Next implements session.Input.
func (nobody) Next(ctx context.Context) ([]byte, error) {
	<-ctx.Done()
	return nil, context.Cause(ctx)
}

// openSource chooses between the FILEs, a terminal and a pipe. Nothing is read
// yet.
func (p *program) openSource(files *inputFiles, escapes bool) (*source, error) {
	s := &source{}
	var reader io.Reader = p.stdin
	if len(files.names) > 0 {
		joined := files.open()
		s.opened, reader = joined, joined
	} else {
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
	if escapes {
		reader = console.NewUnescaper(reader)
	}
	s.input = console.NewInput(reader, s.interactive)
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

func (s *source) close() {
	if s.opened != nil {
		s.opened.Close()
	}
}

// afterwards keeps a person who types company until Ctrl-D: what is typed for a
// peer that is gone must not run in the shell.
func (s *source) afterwards(ctx context.Context, screen *transcript.Screen) error {
	for {
		_, err := s.input.Next(ctx)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if err := screen.Always("not sent: the connection is closed; Ctrl-D ends"); err != nil {
			return err
		}
	}
}
