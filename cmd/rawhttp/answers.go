package main

import (
	"bytes"
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
	kept    map[string][]byte
}

func newAnswers(files *inputFiles, escapes bool) *answers {
	return &answers{files: files, escapes: escapes, kept: map[string][]byte{}}
}

// open implements session.Options.Answers.
func (a *answers) open() (io.ReadCloser, error) {
	parts := make([]io.Reader, 0, len(a.files.names))
	var opened closers
	for _, name := range a.files.names {
		part, err := a.part(name, &opened)
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

func (a *answers) part(name string, opened *closers) (io.Reader, error) {
	if kept, ok := a.kept[name]; ok {
		return bytes.NewReader(kept), nil
	}
	var once io.Reader = a.files.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %s", name, plainFileError(err))
		}
		*opened = append(*opened, f)
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			return f, nil
		}
		once = f
	}
	kept, err := io.ReadAll(io.LimitReader(once, keptLimit+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %s", name, plainFileError(err))
	}
	if len(kept) > keptLimit {
		return nil, fmt.Errorf("%s: more than 16 MiB that can be read only once; give a regular file", name)
	}
	a.kept[name] = kept
	return bytes.NewReader(kept), nil
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
