package transcript

import (
	"bytes"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"rawhttp/internal/http1"
)

func TestPlain(t *testing.T) {
	var out, saved bytes.Buffer
	now := time.Unix(100, 0)
	s := NewScreen(Options{Output: &out, Save: &saved, Plain: true, Color: true, Numbers: true, Width: func() int { return 40 },
		Now: func() time.Time { return now }})
	s.Note("code", "#3 waiting: 127.0.0.1:40114")
	c := s.Conversation(2, http1.Response)
	c.Received([]byte("GET /" + strings.Repeat("x", 50) + " HTTP/1.1\nHost: a \r\n\r\n"))
	c.Sent([]byte("HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nhello, client\n"))
	c.Received([]byte("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n4\r\n\x00\xbe\x01\x02\r\n0\r\nT: u\r\n\r\n"))
	c.Note("code", "closed after 1 s, 12 ms; again with: rawhttp send :80 5 s")
	expect(t, out.String(), `
note: connection 3 waiting: 127.0.0.1:40114
connection 2, received request line, 65 bytes: GET /xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx HTTP/1.1, ends LF
connection 2, warning bare-lf: LF without CR. Place: "\n", in "GET /xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...", byte 65 of what was received. Lines must end with CR LF; nginx, Go and curl accept a lone LF, node, Apache and lighttpd refuse it.
connection 2, received header, 10 bytes: Host: a\x20, ends CR LF
connection 2, warning mixed-line-endings: some lines end CR LF, some LF. Place: "\r\n", in "Host: a\x20", byte 74 of what was received. Some lines end CR LF and some LF: readers that disagree about LF will see different headers, which is how messages get smuggled; use CR LF everywhere.
connection 2, received end of headers, 2 bytes, only CR LF
connection 2, note: request complete: 77 bytes (head 77, no body)
connection 2, sent status line, 17 bytes: HTTP/1.1 200 OK, ends CR LF
connection 2, sent header, 20 bytes: Content-Length: 14, ends CR LF
connection 2, sent end of headers, 2 bytes, only CR LF
connection 2, sent body, 14 bytes: hello, client, ends LF
connection 2, note: response complete: 53 bytes (head 39, body 14)
connection 2, received request line, 17 bytes: POST / HTTP/1.1, ends CR LF
connection 2, received header, 28 bytes: Transfer-Encoding: chunked, ends CR LF
connection 2, received end of headers, 2 bytes, only CR LF
connection 2, error host-missing: no Host header. Place: "\r\n", byte 123 of what was received. HTTP/1.1 requires a Host header; a server must answer 400 without it.
connection 2, note: head complete: 47 bytes; a chunked body follows
connection 2, received chunk size, 3 bytes: 2, ends CR LF
connection 2, received chunk data, 2 bytes: hi, no line end
connection 2, received end of chunk, 2 bytes, only CR LF
connection 2, received chunk size, 3 bytes: 4, ends CR LF
connection 2, received chunk data, 4 bytes: \x00\xbe\x01\x02, no line end
connection 2, received end of chunk, 2 bytes, only CR LF
connection 2, received last chunk, 3 bytes: 0, ends CR LF
connection 2, received trailer, 6 bytes: T: u, ends CR LF
connection 2, received end of trailers, 2 bytes, only CR LF
connection 2, note: request complete: 74 bytes (head 47, body 6 in 2 chunks, chunk framing 21)
connection 2, note: closed after 1 second, 12 milliseconds; again with: rawhttp send :80 5 s
`)
	if saved.String() != out.String() {
		t.Errorf("saved:\n%s", saved.String())
	}
}

func TestPlainHexAndSeconds(t *testing.T) {
	got := show(Options{Plain: true, Seconds: true, Body: BodyHex, Quiet: true, Diagnostics: ShowNone, Now: func() time.Time { return time.Unix(7, 0) }}, http1.Request, func(c *Conversation) {
		c.Received([]byte("HTTP/1.1 200 OK\r\n\r\n\x00\xbe\n"))
		c.EndReceived(EndEOF)
	})
	expect(t, got, `
0.000 seconds, received status line, 17 bytes: HTTP/1.1 200 OK, ends CR LF
0.000 seconds, received end of headers, 2 bytes, only CR LF
0.000 seconds, received body, 3 bytes in hexadecimal: 00 BE 0A
`)
}

func TestEveryKindHasWords(t *testing.T) {
	for _, k := range http1.Kinds() {
		if kindWords[k] == "" {
			t.Errorf("no words for %s", k)
		}
	}
}

var (
	plainText = regexp.MustCompile(`^received ([a-zA-Z ]+), (\d+) bytes?(?:: (.*), (ends CR LF|ends LF|no line end)|, only (CR LF|LF)| in hexadecimal:((?: [0-9A-F]{2})+))$`)
	plainElse = regexp.MustCompile(`^(note|note [-a-z0-9]+|warning [-a-z0-9]+|error [-a-z0-9]+): `)
)

// readPlain reads the bytes back from a plain transcript.
func readPlain(t *testing.T, text string) []byte {
	t.Helper()
	var all []byte
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		m := plainText.FindStringSubmatch(line)
		if m == nil {
			if line != "" && !plainElse.MatchString(line) {
				t.Fatalf("what is %q", line)
			}
			continue
		}
		var b []byte
		if m[6] != "" {
			b, _ = hex.DecodeString(strings.ReplaceAll(m[6], " ", ""))
		} else {
			b = unescape(t, m[3])
			b = append(b, map[string]string{"ends CR LF": "\r\n", "CR LF": "\r\n", "ends LF": "\n", "LF": "\n"}[m[4]+m[5]]...)
		}
		if strconv.Itoa(len(b)) != m[2] {
			t.Fatalf("%d bytes in %q", len(b), line)
		}
		all = append(all, b...)
	}
	return all
}

// FuzzPlain: nothing dangerous is said, the rows give the bytes back, and
// cutting the input elsewhere changes no line.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{"GET / HTTP/1.1\nHost: a\n\n", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel\x00o\r\n0\r\n\r\n",
		"GET / HTTP/1.1\r\nA: b, ends LF\r\nC:  \r\n\x1b[2J, only CR LF\r\n\r\n", "\x16\x03\x01abc\ndef", "GET /" + strings.Repeat("x", 9000) + " HTTP/1.1\r\n"} {
		f.Add([]byte(s), uint16(0), false)
		f.Add([]byte(s), uint16(5), true)
	}
	f.Fuzz(func(t *testing.T, in []byte, cut uint16, hex bool) {
		o := Options{Plain: true, Diagnostics: ShowNotes, Body: BodyText}
		if hex {
			o.Body = BodyHex
		}
		whole, pieces := fed(o, in, len(in)+1, false), fed(o, in, int(cut)+1, false)
		if whole != pieces {
			t.Fatalf("cut at %d:\n%s\nwhole:\n%s", cut+1, pieces, whole)
		}
		for _, text := range []string{whole, fed(o, in, int(cut)+1, true)} {
			checkSafe(t, text)
			if got := readPlain(t, text); !bytes.Equal(got, in) {
				t.Fatalf("%q came back as %q", in, got)
			}
		}
	})
}

// fed is what is shown of a stream received in pieces.
func fed(o Options, in []byte, piece int, pause bool) string {
	return show(o, http1.Response, func(c *Conversation) {
		for b := in; len(b) > 0; {
			n := min(len(b), piece)
			c.Received(b[:n])
			if pause {
				c.Pause()
			}
			b = b[n:]
		}
		c.EndReceived(EndEOF)
	})
}
