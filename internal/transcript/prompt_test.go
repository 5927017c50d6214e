package transcript

import (
	"testing"

	"rawhttp/internal/http1"
)

// TestPromptText: what is typed is counted against what is owed, and the text stays
// as wide as a row's gutter, whatever the count takes.
func TestPromptText(t *testing.T) {
	for _, c := range []struct {
		kind    http1.Kind
		owed    int64
		n       int
		lineEnd int
		want    string
	}{
		{http1.HeaderLine, 0, 40, 1, "> header          "},
		{http1.NonHTTP, 0, 0, 1, "> non-http        "},
		{http1.Body, -1, 7, 1, "> body            "}, // to the close
		{http1.Body, 5, 0, 1, "> body   5 to go  "},
		{http1.Body, 5, 4, 1, "> body   1 to go  "}, // Enter is the last
		{http1.Body, 5, 5, 1, "> body    1 over  "},
		{http1.Body, 5, 7, 1, "> body    3 over  "},
		{http1.Body, 5, 4, 0, "> body   1 to go  "}, // Enter sends nothing
		{http1.Body, 5, 5, 0, "> body   0 to go  "},
		{http1.Body, 5, 6, 0, "> body    1 over  "},
		{http1.ChunkData, 5, 4, 1, "> data   1 to go  "},
		{http1.ChunkData, 5, 5, 1, "> data   0 to go  "}, // the line end behind it is no data
		{http1.ChunkData, 5, 6, 1, "> data    1 over  "},
		{http1.ChunkData, 5, 5, 0, "> data   0 to go  "},
		{http1.Body, 999, 0, 1, "> body 999 to go  "},
		{http1.Body, 1000, 0, 1, ">     1000 to go  "},
		{http1.Body, 12345678, 0, 1, "> 12345678 to go  "},
		{http1.Body, 123456789, 0, 1, ">      123456789  "},
		{http1.Body, 12345678901234, 0, 1, "> 12345678901234  "},
		{http1.Body, 1<<63 - 1, 0, 1, "> body            "}, // more digits than there is room for
		{http1.Body, 1, 1 << 20, 1, ">   1048576 over  "},
	} {
		p := Prompt{kind: c.kind, owed: c.owed}
		got := p.Text(c.n, c.lineEnd)
		if got != c.want {
			t.Errorf("%v, %d owed, %d typed, line end %d: %q, want %q", c.kind, c.owed, c.n, c.lineEnd, got, c.want)
		}
		if len(got) != gutterWidth {
			t.Errorf("%q is no gutter of %d columns", got, gutterWidth)
		}
		p.before = "#3 "
		if got := p.Text(c.n, c.lineEnd); got != "#3 "+c.want {
			t.Errorf("behind a number: %q", got)
		}
	}
	if got := IdlePrompt(); got != ">                 " {
		t.Errorf("idle: %q", got)
	}
}
