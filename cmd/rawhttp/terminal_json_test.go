//go:build linux || darwin

package main

import (
	"strings"
	"testing"
)

// TestTypedWithJSON: a person types, a program reads. There is no prompt and no
// row; the keys' echo stands between the objects.
func TestTypedWithJSON(t *testing.T) {
	x := setting{columns: 20, keepKeys: true}.open(t, "listen", "--format", "json", "0")
	client := connect(t, x.expect(`"addresses":\["(127\.0\.0\.1:\d+)"`)[1])
	put(t, client, "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n")
	x.expect(`"event":"message".*"complete":true`)
	x.enter("HTTP/1.1 200 OK", `"text":"HTTP/1.1 200 OK\\r\\n"`)
	x.enter("Content-Length: 3", `"text":"Content-Length: 3\\r\\n"`)
	x.enter("", `"kind":"header-end"`)
	x.enter("hi", `"kind":"body"`)
	take(t, client, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi\n")
	client.Close()
	x.wait(`"code":"over"`)
	x.enter("rm important", `"code":"not-sent"`)
	x.typeKeys("\x04")
	objects := ""
	for line := range strings.Lines(x.exit(0)) {
		if strings.HasPrefix(line, "{") {
			objects += line
		}
	}
	conns, err := readJSON(objects)
	if err != nil {
		t.Fatal(err)
	}
	if got := conns[1].streams["sent"].bytes.String(); got != "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi\n" {
		t.Errorf("sent %q", got)
	}
}
