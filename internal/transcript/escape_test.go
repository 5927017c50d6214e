package transcript

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"rawhttp/internal/http1"
)

// unescape reads TEXT back, by rules of its own.
func unescape(t *testing.T, text string) []byte {
	t.Helper()
	text = regexp.MustCompile(`\\\n *`).ReplaceAllString(text, "")
	var out []byte
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			out = append(out, text[i])
			continue
		}
		i++
		switch text[i] {
		case 'r':
			out = append(out, '\r')
		case 'n':
			out = append(out, '\n')
		case 't':
			out = append(out, '\t')
		case '\\':
			out = append(out, '\\')
		case 'x':
			n, err := strconv.ParseUint(text[i+1:i+3], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, byte(n))
			i += 2
		default:
			t.Fatalf("escape %q", text[i:])
		}
	}
	return out
}

// checkSafe reports what may not reach a terminal.
func checkSafe(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Fatalf("invalid UTF-8: %q", text)
	}
	for _, r := range text {
		if r == '\n' {
			continue
		}
		if !unicode.IsPrint(r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r) {
			t.Fatalf("%U reached the screen: %q", r, text)
		}
	}
}

func TestEscapes(t *testing.T) {
	for in, want := range map[string]string{
		"a\r\n": `a\r\n`, "\t\\%": `\t\\%`, "\x00\x1b[2J\x7f": `\x00\x1b[2J\x7f`, "a b ": `a b\x20`, " ": `\x20`, " a": " a",
		"é世": "é世", "\xff\xe4\xb8": `\xff\xe4\xb8`, "\u0085\u202e\u200b\u00a0\u3000": `\xc2\x85\xe2\x80\xae\xe2\x80\x8b\xc2\xa0\xe3\x80\x80`,
		"e\u0301": "e\u0301", "\u0301": `\xcc\x81`, "\n\u0301": `\n\xcc\x81`, "a\ufe0f": `a\xef\xb8\x8f`, "\u3164\u2800": `\xe3\x85\xa4\xe2\xa0\x80`,
		"\ufffd": "\ufffd", "😀": "😀",
	} {
		if got := string(appendEscaped(nil, []byte(in), false)); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
	if got := string(appendEscaped(nil, []byte("é"), true)); got != `\xc3\xa9` {
		t.Errorf("ascii: %s", got)
	}
}

// FuzzText: TEXT is safe, gives its bytes back, wrapped or coloured or not, and
// a wrapped line is no wider than the screen.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "GET / HTTP/1.1\r\n", "a  b   c ", "世界\u0301 \u0301e\u0301", "\x1b]0;x\x07", "\\\\ \\ \n"} {
		f.Add([]byte(s), uint8(20))
	}
	f.Fuzz(func(t *testing.T, in []byte, width uint8) {
		in = bytes.ReplaceAll(in, []byte("\n"), nil) // a row ends at LF
		if len(in) > maximumRow || len(in) == 0 {
			return
		}
		text := string(appendEscaped(nil, in, false))
		checkSafe(t, text)
		if got := unescape(t, text); !bytes.Equal(got, in) {
			t.Fatalf("%q came back as %q", in, got)
		}
		sh := &sheet{paper: &paper{width: func() int { return int(width) + 1 }, style: newStyle(true)}}
		sh.text(&row{kind: http1.RequestLine, bytes: in})
		bare := ansi.ReplaceAllString(string(sh.buffer), "")
		checkSafe(t, bare)
		if got := unescape(t, bare); !bytes.Equal(got, in) {
			t.Fatalf("wrapped %q came back as %q", in, got)
		}
		for i, line := range strings.Split(bare, "\n") {
			n := 0
			for _, r := range line {
				w, _ := showable(r)
				n += w
			}
			if i > 0 {
				n -= gutterWidth
			}
			if n > sh.textColumns() {
				t.Fatalf("%d columns of %d: %q", n, sh.textColumns(), line)
			}
		}
	})
}

var ansi = regexp.MustCompile("\x1b\\[[0-9;]*m")

