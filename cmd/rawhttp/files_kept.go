package main

import (
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"runtime"
	"sync"
	"syscall"
)

// keptFiles are regular files that answer again and again. Each stays open to the end
// of the program, so that an answer needs no descriptor of its own, and is read anew
// for each answer; when its name has come to stand for another file, that one is
// opened. Several conversations may use it at once. The zero value has none.
type keptFiles struct {
	mu    sync.Mutex
	files map[string]*keptFile
}

// keptFile is one of them.
type keptFile struct {
	*os.File
	info fs.FileInfo // when it was opened
	uses int         // the answers that read it, and one for keptFiles
}

// lettingGo: this system does not let others replace a file that is open.
const lettingGo = runtime.GOOS == "windows"

// open returns the content of the regular file that name stands for now. Anything
// else is an error: to open it could take for ever.
func (k *keptFiles) open(name string) (*keptReader, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, syscall.EISDIR
	case !info.Mode().IsRegular(): // to open a FIFO is to wait for who writes it
		return nil, errors.New("it is no regular file any more")
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	kept := k.files[name]
	if kept != nil && !os.SameFile(kept.info, info) {
		delete(k.files, name)
		kept.drop()
		kept = nil
	}
	if kept == nil {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		if info, err = f.Stat(); err != nil {
			f.Close()
			return nil, err
		}
		kept = &keptFile{f, info, 0}
		if !lettingGo {
			kept.uses++
			if k.files == nil {
				k.files = map[string]*keptFile{}
			}
			k.files[name] = kept
		}
	}
	kept.uses++
	return &keptReader{io.NewSectionReader(kept, 0, math.MaxInt64), k, kept}, nil
}

// prepare opens the file already; an error is met again by open.
func (k *keptFiles) prepare(name string) {
	if r, err := k.open(name); err == nil {
		r.Close()
	}
}

// drop ends one use; the lock is held.
func (f *keptFile) drop() {
	if f.uses--; f.uses == 0 {
		f.Close()
	}
}

// keptReader reads a file from its beginning.
type keptReader struct {
	*io.SectionReader
	files *keptFiles
	file  *keptFile
}

// Close implements io.Closer; it is called once.
func (r *keptReader) Close() error {
	r.files.mu.Lock()
	defer r.files.mu.Unlock()
	r.file.drop()
	return nil
}
