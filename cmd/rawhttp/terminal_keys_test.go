//go:build linux || darwin

package main

import (
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
)

// TestScreenKeys: the keys of editing, and the lines entered before.
func TestScreenKeys(t *testing.T) {
	const up, down = "\x1b[A", "\x1b[B"
	x, client := classroom.asked(t)
	for _, step := range []struct{ keys, row string }{
		{"HTTP/1.1 200 OK\x01", "> status          ▮HTTP/1.1 200 OK"},
		{"\x06\x06\x06\x06\x0b", "> status          HTTP▮"},
		{"\x19", "> status          HTTP/1.1 200 OK▮"},
		{"\x17\x17", "> status          HTTP/1.1 ▮"},
		{"404 Not Found\x1b[1;5D\x15", "> status          ▮Found"},
		{"\x05\x7f\x7f\x7f\x7f\x7f", "> status          ▮"},
		{"HTTP/1.1 200 OK\r", "> header          ▮"},
		{"A: 1\r", "> header          ▮"},
		{"B: 2\r", "> header          ▮"},
		{"draft", "> header          draft▮"},
		{up, "> header          B: 2▮"},
		{up, "> header          A: 1▮"},
		{up + up, "> header          HTTP/1.1 200 OK▮"},
		{down + down, "> header          B: 2▮"},
		{down, "> header          draft▮"},
		{down, "> header          draft▮"},
		{"\x15\x10\x10\x7f3\r", "> header          ▮"},
		{"\x1b[H\x1bOA", "> header          A: 3▮"},
		{"\x1b[F\x15\x0b", "> header          ▮"},
		{"tra\t", "> header          tra▮\nTrailer:   Transfer-Encoding:"},
		{"\x15content-len\t", "> header          Content-Length: ▮"},
		{"\t", "> header          Content-Length: ▮"},
		{"3\r\r", "> body   3 to go  ▮"},
		{"\ta", `> body   1 to go  \ta▮`},
		{"\r", "> status          ▮"},
		{"http\t", "> status          HTTP/1.1 ▮"},
		{"40\t", `
> status          HTTP/1.1 40▮
400 Bad Request  401 Unauthorized  402 Payment Required  403 Forbidden
404 Not Found  405 Method Not Allowed  406 Not Acceptable
407 Proxy Authentication Required  408 Request Timeout  409 Conflict`},
		{"4\t", "> status          HTTP/1.1 404 Not Found▮"},
	} {
		x.typeKeys(step.keys)
		x.expectBottom(step.row)
	}
	x.typeKeys("\x15\r")
	take(t, client, "HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\nA: 3\r\nContent-Length: 3\r\n\r\n\ta\n\r\n")
	x.typeKeys("\x03")
	x.exit(130)
}

// TestScreenEndOfInput: Ctrl-D behind text hands it on without a line end; where
// bytes are owed it must be pressed twice in a row.
func TestScreenEndOfInput(t *testing.T) {
	x, client := classroom.asked(t)
	x.typeKeys("HTTP/1.1 200\x04")
	take(t, client, "HTTP/1.1 200")
	x.expectBottom(`
* request complete: 82 bytes (head 82, no body); your turn, Ctrl-D closes
> status      12  HTTP/1.1 200
> status          ▮
`)
	x.typeKeys(" OK\rContent-Length: 14\r\rhello\r")
	x.expectBottom(`
> body         6  hello\n
> body   8 to go  ▮
`)
	for _, step := range []struct{ more, row string }{{"", "> body   8 to go  ▮"}, {"x\r", "> body   6 to go  ▮"}} {
		x.typeKeys(step.more + "\x04")
		x.wait("Ctrl-D once more ends here all the same") // asked again after more was typed
		x.expectBottom(step.row)
	}
	x.typeKeys("\x04")
	if got, err := io.ReadAll(client); err != nil || string(got) != " OK\r\nContent-Length: 14\r\n\r\nhello\nx\n" {
		t.Errorf("the client got %q, %v", got, err)
	}
	client.Close()
	x.ended()
	x.expectBottom("▮")
	x.exit(0)
}