// TestNothingReachesTheTerminal feeds every byte and every dangerous rune
// through each kind of row, in text and in hex, on both sides.
func TestNothingReachesTheTerminal(t *testing.T) {
	var bad []byte
	for c := range 256 {
		bad = append(bad, byte(c), 'a')
	}
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if !unicode.IsPrint(r) && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zs, unicode.Zl, unicode.Zp) ||
			unicode.In(r, unicode.Mn, unicode.Me, unicode.Other_Default_Ignorable_Code_Point) {
			bad = utf8.AppendRune(bad, r)
		}
	}
	bad = append(bad, "\x1b]0;owned\x07\x1b[2J\x9b31m"...)
	line := bytes.ReplaceAll(bad, []byte("\n"), nil)
	// What leads to each kind, and what the bytes are then followed by.
	leads := map[http1.Kind][2]string{
		http1.RequestLine: {"GET /", " HTTP/1.1\r\n"}, http1.StatusLine: {"HTTP/1.1 200 ", "\r\n"},
		http1.HeaderLine: {"GET / HTTP/1.1\r\nX: ", "\r\n"}, http1.HeaderFold: {"GET / HTTP/1.1\r\nA: b\r\n ", "\r\n"},
		http1.Body:        {"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n", ""},
		http1.ChunkSize:   {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;", "\r\n"},
		http1.ChunkData:   {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n99999\r\n", ""},
		http1.LastChunk:   {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0;", "\r\n"},
		http1.TrailerLine: {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX:", "\r\n"},
		http1.TrailerFold: {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n ", "\r\n"},
		http1.NonHTTP:     {"x", "\r\n"},
		http1.Unframed:    {"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", ""},
	}
	for kind, lead := range leads {
		for _, o := range []Options{{}, {Body: BodyText}, {Hex: true}, {Width: func() int { return 80 }, Color: true, Body: BodyText}} {
			var out bytes.Buffer
			o.Output = &out
			side := http1.Request
			if kind == http1.StatusLine {
				side = http1.Response
			}
			c := NewScreen(o).Conversation(1, 1-side)
			c.Received([]byte(lead[0]))
			c.Received(line)
			c.Pause()
			c.Received([]byte(lead[1]))
			c.EndReceived(EndEOF)
			text := ansi.ReplaceAllString(out.String(), "")
			checkSafe(t, text)
			if !strings.Contains(text, "< "+kind.Label()) {
				t.Errorf("no row of kind %s", kind)
			}
		}
	}
	for _, o := range []Options{{}, {Width: func() int { return 40 }}} {
		var out bytes.Buffer
		o.Output = &out
		NewScreen(o).Note("code", "a note with "+string(bad))
		checkSafe(t, out.String())
	}
}

// FuzzRows: the rows' bytes joined are the bytes fed, and when nothing is shown
// early, cutting the input elsewhere changes no line.
func FuzzRows(f *testing.F) {
	for _, s := range []string{"GET / HTTP/1.1\nHost: a\n\n", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
		"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello world\n\x00", "\x16\x03\x01abc\ndef", "GET /" + strings.Repeat("x", 9000) + " HTTP/1.1\r\n"} {
		f.Add([]byte(s), uint16(0), true)
		f.Add([]byte(s), uint16(5), false)
	}
	f.Fuzz(func(t *testing.T, in []byte, cut uint16, end bool) {
		run := func(cut int, pause bool) string {
			return show(Options{Body: BodyText}, http1.Response, func(c *Conversation) {
				for b := in; len(b) > 0; {
					n := min(len(b), cut)
					c.Received(b[:n])
					if pause {
						c.Pause()
					}
					b = b[n:]
				}
				if end {
					c.EndReceived(EndEOF)
				}
				c.Pause()
			})
		}
		whole, pieces := run(len(in)+1, false), run(int(cut)+1, false)
		if whole != pieces {
			t.Fatalf("cut at %d:\n%s\nwhole:\n%s", cut+1, pieces, whole)
		}
		for _, text := range []string{whole, run(int(cut)+1, true)} {
			var joined []byte
			for _, line := range strings.Split(text, "\n") {
				if strings.HasPrefix(line, "< ") {
					b := unescape(t, line[gutterWidth:])
					joined = append(joined, b...)
					if !strings.HasPrefix(line[10:], fmt.Sprintf("%6d  ", len(b))) {
						t.Fatalf("length in %q", line)
					}
				}
			}
			if !bytes.Equal(joined, in) {
				t.Fatalf("rows joined %q, fed %q", joined, in)
			}
		}
	})
}

func BenchmarkText(b *testing.B) {
	line := []byte("The quick brown fox jumps over the lazy dog, and 0123456789 again and again.\r\n")
	body := bytes.Repeat(line, 400)
	c := NewScreen(Options{Output: discard{}}).Conversation(1, http1.Request)
	c.Received([]byte("HTTP/1.1 200 OK\r\n\r\n"))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		c.Received(body)
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// TestPlainRun: eight bytes at a time are the same as one at a time.
func TestPlainRun(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200000 {
		b := make([]byte, r.IntN(40))
		for i := range b {
			if b[i] = byte(0x20 + r.IntN(0x5f)); r.IntN(20) == 0 {
				b[i] = byte(r.IntN(256))
			}
		}
		want := 0
		for want < len(b) && plain[b[want]] {
			want++
		}
		if got := plainRun(b); got != want {
			t.Fatalf("%d for %d of %q", got, want, b)
		}
	}
}

// TestLetters: the short ways say what judge says.
func TestLetters(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		columns, ok := showable(r)
		wantColumns, want := judge(r)
		if ok != want || ok && columns != wantColumns {
			t.Errorf("%U: %d %t, not %d %t", r, columns, ok, wantColumns, want)
		}
	}
}
