package transcript

import (
	"bytes"
	"strings"
	"testing"

	"rawhttp/internal/http1"
)

// TestSentenceOfEachSide: a sentence comes once a run, and a response has its own
// where the request's would not be true of it.
func TestSentenceOfEachSide(t *testing.T) {
	var shown, journal bytes.Buffer
	screen := NewScreen(Options{Output: &shown})
	for _, s := range []*Screen{screen, NewScreen(Options{Output: &journal, JSON: true})} {
		for conn := range 2 {
			c := s.Conversation(conn+1, http1.Request)
			c.Sent([]byte("GET / HTTP/1.1\nHost: a\n\n"))
			c.Received([]byte("HTTP/1.1 200 OK\nContent-Length: 0\n\n"))
		}
	}
	of := [2]string{http1.BareLF.Sentence(http1.Request), http1.BareLF.Sentence(http1.Response)}
	for side, sentence := range of {
		if n := strings.Count(shown.String(), sentence); n != 1 {
			t.Errorf("%d times of %s: %s\n%s", n, http1.Side(side), sentence, shown.String())
		}
	}
	for line := range strings.Lines(journal.String()) {
		for side, direction := range []string{`"dir":"sent"`, `"dir":"received"`} {
			if strings.Contains(line, `"diagnostic"`) && strings.Contains(line, direction) && !strings.Contains(line, of[side]) {
				t.Errorf("not its sentence: %s", line)
			}
		}
	}
}
