package transcript

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"rawhttp/internal/http1"
)

func TestRedact(t *testing.T) {
	var saved bytes.Buffer
	got := show(Options{Redact: true, Save: &saved, Diagnostics: ShowNone}, http1.Request, func(c *Conversation) {
		c.screen.told = allTold()
		c.Sent([]byte("GET / HTTP/1.1\r\nHost: a\r\nCookie: " + strings.Repeat("q", 47) + "\r\nAUTHORIZATION \t:\t Basic Zm9v \n also\r\n  this\r\nX-Cookie: shown\r\nSet-Cookie:\r\n\r\n"))
		diagnose(c, http1.HeaderValueControlChar, 35, 2)
		c.Received([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhi\nCookie\r\n3\r\n: x\r\n0\r\nset-cookie: a=b\r\n\r\n"))
	})
	expect(t, got, `
> request     16  GET / HTTP/1.1\r\n
> header       9  Host: a\r\n
> header      57  Cookie: [47 bytes hidden]\r\n
> header      30  AUTHORIZATION \t:\t [11 bytes hidden]\n
> fold         7   [4 bytes hidden]\r\n
> fold         8    [4 bytes hidden]\r\n
> header      17  X-Cookie: shown\r\n
> header      13  Set-Cookie:\r\n
> end          2  \r\n
* request complete: 159 bytes (head 159, no body)
!                 error header-value-control-char: control character in the value (in "Cookie: [47 bytes hidden]", byte 36 of what was sent)
< status      17  HTTP/1.1 200 OK\r\n
< header      28  Transfer-Encoding: chunked\r\n
< end          2  \r\n
* head complete: 47 bytes; a chunked body follows
< chunk        3  9\r\n
< data         3  hi\n
< data         6  Cookie
< data-end     2  \r\n
< chunk        3  3\r\n
< data         3  : [1 byte hidden]
< data-end     2  \r\n
< last         3  0\r\n
< trailer     17  set-cookie: [3 bytes hidden]\r\n
< end          2  \r\n
* response complete: 91 bytes (head 47, body 12 in 2 chunks, chunk framing 32)
`)
	if saved.String() != got {
		t.Errorf("saved:\n%s", saved.String())
	}
}

// TestCaretsAtHiddenBytes: what is hidden is pointed at as a whole, what follows
// it in its own place.
func TestCaretsAtHiddenBytes(t *testing.T) {
	got := show(Options{Redact: true, Diagnostics: ShowNone}, http1.Request, func(c *Conversation) {
		c.screen.told = allTold()
		c.Sent([]byte("GET / HTTP/1.1\r\nCookie: abcdef\r\n"))
		diagnose(c, http1.BareCR, 26, 1)
		diagnose(c, http1.NULByte, 30, 2)
		diagnose(c, http1.OddSpace, 16, 6)
		diagnose(c, http1.ObsFold, 27, 0)
	})
	for _, want := range []string{
		"\n!                         ^^^^^^^^^^^^^^^^ error bare-cr", "\n!                                         ^^^^ error nul-byte",
		"\n!                 ^^^^^^ warning odd-space", "\n!                         ^ warning obs-fold",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// TestRedactShownEarly: no part of a value, one byte at a time and with pauses.
func TestRedactShownEarly(t *testing.T) {
	got := show(Options{Redact: true, Quiet: true, Diagnostics: ShowNone}, http1.Request, func(c *Conversation) {
		c.Received([]byte("HTTP/1.1 200 OK\r\n"))
		for _, part := range []string{"Set-C", "ookie", ": ab", "c", "de\r", "\n", " f", "gh\r\nX: y\r\n"} {
			c.Received([]byte(part))
			c.Pause()
		}
	})
	expect(t, got, `
< status      17  HTTP/1.1 200 OK\r\n
< header       5  Set-C
< header       5  ookie
< header       4  : [2 bytes hidden]
< header       1  [1 byte hidden]
< header       3  [2 bytes hidden]\r
< header       1  \n
< fold         2   [1 byte hidden]
< fold         4  [2 bytes hidden]\r\n
< header       6  X: y\r\n
`)
}

// TestRedactWhatALengthCuts: the rest of a line that a body, or a chunk, ends in
// the middle of is hidden like its beginning.
func TestRedactWhatALengthCuts(t *testing.T) {
	for framing, stream := range map[string]string{
		"in the value":           "Content-Length: 10\r\n\r\nCookie: QQQQ\r\n QQ\r\n",
		"in the name":            "Content-Length: 3\r\n\r\nCookie: QQQQ\r\n",
		"before a fold":          "Content-Length: 9\r\n\r\nCookie: Q\r\n QQ\r\n",
		"a chunk":                "Transfer-Encoding: chunked\r\n\r\n3\r\nCookie: QQQQ\r\n",
		"a chunk, before its CR": "Transfer-Encoding: chunked\r\n\r\n9\r\nCookie: Q\rQQQQ\r\n",
	} {
		for _, pause := range []bool{false, true} {
			got := show(Options{Redact: true}, http1.Request, func(c *Conversation) {
				for _, b := range []byte("POST / HTTP/1.1\r\nHost: a\r\n" + stream) {
					c.Sent([]byte{b})
					if pause {
						c.Pause()
					}
				}
				c.EndSent()
			})
			if strings.Contains(got, "Q") {
				t.Errorf("%s, pauses %v:\n%s", framing, pause, got)
			}
		}
	}
}

// TestRedactLineEndsInLetters: who writes \r\n out in letters has lines, too.
func TestRedactLineEndsInLetters(t *testing.T) {
	const text = `GET / HTTP/1.1\r\nHost: a\r\nCookie: b\r\n\r\n` + "\n" + `x\\nCookie\nCookie: c` + "\r\n"
	for n := range len(text) {
		got := show(Options{Redact: true, Quiet: true, Diagnostics: ShowNone}, http1.Request, func(c *Conversation) {
			c.Sent([]byte(text[:n]))
			c.Sent([]byte(text[n:]))
		})
		expect(t, got, `
> request     47  GET / HTTP/1.1\\r\\nHost: a\\r\\nCookie: [9 bytes hidden]\n
> header      23  x\\\\nCookie\\nCookie: [1 byte hidden]\r\n
`)
	}
}

func TestRedactInHex(t *testing.T) {
	fed := func(c *Conversation) { c.Sent([]byte("GET / HTTP/1.1\r\nCookie: abcdefghi\r\n")) }
	expect(t, show(Options{Redact: true, Hex: true}, http1.Request, fed), `
> request     16  4745 5420 2f20 4854 5450 2f31 2e31 0d0a  GET / HTTP/1.1..
> header      16  436f 6f6b 6965 3a20 ---- ---- ---- ----  Cookie: --------
> header       3  --0d 0a                                  -..
`)
	got := show(Options{Redact: true, Plain: true, Body: BodyHex}, http1.Request, func(c *Conversation) {
		c.Sent([]byte("POST / HTTP/1.1\r\nContent-Length: 10\r\nCookie: abc\r\n\r\nCookie: ab"))
	})
	for _, want := range []string{"sent header, 13 bytes: Cookie: [3 bytes hidden], ends CR LF\n", "in hexadecimal: 43 6F 6F 6B 69 65 3A 20 [2 bytes hidden]\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// FuzzRedact: whatever the view, however the input is cut and whenever it stops,
// no byte of a value is shown, and every byte is accounted for.
func FuzzRedact(f *testing.F) {
	for seed := range uint64(12) {
		f.Add(seed, uint16(seed), seed%2 == 0, []byte("X: y\r\n"))
	}
	f.Add(uint64(3), uint16(999), true, []byte("\r\r"))
	f.Fuzz(func(t *testing.T, seed uint64, piece uint16, pause bool, around []byte) {
		r := rand.New(rand.NewPCG(seed, 7))
		around = bytes.ToLower(bytes.ReplaceAll(around, []byte("\n\n"), nil))
		in := withSecrets(r, around)
		cut := int(piece) + 1
		if pause && len(in)/cut > 200 {
			cut = len(in)/200 + 1
		}
		for _, o := range []Options{{}, {Hex: true}, {Plain: true}, {Plain: true, Body: BodyHex}, {Color: true, Width: func() int { return 60 }}, {BodyLimit: 50}, {JSON: true}} {
			o.Redact, o.Diagnostics = true, ShowNotes
			var saved bytes.Buffer
			if o.BodyLimit > 0 {
				o.Save = &saved
			}
			text := fed(o, in, cut, pause) + saved.String()
			if o.JSON {
				text = decoded(t, text, len(in))
			}
			if i := strings.IndexAny(text, "QZ"); i >= 0 || hexSecret.MatchString(text) {
				t.Fatalf("%+v: a value in\n%s", o, text)
			}
		}
		text := fed(Options{Redact: true}, in, cut, pause)
		total := 0
		for _, m := range rowLength.FindAllStringSubmatch(text, -1) {
			n, _ := strconv.Atoi(m[1])
			total += n
		}
		if total != len(in) {
			t.Fatalf("%d of %d bytes", total, len(in))
		}
		for _, o := range []Options{{Redact: true}, {Redact: true, Plain: true}, {Redact: true, Hex: true}} {
			if whole, pieces := fed(o, in, len(in)+1, false), fed(o, in, cut, false); whole != pieces {
				t.Fatalf("cut at %d:\n%s\nwhole:\n%s", cut, pieces, whole)
			}
		}
	})
}

// decoded is what a program reads in the JSON view: all text, and the bytes, which
// must be as many as there were.
func decoded(t *testing.T, text string, size int) string {
	t.Helper()
	var all strings.Builder
	n := 0
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		var e struct {
			Text, Start    string
			Bytes          []byte
			Length, Hidden int
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		if e.Bytes != nil && (len(e.Bytes) != e.Length || bytes.Count(e.Bytes, []byte{maskByte}) < e.Hidden) {
			t.Fatalf("length and hidden bytes in %s", line)
		}
		n += len(e.Bytes)
		all.WriteString(e.Text + e.Start + string(e.Bytes) + "\n")
	}
	if n != size {
		t.Fatalf("%d of %d bytes in JSON", n, size)
	}
	return all.String()
}

var (
	rowLength = regexp.MustCompile(`(?m)^< [-a-z]+ +(\d+)  `)
	hexSecret = regexp.MustCompile(`(?m)^< .{16}([0-9a-f]{4} )*([0-9a-f]{2})?(51|5a)[- 0-9a-f]|hexadecimal:.* (51|5A)\b`)
)

// withSecrets makes a request whose values alone have Q and Z.
func withSecrets(r *rand.Rand, around []byte) []byte {
	value := func() string {
		n := 1 + r.IntN(30)
		if r.IntN(20) == 0 {
			n = 64_000 + r.IntN(9_000)
		}
		b := make([]byte, n)
		for i := range b {
			b[i] = "QZ"[r.IntN(2)]
		}
		return string(b)
	}
	field := func() string {
		name := []string{"Cookie", "set-cookie", "AUTHORIZATION", "Proxy-Authorization"}[r.IntN(4)]
		name = strings.NewReplacer("Z", "z").Replace(name)
		gap := []string{"", "", " ", "\t ", "\r", "\u00a0", "  ", strings.Repeat(" ", 70_000*r.IntN(2)*r.IntN(2))}[r.IntN(8)]
		start := []string{"", "", "", "x: y\r", "\ufeff", `x: y\r\n`, `\n`}[r.IntN(7)]
		end := []string{"\r\n", "\n", "\r\n\t" + value() + "\r\n", "\n  " + value() + "\n"}[r.IntN(4)]
		return start + name + gap + ":" + []string{"", " ", "\t"}[r.IntN(3)] + value() + end
	}
	chunk := func(s string) string { return strconv.FormatInt(int64(len(s)), 16) + "\r\n" + s + "\r\n" }
	var b strings.Builder
	b.WriteString("post / HTTP/1.1\r\n" + field())
	b.WriteString(field() + "Transfer-Encoding: chunked\r\n\r\n")
	body := "\n" + field()
	half := r.IntN(len(body))
	b.WriteString(chunk(body[:half+1]))
	if half+1 < len(body) {
		b.WriteString(chunk(body[half+1:]))
	}
	b.WriteString("0\r\n" + field() + "\r\n")
	b.Write(around)
	b.WriteString("\n" + field())
	last, length := field(), "x"
	if r.IntN(2) == 0 {
		length = strconv.Itoa(1 + r.IntN(len(last)-1)) // what it cuts off is no HTTP
	}
	b.WriteString("post / HTTP/1.1\r\nContent-Length: " + length + "\r\n\r\n" + last)
	return []byte(b.String())
}

func TestRedactInJSON(t *testing.T) {
	got := show(Options{Redact: true, JSON: true, Now: func() time.Time { return time.Unix(7, 0) }}, http1.Request, func(c *Conversation) {
		c.Sent([]byte("GET / HTTP/1.1\r\nCookie: abc\r\n"))
	})
	const want = `"length":13,"message":1,"text":"Cookie: [3 bytes hidden]\\r\\n","bytes":"Q29va2llOiAqKioNCg==","hidden":3}` + "\n"
	if !strings.HasSuffix(got, want) {
		t.Errorf("no %s in\n%s", want, got)
	}
}

// TestSpansAreBounded: what is beyond the limit of a body is not remembered.
func TestSpansAreBounded(t *testing.T) {
	show(Options{Redact: true, BodyLimit: 5}, http1.Request, func(c *Conversation) {
		c.Received([]byte("HTTP/1.1 200 OK\r\n\r\nabc"))
		for range 1000 {
			c.Received(bytes.Repeat([]byte("cookie: x\n"), 100))
		}
		if n := cap(c.builders[c.theirs()].spans); n > 1000 {
			t.Errorf("%d spans", n)
		}
	})
}

func TestSecretNote(t *testing.T) {
	for header, want := range map[string]bool{"cookie : a": true, "X: y": false, "Cookie:": false} {
		got := show(Options{SecretNote: "hide it"}, http1.Request, func(c *Conversation) {
			for range 2 {
				c.Sent([]byte("GET / HTTP/1.1\r\nHost: a\r\n" + header + "\r\n\r\n"))
			}
		})
		if n := strings.Count(got, "* hide it\n"); (n == 1) != want || n > 1 {
			t.Errorf("%s: %d notes in\n%s", header, n, got)
		}
	}
}
