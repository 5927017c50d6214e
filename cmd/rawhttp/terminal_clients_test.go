//go:build linux || darwin

package main

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
)

// TestOneAfterTheOther: a person answers several clients with -k. Who waits is
// announced, Ctrl-D goes on to the next, and what is typed then goes to that one.
func TestOneAfterTheOther(t *testing.T) {
	x := setting{}.open(t, "listen", "-k", "0")
	address := x.listening()
	first := connect(t, address)
	put(t, first, "GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
	x.wait("#1 * request complete: 36 bytes (head 36, no body); your turn, Ctrl-D closes")
	second := connect(t, address)
	put(t, second, "GET /favicon.ico HTTP/1.1\r\nHost: localhost\r\n\r\n")
	x.expect(`\* #2 waiting: 127\.0\.0\.1:\d+`)
	x.typeKeys("HTTP/1.1 204 No Content\n\n")
	take(t, first, "HTTP/1.1 204 No Content\r\n\r\n")
	x.typeKeys("\x04")
	if got, err := io.ReadAll(first); err != nil || len(got) > 0 {
		t.Errorf("the first client got %q too, %v", got, err)
	}
	first.Close()
	x.wait("#2 * request complete: 46 bytes (head 46, no body); browsers ask for this icon by themselves: any short answer will do, such as 404, or Ctrl-D")
	x.typeKeys("HTTP/1.1 404 Not Found\nContent-Length: 0\n\n")
	take(t, second, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
	second.Close()
	x.expect(`#2 \* the client closed .*; waiting for the next, Ctrl-D ends`)
	x.endAfter(2)
}

// endAfter presses Ctrl-D, twice, behind the end of a connection that it may be meant for.
func (x *terminal) endAfter(connection int) {
	x.t.Helper()
	x.typeKeys("\x04")
	x.wait(fmt.Sprintf("* #%d was over before this Ctrl-D; Ctrl-D once more ends rawhttp", connection))
	x.typeKeys("\x04")
	x.exit(0)
}

// TestEndForTheOneBefore: a Ctrl-D that may be meant for a client which has ended by
// itself neither ends the program nor closes the next client; a second one does, and
// so does one behind anything else that was entered.
func TestEndForTheOneBefore(t *testing.T) {
	const request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
	const asks = "was over before this Ctrl-D; Ctrl-D once more "
	for name, s := range map[string]setting{"edited": {}, "not edited": {env: withoutEditor}} {
		t.Run(name, func(t *testing.T) {
			x := s.open(t, "listen", "-k", "0")
			address := x.listening()
			gone := func(number int) {
				client := connect(t, address)
				put(t, client, request)
				x.wait(fmt.Sprintf("#%d * request complete", number))
				x.typeKeys("HTTP/1.1 204 No Content\n\n")
				take(t, client, "HTTP/1.1 204 No Content\r\n\r\n")
				client.Close()
				x.expect(fmt.Sprintf(`#%d \* the client closed .*; waiting for the next`, number))
			}
			gone(1)
			x.typeKeys("\x04")
			x.wait("* #1 " + asks + "ends rawhttp")
			second := connect(t, address)
			put(t, second, request)
			x.wait("#2 * request complete")
			x.typeKeys("\x04") // meant for the program, which was asked about, and not for the second
			x.wait("* #1 " + asks + "closes #2, which has no answer")
			x.typeKeys("HTTP/1.1 204 No Content\n\n")
			take(t, second, "HTTP/1.1 204 No Content\r\n\r\n")
			x.typeKeys("\x04")
			x.wait("#2 * end of the input: half-closed")
			second.Close()
			x.expect(`#2 .* closed`)
			gone(3)
			x.typeKeys("for nobody\n")
			x.wait("not sent: nobody is connected")
			x.typeKeys("\x04")
			x.exit(0)
		})
	}
}

// TestEndForTheNext: Ctrl-D twice closes a client that has no answer; then one is
// enough to end the program.
func TestEndForTheNext(t *testing.T) {
	const request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
	x := setting{}.open(t, "listen", "-k", "0")
	address := x.listening()
	first, second := connect(t, address), connect(t, address)
	put(t, first, request)
	x.wait("#1 * request complete")
	put(t, second, request)
	x.wait("* #2 waiting")
	first.Close()
	x.wait("#1 * the client has closed its side")
	x.typeKeys("HTTP/1.1 204 No Content\n\n")
	x.wait("#2 * request complete")
	x.typeKeys("\x04")
	x.wait("* #1 was over before this Ctrl-D; Ctrl-D once more closes #2, which has no answer")
	x.typeKeys("\x04")
	if got, err := io.ReadAll(second); err != nil || len(got) > 0 {
		t.Errorf("the second client got %q, %v", got, err)
	}
	second.Close()
	x.expect(`#2 .*waiting for the next, Ctrl-D ends`)
	x.typeKeys("\x04")
	x.exit(0)
}

// TestEndBesideSilent: Ctrl-D may be meant for a connection on which nothing came, to
// which what is typed would go; it counts as one that came.
func TestEndBesideSilent(t *testing.T) {
	x := setting{}.open(t, "listen", "-k", "0")
	client := connect(t, x.listening())
	x.wait("* #1 is connected and silent")
	x.typeKeys("\x04")
	x.wait("* #1 is connected and silent; Ctrl-D once more ends rawhttp")
	x.typeKeys("\x04")
	if got, err := io.ReadAll(client); err != nil || len(got) > 0 {
		t.Errorf("the client got %q, %v", got, err)
	}
	x.expect(`\* stopped after .*: 1 connection, 0 requests answered`)
	x.exit(0)
}

// TestSpareConnection: what is typed while nobody has spoken goes to the oldest
// connection, and the note about it says so.
func TestSpareConnection(t *testing.T) {
	x := setting{}.open(t, "listen", "-k", "0")
	client := connect(t, x.listening())
	x.expect(`#1 is connected and silent: 127\.0\.0\.1:\d+ \(browsers open spare connections; what you type now goes to it\)`)
	x.typeKeys("220 hello\n")
	take(t, client, "220 hello\r\n")
	x.expect(`#1 \* connection from 127\.0\.0\.1:\d+`)
	client.Close()
	x.expect(`#1 \* the client closed .*; waiting for the next, Ctrl-D ends`)
	x.endAfter(1)
}

// TestLateForTheNext: what was pasted, and Ctrl-D pressed, for a client that was
// gone by then does not reach the next one.
func TestLateForTheNext(t *testing.T) {
	request := "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
	x := setting{}.open(t, "listen", "-k", "0")
	address := x.listening()
	var clients []net.Conn
	for range 3 {
		clients = append(clients, connect(t, address))
	}
	put(t, clients[0], request)
	x.wait("#1 * request complete: 35 bytes (head 35, no body); your turn, Ctrl-D closes")
	put(t, clients[1], request)
	x.expect(`\* #2 waiting`)
	clients[0].Close()
	x.expect(`#1 \* the client has closed its side`)
	x.typeKeys("\x1b[200~HTTP/1.1 200 OK\r" + strings.Repeat("X-Field: value\r", 100) + "\r\x1b[201~")
	x.wait("#2 * request complete: 35 bytes (head 35, no body); your turn, Ctrl-D closes")
	x.typeKeys("HTTP/1.1 204 No Content\n\n")
	take(t, clients[1], "HTTP/1.1 204 No Content\r\n\r\n")
	x.typeKeys("\x04\x04")
	x.expect(`#2 \* end of the input: half-closed`)
	put(t, clients[2], request)
	clients[1].Close()
	x.wait("#3 * request complete: 35 bytes (head 35, no body); your turn, Ctrl-D closes")
	x.typeKeys("HTTP/1.1 404 Not Found\nContent-Length: 0\n\n")
	take(t, clients[2], "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
	clients[2].Close()
	x.expect(`#3 \* the client closed .*; waiting for the next, Ctrl-D ends`)
	x.endAfter(3)
}

// TestPasteForNobody: of what is pasted while nobody is connected nothing is
// kept back for who comes.
func TestPasteForNobody(t *testing.T) {
	x := setting{}.open(t, "listen", "0")
	address := x.listening()
	x.typeKeys("\x1b[200~one\rtwo\rthree\x1b[201~")
	x.wait("* not sent, nor the rest of the paste: nobody is connected; the up arrow brings its first line back")
	client := connect(t, address)
	put(t, client, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
	x.expect("your turn")
	x.typeKeys("\x1b[A!\n")
	take(t, client, "one!\r\n")
	x.typeKeys("\x03")
	x.exit(130)
}

// TestTypedForTheOneBefore: what was entered for a connection, however long it
// waited, never goes to the next one; nor does what else is in the paste.
func TestTypedForTheOneBefore(t *testing.T) {
	for name, keys := range map[string]struct{ before, after string }{
		"typed ahead":   {"HTTP/1.1 200 OK\rX-1: 1\rX-2: 2\rX-3: 3\rX-4: 4\r\x04", ""},
		"half a paste":  {"\x1b[200~HTTP/1.1 200 OK\r", "X-1: 1\rX-2: 2\r\x1b[201~"},
		"a whole paste": {"\x1b[200~HTTP/1.1 200 OK\rX-1: 1\rX-2: 2\rX-3: 3\r\x1b[201~", ""},
	} {
		t.Run(name, func(t *testing.T) {
			x := setting{}.open(t, "listen", "-k", "-i", "1h", "0")
			address := x.listening()
			first := connect(t, address)
			put(t, first, "GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
			x.wait("#1 * request complete")
			second := connect(t, address)
			put(t, second, "GET /2 HTTP/1.1\r\nHost: localhost\r\n\r\n")
			x.expect(`\* #2 waiting`)
			x.typeKeys(keys.before)
			take(t, first, "HTTP/1.1 200 OK\r\n")
			_ = first.(*net.TCPConn).SetLinger(0)
			first.Close()
			x.wait("#2 * request complete")
			x.typeKeys(keys.after + "HTTP/1.1 204 No Content\r")
			take(t, second, "HTTP/1.1 204 No Content\r\n")
			x.typeKeys("\x03")
			if screen := x.exit(0); !strings.Contains(screen, "was over by then") {
				t.Errorf("on the screen:\n%s", screen)
			}
		})
	}
}
