package transcript

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rawhttp/internal/http1"
)

// FuzzUnseen: what is said is the same whether bytes that need not be seen are
// seen or not, for either end of the connection.
func FuzzUnseen(f *testing.F) {
	defer func(n int64) { countedLimit = n }(countedLimit)
	countedLimit = 8
	held, err := filepath.Glob("../http1/testdata/ordinary/*")
	if err != nil || len(held) == 0 {
		f.Fatal("no corpus: ", err)
	}
	for _, name := range held {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if strings.HasSuffix(name, ".request") {
			f.Add(text, []byte("HTTP/1.1 200 OK\r\n\r\nuntil the close"))
		} else {
			f.Add([]byte(asked), text)
		}
	}
	for _, code := range http1.Codes() {
		e, err := http1.ExampleOf(code)
		if err != nil {
			f.Fatal(err)
		}
		if e.Side == http1.Request {
			f.Add(e.Bytes, e.Response)
		} else {
			f.Add([]byte(asked), e.Bytes)
		}
	}
	const long = "a body that is long\r\n"
	for _, body := range []string{
		"Content-Length: 21\r\n\r\n" + long, "Content-Length: 21\r\n\r\n" + long + "x", "Content-Length: 20\r\n\r\n" + long, "Content-Length: 19\r\n\r\n" + long, "Content-Length: 20\r\n\r\n" + long + "x",
		"Content-Length: 20\r\n\r\n" + long + "\r\n", "Content-Length: 20\r\n\r\n" + long + "four", "Content-Length: 20\r\nContent-Encoding: gzip\r\n\r\n" + long,
		"Transfer-Encoding: chunked\r\n\r\n20\r\n" + long + "\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n14\r\n" + long + "?\r\n0\r\n\r\n",
		"Transfer-Encoding: chunked\r\n\r\n10\r\n" + long, "Transfer-Encoding: chunked\r\n\r\nff\r\n" + long, "Connection: close\r\n\r\n" + long,
	} {
		f.Add([]byte("POST / HTTP/1.1\r\nHost: a\r\n"+body), []byte("HTTP/1.1 200 OK\r\n"+body))
	}
	f.Add([]byte("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"), []byte("HTTP/1.1 200 OK\r\n\r\n"+long))
	f.Add([]byte("hello\n"+long), []byte("hello\n"+long))
	f.Fuzz(func(t *testing.T, request, response []byte) {
		for _, ours := range []http1.Side{http1.Request, http1.Response} {
			seen, _ := saidOf(ours, request, response, false)
			unseen, passed := saidOf(ours, request, response, true)
			if seen != unseen {
				t.Fatalf("%d bytes unseen:\n%s\nall seen:\n%s", passed, unseen, seen)
			}
		}
	})
}

// saidOf returns all that is known of a conversation, and how many bytes of it
// passed unseen, if any may.
func saidOf(ours http1.Side, request, response []byte, may bool) (said string, passed int64) {
	said = show(Options{NoRows: true, Diagnostics: ShowNotes}, ours, func(c *Conversation) {
		feed := func(side http1.Side, p []byte) {
			for len(p) > 0 {
				sent, n := c.Unseen()
				see, skip := c.Received, c.SkipReceived
				if side == ours {
					n, see, skip = sent, c.Sent, c.SkipSent
				}
				if n = min(n, int64(len(p))); n > 0 && may {
					passed += n
					_ = skip(n)
				} else {
					n = 1
					_ = see(p[:1])
				}
				p = p[n:]
			}
		}
		feed(http1.Request, request)
		feed(http1.Response, response)
		sent, received := c.State()
		ourChunk, theirChunk := c.Chunks()
		_ = c.EndReceived(EndEOF)
		_ = c.EndSent()
		_ = c.Over()
		_ = c.Always("end", fmt.Sprintf("%+v %+v %+v %+v %v", sent, received, ourChunk, theirChunk, c.Found()))
	})
	return said, passed
}
