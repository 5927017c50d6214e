//go:build linux

package main

import (
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestGoals: what the flags ask for, how a line names it, and how it is judged.
func TestGoals(t *testing.T) {
	for _, c := range []struct {
		flags      string
		ours, peer float64
		want       string // goal and verdict
	}{
		{"", 3, 2, "- -"},
		{"-max-ratio 1.5", 3, 2, "<=1.5 reached"}, // the limit itself
		{"-max-ratio 1.5", 3.01, 2, "<=1.5 MISSED"},
		{"-max-ratio 1.5", 3, 0, "<=1.5 -"}, // no peer to judge by
		{"-min-ratio 1.5", 3, 2, ">=1.5 reached"},
		{"-min-ratio 1.5", 2.99, 2, ">=1.5 MISSED"},
		{"-min-ratio 0.9", 1, 0, ">=0.9 -"},
		{"-max-mb 24", 24, 1, "<=24MB reached"}, // whatever the peer took
		{"-max-mb 24", 24.1, 0, "<=24MB MISSED"},
	} {
		g, err := parseGoal(c.flags)
		if got := g.String() + " " + g.verdict(c.ours, c.peer); err != nil || got != c.want {
			t.Errorf("%q, %g beside %g: %s, %v; want %s", c.flags, c.ours, c.peer, got, err, c.want)
		}
	}
	if _, err := parseGoal("-max-ratio 1 -max-mb 3"); err == nil {
		t.Error("two goals for one line")
	}
}

func parseGoal(flags string) (goal, error) {
	set := flag.NewFlagSet("", flag.ContinueOnError)
	g := goalFlags(set)
	if err := set.Parse(strings.Fields(flags)); err != nil {
		return goal{}, err
	}
	return g()
}

// TestMedian: of the sorted values the middle one, or between the two of them.
func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{{nil, 0}, {[]float64{7}, 7}, {[]float64{9, 1}, 5}, {[]float64{100, 1, 2}, 2}, {[]float64{4, 1, 1000, 2}, 3}} {
		before := slices.Clone(c.values)
		if got := median(c.values); got != c.want {
			t.Errorf("%v: %g, want %g", c.values, got, c.want)
		}
		if !slices.Equal(before, c.values) {
			t.Errorf("%v became %v", before, c.values)
		}
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0.0041: "0.004", 0.1: "0.10", 1.705: "1.71", 999.994: "999.99", 87000.4: "87000"} {
		if got := number(v); got != want {
			t.Errorf("%g: %s, want %s", v, got, want)
		}
	}
}

func TestSplit(t *testing.T) {
	for line, want := range map[string][3]string{
		"-a":                {"-a", "", ""},
		"-a -- b c":         {"-a", "b c", ""},
		"-a -- b -- c d":    {"-a", "b", "c d"},
		"-- b -- c -- more": {"", "b", "c -- more"},
	} {
		words, ours, peer := split(strings.Fields(line))
		if got := [3]string{strings.Join(words, " "), strings.Join(ours, " "), strings.Join(peer, " ")}; got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}

// TestMedians: the line, and that a miss is an error.
func TestMedians(t *testing.T) {
	dir := t.TempDir()
	ours, peer := filepath.Join(dir, "ours"), filepath.Join(dir, "peer")
	write(t, ours, "3\n1\n2\n")
	write(t, peer, "4\n4\n")
	for _, c := range []struct {
		args   []string
		want   string
		missed bool
	}{
		{[]string{"-name", "a-ms", ours, peer}, "a-ms 2.00 4.00 0.50 - -\n", false},
		{[]string{"-name", "a-ms", "-max-ratio", "0.4", ours, peer}, "a-ms 2.00 4.00 0.50 <=0.4 MISSED\n", true},
		{[]string{"-name", "a-MB", "-max-mb", "24", ours}, "a-MB 2.00 - - <=24MB reached\n", false},
	} {
		got, err := printed(t, func() error { return run(append([]string{"medians"}, c.args...)) })
		if got != c.want || errors.Is(err, errMissed) != c.missed {
			t.Errorf("%v: %q, %v; want %q", c.args, got, err, c.want)
		}
	}
	write(t, peer, "")
	if err := medians([]string{ours, peer}); err == nil {
		t.Error("no number, and no error")
	}
	write(t, peer, "4 ms")
	if err := medians([]string{ours, peer}); err == nil {
		t.Error("a word, and no error")
	}
}

// TestPair: both commands run, in turn; a run that fails, or puts out too little, is
// no figure.
func TestPair(t *testing.T) {
	order := filepath.Join(t.TempDir(), "order")
	pair := func(flags string, ours, peer string) (string, error) {
		words := append(strings.Fields("pair -name n -unit ms -runs 3 "+flags), "--", "sh", "-c", ours, "--", "sh", "-c", peer)
		return printed(t, func() error { return run(words) })
	}
	got, err := pair("-max-ratio 100000", "echo o >>"+order, "echo p >>"+order)
	if words := strings.Fields(got); err != nil || len(words) != 6 || words[0] != "n-ms" || words[4] != "<=100000" || words[5] != "reached" {
		t.Errorf("%q, %v", got, err)
	}
	if turns, _ := os.ReadFile(order); strings.ReplaceAll(string(turns), "\n", "") != "o"+"op"+"po"+"op" {
		t.Errorf("the order was %q", turns)
	}
	for _, c := range [][3]string{
		{"", "exit 3", "true"},
		{"", "true", "echo no server >&2; exit 1"},
		{"-least 6", "printf 123456", "printf 12345"},
		{"-least 6", "printf 12345", "printf 123456"},
	} {
		if got, err := pair(c[0], c[1], c[2]); err == nil || errors.Is(err, errMissed) || got != "" {
			t.Errorf("%q: %q, %v", c, got, err)
		}
	}
	if _, err := pair("-least 6", "printf 123456", "printf 123456"); err != nil {
		t.Error(err)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// printed is what a function writes to standard output.
func printed(t *testing.T, do func() error) (string, error) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	before := os.Stdout
	os.Stdout = w
	err = do()
	os.Stdout = before
	w.Close()
	text, readErr := io.ReadAll(r)
	if readErr != nil {
		t.Fatal(readErr)
	}
	return string(text), err
}
