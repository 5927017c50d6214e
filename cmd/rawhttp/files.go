package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
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
	var n int
	err := l.write(func(f *os.File) (err error) {
		n, err = f.Write(p)
		l.size += int64(n)
		return err
	})
	return n, err
}

// pass implements passable.
func (l *lazyFile) pass(n int64, move func(*os.File) error) error {
	return l.write(func(f *os.File) error {
		err := move(f)
		if err == nil {
			l.size += n
		}
		return err
	})
}

func (l *lazyFile) write(how func(*os.File) error) error {
	if l.err == nil && l.file == nil {
		l.file, l.err = os.Create(l.name)
	}
	if l.err == nil {
		l.err = how(l.file)
	}
	if l.err != nil {
		return failed(fmt.Sprintf("cannot write %s: %s", l.name, plainFileError(l.err)), l.err)
	}
	return nil
}

// Close closes the file if it was opened; an error of writing it back counts.
func (l *lazyFile) Close() error {
	if l == nil || l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file = nil
	if err != nil && l.err == nil {
		return failed(fmt.Sprintf("cannot write %s: %s", l.name, plainFileError(err)), err)
	}
	return nil
}

// writtenFile is a file that a flag names.
type writtenFile struct{ flag, name string }

func (f *conversationFlags) written() []writtenFile {
	written := []writtenFile{{"--output", f.output}, {"--save", f.save}, {"--save-sent", f.saveSent}, {"--history", f.history}}
	for _, w := range []writtenFile{f.keyLog, f.savedCA} {
		if w.flag != "" {
			written = append(written, w)
		}
	}
	return written
}

// checkFiles looks at the files to be written without opening one.
func (f *conversationFlags) checkFiles(p *program) error {
	names := map[string]string{}
	for _, w := range f.written() {
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
		if w.name == "-" {
			return usagef("leave it out: standard output has the transcript, or with --raw the peer's bytes", "%s - names no file", w.flag)
		}
		if err := f.wouldMix(p, w); err != nil {
			return err
		}
		if info, err := os.Stat(w.name); err == nil && info.IsDir() {
			return usagef("give the name of a file in it", "%s %s is a directory", w.flag, w.name)
		}
		if info, err := os.Stat(filepath.Dir(w.name)); err != nil || !info.IsDir() {
			return usagef("make the directory first", "%s %s: there is no directory %s", w.flag, w.name, filepath.Dir(w.name))
		}
	}
	return nil
}

// wouldMix refuses one file under two names, those of the standard streams among them.
func (f *conversationFlags) wouldMix(p *program, w writtenFile) error {
	info, err := os.Stat(w.name)
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	if out, err := p.stdout.Stat(); err == nil && os.SameFile(info, out) {
		return usagef("give another name", "%s %s is where standard output goes", w.flag, w.name)
	}
	if errs, err := p.stderr.Stat(); err == nil && os.SameFile(info, errs) {
		return usagef("give another name", "%s %s is where standard error goes", w.flag, w.name)
	}
	for _, other := range f.written() {
		if second, err := os.Stat(other.name); other.flag != w.flag && other.name != "" && err == nil && os.SameFile(info, second) {
			return usagef("give two names", "%s and %s would write the same file %s", w.flag, other.flag, w.name)
		}
	}
	return nil
}

// wouldOverwrite refuses to write the file that is to be sent.
func (f *conversationFlags) wouldOverwrite(info fs.FileInfo, name string) error {
	return f.clash(info, name, "is to be sent")
}

// wouldOverwriteTLS refuses to write a certificate or a key that is read; "" is no
// file, and what cannot be read is found elsewhere.
func (f *conversationFlags) wouldOverwriteTLS(names ...string) error {
	for _, name := range names {
		if info, err := os.Stat(name); name != "" && err == nil {
			if err := f.clash(info, name, "is read for TLS"); err != nil {
				return err
			}
		}
	}
	return nil
}

// clash refuses to write the file of info; purpose is what it is for.
func (f *conversationFlags) clash(info fs.FileInfo, name, purpose string) error {
	for _, w := range f.written() {
		if written, err := os.Stat(w.name); w.name != "" && err == nil && os.SameFile(info, written) {
			return usagef("give another name", "%s would overwrite %s, which %s", w.flag, name, purpose)
		}
	}
	return nil
}
