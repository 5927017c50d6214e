package http1

import "testing"

// TestStatuses: each code once, in order, as completion shows them.
func TestStatuses(t *testing.T) {
	for i, s := range Statuses() {
		if s.Code < 100 || s.Code > 599 || s.Phrase == "" || i > 0 && s.Code <= Statuses()[i-1].Code {
			t.Errorf("%d %q", s.Code, s.Phrase)
		}
		if ReasonPhrase(s.Code) != s.Phrase {
			t.Errorf("%d is %q", s.Code, ReasonPhrase(s.Code))
		}
	}
}
