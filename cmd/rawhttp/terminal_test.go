//go:build linux || darwin

package main

import (
	"crypto/tls"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/term"
)

// listening waits for the address that listen has opened.
func (x *terminal) listening() string {
	x.t.Helper()
	return x.expect(`listening on (127\.0\.0\.1:\d+)`)[1]
}

// unread is what was typed and never read. It makes the terminal raw, so that
// a line that was not ended counts too.
func (x *terminal) unread() string {
	x.t.Helper()
	const end = "\x04end"
	if _, err := term.MakeRaw(int(x.slave.Fd())); err != nil {
		x.t.Fatal(err)
	}
	x.typeKeys(end)
	var keys []byte
	for buffer := make([]byte, 4096); !strings.HasSuffix(string(keys), end); {
		n, err := x.slave.Read(buffer)
		if err != nil {
			x.t.Fatal(err)
		}
		keys = append(keys, buffer[:n]...)
	}
	return strings.TrimSuffix(string(keys), end)
}

// connect is a client of the program.
func connect(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(failureLimit))
	return conn
}

// server opens a port for the program; accept waits for it to come.
func server(t *testing.T) (address string, accept func() net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().String(), func() net.Conn {
		t.Helper()
		conn, err := listener.Accept()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		_ = conn.SetDeadline(time.Now().Add(failureLimit))
		return conn
	}
}

func put(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
}

// take reads these bytes, which were sent as they are. A connection that is
// closed with bytes unread is reset.
func take(t *testing.T, conn net.Conn, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != want {
		t.Fatalf("the peer got %q (%v), want %q", got, err, want)
	}
}

// TestTextbook is the classroom's conversation: the answer is typed, curl has
// its 14 bytes and closes, and the program stays under the user's hands.
func TestTextbook(t *testing.T) {
	t.Run("editor", func(t *testing.T) { testTextbook(t, setting{keepKeys: true}) })
	t.Run("no editor", func(t *testing.T) { testTextbook(t, setting{keepKeys: true, env: withoutEditor}) })
	t.Run("TLS", func(t *testing.T) { testTextbook(t, setting{keepKeys: true}, "--tls") })
}

