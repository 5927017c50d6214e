package main

import (
	"errors"
	"os"
	"syscall"
	"testing"

	"rawhttp/internal/dial"
)

// TestForgottenPort: who gave no port hears which one it is, and nobody else
// does; no port of the system's is told to be listened on.
func TestForgottenPort(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		word, port string
		err        error
		hint       string
	}{
		{"localhost", "80", syscall.ECONNREFUSED, "no port was given, so it is 80; give the server's, as in localhost:8080"},
		{"::1", "80", syscall.ECONNREFUSED, "no port was given, so it is 80; give the server's, as in [::1]:8080"},
		{"localhost", "443", syscall.ECONNREFUSED, "no port was given, so it is 443; give the server's, as in localhost:8443"},
		{"localhost:80", "80", syscall.ECONNREFUSED, "nothing listens there; start a server first, for instance: rawhttp listen 80"},
		{"localhost:443", "443", syscall.ECONNREFUSED, "nothing listens there; is it the right port?"},
		{"localhost", "80", syscall.ENETUNREACH, "is this machine online? it has no route to that network"},
	} {
		o := &clientOptions{command: "send", word: c.word, files: &inputFiles{}}
		if c.port == "443" {
			o.command, o.tls = "tls-send", &tlsOptions{}
		}
		var err error
		if o.address, err = dial.ParseAddress(c.word, c.port); err != nil {
			t.Fatal(err)
		}
		failed := &dial.Error{Address: o.address, Attempts: []dial.Attempt{{Address: "127.0.0.1:" + c.port, Err: os.NewSyscallError("connect", c.err)}}}
		got := o.advised(failed)
		if hintOf(got) != c.hint || got.Error() != failed.Error() || !errors.Is(got, c.err) {
			t.Errorf("%s: %v: %q, want %q", c.word, got, hintOf(got), c.hint)
		}
	}
}
