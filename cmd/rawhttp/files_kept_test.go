//go:build unix

package main

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestKeptFiles: a file is read as it is when an answer begins, whether it was changed
// in place or replaced, and an answer that has begun keeps what it reads from. It is
// opened once, however many read it.
func TestKeptFiles(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "page")
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var files keptFiles
	open := func() *keptReader {
		t.Helper()
		r, err := files.open(name)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	wants := func(r *keptReader, want string) {
		t.Helper()
		if got, err := io.ReadAll(r); string(got) != want || err != nil {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
		r.Close()
	}
	write(name, "one")
	first, second := open(), open()
	if first.file != second.file && !lettingGo {
		t.Error("it is opened twice")
	}
	wants(first, "one")
	write(name, "changed in place")
	wants(open(), "changed in place")
	old := open()
	write(name+".new", "replaced")
	if err := os.Rename(name+".new", name); err != nil {
		t.Fatal(err)
	}
	wants(open(), "replaced")
	wants(old, "changed in place")
	second.Close()
	if _, err := old.file.Stat(); err == nil {
		t.Error("the file that was replaced is open, and nobody reads it")
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if _, err := files.open(name); err == nil {
		t.Error("what was removed is read")
	}
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := files.open(name); err == nil {
		t.Error("a pipe is read")
	}
}
