package transcript

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"rawhttp/internal/http1"
)

// spot is where a byte stands on the screen.
type spot struct{ line, column, columns int }

// spotsOf reads the columns of each byte off what was shown of a row.
func spotsOf(t *testing.T, shown string) []spot {
	t.Helper()
	var spots []spot
	for n, line := range strings.Split(strings.TrimSuffix(shown, "\n"), "\n") {
		text := line[gutterWidth:]
		for column := 0; text != ""; {
			if text == `\` {
				break // goes on in the next line
			}
			size, columns, count := 1, 1, 1
			if text[0] == '\\' {
				if size = 2; text[1] == 'x' {
					size = 4
				}
				columns = size
			} else {
				var r rune
				r, size = utf8.DecodeRuneInString(text)
				columns, _ = showable(r)
				count = size
			}
			for range count {
				spots = append(spots, spot{n, column, columns})
			}
			column += columns
			text = text[size:]
		}
	}
	return spots
}

// TestCaretsStandUnderTheBytes compares the carets with the columns that the
// bytes of a row have on the screen.
func TestCaretsStandUnderTheBytes(t *testing.T) {
	parts := []string{"a", "Host: ", " ", "\\", "\t", "\x00", "\xff", "\xe4\xb8", "世", "é", "e\u0301", "\u0301", "\u200b", "😀", "\r", strings.Repeat("x", 30)}
	r := rand.New(rand.NewPCG(1, 2))
	wrapped, under := 0, 0
	for range 20000 {
		var b []byte
		for range 1 + r.IntN(12) {
			b = append(b, parts[r.IntN(len(parts))]...)
		}
		if r.IntN(2) == 0 {
			b = append(b, "\r\n"...)
		}
		width := 0
		if r.IntN(4) > 0 {
			width = gutterWidth + 16 + r.IntN(70)
		}
		s := &sheet{paper: &paper{width: func() int { return width }}}
		above := &row{mark: markSent, kind: http1.HeaderLine, offset: 1000, bytes: b}
		s.row(above)
		spots := spotsOf(t, string(s.buffer))
		from := r.IntN(len(b))
		length := 1 + r.IntN(len(b)-from)
		s.buffer = nil
		d := &http1.Diagnostic{Code: http1.BareLF, Offset: 1000 + int64(from), Length: int64(length)}
		s.diagnostic(above, d, func() string { return " (place)" }, "")
		line, _, _ := strings.Cut(string(s.buffer), "\n")
		last := spots[len(spots)-1].line
		if last > 0 {
			wrapped++
		}
		if spots[from].line != last || width == 0 && spots[from].column >= maximumCaret {
			if strings.Contains(line, "^") || !strings.Contains(string(s.buffer), "place)") {
				t.Fatalf("%q in %q, width %d:\n%s", b[from:from+length], b, width, s.buffer)
			}
			continue
		}
		under++
		first, end := spots[from].column, 0
		for _, s := range spots[from : from+length] {
			end = max(end, s.column+s.columns)
		}
		if end == first {
			first-- // a combining mark alone: under what it combines with
		}
		if width == 0 {
			end = min(end, maximumCaret)
		}
		want := "!" + strings.Repeat(" ", gutterWidth-1+first) + strings.Repeat("^", end-first)
		if got, _, _ := strings.Cut(line+" ", " warning"); strings.TrimRight(got, " ") != want {
			t.Fatalf("%q in %q, width %d:\n%s\nwant\n%s", b[from:from+length], b, width, line, want)
		}
		if width > 0 && len(want) > width {
			t.Fatalf("%d columns of %d: %s", len(want), width, want)
		}
	}
	if wrapped < 1000 || under < 1000 {
		t.Errorf("%d wrapped, %d with carets", wrapped, under)
	}
}

// diagnose reports a diagnostic, on a screen that shows none of the scanner's.
func diagnose(c *Conversation, code http1.Code, offset, length int64) {
	c.screen.options.Diagnostics = ShowNotes
	defer func() { c.screen.options.Diagnostics = ShowNone }()
	find(c, http1.Diagnostic{Code: code, Side: c.ours, Offset: offset, Length: length, Message: 1})
}

// find reports a diagnostic as the scanner does.
func find(c *Conversation, d http1.Diagnostic) {
	c.begin()
	defer c.end()
	(*sink)(c).Diagnostic(d)
	c.flush()
}

// TestSeveralDiagnostics: of one row, each has its own carets; of a row further
// up, that row is named.
func TestSeveralDiagnostics(t *testing.T) {
	got := show(Options{Diagnostics: ShowNone}, http1.Request, func(c *Conversation) {
		c.screen.told = allTold()
		c.Sent([]byte("GET /a b\xff HTTP/1.1\r\n"))
		diagnose(c, http1.RequestTargetSpace, 6, 1)
		diagnose(c, http1.RequestTargetNonASCII, 8, 1)
		diagnose(c, http1.MethodUnknown, 0, 3)
		diagnose(c, http1.RequestLineWhitespace, 3, 1)
		c.Sent([]byte("Host: \r\nX-Long: " + strings.Repeat("y", 50) + "\r\n"))
		diagnose(c, http1.HostEmpty, 20, 6)
		diagnose(c, http1.HeaderNameInvalidChar, 35, 10)
		diagnose(c, http1.HeaderLineTooLong, 28, 58)
	})
	expect(t, got, `
> request     20  GET /a b\xff HTTP/1.1\r\n
!                       ^ error request-target-space: space inside the target
!                         ^^^^ warning request-target-non-ascii: non-ASCII byte in the target
!                 ^^^ note method-unknown: method not registered
!                    ^ warning request-line-whitespace: not one single space
> header       8  Host: \r\n
> header      60  X-Long: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n
!                 warning host-empty: empty Host (in "Host:\x20", byte 21 of what was sent)
!                        ^^^^^^^^^^ error header-name-invalid-char: character not allowed in a name
!                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning header-line-too-long: header line over 8190 bytes
`)
}

func allTold() map[string]bool {
	told := map[string]bool{}
	for _, code := range http1.Codes() {
		told[code.Sentence(http1.Request)], told[code.Sentence(http1.Response)] = true, true
	}
	return told
}

// TestPlaces: where no carets can stand, words say the place; a long run is not
// drawn out.
func TestPlaces(t *testing.T) {
	long := strings.Repeat("y", 9000)
	for _, c := range []struct {
		about          string
		width          int
		fed            string
		offset, length int64
		want           string
	}{
		{"a row cut at 4096", 0, "GET / HTTP/1.1\r\nX: " + long + "\r\n", 16, 9005, "(bytes 17 to 9021 of what was sent)"},
		{"the last of its rows", 0, "GET / HTTP/1.1\r\nX: " + long + "\r\n", 9019, 2, "(at \"\\r\\n\", byte 9020 of what was sent)"},
		{"far to the right in a pipe", 0, "GET / HTTP/1.1\r\nX: " + long[:300] + "\x01\r\n", 319, 1, "(at \"\\x01\", byte 320 of what was sent)"},
		{"in the first of two lines", 80, "GET / HTTP/1.1\r\nX: \x01" + long[:70] + "\r\n", 19, 1, "(at \"\\x01\", byte 20 of what was sent)"},
		{"in the last of two lines", 80, "GET / HTTP/1.1\r\nX: " + long[:70] + "\n", 89, 1, "!                             ^^ error"},
		{"a long run in a pipe", 0, "GET / HTTP/1.1\r\n" + long[:1000] + "\r\n", 16, 1000, "!                 " + strings.Repeat("^", maximumCaret) + " error"},
		{"a place inside", 0, "GET / HTTP/1.1\r\nX: y\r\n", 18, 0, "!                   ^ error"},
		{"a place behind the line end", 0, "GET / HTTP/1.1\r\nX: y\r\n", 22, 0, "!                 error bare-cr: CR without LF\n"},
		{"a place further up", 0, "GET / HTTP/1.1\r\nX: y\r\n", 4, 0, "(in \"GET / HTTP/1.1\", after byte 4 of what was sent)"},
		{"a row in hex", -1, "GET / HTTP/1.1\r\nX: y\r\n", 17, 2, "(byte 18 of what was sent)"},
	} {
		o := Options{Width: func() int { return c.width }, Diagnostics: ShowNone}
		if c.width < 0 {
			o = Options{Hex: true, Diagnostics: ShowNone}
		}
		got := show(o, http1.Request, func(conversation *Conversation) {
			conversation.screen.told = allTold()
			conversation.Sent([]byte(c.fed))
			diagnose(conversation, http1.BareCR, c.offset, c.length)
		})
		_, tail, _ := strings.Cut(got, "!")
		if !strings.Contains("!"+unwrapped(tail), c.want) {
			t.Errorf("%s: no %s in !%s", c.about, c.want, tail)
		}
	}
}

func unwrapped(text string) string {
	return strings.ReplaceAll(text, "\n"+strings.Repeat(" ", gutterWidth), " ")
}

// TestDiagnosticsOfHeldRows: a diagnostic about bytes that are not shown yet
// waits for their row, whatever else waits.
func TestDiagnosticsOfHeldRows(t *testing.T) {
	got := show(Options{Diagnostics: ShowNone}, http1.Request, func(c *Conversation) {
		c.screen.told = allTold()
		c.Sent([]byte("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n"))
		start := int64(48)
		c.Sent([]byte("one\ntwo\nthr"))
		diagnose(c, http1.BareCR, start+8, 3)
		diagnose(c, http1.NULByte, start+1, 1)
		diagnose(c, http1.HostInvalid, 23, 1)
		diagnose(c, http1.TruncatedBody, start+11, 0)
		c.Pause()
	})
	_, got, _ = strings.Cut(got, "end          2  \\r\\n\n")
	expect(t, got, `
!                 error host-invalid: not a host name (in "Host: a", byte 24 of what was sent)
> body         4  one\n
!                  ^ error nul-byte: zero byte
> body         4  two\n
> body         3  thr
!                 ^^^ error bare-cr: CR without LF
!                    ^ error truncated-body: ended before the body was complete
`)
}

// TestRememberedRowsAreBounded: whatever is sent, only the latest are kept.
func TestRememberedRowsAreBounded(t *testing.T) {
	show(Options{}, http1.Request, func(c *Conversation) {
		c.Sent([]byte("GET / HTTP/1.1\r\n"))
		for n := range 1000 {
			c.Sent([]byte("X" + strconv.Itoa(n) + ": y\r\n"))
		}
		b := &c.builders[0]
		if len(b.rows.rows) != rememberedRows {
			t.Errorf("%d rows", len(b.rows.rows))
		}
		last := b.offset
		if b.rowOf(&http1.Diagnostic{Offset: last - 3, Length: 1}) == nil || b.rowOf(&http1.Diagnostic{Offset: 3, Length: 1}) != nil {
			t.Error("not the latest")
		}
	})
}
