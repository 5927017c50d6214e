//go:build linux || darwin

package main

import "testing"

// curl is what curl sends first.
const curl = "GET /hello HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: curl/8.4.0\r\nAccept: */*\r\n\r\n"

// classroom is a terminal as on a projector.
var classroom = setting{columns: 80}

// TestScreen: what the program writes arrives on the screen of the emulator.
func TestScreen(t *testing.T) {
	x := classroom.open(t, "listen", "0")
	client := connect(t, x.listening())
	put(t, client, curl)
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
`)
	x.typeKeys("\x03")
	x.exit(130)
}
