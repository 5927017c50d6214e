//go:build linux || darwin

package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// screenText is what the screen looks like: its rows without blanks at their
// ends, and without empty rows at the end.
func (x *terminal) screenText() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.cells.screen(false)
}

// allRows is what has scrolled away, and the screen.
func (x *terminal) allRows() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.cells.all()
}

// expectScreen waits until the screen looks like this. {} stands for what
// differs from run to run: a word, with no blank in it. With a ▮ in it, the
// cursor must stand there.
func (x *terminal) expectScreen(want string) {
	x.t.Helper()
	x.expectCells(want, func(e *emulator) string { return e.screen(strings.Contains(want, cursorMark)) })
}

// expectBottom is expectScreen of as many rows as there are here, the last ones
// that are not empty.
func (x *terminal) expectBottom(want string) {
	x.t.Helper()
	n := strings.Count(strings.Trim(want, "\n"), "\n") + 1
	x.expectCells(want, func(e *emulator) string {
		rows := strings.Split(e.screen(strings.Contains(want, cursorMark)), "\n")
		return strings.Join(rows[max(len(rows)-n, 0):], "\n")
	})
}

func (x *terminal) expectCells(want string, of func(*emulator) string) {
	x.t.Helper()
	want = strings.Trim(want, "\n")
	wanted := like(want)
	limit := time.After(failureLimit)
	for {
		x.mu.Lock()
		got, grown := containerNote.ReplaceAllString(of(x.cells), ""), x.grown
		x.mu.Unlock()
		if wanted.MatchString(got) {
			return
		}
		select {
		case <-grown:
		case <-limit:
			x.t.Fatalf("the screen does not become as it should (- wanted, + there):\n%s", compare(want, got))
		}
	}
}

// containerNote is a note that is none of the tests' business.
var containerNote = regexp.MustCompile(`(?m)^\* this is a container: .*\n(  .*\n)*`)

// like is the pattern of a screen with {} in it.
func like(want string) *regexp.Regexp {
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(want), `\{\}`, `\S+`) + "$")
}

// compare shows two screens row by row.
func compare(want, got string) string {
	var b strings.Builder
	wanted, there := strings.Split(want, "\n"), strings.Split(got, "\n")
	show := func(mark string, rows *[]string) {
		fmt.Fprintf(&b, "%s |%s\n", mark, (*rows)[0])
		*rows = (*rows)[1:]
	}
	for len(wanted) > 0 && len(there) > 0 {
		is := func(w string) bool { return like(w).MatchString(there[0]) }
		switch later := slices.IndexFunc(wanted, is); {
		case later == 0:
			show(" ", &there)
			wanted = wanted[1:]
		case later > 0:
			show("-", &wanted)
		default:
			show("+", &there)
		}
	}
	for len(wanted) > 0 {
		show("-", &wanted)
	}
	for len(there) > 0 {
		show("+", &there)
	}
	return b.String()
}
