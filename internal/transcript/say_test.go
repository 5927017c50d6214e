package transcript

import (
	"bytes"
	"strings"
	"testing"

	"rawhttp/internal/http1"
)

// TestSay: paragraphs stand between single empty lines, behind what is held, are
// wrapped at 80 columns at most, and hold nothing that a terminal obeys.
func TestSay(t *testing.T) {
	var shown, saved bytes.Buffer
	s := NewScreen(Options{Output: &shown, Save: &saved, Width: func() int { return 200 }, Quiet: true})
	c := s.Conversation(1, http1.Request)
	s.Say("lesson", "Title\x1b[2J")
	s.Say("lesson", "One.", strings.Repeat("word ", 30)+"end")
	c.Sent([]byte("GET"))
	s.Say("lesson", "Two.")
	c.Sent([]byte(" / HTTP/1.1\r\n"))
	want := "\nTitle\\x1b[2J\n\nOne.\n\n" + strings.Repeat("word ", 15) + "word\n" + strings.Repeat("word ", 14) + "end\n\n" +
		"> request      3  GET\n\nTwo.\n\n> request     13   / HTTP/1.1\\r\\n\n"
	if shown.String() != want {
		t.Errorf("%s\nwant\n%s", shown.String(), want)
	}
	if one := strings.Repeat("word ", 30) + "end\n"; !strings.Contains(saved.String(), one) {
		t.Errorf("saved: %s", saved.String())
	}
}

// TestSayElsewhere: a line of words, and a note of the JSON view.
func TestSayElsewhere(t *testing.T) {
	var plain, journal bytes.Buffer
	NewScreen(Options{Output: &plain, Plain: true}).Say("lesson", "One.", "Two.")
	NewScreen(Options{Output: &journal, JSON: true}).Say("lesson", "One.")
	if plain.String() != "One.\nTwo.\n" {
		t.Errorf("%q", plain.String())
	}
	if got := journal.String(); !strings.Contains(got, `"event":"note"`) || !strings.Contains(got, `"code":"lesson","text":"One."`) {
		t.Error(got)
	}
}
