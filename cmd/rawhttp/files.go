package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"rawhttp/internal/console"
)

// plainFileError is an error of a file without the system call's name.
func plainFileError(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "no such file"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	case errors.Is(err, syscall.EISDIR):
		return "it is a directory"
	}
	return err.Error()
}

// lazyFile is opened for writing when there is something to write, so that a
// command that fails before leaves an existing file as it was. The first error
// is kept.
type lazyFile struct {
	name string
	file *os.File
	err  error
	size int64
}

// Write implements io.Writer.
func (l *lazyFile) Write(p []byte) (int, error) {
	if l.err == nil && l.file == nil {
		l.file, l.err = os.Create(l.name)
	}
	if l.err == nil {
		var n int
		n, l.err = l.file.Write(p)
		l.size += int64(n)
	}
	if l.err != nil {
		return 0, &failure{statusFailed, fmt.Sprintf("cannot write %s: %s", l.name, plainFileError(l.err)), "", l.err}
	}
	return len(p), nil
}

// Close closes the file if it was opened; an error of writing it back counts.
func (l *lazyFile) Close() error {
	if l == nil || l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file = nil
	if err != nil && l.err == nil {
		return &failure{statusFailed, fmt.Sprintf("cannot write %s: %s", l.name, plainFileError(err)), "", err}
	}
	return nil
}

// checkFiles looks at the files to be written without opening one.
func (f *conversationFlags) checkFiles() error {
	names := map[string]string{}
	for _, w := range []struct{ flag, name string }{{"--output", f.output}, {"--save", f.save}, {"--save-sent", f.saveSent}} {
		if w.name == "" {
			if f.set.Changed(w.flag[2:]) {
				return usagef("give a file name", "%s has an empty name", w.flag)
			}
			continue
		}
		if other, taken := names[filepath.Clean(w.name)]; taken {
			return usagef("give two names", "%s and %s would write the same file %s", other, w.flag, w.name)
		}
		names[filepath.Clean(w.name)] = w.flag
		if info, err := os.Stat(w.name); err == nil && info.IsDir() {
			return usagef("give the name of a file in it", "%s %s is a directory", w.flag, w.name)
		}
		if info, err := os.Stat(filepath.Dir(w.name)); err != nil || !info.IsDir() {
			return usagef("make the directory first", "%s %s: there is no directory %s", w.flag, w.name, filepath.Dir(w.name))
		}
	}
	return nil
}

// inputFiles are the FILEs of a command line, checked and not read yet.
type inputFiles struct {
	names []string
	stdin io.Reader // what "-" stands for
}

// checkInputFiles finds what is wrong with the FILEs before anything is opened
// for writing or connected.
func checkInputFiles(names []string, stdin *os.File, f *conversationFlags) (*inputFiles, error) {
	files := &inputFiles{names, stdin}
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
		for flag, out := range map[string]string{"--output": f.output, "--save": f.save, "--save-sent": f.saveSent} {
			if written, err := os.Stat(out); out != "" && err == nil && os.SameFile(info, written) {
				return nil, usagef("give another name", "%s would overwrite %s, which is to be sent", flag, name)
			}
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
	if _, err := io.Copy(io.Discard, console.NewUnescaper(r)); err != nil {
		return usagef(hintOf(err), "%s: %s", i.names[0], plainFileError(err))
	}
	return nil
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
