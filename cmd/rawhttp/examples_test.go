package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestExamples: each server of examples/, and serve, answers as one and the same
// script says.
func TestExamples(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	examples := filepath.Join(root, "examples")
	for name, command := range map[string]func(t *testing.T) []string{
		"go-sockets": func(t *testing.T) []string {
			if runtime.GOOS == "windows" {
				t.Skip("its calls are those of Unix")
			}
			return []string{buildExample(t, "go-sockets"), "0"}
		},
		"go-nethttp": func(t *testing.T) []string { return []string{buildExample(t, "go-nethttp"), "0"} },
		"python-sockets": func(t *testing.T) []string {
			needPeer(t, "python3")
			return []string{python3(), filepath.Join(examples, "python-sockets", "server.py"), "0"}
		},
		"node-net": func(t *testing.T) []string {
			needPeer(t, "node")
			return []string{"node", filepath.Join(examples, "node-net", "server.js"), "0"}
		},
		"rawhttp serve": func(t *testing.T) []string { return []string{"rawhttp", "serve", "127.0.0.1:0"} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			runExample(t, command(t))
		})
	}
}

func needPeer(t *testing.T, name string) {
	t.Helper()
	if !hasPeer(name) {
		t.Skip(name + " is not installed")
	}
}

// buildExample is done outside the script, in whose environment there is no cache.
func buildExample(t *testing.T, name string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), name+".exe")
	build := exec.Command("go", "build", "-o", program, "rawhttp/examples/"+name)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// runExample runs the script, whose word "example" starts the command and puts
// where it listens in $ADDR.
func runExample(t *testing.T, command []string) {
	testscript.Run(t, testscript.Params{
		Files:               []string{"../../testdata/examples/small-server.txtar"},
		Setup:               setUpScript,
		RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": cmdExits, "client": cmdClient,
			"example": func(ts *testscript.TestScript, neg bool, args []string) {
				need(ts, !neg && len(args) == 0, "example")
				cmdStart(ts, false, append([]string{"-as", "server", "-ready", `listening on 127\.0\.0\.1:(\d+)`}, command...))
			},
		},
	})
}

// TestExampleIsShort: a program to read aloud fits on two screens.
func TestExampleIsShort(t *testing.T) {
	t.Parallel()
	const most = 60
	files, err := filepath.Glob("../../examples/*/*.*")
	if err != nil || len(files) != 4 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if n := bytes.Count(text, []byte("\n")); n > most {
			t.Errorf("%s has %d lines, more than %d", file, n, most)
		}
		for line := range strings.Lines(string(text)) {
			if len(strings.ReplaceAll(line, "\t", "    ")) > 120 {
				t.Errorf("%s: a line that is too long to be shown:\n%s", file, line)
			}
		}
	}
}
