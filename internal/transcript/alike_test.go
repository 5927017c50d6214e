package transcript

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"rawhttp/internal/http1"
)

// TestRowsAlike: rows that are made many at a time are those that are made of one
// byte after the other.
func TestRowsAlike(t *testing.T) {
	stopped := func() time.Time { return time.Unix(0, 0) }
	options := map[string]Options{
		"text": {}, "hex": {Hex: true}, "color": {Color: true}, "seconds": {Seconds: true}, "numbers": {Numbers: true},
		"wrapped": {Width: func() int { return 60 }}, "wrapped hex": {Hex: true, Width: func() int { return 60 }},
		"plain": {Plain: true}, "limited": {BodyLimit: 100_000}, "ascii": {ASCII: true}, "redacted": {Redact: true}, "binary": {Body: BodyHex},
	}
	pieces := []string{
		"a line of text\n", "a longer line, as most are, of text\r\n", "ends in blanks  \r\n", "\n", "\r\n", "x\r\r\n", "tab\there\n", `back\slash` + "\n",
		"über\n", "\x00\x01\n", "no end, ", strings.Repeat("long ", 300), strings.Repeat("a", 4088), "Cookie: secret=1\r\n", strings.Repeat("1234567\n", 3000), "\x7f\x1f~ \x80\xff",
	}
	for name, o := range options {
		o.Now = stopped
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, uint64(len(name))))
			for range 5 {
				var text []byte
				for range r.IntN(30) {
					piece := pieces[r.IntN(len(pieces))]
					text = append(text, strings.Repeat(piece, 1+r.IntN(4))...)
				}
				body := append([]byte("HTTP/1.1 200 OK\r\n\r\n"), text...)
				if r.IntN(2) == 0 { // with a diagnostic about what follows the last row, or a repair of it
					body = fmt.Appendf(nil, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\n0\r\n\r\n", len(text)+r.IntN(2), text)
				}
				whole, bit := shownOf(o, body, func() int { return len(body) }), shownOf(o, body, func() int { return 1 })
				pieces := shownOf(o, body, func() int { return 1 + r.IntN(70_000) })
				if !bytes.Equal(whole, bit) || !bytes.Equal(whole, pieces) {
					t.Fatalf("at once:\n%.3000s\nin pieces:\n%.3000s\nbyte by byte:\n%.3000s", whole, pieces, bit)
				}
			}
		})
	}
}

// shownOf is what a Screen shows of a stream that comes in pieces.
func shownOf(o Options, stream []byte, size func() int) []byte {
	var out bytes.Buffer
	o.Output = &out
	c := NewScreen(o).Conversation(1, http1.Request)
	c.Sent([]byte("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
	for len(stream) > 0 {
		n := min(size(), len(stream))
		c.Received(stream[:n])
		stream = stream[n:]
	}
	c.EndReceived(EndEOF)
	return out.Bytes()
}

// TestDotted: eight bytes at a time are the same as one at a time.
func TestDotted(t *testing.T) {
	for c := range 256 {
		for shift := range 8 {
			x := uint64(0x4100_7f20_ff1f_417e)&^(0xff<<(shift*8)) | uint64(c)<<(shift*8)
			for i := range 8 {
				if got, want := byte(dotted(x)>>(i*8)), hexLooks[byte(x>>(i*8))].shown; got != want {
					t.Fatalf("%016x: byte %d is %q, want %q", x, i, got, want)
				}
			}
		}
	}
}
