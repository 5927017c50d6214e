//go:build linux || darwin

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// threeSteps is a lesson that says where it is.
func threeSteps(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "three.txt")
	text := "title: Three\n-- say --\nFirst.\n-- client --\nGET / HTTP/1.1\n-- say --\nSecond.\n-- say --\nThird.\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestDemoEnter: Enter goes on, with the line editor and without; how to end is
// said once; nothing of the prompts is left on a screen that can be drawn over.
func TestDemoEnter(t *testing.T) {
	for name, env := range map[string][]string{"editor": nil, "none": withoutEditor} {
		t.Run(name, func(t *testing.T) {
			x := setting{env: env}.open(t, "demo", threeSteps(t))
			x.wait("First.")
			x.wait("> request     16  GET / HTTP/1.1")
			x.expect(`\[1 of 3\] Enter goes on; q and Enter, or .*Ctrl-D, ends`)
			x.typeKeys("\r")
			x.wait("Second.")
			x.wait("[2 of 3] Enter goes on")
			x.typeKeys("\r")
			x.wait("Third.")
			screen := x.exit(statusDone)
			if strings.Contains(screen, "[2 of 3] Enter goes on;") {
				t.Error("how to end is said twice:\n" + screen)
			}
			if env == nil && strings.Contains(screen, "Enter") {
				t.Error("a prompt is left:\n" + screen)
			}
		})
	}
}

// TestDemoEnds: q, Ctrl-D and Ctrl-C end between two steps, and Ctrl-C in the
// middle of one; the terminal is as it was, and no key is left for the shell.
func TestDemoEnds(t *testing.T) {
	for _, c := range []struct {
		name, keys string
		status     int
		env        []string
	}{
		{"q", "q\r", statusDone, nil},
		{"Ctrl-D", "\x04", statusDone, nil},
		{"Ctrl-C", "rm x\x03", 130, nil},
		{"quit", "Quit\r", statusDone, nil},
		{"q without editor", "q\r", statusDone, withoutEditor},
		{"Ctrl-D without editor", "\x04", statusDone, withoutEditor},
		{"Ctrl-C without editor", "\x03", 130, withoutEditor},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := setting{env: c.env}.open(t, "demo", threeSteps(t))
			x.wait("[1 of 3] Enter goes on")
			x.typeKeys(c.keys)
			if screen := x.exit(c.status); strings.Contains(screen, "Second") {
				t.Error(screen)
			}
		})
	}
	t.Run("Ctrl-C in a step", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "slow.txt")
		text := "title: Slow\n-- say --\nWait.\n-- serve --\n-- client --\nGET /slow/60 HTTP/1.1\nHost: x\n\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		x := setting{}.open(t, "demo", path)
		x.wait("request complete")
		x.typeKeys("\x03")
		x.exit(130)
	})
}

// TestDemoNoPause: nobody is waited for with --no-pause, in JSON, and in the
// background.
func TestDemoNoPause(t *testing.T) {
	path := threeSteps(t)
	for name, s := range map[string]struct {
		setting
		args []string
	}{
		"flag":       {args: []string{"demo", path, "--no-pause"}},
		"json":       {args: []string{"demo", path, "--format", "json"}},
		"background": {setting: setting{leader: inBackground}, args: []string{"demo", path}},
	} {
		t.Run(name, func(t *testing.T) {
			x := s.open(t, s.args...)
			if screen := x.exit(statusDone); !strings.Contains(screen, "Third.") || strings.Contains(screen, "Enter goes on") {
				t.Error(screen)
			}
		})
	}
}