// TestScreenSignals: in the middle of a line of several rows, of which nothing is
// left, the shell goes on at the beginning of a row.
func TestScreenSignals(t *testing.T) {
	for name, c := range map[string]struct {
		keys   string
		signal syscall.Signal
		status int
	}{
		"Ctrl-C":         {keys: "\x03", status: 130},
		"pasting":        {keys: "\x1b[200~\x03", signal: syscall.SIGINT, status: 130},
		"interrupted":    {signal: syscall.SIGINT, status: 130},
		"terminated":     {signal: syscall.SIGTERM, status: 143},
		"Ctrl-C, behind": {keys: "\rrm this\rrm that\x03", status: 130},
	} {
		t.Run(name, func(t *testing.T) {
			x, _ := classroom.asked(t)
			x.typeKeys("rm important 7890123456789012345678901234567890123456789012345678901234567890\x01\x06")
			x.expectBottom(`
> status          r▮m important 789012345678901234567890123456789012345678901234\
                  5678901234567890
`)
			x.typeKeys(c.keys)
			if c.signal != 0 {
				if c.keys != "" {
					x.expectBottom(`
> status          r\x03▮m important 78901234567890123456789012345678901234567890\
                  12345678901234567890
`)
				}
				_ = syscall.Kill(x.pid, c.signal)
			}
			x.ended()
			if name == "Ctrl-C, behind" {
				x.expectBottom("▮") // whatever was sent by then
			} else {
				x.expectBottom("* request complete: 82 bytes (head 82, no body); your turn, Ctrl-D closes\n* interrupted after {} {} (sent 0, received 82 bytes)\n▮")
			}
			x.exit(c.status)
		})
	}
}

// TestScreenNoConnection: keys typed before there is a connection do not outlive
// the attempt.
func TestScreenNoConnection(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	s := classroom
	s.ahead = "rm important\rrm more"
	x := s.open(t, "send", closed.Addr().String())
	x.ended()
	x.expectBottom(`
rawhttp: error: cannot connect to 127.0.0.1:{} connection refused
rawhttp: hint: nothing listens there; start a server first, for instance:
  rawhttp listen {}
▮`)
	x.exit(1)

	address, accept := server(t)
	x = classroom.open(t, "tls-send", address)
	conn := accept()
	x.expectScreen("* connected to 127.0.0.1:{} in {} ms (> you send, < they send, bytes a row)\n▮")
	x.typeKeys("rm important\rrm more")
	x.expectBottom(`
>                 rm important▮
`)
	put(t, conn, "no TLS\r\n")
	x.ended()
	x.expectScreen(`
* connected to 127.0.0.1:{} in {} ms (> you send, < they send, bytes a row)
rawhttp: error: TLS handshake with 127.0.0.1:{}: the server answered in
  plain text, not TLS: "no TLS"
rawhttp: hint: use: rawhttp send 127.0.0.1:{}
▮`)
	x.exit(5)
}

// TestEndWaits: after Ctrl-D the program waits for the answer, and says so.
func TestEndWaits(t *testing.T) {
	address, accept := server(t)
	x := setting{}.open(t, "send", address)
	conn := accept()
	x.typeKeys("GET / HTTP/1.1\nHost: localhost\n\n")
	take(t, conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
	x.typeKeys("\x04")
	x.wait("* end of the input: ends when the server has answered, Ctrl-C ends at once")
	put(t, conn, "HTTP/1.1 204 No Content\r\n\r\n")
	x.exit(0)
}

// TestScreenAfterEnd: behind Ctrl-D nothing more is sent, and no row asks for it.
func TestScreenAfterEnd(t *testing.T) {
	address, accept := server(t)
	x := classroom.open(t, "send", address)
	conn := accept()
	x.typeKeys("GET / HTTP/1.1\rHost: localhost\r\r")
	take(t, conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
	x.expectBottom("> request         ▮")
	x.typeKeys("\x04")
	x.expectBottom("* end of the input: ends when the server has answered, Ctrl-C ends at once\n▮")
	put(t, conn, "HTTP/1.1 103 Early Hints\r\n\r\n")
	x.wait("end          2")
	put(t, conn, "HTTP/1.1 204 No Content\r\n") // behind all that the lines before it have led to
	x.expectBottom(`
< status      25  HTTP/1.1 204 No Content\r\n
▮`)
	put(t, conn, "\r\n")
	x.exit(0)
	if _, behind, _ := strings.Cut(x.written(), "* end of the input"); strings.Contains(behind, "> request") {
		t.Errorf("a row was asked for: %q", behind)
	}
}
