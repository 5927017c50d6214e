//go:build linux

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// scripts are those that bench/run runs when it is told none.
func scripts(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../run")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^chosen=\$\{\*:-(.*)\}$`).FindSubmatch(text)
	if found == nil {
		t.Fatal("bench/run does not say which scripts it runs")
	}
	return strings.Fields(string(found[1]))
}

// TestRunRunsAll: bench/run knows every script there is, and README.md has it.
func TestRunRunsAll(t *testing.T) {
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var there []string
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().IsRegular() && info.Mode()&0o111 != 0 && e.Name() != "run" {
			there = append(there, e.Name())
			if !strings.Contains(string(readme), "| `"+e.Name()+"` |") {
				t.Errorf("README.md has no row for %s", e.Name())
			}
		}
	}
	if known := slices.Sorted(slices.Values(scripts(t))); !slices.Equal(known, there) {
		t.Errorf("bench/run runs %v, there are %v", known, there)
	}
}

// bench is a copy of bench/run among scripts that do what they are told.
type bench struct {
	t    *testing.T
	dir  string
	page string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t, t.TempDir(), ""}
	run, err := os.ReadFile("../run")
	if err != nil {
		t.Fatal(err)
	}
	b.script("run", string(run))
	for _, name := range scripts(t) {
		b.script(name, "#!/bin/sh\n")
	}
	b.page = filepath.Join(b.dir, "page.md")
	write(t, b.page, "before\n<!-- bench/run: begin -->\nold\n<!-- bench/run: end -->\nafter\n")
	return b
}

func (b *bench) script(name, text string) {
	b.t.Helper()
	if err := os.WriteFile(filepath.Join(b.dir, name), []byte(text), 0o700); err != nil {
		b.t.Fatal(err)
	}
}

// run runs it from the root directory and returns its exit status, what it said and
// what it left in its temporary directory.
func (b *bench) run(figures string, args ...string) (status int, said string, left []os.DirEntry) {
	b.t.Helper()
	tmp := b.t.TempDir()
	cmd := exec.Command(filepath.Join(b.dir, "run"), args...)
	cmd.Dir = filepath.Dir(b.dir)
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp, "FIGURES="+figures, "RUNS=", "SIZE_MB=")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		b.t.Fatal(err)
	}
	left, err = os.ReadDir(tmp)
	if err != nil {
		b.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out), left
}

func (b *bench) written() string {
	b.t.Helper()
	text, err := os.ReadFile(b.page)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text)
}

// TestRunTable: what the scripts print stands in the page, between the two comments;
// what was left out, missed or failed is told, and the exit status says so.
func TestRunTable(t *testing.T) {
	b := newBench(t)
	relative := filepath.Join(filepath.Base(b.dir), "page.md")
	b.script("exchange", "#!/bin/sh\necho skipped: no nc here >&2\necho skipped: no nc here >&2\necho \"a-$RUNS-ms 1.00 2.00 0.50 <=1.7 reached\"\n")
	if status, said, left := b.run(relative); status != 0 || len(left) != 0 || !strings.Contains(said, "a-100-ms 1.00") {
		t.Errorf("status %d, %v is left:\n%s", status, left, said)
	}
	page := b.written()
	want := "\n| a-100-ms | 1.00 | 2.00 | 0.50 | ≤ 1.7 | reached |\n\n- `bench/exchange` left something out: no nc here.\n<!-- bench/run: end -->\nafter\n"
	if !strings.HasPrefix(page, "before\n<!-- bench/run: begin -->\nMade by `bench/run` on ") || !strings.HasSuffix(page, want) || strings.Contains(page, "old") {
		t.Errorf("the page is\n%s", page)
	}

	b.script("tls", "#!/bin/sh\necho 'b-MB 25.00 - - <=24MB MISSED'\necho 'c-s 1.00 2.00 0.50 - -'\nexit 1\n")
	status, said, _ := b.run(b.page)
	page = b.written()
	if status != 1 || !strings.Contains(page, "\n| b-MB | 25.00 | - | - | ≤ 24 MB | **MISSED** |\n| c-s | 1.00 | 2.00 | 0.50 |  |  |\n") || strings.Contains(page, "failed") {
		t.Errorf("a miss: status %d\n%s\n%s", status, said, page)
	}

	b.script("raw", "#!/bin/sh\necho raw: no room >&2\nexit 2\n")
	failed := regexp.MustCompile("(?m)^- `bench/raw` failed after [0-9]+ s: raw: no room\\.$")
	if status, said, left := b.run(b.page); status != 2 || len(left) != 0 || !failed.MatchString(b.written()) {
		t.Errorf("a failure: status %d, %v is left\n%s\n%s", status, left, said, b.written())
	}
}

// TestRunSome: named scripts alone run, and nothing is written; what is none is
// refused before anything runs.
func TestRunSome(t *testing.T) {
	b := newBench(t)
	before := b.written()
	b.script("tls", "#!/bin/sh\necho tls-ran\n")
	b.script("raw", "#!/bin/sh\necho raw-ran\n")
	if status, said, _ := b.run(b.page, "raw"); status != 0 || !strings.Contains(said, "raw-ran") || strings.Contains(said, "tls-ran") {
		t.Errorf("status %d\n%s", status, said)
	}
	for _, name := range []string{"nothing", "run", "../tls", "page.md"} {
		if status, said, _ := b.run(b.page, "raw", name); status != 2 || strings.Contains(said, "-ran") || !strings.Contains(said, "there is no benchmark "+name) {
			t.Errorf("%s: status %d\n%s", name, status, said)
		}
	}
	if b.written() != before {
		t.Errorf("the page is\n%s", b.written())
	}
	for _, page := range []string{"no/where.md", filepath.Join(b.dir, "tls")} {
		if status, said, _ := b.run(page); status != 2 || strings.Contains(said, "-ran") {
			t.Errorf("%s: status %d\n%s", page, status, said)
		}
	}
}
