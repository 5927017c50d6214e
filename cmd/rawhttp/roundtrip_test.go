package main

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"

	"rawhttp/internal/console"
	"rawhttp/internal/http1"
	"rawhttp/internal/session"
	"rawhttp/internal/transcript"
)

// FuzzTextIsInput: the TEXT column of a transcript, wrapped or not, given to -e
// sends the same bytes again.
func FuzzTextIsInput(f *testing.F) {
	for _, s := range []string{
		"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "POST / HTTP/1.1\nContent-Length: 20\n\n 世界  \x00\x1b\\ \n  two\n",
		"x \n y\t\u0301\u200b" + strings.Repeat("long and ", 30),
	} {
		f.Add([]byte(s), uint8(60))
		f.Add([]byte(s), uint8(0))
	}
	f.Fuzz(func(t *testing.T, in []byte, width uint8) {
		var shown bytes.Buffer
		options := transcript.Options{Output: &shown, Quiet: true, Body: transcript.BodyText}
		if width > 0 {
			options.Width = func() int { return int(width) }
		}
		c := transcript.NewScreen(options).Conversation(1, http1.Request)
		c.Sent(in)
		c.Pause()
		const gutter = 18
		var column strings.Builder
		inRow := false // a sentence that is wrapped goes on like a row
		for _, line := range strings.Split(shown.String(), "\n") {
			inRow = strings.HasPrefix(line, "> ") ||
				inRow && strings.HasPrefix(line, strings.Repeat(" ", gutter)) && strings.HasSuffix(column.String(), "\\\n")
			if inRow {
				column.WriteString(line[gutter:] + "\n")
			}
		}
		again, err := io.ReadAll(console.NewUnescaper(strings.NewReader(column.String())))
		if err != nil || !bytes.Equal(again, in) {
			t.Fatalf("sent %q, again %q (%v), from\n%s", in, again, err, shown.String())
		}
	})
}

// TestCompletedLines: -C with real framing. The peer sees what is wanted, and
// the transcript says the same.
func TestCompletedLines(t *testing.T) {
	const chunked = "POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n"
	const chunkedWire = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
	for _, c := range []struct{ typed, wire string }{
		{"\nGET / HTTP/1.1\nHost: a\n x\n\n", "\r\nGET / HTTP/1.1\r\nHost: a\r\n x\r\n\r\n"},
		{"POST / HTTP/1.1\nContent-Length: 14\n\nhello, client\n", "POST / HTTP/1.1\r\nContent-Length: 14\r\n\r\nhello, client\n"},
		{"POST / HTTP/1.1\nContent-Length: 13\n\nhello, client\n", "POST / HTTP/1.1\r\nContent-Length: 13\r\n\r\nhello, client\n"},
		{"POST / HTTP/1.1\nContent-Length: 4\n\na\nb\nGET / HTTP/1.1\n\n", "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\na\nb\nGET / HTTP/1.1\r\n\r\n"},
		{chunked + "5\nhello\n3;x\na\nb\n0\nT: u\n\n", chunkedWire + "5\r\nhello\r\n3;x\r\na\nb\r\n0\r\nT: u\r\n\r\n"},
		{chunked + "6\nhello\n\n0\n\n", chunkedWire + "6\r\nhello\n\r\n0\r\n\r\n"},
		{"hello\nthere\n", "hello\r\nthere\r\n"},
		{"POST / HTTP/1.1\nContent-Length: x\n\na\n", "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\na\r\n"},
		{"GET / HTTP/1.1\r\nA: b\r\r\n\r\n", "GET / HTTP/1.1\r\nA: b\r\r\n\r\n"},
	} {
		for _, size := range []int{1, 2, 3, 1000} {
			got, shown := completed(t, c.typed, size)
			if got != c.wire {
				t.Errorf("%q in pieces of %d: the peer got %q, want %q", c.typed, size, got, c.wire)
			}
			if shown != c.wire {
				t.Errorf("%q in pieces of %d: the transcript shows %q", c.typed, size, shown)
			}
		}
	}
}

// completed sends text in pieces with -C and returns what the peer got and what
// was shown as sent.
func completed(t *testing.T, text string, size int) (wire, shown string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	got := make(chan string)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			got <- err.Error()
			return
		}
		all, _ := io.ReadAll(conn)
		conn.Close()
		got <- string(all)
	}()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	var rows bytes.Buffer
	out := &outputs{screen: transcript.NewScreen(transcript.Options{Output: &rows, Quiet: true, Body: transcript.BodyText})}
	input := console.NewInput(&smallReads{strings.NewReader(text), size}, false)
	session.Run(t.Context(), conn.(*net.TCPConn), input, newObserver(out, 1, session.Client),
		session.Options{Role: session.Client, CRLF: true, HalfClose: true})
	wire = <-got
	var column strings.Builder
	for _, line := range strings.Split(rows.String(), "\n") {
		if strings.HasPrefix(line, "> ") {
			column.WriteString(line[18:])
		}
	}
	again, err := io.ReadAll(console.NewUnescaper(strings.NewReader(column.String())))
	if err != nil {
		t.Fatal(err)
	}
	return wire, string(again)
}

// smallReads reads at most size bytes at once.
type smallReads struct {
	from io.Reader
	size int
}

func (s *smallReads) Read(p []byte) (int, error) { return s.from.Read(p[:min(len(p), s.size)]) }
