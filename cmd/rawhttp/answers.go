package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"rawhttp/internal/console"
)

// keptLimit bounds what is kept of a FILE that can be read only once.
const keptLimit = 16 << 20

// answers opens what answers one request: the FILEs joined, anew each time, so
// that an edit shows at the next reload. What is no regular file is read once
// and kept.
type answers struct {
	files   *inputFiles
	escapes bool
	once    map[string]*readOnce
}

// readOnce is a pipe or a FIFO. Its reads cannot be interrupted, so they are the
// input pump's.
type readOnce struct {
	input *console.Input
	kept  []byte
	whole bool
}

func newAnswers(files *inputFiles, escapes bool) *answers {
	return &answers{files: files, escapes: escapes, once: map[string]*readOnce{}}
}

// open implements session.Options.Answers.
func (a *answers) open(ctx context.Context) (io.ReadCloser, error) {
	parts := make([]io.Reader, 0, len(a.files.names))
	var opened closers
	for _, name := range a.files.names {
		part, err := a.part(ctx, name, &opened)
		if err != nil {
			opened.Close()
			return nil, err
		}
		parts = append(parts, part)
	}
	all := io.MultiReader(parts...)
	if a.escapes {
		all = console.NewUnescaper(all)
	}
	return &answer{all, opened}, nil
}

func (a *answers) part(ctx context.Context, name string, opened *closers) (io.Reader, error) {
	if name != "-" {
		info, err := os.Stat(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %s", name, plainFileError(err))
		}
		if info.Mode().IsRegular() {
			f, err := os.Open(name)
			if err != nil {
				return nil, fmt.Errorf("%s: %s", name, plainFileError(err))
			}
			*opened = append(*opened, f)
			return f, nil
		}
	}
	once := a.once[name]
	if once == nil {
		one := &inputFiles{[]string{name}, a.files.stdin}
		once = &readOnce{input: console.NewInput(one.open(), false)}
		a.once[name] = once
	}
	if err := once.read(ctx, name); err != nil {
		return nil, err
	}
	return bytes.NewReader(once.kept), nil
}

// read reads to the end, or as far as it comes before ctx ends.
func (o *readOnce) read(ctx context.Context, name string) error {
	for !o.whole {
		p, err := o.input.Next(ctx)
		switch {
		case errors.Is(err, io.EOF):
			o.whole = true
		case err != nil:
			return err
		case len(o.kept)+len(p) > keptLimit:
			return fmt.Errorf("%s: more than 16 MiB that can be read only once; give a regular file", name)
		default:
			o.kept = append(o.kept, p...)
		}
	}
	return nil
}

type closers []io.Closer

// Close closes all.
func (c closers) Close() error {
	for _, one := range c {
		one.Close()
	}
	return nil
}

type answer struct {
	io.Reader
	io.Closer
}
