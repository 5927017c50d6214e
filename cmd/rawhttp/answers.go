package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"

	"rawhttp/internal/console"
	"rawhttp/internal/transcript"
)

// keptLimit bounds what is kept of a FILE that can be read only once.
const keptLimit = 16 << 20

// canned makes session.Options.Answers of what is there to answer every request.
type canned func(*transcript.Conversation) func(context.Context) (io.ReadCloser, error)

// openSource decides where the answers come from. Nothing is read yet.
func (h *host) openSource() (err error) {
	h.source = &source{}
	switch {
	case h.reply != nil:
		h.canned = h.reply.forConversation
	case len(h.files.names) > 0:
		files := newAnswers(h.files, h.escapes)
		h.canned = func(*transcript.Conversation) func(context.Context) (io.ReadCloser, error) { return files.open }
	default:
		h.source, err = h.program.openSource(h.files, &h.conversationFlags, completer{})
	}
	return err
}

// answers opens what answers one request: the FILEs joined, read anew each time, so
// that an edit shows at the next reload. What is no regular file is read once
// and kept. Several conversations may use it at once.
type answers struct {
	files   *inputFiles
	escapes bool
	kept    keptFiles
	mu      sync.Mutex // guards the map
	once    map[string]*readOnce
}

// readOnce is a pipe or a FIFO. Its reads cannot be interrupted, so they are the
// input pump's.
type readOnce struct {
	turn  chan struct{} // holds one while nobody reads; what follows belongs to who took it
	input *console.Input
	kept  []byte
	whole bool
	err   error // there is more than is kept
}

func newAnswers(files *inputFiles, escapes bool) *answers {
	a := &answers{files: files, escapes: escapes, once: map[string]*readOnce{}}
	for _, name := range files.names { // while there are descriptors
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			a.kept.prepare(name)
		}
	}
	return a
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
		if info.IsDir() { // nothing to keep: a file may take its place
			return nil, fmt.Errorf("%s: %s", name, plainFileError(syscall.EISDIR))
		}
		if info.Mode().IsRegular() {
			f, err := a.kept.open(name)
			if err != nil {
				return nil, fmt.Errorf("%s: %s", name, plainFileError(err))
			}
			*opened = append(*opened, f)
			return f, nil
		}
	}
	kept, err := a.readOnce(name).read(ctx, name)
	if err != nil {
		return nil, err
	}
	return bytes.NewReader(kept), nil
}

// readOnce returns the one reader of a FILE that can be read only once.
func (a *answers) readOnce(name string) *readOnce {
	a.mu.Lock()
	defer a.mu.Unlock()
	once := a.once[name]
	if once == nil {
		one := &inputFiles{[]string{name}, a.files.stdin}
		once = &readOnce{turn: make(chan struct{}, 1), input: console.NewInput(one.open(), false)}
		once.turn <- struct{}{}
		a.once[name] = once
	}
	return once
}

// read reads to the end, or as far as it comes before ctx ends: the next caller
// goes on there. What it returns is not changed any more.
func (o *readOnce) read(ctx context.Context, name string) ([]byte, error) {
	select {
	case <-o.turn:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { o.turn <- struct{}{} }()
	for !o.whole && o.err == nil {
		p, err := o.input.Next(ctx)
		switch {
		case errors.Is(err, io.EOF):
			o.whole = true
		case err != nil:
			return nil, err
		case len(o.kept)+len(p) > keptLimit:
			o.kept, o.err = nil, fmt.Errorf("%s: more than 16 MiB that can be read only once; give a regular file", name)
		default:
			o.kept = append(o.kept, p...)
		}
	}
	return o.kept, o.err
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
