package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"rawhttp/internal/console"
)

// inputFiles are the FILEs of a command line, checked and not read yet.
type inputFiles struct {
	names []string
	stdin io.Reader // what "-" stands for
}

// checkInputFiles finds what is wrong with the FILEs before anything is opened
// for writing or connected.
func checkInputFiles(names []string, stdin *os.File, f *conversationFlags) (*inputFiles, error) {
	files := &inputFiles{names, stdin}
	if info, err := stdin.Stat(); err == nil && info.Mode().IsRegular() && (len(names) == 0 || slices.Contains(names, "-")) {
		if err := f.wouldOverwrite(info, "standard input"); err != nil {
			return nil, err
		}
	}
	dashes := 0
	for _, name := range names {
		if name == "-" {
			dashes++
			continue
		}
		info, err := os.Stat(name)
		if err == nil && info.IsDir() {
			return nil, usagef("give the files in it", "%s is a directory", name)
		}
		if err == nil && info.Mode().IsRegular() {
			err = readable(name)
		}
		if err != nil {
			return nil, usagef("give the path of a file with the bytes to send, or - for standard input", "cannot read %s: %s", name, plainFileError(err))
		}
		if err := f.wouldOverwrite(info, name); err != nil {
			return nil, err
		}
	}
	if dashes > 1 {
		return nil, usagef("give - once", "standard input can be read only once")
	}
	if f.escapes && dashes == 0 {
		if err := files.checkEscapes(); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func readable(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	return f.Close()
}

// checkEscapes reads regular files through, so that a bad escape is found
// before connecting.
func (i *inputFiles) checkEscapes() error {
	for _, name := range i.names {
		if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
			return nil // a FIFO can be read only once
		}
	}
	r := i.open()
	defer r.Close()
	_, err := io.Copy(io.Discard, console.NewUnescaper(r))
	if err == nil {
		return nil
	}
	var escape *console.EscapeError
	if errors.As(err, &escape) {
		name, offset := i.at(escape.Offset)
		return usagef(hintOf(err), "%s: %s", name, (&console.EscapeError{Offset: offset, Text: escape.Text}).Error())
	}
	return usagef("", "%s", err)
}

// at returns the file in which a byte of the joined files stands, and where.
func (i *inputFiles) at(offset int64) (name string, within int64) {
	for _, name = range i.names {
		info, err := os.Stat(name)
		if err != nil || offset < info.Size() {
			break
		}
		offset -= info.Size()
	}
	return name, offset
}

// open returns the FILEs joined; each is opened when the one before is read.
func (i *inputFiles) open() io.ReadCloser { return &joined{files: i} }

// joined reads one file after the other.
type joined struct {
	files   *inputFiles
	next    int
	current io.Reader
	closer  io.Closer
}

// Read implements io.Reader.
func (j *joined) Read(p []byte) (int, error) {
	for {
		if j.current == nil {
			if j.next == len(j.files.names) {
				return 0, io.EOF
			}
			if err := j.openNext(); err != nil {
				return 0, err
			}
		}
		n, err := j.current.Read(p)
		if errors.Is(err, io.EOF) {
			j.Close()
			j.current, err = nil, nil
			if n == 0 {
				continue
			}
		}
		return n, err
	}
}

// File returns the file at whose offset the next bytes stand, if they stand in one.
func (j *joined) File() *os.File {
	file, _ := j.current.(*os.File)
	return file
}

func (j *joined) openNext() error {
	name := j.files.names[j.next]
	j.next++
	if name == "-" {
		j.current = j.files.stdin
		return nil
	}
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("%s: %s", name, plainFileError(err))
	}
	j.current, j.closer = f, f
	return nil
}

// Close closes the file at hand.
func (j *joined) Close() error {
	if j.closer == nil {
		return nil
	}
	err := j.closer.Close()
	j.closer = nil
	return err
}
