package transcript

import (
	"bytes"
	"testing"

	"rawhttp/internal/http1"
)

// TestNoAllocationPerRow: no view takes memory anew for each row.
func TestNoAllocationPerRow(t *testing.T) {
	lines := bytes.Repeat([]byte("a line of text, größer als most\r\nanother one, of ASCII alone\n"), 200)
	for name, o := range map[string]Options{
		"text": {}, "color": {Color: true}, "wrapped": {Width: func() int { return 40 }}, "hex": {Hex: true}, "plain": {Plain: true},
		"plain hex": {Plain: true, Hex: true}, "json": {JSON: true}, "seconds": {Seconds: true}, "redacted": {Redact: true},
	} {
		o.Output = discard{}
		c := NewScreen(o).Conversation(1, http1.Request)
		c.Received([]byte("HTTP/1.1 200 OK\r\n\r\n"))
		if n := testing.AllocsPerRun(20, func() { c.Received(lines) }); n > 20 {
			t.Errorf("%s: %v allocations for 400 rows", name, n)
		}
	}
}