func testTextbook(t *testing.T, s setting, flags ...string) {
	x := s.open(t, append([]string{"listen", "0"}, flags...)...)
	client := connect(t, x.listening())
	if len(flags) > 0 {
		client = tls.Client(client, &tls.Config{InsecureSkipVerify: true}) // who it is stands elsewhere
	}
	put(t, client, "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n")
	x.expect(`< request     21  GET /hello HTTP/1\.1\\r\\n\n< header      17  Host: localhost\\r\\n\n< end          2  \\r\\n\n`)
	x.wait("* request complete: 40 bytes (head 40, no body); your turn, Ctrl-D closes\n")
	x.enter("HTTP/1.1 200 OK", `> status      17  HTTP/1.1 200 OK\r\n`)
	x.enter("Content-Type: text/plain", `> header      26  Content-Type: text/plain\r\n`)
	x.enter("Content-Length: 14", `> header      20  Content-Length: 14\r\n`)
	x.enter("", `> end          2  \r\n`)
	x.enter("hello, client", `> body        14  hello, client\n`)
	x.wait("* response complete: 79 bytes (head 65, body 14)\n")
	take(t, client, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\nhello, client\n")
	client.Close()
	x.expect(`\* the client closed after [^(]+\(sent 79, received 40 bytes\); Ctrl-D ends\n`)
	x.enter("rm important", "* not sent: the connection is closed; Ctrl-D ends\n")
	x.typeKeys("half\x04")
	x.wait("* not sent: the connection is closed; Ctrl-D ends\n")
	x.typeKeys("\x04")
	x.exit(0)
}

// TestEndOfInput: Ctrl-D, at every place where it may be pressed.
func TestEndOfInput(t *testing.T) {
	t.Run("nobody is connected", func(t *testing.T) {
		x := setting{}.open(t, "listen", "0")
		x.listening()
		x.enter("HTTP/1.1 200 OK", "* not sent: nobody is connected")
		x.typeKeys("\x04")
		x.exit(0)
	})
	t.Run("ends an answer without a length", func(t *testing.T) {
		x := setting{}.open(t, "listen", "0")
		client := connect(t, x.listening())
		put(t, client, "GET / HTTP/1.0\r\n\r\n")
		x.wait("your turn")
		x.enter("HTTP/1.0 200 OK", "> status")
		x.enter("", "> end")
		x.enter("body", "> body         5  body")
		x.typeKeys("\x04")
		if got, err := io.ReadAll(client); err != nil || string(got) != "HTTP/1.0 200 OK\r\n\r\nbody\n" {
			t.Errorf("the client got %q, %v", got, err)
		}
		client.Close()
		x.exit(0) // the input has ended, so the conversation's end is the program's
	})
	t.Run("in the middle of a line sends it", func(t *testing.T) {
		address, accept := server(t)
		x := setting{}.open(t, "send", address)
		conn := accept()
		x.wait("connected to")
		x.typeKeys("GET /half\x04")
		x.wait("> request      9  GET /half")
		x.typeKeys(" HTTP/1.0\n\n")
		x.wait("request complete: 22 bytes")
		put(t, conn, "HTTP/1.0 204 No Content\r\n\r\n")
		x.wait("response complete")
		x.typeKeys("\x04")
		x.exit(0)
	})
}

// TestSignals: whatever was typed and not read is thrown away, the terminal is
// given back, and the port is free at once.
func TestSignals(t *testing.T) {
	for name, c := range map[string]struct {
		args   []string
		signal syscall.Signal // 0: the key
		status int
	}{
		"Ctrl-C":             {[]string{"listen", "0"}, 0, 130},
		"Ctrl-C, keep open":  {[]string{"listen", "-k", "0"}, 0, 0},
		"SIGTERM":            {[]string{"listen", "0"}, syscall.SIGTERM, 143},
		"SIGTERM, keep open": {[]string{"listen", "-k", "0"}, syscall.SIGTERM, 143},
	} {
		for _, env := range [][]string{nil, withoutEditor} {
			for _, connected := range []bool{false, true} {
				t.Run(name, func(t *testing.T) {
					x := setting{keepKeys: true, env: env}.open(t, c.args...)
					address := x.listening()
					x.wait("try, in another terminal")
					if connected {
						put(t, connect(t, address), "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
						x.wait("your turn")
						x.enter("HTTP/1.1 200 OK", "> status      17")
					}
					x.typeKeys("rm important")
					x.wait("rm important") // the terminal has it
					if c.signal != 0 {
						_ = syscall.Kill(x.pid, c.signal)
					} else {
						x.typeKeys("\x03")
					}
					x.exit(c.status)
					again, err := net.Listen("tcp", address)
					if err != nil {
						t.Fatal("the port is not free:", err)
					}
					again.Close()
				})
			}
		}
	}
}

// TestFailedConnect: what was typed ahead for a server that is not there does
// not run in the shell.
func TestFailedConnect(t *testing.T) {
	for _, env := range [][]string{nil, withoutEditor} {
		testFailedConnect(t, env)
	}
}

func testFailedConnect(t *testing.T, env []string) {
	t.Run("refused", func(t *testing.T) {
		closed, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		closed.Close()
		x := setting{ahead: "rm important\nrm more", env: env}.open(t, "send", closed.Addr().String())
		x.wait("rawhttp: error: cannot connect to")
		x.exit(1)
	})
	t.Run("TLS handshake", func(t *testing.T) {
		address, accept := server(t)
		x := setting{env: env}.open(t, "tls-send", address)
		conn := accept()
		x.wait("connected to")
		x.typeKeys("rm important\nrm more")
		x.wait("rm important")
		put(t, conn, "\x1b[2J\x9b5n no TLS \xe2\x80\xae here\r\n")
		x.wait("rawhttp: error: TLS handshake")
		x.exit(5)
		x.onlyText()
	})
	t.Run("usage", func(t *testing.T) {
		x := setting{env: env}.open(t, "listen", "--raw", "0")
		x.wait("hint: leave out --raw")
		if screen := x.exit(2); strings.Contains(screen, "listening") {
			t.Error("something was opened")
		}
	})
}

// TestSeveralRequests: each is typed when the answer before has come; the last
// one after the server has closed.
func TestSeveralRequests(t *testing.T) {
	address, accept := server(t)
	x := setting{}.open(t, "send", address)
	conn := accept()
	for _, answer := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\none\n",
		"HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ntwo\n\r\n0\r\n\r\n",
		"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nlast\n",
	} {
		x.enter("GET / HTTP/1.1", `> request     16  GET / HTTP/1.1\r\n`)
		x.enter("Host: a", "> header       9")
		x.enter("", "* request complete: 27 bytes")
		take(t, conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		put(t, conn, answer)
		if strings.Contains(answer, "close") {
			conn.Close()
		}
		x.wait("* response complete")
	}
	x.expect(`\* the server closed after .*; Ctrl-D ends`)
	x.enter("GET /more HTTP/1.1", "* not sent: the connection is closed; Ctrl-D ends")
	x.typeKeys("\x04")
	x.exit(0)
}

// TestBackground: the terminal belongs to the shell, which reads what is typed.
func TestBackground(t *testing.T) {
	x := setting{leader: inBackground, ahead: "for the shell\n"}.open(t, "listen", "0")
	address := x.listening()
	x.wait("* started in the background: the terminal's input is left alone")
	client := connect(t, address)
	put(t, client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	x.expect(`request complete: 27 bytes \(head 27, no body\)\n`)
	client.Close()
	x.expect(`the client closed .*\)\n`) // and nothing about Ctrl-D
	x.exit(0)
	if keys := x.unread(); keys != "for the shell\n" {
		t.Errorf("the shell reads %q", keys)
	}
}
