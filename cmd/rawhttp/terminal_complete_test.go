//go:build linux || darwin

package main

import "testing"

// TestTypedAhead: TAB completes the row it is typed in, though the line before it
// was entered a moment ago.
func TestTypedAhead(t *testing.T) {
	address, accept := server(t)
	x := setting{env: edited}.open(t, "send", address)
	conn := accept()
	x.wait("connected to")
	x.typeKeys("g\t/ \t\rho\t\t\rcontent-l\t\t5\rcontent-ty\ttext/h\t; ch\t\r\r\t\te\xe9\t\x04\x04")
	take(t, conn, "GET / HTTP/1.1\r\nHost: "+address+"\r\nContent-Length: 5\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\t\te\xe9\t")
	conn.Close()
	x.exit(3)
}
