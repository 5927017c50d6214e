package transcript

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"rawhttp/internal/http1"
)

// show runs what f does and returns the screen's text.
func show(o Options, ours http1.Side, f func(*Conversation)) string {
	var out bytes.Buffer
	o.Output = &out
	f(NewScreen(o).Conversation(1, ours))
	return out.String()
}

// asked is a request that a response in a test answers.
const asked = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

func expect(t *testing.T, got, want string) {
	t.Helper()
	if want = strings.TrimPrefix(want, "\n"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestServerByHand(t *testing.T) {
	yourTurn := func(start []byte) string {
		if string(start) != "GET /hello HTTP/1.1" {
			t.Errorf("asked for the words about %q", start)
		}
		return "; your turn, Ctrl-D closes"
	}
	got := show(Options{Ready: yourTurn}, http1.Response, func(c *Conversation) {
		c.Received([]byte("GET /hello HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: curl/8.4.0\r\nAccept: */*\r\n\r\n"))
		for _, line := range []string{"HTTP/1.1 200 OK\r\n", "Content-Type: text/plain\r\n", "Content-Length: 14\r\n", "\r\n", "hello, client\n"} {
			c.Sent([]byte(line))
		}
	})
	expect(t, got, `
< request     21  GET /hello HTTP/1.1\r\n
< header      22  Host: localhost:8080\r\n
< header      24  User-Agent: curl/8.4.0\r\n
< header      13  Accept: */*\r\n
< end          2  \r\n
* request complete: 82 bytes (head 82, no body); your turn, Ctrl-D closes
> status      17  HTTP/1.1 200 OK\r\n
> header      26  Content-Type: text/plain\r\n
> header      20  Content-Length: 14\r\n
> end          2  \r\n
> body        14  hello, client\n
* response complete: 79 bytes (head 65, body 14)
`)
}

func TestFramingAndDiagnostics(t *testing.T) {
	got := show(Options{}, http1.Request, func(c *Conversation) {
		c.Sent([]byte("GET / HTTP/1.1\nHost: localhost\n\n"))
		c.Received([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n8\r\n, 世\xff\x1b[\r\n0\r\n\r\n"))
		c.Sent([]byte("GET / HTTP/1.1\nHost: b\n\n"))
	})
	expect(t, got, `
> request     15  GET / HTTP/1.1\n
!                               ^^ warning bare-lf: LF without CR
!                 Lines must end with CR LF; nginx, Go and curl accept a lone LF, node, Apache and lighttpd refuse it. -C sends CR LF.
> header      16  Host: localhost\n
> end          1  \n
* request complete: 32 bytes (head 32, no body); bare-lf 3 times
< status      17  HTTP/1.1 200 OK\r\n
< header      28  Transfer-Encoding: chunked\r\n
< end          2  \r\n
* head complete: 47 bytes; a chunked body follows
< chunk        3  5\r\n
< data         5  hello
< data-end     2  \r\n
< chunk        3  8\r\n
< data         8  , 世\xff\x1b[
< data-end     2  \r\n
< last         3  0\r\n
< end          2  \r\n
* response complete: 75 bytes (head 47, body 13 in 2 chunks, chunk framing 15)
> request     15  GET / HTTP/1.1\n
!                               ^^ warning bare-lf: LF without CR
> header       8  Host: b\n
> end          1  \n
* request complete: 24 bytes (head 24, no body); bare-lf 3 times
`)
}

// TestHeldRows: bytes that stop coming are shown as far as they go, and the
// rest follows as a further row.
func TestHeldRows(t *testing.T) {
	got := show(Options{}, http1.Request, func(c *Conversation) {
		c.Sent([]byte(asked))
		c.Received([]byte("HTTP/1.1 200 OK\r\nContent-Le"))
		c.Pause()
		c.Pause()
		c.Received([]byte("ngth: 7\r\n\r\nab"))
		c.Received([]byte("c"))
		c.Sent([]byte("HEA"))
		c.Received([]byte("d\nef"))
		c.Note("code", "a note")
	})
	expect(t, got, `
> request     16  GET / HTTP/1.1\r\n
> header       9  Host: a\r\n
> end          2  \r\n
* request complete: 27 bytes (head 27, no body)
< status      17  HTTP/1.1 200 OK\r\n
< header      10  Content-Le
< header       9  ngth: 7\r\n
< end          2  \r\n
* head complete: 38 bytes; a body of 7 bytes follows
< body         3  abc
> request      3  HEA
< body         2  d\n
< body         2  ef
* response complete: 45 bytes (head 38, body 7)
* a note
`)
}

func TestEarlyKindMistaken(t *testing.T) {
	got := show(Options{}, http1.Request, func(c *Conversation) {
		c.Sent([]byte("frob /x"))
		c.Pause()
		c.Sent([]byte(" HTTP/1.1\r\nHost: a\r\n\r\n"))
	})
	expect(t, got, `
> non-http     7  frob /x
* the 7 bytes above, shown early as non-http, turned out to begin a request-line
> request     11   HTTP/1.1\r\n
> header       9  Host: a\r\n
> end          2  \r\n
* request complete: 29 bytes (head 29, no body)
`)
}

func TestTruncated(t *testing.T) {
	got := show(Options{}, http1.Request, func(c *Conversation) {
		c.Sent([]byte(asked))
		c.Received([]byte("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"))
		c.EndReceived(EndEOF)
	})
	expect(t, got, `
> request     16  GET / HTTP/1.1\r\n
> header       9  Host: a\r\n
> end          2  \r\n
* request complete: 27 bytes (head 27, no body)
< status      17  HTTP/1.1 200 OK\r\n
< header      20  Content-Length: 10\r\n
< end          2  \r\n
* head complete: 39 bytes; a body of 10 bytes follows
< body         5  hello
!                      ^ error truncated-body: ended before the body was complete
!                 Content-Length promised more bytes than were sent, so the reader waits, and then sees the stream end; count bytes, not characters, or fix the sender that stopped early.
* response incomplete: 44 bytes (head 39, body 5 of 10 bytes)
`)
}

// TestLineEndAfterBody: being off by the final line end is named, and is no
// matter of CR LF.
func TestLineEndAfterBody(t *testing.T) {
	got := show(Options{}, http1.Response, func(c *Conversation) {
		c.Received([]byte(asked))
		c.Sent([]byte("HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nhello, client\n"))
		c.Sent([]byte("\n"))
	})
	expect(t, got, `
< request     16  GET / HTTP/1.1\r\n
< header       9  Host: a\r\n
< end          2  \r\n
* request complete: 27 bytes (head 27, no body)
> status      17  HTTP/1.1 200 OK\r\n
> header      20  Content-Length: 13\r\n
> end          2  \r\n
> body        13  hello, client
* response complete: 52 bytes (head 39, body 13)
> empty        1  \n
* that line end came after the body: Content-Length 13 did not count it (14 would have)
> empty        1  \n
`)
}

func TestTerminalWidth(t *testing.T) {
	got := show(Options{Width: func() int { return 60 }}, http1.Response, func(c *Conversation) {
		c.Received([]byte("GET / HTTP/1.1\r\nY: " + strings.Repeat("世", 30) + "\r\nX: 12345678901234567890123456789012345678 90\r\n\r\n"))
		c.Note("code", "a note that is longer than sixty columns wraps at a word, indented")
	})
	expect(t, got, `
< request     16  GET / HTTP/1.1\r\n
< header      95  Y: 世世世世世世世世世世世世世世世世世世世\
                  世世世世世世世世世世世\r\n
< header      46  X: 12345678901234567890123456789012345678\
                  \x2090\r\n
< end          2  \r\n
!                 ^^^^ error host-missing: no Host header
!                 HTTP/1.1 requires a Host header; a server
                  must answer 400 without it.
* request complete: 159 bytes (head 159, no body)
* a note that is longer than sixty columns wraps at a word,
  indented
`)
}

func TestHexRows(t *testing.T) {
	got := show(Options{}, http1.Request, func(c *Conversation) {
		c.Received([]byte("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"))
		c.Received([]byte("abcd"))
	})
	if !strings.HasSuffix(got, `
< body        16  8950 4e47 0d0a 1a0a 0000 000d 4948 4452  .PNG........IHDR
< body         4  6162 6364                                abcd
* response complete: 59 bytes (head 39, body 20)
`) {
		t.Error(got)
	}
	got = show(Options{Hex: true}, http1.Request, func(c *Conversation) { c.Sent([]byte("GET / HTTP/1.1\r\nA: b\r\n")) })
	expect(t, got, `
> request     16  4745 5420 2f20 4854 5450 2f31 2e31 0d0a  GET / HTTP/1.1..
> header       6  413a 2062 0d0a                           A: b..
`)
}

func TestBinaryRule(t *testing.T) {
	for _, c := range []struct {
		text     string
		declared bool
		want     bool
	}{
		{"plain text", false, false}, {"a\x00b", false, true}, {"a\x00b", true, true},
		{strings.Repeat("a", 20) + "\x01\x02", false, false}, {strings.Repeat("a", 10) + "\x01\x02", false, true},
		{"\x01\x02\x03", true, false}, {"äöü世界", false, false}, {"\xe4\xf6\xfc abc", false, true},
		{"aaaaaaaaaaaa\xe4\xb8", false, false}, // a rune cut by the end of the probe
	} {
		if got := isBinary([]byte(c.text), c.declared); got != c.want {
			t.Errorf("%q declared %v: %v", c.text, c.declared, got)
		}
	}
}

func TestBodyLimit(t *testing.T) {
	now := time.Unix(0, 0)
	var saved bytes.Buffer
	got := show(Options{BodyLimit: 8, Save: &saved, Now: func() time.Time { return now }}, http1.Request, func(c *Conversation) {
		c.Received([]byte("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nabcde"))
		c.Received([]byte("fghij"))
		now = now.Add(5 * time.Second)
		c.Received([]byte("klmnopqrst"))
		c.Sent([]byte("GET / HTTP/1.0\r\n"))
		c.Received([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n123456789\r\n1\r\n0\r\n0\r\n\r\n"))
	})
	for _, want := range []string{
		"< body         8  abcdefgh\n* 20 bytes of this body so far\n* 12 more bytes of this body counted, not shown (--body-limit 0 shows all)\n* response complete",
		"< data         8  12345678\n* 9 more bytes of this body counted, not shown (--body-limit 0 shows all)\n< last         3  0\\r\\n\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	for _, want := range []string{
		"< body         8  abcdefgh\n< body         2  ij\n< body        10  klmnopqrst\n* response complete",
		"< data         8  12345678\n< data         1  9\n< data-end     2  \\r\\n\n< chunk        3  1\\r\\n\n< data         1  0\n< data-end     2  \\r\\n\n< last",
	} {
		if !strings.Contains(saved.String(), want) {
			t.Errorf("saved: no %q in\n%s", want, saved.String())
		}
	}
}

func TestPrefixes(t *testing.T) {
	now := time.Unix(100, 0)
	var out bytes.Buffer
	s := NewScreen(Options{Output: &out, Seconds: true, Numbers: true, Now: func() time.Time { return now }})
	s.Note("code", "start")
	now = now.Add(1500 * time.Millisecond)
	c := s.Conversation(12, http1.Response)
	c.Received([]byte("GET / HTTP/1.0\r\n"))
	c.Note("code", "hi")
	expect(t, out.String(), `
   0.000 * start
   1.500 #12 < request     16  GET / HTTP/1.0\r\n
   1.500 #12 * hi
`)
}

func TestQuietAndNoRows(t *testing.T) {
	got := show(Options{NoRows: true, Quiet: true}, http1.Request, func(c *Conversation) {
		c.Sent([]byte("GET / HTTP/1.1\r\n\r\n"))
		c.Note("code", "not shown")
		c.Always("code", "shown")
	})
	expect(t, got, `
!                 error host-missing: no Host header (byte 17 of what was sent)
!                 HTTP/1.1 requires a Host header; a server must answer 400 without it. Add a line such as 'Host: example.com'.
* shown
`)
}

func TestSave(t *testing.T) {
	var saved bytes.Buffer
	long := strings.Repeat("x", 200)
	show(Options{Save: &saved, Color: true, Width: func() int { return 40 }}, http1.Request, func(c *Conversation) {
		c.Sent([]byte("GET /" + long + " HTTP/1.0\r\n\r\n"))
	})
	expect(t, saved.String(), "> request    216  GET /"+long+` HTTP/1.0\r\n
> end          2  \r\n
* request complete: 218 bytes (head 218, no body)
`)
}

func TestContent(t *testing.T) {
	var content bytes.Buffer
	got := show(Options{NoRows: true, Quiet: true, Content: &content}, http1.Request, func(c *Conversation) {
		c.Sent([]byte("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nno"))
		c.Received([]byte("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n"))
	})
	if content.String() != "hello!" || got != "" {
		t.Errorf("%q, shown %q", content.String(), got)
	}
}

var errBroken = errors.New("broken")

type brokenWriter struct{ writes int }

func (b *brokenWriter) Write(p []byte) (int, error) { b.writes++; return 0, errBroken }

func TestOutputError(t *testing.T) {
	w := new(brokenWriter)
	c := NewScreen(Options{Output: w}).Conversation(1, http1.Request)
	for range 3 {
		if err := c.Sent([]byte("GET / HTTP/1.0\r\n")); !errors.Is(err, errBroken) {
			t.Errorf("error %v", err)
		}
	}
	if w.writes != 1 {
		t.Errorf("%d writes after an error", w.writes)
	}
}
