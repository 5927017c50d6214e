package transcript

import (
	"strconv"
	"strings"

	"rawhttp/internal/http1"
)

// Threshold says which diagnostics are shown. The zero value is what suits a
// live conversation.
type Threshold uint8

// The thresholds.
const (
	ShowWarnings Threshold = iota // and errors
	ShowNotes                     // everything
	ShowErrors
	ShowNone
)

func (t Threshold) shows(s http1.Severity) bool {
	switch t {
	case ShowNotes:
		return true
	case ShowErrors:
		return s == http1.Error
	case ShowNone:
		return false
	}
	return s != http1.Note
}

// Tally counts diagnostics by their code, whether they were shown or not. The
// zero value is empty; a Tally that a method returned is the caller's.
type Tally map[http1.Code]int

func (t *Tally) add(c http1.Code) {
	if *t == nil {
		*t = Tally{}
	}
	(*t)[c]++
}

func (t Tally) copy() Tally {
	c := make(Tally, len(t))
	for code, n := range t {
		c[code] = n
	}
	return c
}

// Of returns how many diagnostics have the severity.
func (t Tally) Of(s http1.Severity) int {
	n := 0
	for code, times := range t {
		if code.Entry().Severity == s {
			n += times
		}
	}
	return n
}

// Wrong says what is worse than a note, for instance "1 error, 2 warnings
// (host-missing, bare-lf 2 times)"; "" when nothing is.
func (t Tally) Wrong() string {
	var counts, names []string
	for _, s := range []http1.Severity{http1.Error, http1.Warning} {
		n := t.Of(s)
		if n == 0 {
			continue
		}
		counts = append(counts, count(int64(n), s.String()))
		for _, code := range http1.Codes() {
			switch times := t[code]; {
			case times == 0 || code.Entry().Severity != s:
			case times == 1:
				names = append(names, code.String())
			default:
				names = append(names, code.String()+" "+strconv.Itoa(times)+" times")
			}
		}
	}
	if len(counts) == 0 {
		return ""
	}
	return strings.Join(counts, ", ") + " (" + strings.Join(names, ", ") + ")"
}

// Found counts the diagnostics of this connection so far.
func (c *Conversation) Found() Tally {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.found.copy()
}

// Found counts the diagnostics of all connections so far.
func (s *Screen) Found() Tally {
	s.counts.Lock()
	defer s.counts.Unlock()
	return s.found.copy()
}

func (s *Screen) foundOne(code http1.Code) {
	s.counts.Lock()
	defer s.counts.Unlock()
	s.found.add(code)
}
