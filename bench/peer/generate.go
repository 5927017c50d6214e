package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
)

// seed is fixed, so that two runs serve the same bytes.
var seed = [32]byte([]byte("the same bytes in every run, ok?"))

// generate writes a file of size bytes: numbered lines of text, with
// or without characters outside ASCII, random bytes, or the text as one line
// without an end.
func generate(kind string, size int64, name string) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}()
	var from io.Reader
	switch kind {
	case "text":
		from = &lines{end: '\n', words: english + foreign}
	case "ascii":
		from = &lines{end: '\n', words: english}
	case "line":
		from = &lines{end: ' ', words: english + foreign}
	case "binary":
		from = rand.NewChaCha8(seed)
	default:
		return fmt.Errorf("%q is none of text, ascii, line, binary", kind)
	}
	out := bufio.NewWriterSize(f, 1<<20)
	if _, err := io.CopyN(out, from, size); err != nil {
		return err
	}
	return out.Flush()
}

// lines is an endless text of numbered lines. The numbers make every piece of
// it different, so that a piece lost or swapped changes the sum.
type lines struct {
	end    byte
	words  string
	number int64
	rest   []byte
	buffer []byte
}

const (
	english = " the quick brown fox jumps over the lazy dog and on"
	foreign = ", é and 世界 too"
)

// Read implements io.Reader.
func (l *lines) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		l.buffer = l.buffer[:0]
		for len(l.buffer) < 64<<10 {
			l.number++
			l.buffer = strconv.AppendInt(l.buffer, l.number, 10)
			l.buffer = append(l.buffer, l.words...)
			l.buffer = append(l.buffer, l.end)
		}
		l.rest = l.buffer
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}
