//go:build linux || darwin

package main

import (
	"io"
	"net"
	"strings"
	"testing"
)

// curl is what curl sends first.
const curl = "GET /hello HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: curl/8.4.0\r\nAccept: */*\r\n\r\n"

// classroom is a terminal as on a projector.
var classroom = setting{columns: 80, keepKeys: true}

// asked is a listen that has got a request, of which the screen shows nothing but
// its end, and the client.
func (s setting) asked(t *testing.T, args ...string) (*terminal, net.Conn) {
	t.Helper()
	x := s.open(t, append([]string{"listen", "0"}, args...)...)
	client := connect(t, x.listening())
	put(t, client, curl)
	x.expectBottom(`
< end          2  \r\n
* request complete: 82 bytes (head 82, no body); your turn, Ctrl-D closes
> status          ▮
`)
	return x, client
}

// TestScreenTextbook is the textbook's conversation, on the whole screen.
func TestScreenTextbook(t *testing.T) {
	x := classroom.open(t, "listen", "0")
	x.expectScreen(`
* listening on 127.0.0.1:{} and [::1]:{} (this machine only); Ctrl-C ends
* try, in another terminal: curl -v http://localhost:{}/hello
▮`)
	client := connect(t, x.listening())
	put(t, client, curl)
	x.expectBottom(`
* request complete: 82 bytes (head 82, no body); your turn, Ctrl-D closes
> status          ▮
`)
	x.typeKeys("HTTP/1.1 200 OK\rContent-Type: text/plain\rContent-Length: 14\r\r")
	x.expectBottom("> body  14 to go  ▮")
	x.typeKeys("hello, client!!")
	x.expectBottom("> body    2 over  hello, client!!▮")
	x.typeKeys("\x7f\x7f\r")
	take(t, client, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\nhello, client\n")
	x.expectBottom(`
* response complete: 79 bytes (head 65, body 14)
> status          ▮
`)
	client.Close()
	final := `
* listening on 127.0.0.1:{} and [::1]:{} (this machine only); Ctrl-C ends
* try, in another terminal: curl -v http://localhost:{}/hello
* connection from 127.0.0.1:{} (< they send, > you send, bytes a row)
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
* the client closed after {} {} (sent 79, received 82 bytes); Ctrl-D ends
▮`
	x.expectScreen(final)
	x.typeKeys("rm important\x15")
	x.expectScreen(final)
	x.typeKeys("\x04")
	x.ended()
	x.expectScreen(final)
	x.exit(0)
}

// TestScreenWrapped: a line that is wrapped is edited in its middle; its row then
// stands where it stood.
func TestScreenWrapped(t *testing.T) {
	x, client := classroom.asked(t)
	x.typeKeys("HTTP/1.1 200 OK\rX-Long: 1234567890abcdefghijklmnopqrstuvwxyz1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ.")
	x.expectBottom(`
> status      17  HTTP/1.1 200 OK\r\n
> header          X-Long: 1234567890abcdefghijklmnopqrstuvwxyz1234567890ABCDEFG\
                  HIJKLMNOPQRSTUVWXYZ.▮
`)
	x.typeKeys("\x01\x1b[C\x06" + "er-\x1b[3~") // X-er-Long, and Delete
	x.expectBottom(`
> status      17  HTTP/1.1 200 OK\r\n
> header          X-er-▮ong: 1234567890abcdefghijklmnopqrstuvwxyz1234567890ABCDE\
                  FGHIJKLMNOPQRSTUVWXYZ.
`)
	x.typeKeys("\x05\x1b[D\x1b[D\x1b[D\x02_")
	x.expectBottom(`
> status      17  HTTP/1.1 200 OK\r\n
> header          X-er-ong: 1234567890abcdefghijklmnopqrstuvwxyz1234567890ABCDE\
                  FGHIJKLMNOPQRSTUVW_▮XYZ.
`)
	x.typeKeys("\r")
	take(t, client, "HTTP/1.1 200 OK\r\nX-er-ong: 1234567890abcdefghijklmnopqrstuvwxyz1234567890ABCDEFGHIJKLMNOPQRSTUVW_XYZ.\r\n")
	x.expectScreen(`
* listening on 127.0.0.1:{} and [::1]:{} (this machine only); Ctrl-C ends
* try, in another terminal: curl -v http://localhost:{}/hello
* connection from 127.0.0.1:{} (< they send, > you send, bytes a row)
< request     21  GET /hello HTTP/1.1\r\n
< header      22  Host: localhost:8080\r\n
< header      24  User-Agent: curl/8.4.0\r\n
< header      13  Accept: */*\r\n
< end          2  \r\n
* request complete: 82 bytes (head 82, no body); your turn, Ctrl-D closes
> status      17  HTTP/1.1 200 OK\r\n
> header      86  X-er-ong: 1234567890abcdefghijklmnopqrstuvwxyz1234567890ABCDE\
                  FGHIJKLMNOPQRSTUVW_XYZ.\r\n
> header          ▮
`)
	x.typeKeys("\x03")
	x.exit(130)
}

// TestScreenTall: of a line with more rows than the screen those around the cursor
// are shown, and nothing is left of it above its row.
func TestScreenTall(t *testing.T) {
	x, client := classroom.asked(t)
	x.typeKeys("HTTP/1.1 200 OK\r")
	x.expectBottom("> header          ▮")
	before := x.screen()
	before = before[:len(before)-len("> header")]
	long := "X: "
	for len(long) < 61*30 {
		long += "0123456789"
	}
	x.typeKeys(long)
	x.expectBottom(`
                  {}\
                  {}▮
`)
	x.typeKeys("\x01")
	x.expectBottom("> header          ▮X: {}\\" + strings.Repeat("\n                  {}\\", 21))
	x.typeKeys("Y\x05!")
	x.expectBottom("                  {}!▮")
	x.typeKeys("\r")
	take(t, client, "HTTP/1.1 200 OK\r\nY"+long+"!\r\n")
	x.expectBottom(`
                  {}!\r\n
> header          ▮`)
	if got, want := x.screen(), before+rowsOf("> header    1837  ", "Y"+long+`!\r\n`)+"> header"; got != want {
		t.Errorf("all that is and was on the screen (- wanted, + there):\n%s", compare(want, got))
	}
	x.typeKeys("\x04\x04")
	if _, err := io.ReadAll(client); err != nil {
		t.Error(err)
	}
	client.Close()
	x.exit(0)
}

// rowsOf is how a row of ASCII is wrapped at 80 columns.
func rowsOf(gutter, text string) (rows string) {
	for len(text) > 62 {
		rows += gutter + text[:61] + "\\\n"
		gutter, text = "                  ", text[61:]
	}
	return rows + gutter + text + "\n"
}
