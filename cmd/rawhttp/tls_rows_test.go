package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"rawhttp/internal/dial"
	"rawhttp/internal/transcript"
)

// TestConnectedNoteInTLS: at 80 columns it takes two rows at most, so that with
// what was agreed on and the certificate four stand before the first byte.
func TestConnectedNoteInTLS(t *testing.T) {
	peers := []string{"10.0.0.1:443", "255.255.255.255:65535", "[::1]:8443", "[2001:0db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:65535",
		"[fe80::aaaa:bbbb:cccc:dddd%enp0s31f6]:65535"}
	for _, peer := range peers {
		for n := 1; n < 254; n++ {
			host := strings.Repeat("h", n)
			for _, took := range []time.Duration{100 * time.Microsecond, 999 * time.Millisecond, 9999 * time.Millisecond, 63 * time.Second} {
				checkConnectedNote(t, peer, dial.Address{Host: host, Port: "443"}, took)
			}
		}
	}
	for n := 1; n < 108; n++ {
		path := "/" + strings.Repeat("p", n)
		checkConnectedNote(t, "unix:"+path, dial.Address{Path: path}, 999*time.Millisecond)
	}
}

func checkConnectedNote(t *testing.T, peer string, address dial.Address, took time.Duration) {
	t.Helper()
	o := &clientOptions{address: address, tls: &tlsOptions{}}
	o.format = newChoice("text")
	var shown bytes.Buffer
	screen := transcript.NewScreen(transcript.Options{Output: &shown, Width: func() int { return 80 }})
	screen.Note("connected", o.connectedNote(peer, time.Now(), took))
	if got := shown.String(); strings.Count(got, "\n") > 2 || !strings.Contains(strings.ReplaceAll(got, "\n ", ""), "> you send, < they send, bytes a row)") {
		t.Errorf("%s", got)
	}
	for row := range strings.Lines(shown.String()) {
		if len(strings.TrimSuffix(row, "\n")) > 80 {
			t.Errorf("%d columns: %s", len(row)-1, row)
		}
	}
}

// TestConnectedNoteIsWhole where there is room, and in a plain send always.
func TestConnectedNoteIsWhole(t *testing.T) {
	long := strings.Repeat("h", 253)
	for _, c := range []struct {
		host  string
		tls   *tlsOptions
		shown string
	}{
		{"www.example.com", &tlsOptions{}, "www.example.com"},
		{long, nil, long},
		{long, &tlsOptions{}, strings.Repeat("h", 62-12-3) + "..."},
	} {
		o := &clientOptions{address: dial.Address{Host: c.host, Port: "443"}, tls: c.tls}
		o.format = newChoice("text")
		want := fmt.Sprintf("connected to 10.0.0.1:443 (%s) in 12 ms (> you send, < they send, bytes a row)", c.shown)
		if got := o.connectedNote("10.0.0.1:443", time.Now(), 12*time.Millisecond); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
