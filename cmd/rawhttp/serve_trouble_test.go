package main

import (
	"errors"
	"net"
	"os"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"rawhttp/internal/serve"
)

// TestTroubles: of a crowd the first four are shown, and the rest are counted when
// the second is over, whether another comes or not.
func TestTroubles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var shown []string
		all := &troubles{show: func(conn int, code, text string) error {
			shown = append(shown, strconv.Itoa(conn)+" "+text)
			return nil
		}}
		for i := range 50 {
			all.add(i, "tls-failed", "x")
		}
		time.Sleep(1100 * time.Millisecond) // of the bubble
		all.add(50, "tls-failed", "y")
		all.end()
		all.end()
		if want := []string{"0 x", "1 x", "2 x", "3 x", "0 46 more connections came to nothing in the same second", "50 y"}; !slices.Equal(shown, want) {
			t.Errorf("%q", shown)
		}
	})
}

// TestAccessLog: nothing of a request line can break a line or move things on a
// terminal.
func TestAccessLog(t *testing.T) {
	var line lineTaker
	log := &accessLine{log: &accessLog{}, to: &line, host: "::1"}
	at := time.Date(2026, 11, 22, 8, 39, 52, 0, time.UTC)
	for sent, want := range map[string]string{
		"GET /a HTTP/1.1":                `::1 - - [22/Nov/2026:08:39:52 +0000] "GET /a HTTP/1.1" 200 31` + "\n",
		"GET /\x1b[2J\"\\\n\xff\u009b x": `::1 - - [22/Nov/2026:08:39:52 +0000] "GET /\x1B[2J\x22\x5C\x0A\xFF\xC2\x9B x" 200 31` + "\n",
		"":                               `::1 - - [22/Nov/2026:08:39:52 +0000] "-" 200 31` + "\n",
	} {
		if err := log.answered(serve.Answer{Time: at, Line: []byte(sent), Status: 200, Body: 31}); err != nil || string(line) != want {
			t.Errorf("%q: %q, %v", sent, line, err)
		}
	}
}

type lineTaker []byte

func (l *lineTaker) Write(p []byte) (int, error) {
	*l = append((*l)[:0], p...)
	return len(p), nil
}

// TestAccessLogClosed: who reads the log has enough, which is no error.
func TestAccessLogClosed(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	defer w.Close()
	h := &served{serveOptions: &serveOptions{accessLog: true}, program: &program{world: &world{stdout: w}}}
	conn, _ := net.Pipe()
	defer conn.Close()
	var quiet *exitStatus
	if err := h.open(1, conn).Answered(serve.Answer{}); !errors.As(err, &quiet) || quiet.status != statusDone {
		t.Errorf("%v", err)
	}
}
