//go:build linux || darwin

package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// expectScreen waits until the screen looks like this. {} stands for what
// differs from run to run: a word, with no blank in it. With a ▮ in it, the
// cursor must stand there.
func (x *terminal) expectScreen(want string) {
	x.t.Helper()
	x.expectRows(want, func(rows []string) []string { return rows })
}

// expectBottom is expectScreen of as many rows as there are here, the last ones
// that are not empty.
func (x *terminal) expectBottom(want string) {
	x.t.Helper()
	n := strings.Count(strings.Trim(want, "\n"), "\n") + 1
	x.expectRows(want, func(rows []string) []string { return rows[max(len(rows)-n, 0):] })
}

func (x *terminal) expectRows(want string, of func(rows []string) []string) {
	x.t.Helper()
	want = strings.Trim(want, "\n")
	wanted := like(want)
	limit := time.After(failureLimit)
	for {
		x.mu.Lock()
		screen, grown := x.cells.screen(strings.Contains(want, cursorMark)), x.grown
		x.mu.Unlock()
		got := strings.Join(of(strings.Split(passing.ReplaceAllString(screen, ""), "\n")), "\n")
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

// passing are notes that are none of the tests' business: where they run, and how
// slowly.
var passing = regexp.MustCompile(`(?m)^\* (this is a container|[0-9]+ s of silence): .*\n(  .*\n)*`)

// like is the pattern of a screen with {} in it.
func like(want string) *regexp.Regexp {
	return regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(want), `\{\}`, `\S+`) + "$")
}

// sameRows is more rows than a screen has, of which nobody wants to read all.
var sameRows = regexp.MustCompile(`(?m)((?:^  \|.*\n){3})(?:^  \|.*\n){30,}((?:^  \|.*\n){3})`)

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
	return sameRows.ReplaceAllString(b.String(), "$1  ...\n$2")
}
