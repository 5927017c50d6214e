//go:build linux || darwin

package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestHistoryRefused: what can only be found at a terminal, and before connecting.
func TestHistoryRefused(t *testing.T) {
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "get.http")
	if err := os.WriteFile(file, []byte("GET /\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"cannot use --history " + fifo + ": it is no regular file":            {"send", "--history", fifo, "localhost:1"},
		"--history is for lines typed at a terminal, and FILEs are sent":      {"listen", "--history", filepath.Join(dir, "new"), "0", file},
		"--output and --history would write the same file " + dir + "/output": {"send", "--history", dir + "/output", "-o", dir + "/output", "localhost:1"},
	} {
		if screen := (setting{env: edited}).open(t, args...).exit(2); !strings.Contains(screen, want) || strings.Contains(screen, "listening") {
			t.Errorf("%q: %s\nwant %s", args, screen, want)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("%v, %v", entries, err)
	}
}

// TestHistoryOpenToOthers: what is typed may hold secrets, so it is said even on a
// quiet screen.
func TestHistoryOpenToOthers(t *testing.T) {
	file := filepath.Join(t.TempDir(), "history")
	for mode, said := range map[os.FileMode]bool{0o600: false, 0o644: true} {
		if err := os.WriteFile(file, []byte("GET / HTTP/1.1\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		x := setting{env: edited}.open(t, "listen", "-q", "--history", file, "0")
		x.listening()
		x.typeKeys("\x04")
		screen := x.exit(0)
		if strings.Contains(screen, "chmod 600 "+file) != said {
			t.Errorf("%v: %s", mode, screen)
		}
	}
}
