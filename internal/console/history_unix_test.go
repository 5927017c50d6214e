//go:build unix

package console

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestHistoryOpensNoPipe: opening one would wait for its other end.
func TestHistoryOpensNoPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{path, os.DevNull} {
		if _, err := OpenHistory(path); !errors.Is(err, errNoRegularFile) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestHistoryFull: a line that is written in part is not the last one's concern.
func TestHistoryFull(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("no /dev/full")
	}
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	h := NewHistory()
	h.path, h.file = "/dev/full", full
	if err := h.Add([]byte("one")); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("the first: %v", err)
	}
	if err := h.Add([]byte("two")); err != nil || h.Len() != 2 {
		t.Errorf("the second: %v, %d lines", err, h.Len())
	}
}
