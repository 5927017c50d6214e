//go:build linux || darwin

package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
)

// A conversation that is carried twice, plain and in TLS: what is shown, kept
// and returned must be the same but for the rows about TLS itself.
type carriedTwice struct {
	args  []string
	input string
	peer  func(t *testing.T, conn net.Conn)
}

const (
	bare     = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
	answered = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n"
)

// answering reads request whole, answers with response, and leaves the connection open.
func answering(request, response string) func(*testing.T, net.Conn) {
	return func(t *testing.T, conn net.Conn) {
		take(t, conn, request)
		put(t, conn, response)
		_, _ = io.Copy(io.Discard, conn)
	}
}

// closing does the same and closes.
func closing(request, response string) func(*testing.T, net.Conn) {
	return func(t *testing.T, conn net.Conn) {
		take(t, conn, request)
		put(t, conn, response)
	}
}

var sentTwice = map[string]carriedTwice{
	"keep-alive":     {nil, bare, answering(bare, answered)},
	"quiet":          {[]string{"-q"}, bare, answering(bare, answered)},
	"pipelined":      {nil, bare + bare, answering(bare+bare, answered+answered)},
	"no input":       {nil, "", untilEnd("", "")},
	"chunked":        {nil, bare, answering(bare, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")},
	"until close":    {nil, bare, closing(bare, "HTTP/1.1 200 OK\r\n\r\nhello")},
	"cut short":      {nil, bare, closing(bare, "HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\nhello")},
	"no answer":      {nil, bare, closing(bare, "")},
	"no HTTP":        {nil, "hello\n", untilEnd("hello\n", "hello yourself\n")},
	"incomplete":     {nil, bare[:20], untilEnd(bare[:20], "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")},
	"half-close":     {[]string{"-N"}, bare, untilEnd(bare, answered)},
	"interval":       {[]string{"-i", "10ms"}, bare, answering(bare, answered)},
	"CR LF added":    {[]string{"-C"}, "GET / HTTP/1.1\nHost: localhost\n\n", answering(bare, answered)},
	"escapes":        {[]string{"-e"}, `GET / HTTP/1.1\r\nHost: localhost\r\n\r\n`, answering(bare, answered)},
	"raw":            {[]string{"--raw"}, bare, answering(bare, answered)},
	"raw, cut short": {[]string{"--raw"}, bare, closing(bare, "HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\nhello")},
	"kept":           {[]string{"-o", "kept"}, bare, answering(bare, answered)},
	"sent kept":      {[]string{"--save-sent", "kept"}, bare, answering(bare, answered)},
	"hex":            {[]string{"--format", "hex"}, bare, answering(bare, answered)},
	"plain":          {[]string{"--format", "plain"}, bare, answering(bare, answered)},
	"json":           {[]string{"--format", "json"}, bare + bare, answering(bare+bare, answered+answered)},
	"json, cut":      {[]string{"--format", "json"}, bare, closing(bare, "HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\nhello")},
	"redacted":       {[]string{"--redact"}, bare, answering(bare, "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n")},
	"fail":           {[]string{"-f"}, bare, answering(bare, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")},
	"timeout":        {[]string{"-w", "50ms"}, bare, answering(bare, "")},
	"silence":        {[]string{"-w", "2.5"}, bare, answering(bare, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello\n")},
	"reset":          {nil, bare, resetting},
}

// untilEnd reads to the end of the stream, which must be all of request, answers and closes.
func untilEnd(request, response string) func(*testing.T, net.Conn) {
	return func(t *testing.T, conn net.Conn) {
		got, err := io.ReadAll(conn)
		if string(got) != request || err != nil {
			t.Errorf("the peer read %q, %v", got, err)
		}
		put(t, conn, response)
	}
}

// resetting reads the request and closes so that the other end sees a reset.
func resetting(t *testing.T, conn net.Conn) {
	take(t, conn, bare)
	if secured, ok := conn.(*tls.Conn); ok {
		conn = secured.NetConn()
	}
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}

// TestSendAlikeInTLS: all that send does, tls-send does the same.
func TestSendAlikeInTLS(t *testing.T) {
	config, authority := trustedCertificate(t)
	for name, c := range sentTwice {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			alike(t, func(secure bool) string { return sendOnce(t, c, secure, config, authority) })
		})
	}
}

func sendOnce(t *testing.T, c carriedTwice, secure bool, config *tls.Config, authority string) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	over := make(chan struct{})
	go func() {
		defer close(over)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		if secure {
			conn = tls.Server(conn, config)
			_ = conn.(*tls.Conn).Handshake()
		}
		c.peer(t, conn)
		_ = conn.Close()
	}()
	args := []string{"send"}
	if secure {
		args = []string{"tls-send", "--cacert", authority}
	}
	args = append(append(args, c.args...), listener.Addr().String())
	shown := executed(t, c.input, args)
	<-over
	return shown
}

// TestBrokenTLSIsNoGuess: where TLS breaks in the place of an answer, nothing is
// said that only guesses why none came.
func TestBrokenTLSIsNoGuess(t *testing.T) {
	config, authority := trustedCertificate(t)
	for sent, why := range map[string]string{
		"HTTP/1.1 200 OK\r\n\r\n":                        "what the server sent then is no TLS",
		"\x17\x03\x03\x00\x20" + strings.Repeat("x", 32): "what the server sent then is damaged",
	} {
		shown := sendOnce(t, carriedTwice{input: bare, peer: func(t *testing.T, conn net.Conn) {
			take(t, conn, bare)
			put(t, conn.(*tls.Conn).NetConn(), sent)
			_, _ = io.Copy(io.Discard, conn.(*tls.Conn).NetConn())
		}}, true, config, authority)
		if !strings.Contains(shown, why) || !strings.Contains(shown, "unanswered-request") || strings.Contains(shown, "may have crashed") {
			t.Errorf("%q:\n%s", sent, shown)
		}
	}
}

// The other end: what listen is told, what it may answer, and what its clients do.
var servedTwice = map[string]carriedTwice{
	"piped answer": {nil, answered, asking(answered)},
	"raw":          {[]string{"--raw"}, "", askingToEnd("")}, // an answer would go out at once, before or behind the request
	"hex":          {[]string{"--format", "hex"}, answered, asking(answered)},
	"json":         {[]string{"--format", "json"}, answered, askingToEnd(answered)}, // who is first to end its side is told
	"until close":  {nil, "HTTP/1.1 200 OK\r\n\r\nhello", askingToEnd("HTTP/1.1 200 OK\r\n\r\nhello")},
	"no answer":    {nil, "", askingToEnd("")},
	"canned":       {[]string{"--reply", "204"}, "", askingOnce},
	"no HTTP":      {nil, "hello yourself\n", answeredWithoutHTTP},
	"cut request":  {nil, answered, func(t *testing.T, conn net.Conn) { put(t, conn, bare[:20]) }},
	"half-closed":  {nil, answered, halfClosing},
	"timeout":      {[]string{"-w", "50ms"}, "", untilClosed},
	"server first": {nil, "220 ready\r\n", greeted},
}

// asking sends a request and reads what it is answered.
func asking(answer string) func(*testing.T, net.Conn) {
	return func(t *testing.T, conn net.Conn) {
		put(t, conn, bare)
		take(t, conn, answer)
	}
}

// askingOnce asks for the end of the connection too.
func askingOnce(t *testing.T, conn net.Conn) {
	put(t, conn, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
	if got, err := io.ReadAll(conn); !strings.HasPrefix(string(got), "HTTP/1.1 204 ") || err != nil {
		t.Errorf("the client got %q, %v", got, err)
	}
}

// askingToEnd sends a request and reads to the end of the stream.
func askingToEnd(answer string) func(*testing.T, net.Conn) {
	return func(t *testing.T, conn net.Conn) {
		put(t, conn, bare)
		if got, err := io.ReadAll(conn); string(got) != answer || err != nil {
			t.Errorf("the client got %q, %v", got, err)
		}
	}
}

// greeted reads to the end of a stream that begins unasked.
func greeted(t *testing.T, conn net.Conn) {
	if got, err := io.ReadAll(conn); string(got) != "220 ready\r\n" || err != nil {
		t.Errorf("the client got %q, %v", got, err)
	}
}

func answeredWithoutHTTP(t *testing.T, conn net.Conn) {
	put(t, conn, "hello\n")
	closeWrite(t, conn)
	take(t, conn, "hello yourself\n")
}

// halfClosing is a client like nc -N.
func halfClosing(t *testing.T, conn net.Conn) {
	put(t, conn, bare)
	closeWrite(t, conn)
	take(t, conn, answered)
}

// untilClosed sends the beginning of a request and waits.
func untilClosed(t *testing.T, conn net.Conn) {
	put(t, conn, bare[:20])
	_, _ = io.Copy(io.Discard, conn)
}

func closeWrite(t *testing.T, conn net.Conn) {
	if err := conn.(interface{ CloseWrite() error }).CloseWrite(); err != nil {
		t.Error(err)
	}
}

// TestListenAlikeInTLS: all that listen does, listen --tls does the same.
func TestListenAlikeInTLS(t *testing.T) {
	for name, c := range servedTwice {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			alike(t, func(secure bool) string { return listenOnce(t, c, secure) })
		})
	}
}

func listenOnce(t *testing.T, c carriedTwice, secure bool) string {
	in, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		_, _ = io.WriteString(w, c.input)
		w.Close()
	}()
	args := append([]string{"127.0.0.1:0"}, c.args...)
	if secure {
		args = append(args, "--tls")
	}
	h := hostReading(t, in, args...)
	conn := h.dial()
	if secure {
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true}) // who it is, is not the question here
		_ = conn.(*tls.Conn).Handshake()
	}
	c.peer(t, conn)
	_ = conn.Close()
	shown, err := h.over()
	return timeless(fmt.Sprintf("%v\n%s", err, shown))
}
