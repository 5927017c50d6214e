package main

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestKeptFileNotRegular: where the name has come to stand for a FIFO or a directory
// there is an error, and nobody waits for who writes the FIFO.
func TestKeptFileNotRegular(t *testing.T) {
	name := filepath.Join(t.TempDir(), "page")
	var files keptFiles
	for _, make := range []func() error{
		func() error { return syscall.Mkfifo(name, 0o600) },
		func() error { return os.Mkdir(name, 0o700) },
	} {
		if err := make(); err != nil {
			t.Fatal(err)
		}
		if _, err := files.open(name); err == nil {
			t.Error("it is opened")
		}
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAnswerWasDirectory: a FILE that was a directory for a while is named as one,
// and what takes its place answers.
func TestAnswerWasDirectory(t *testing.T) {
	name := filepath.Join(t.TempDir(), "page")
	a := newAnswers(&inputFiles{names: []string{name}}, false)
	if err := os.Mkdir(name, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := a.open(t.Context()); err == nil || err.Error() != name+": it is a directory" {
		t.Error(err)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	go func() { _ = os.WriteFile(name, []byte("answer"), 0o600) }()
	answer, err := a.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Close()
	if got, err := io.ReadAll(answer); string(got) != "answer" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}
