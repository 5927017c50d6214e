package main

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"testing"

	"rawhttp/internal/http1"
	"rawhttp/internal/session"
	"rawhttp/internal/transcript"
)

// TestAnswerToPlainHTTP: what a plain client gets is a correct response that says
// where to go, and nothing of the client's that could be more than a path is in it.
func TestAnswerToPlainHTTP(t *testing.T) {
	local := net.TCPAddrFromAddrPort(netip.MustParseAddrPort("[::1]:8443"))
	for first, want := range map[string]string{
		"GET /hello HTTP/1.1\r\n\r\n":               "https://localhost:8443/hello\n",
		"GET /a?b=<script> HTTP/1.1\r\n\r\n":        "https://localhost:8443/\n",
		"GET /a'; HTTP/1.1\r\n\r\n":                 "https://localhost:8443/\n",
		"GET /\x1b[31m HTTP/1.1\r\n\r\n":            "https://localhost:8443/\n",
		"GET http://x/ HTTP/1.1\r\n\r\n":            "https://localhost:8443/\n",
		"GET /" + strings.Repeat("x", 999) + "\r\n": "https://localhost:8443/\n",
		"hello\n":                      "https://localhost:8443/\n",
		"":                             "https://localhost:8443/\n",
		"HEAD /hello HTTP/1.1\r\n\r\n": "Connection: close\r\n\r\n",
	} {
		answer := answerPlain(local, []byte(first))
		if !strings.HasSuffix(string(answer), want) {
			t.Errorf("%q gets %q", first, answer)
		}
		var shown bytes.Buffer
		known := http1.Known{RequestMethods: strings.Fields(first)[:min(1, len(strings.Fields(first)))]}
		screen := transcript.NewScreen(transcript.Options{Output: &shown}).Alone(http1.Response, known)
		screen.Feed(answer)
		screen.End()
		if strings.Contains(shown.String(), "!") || !strings.Contains(shown.String(), "response complete") {
			t.Errorf("%q gets\n%s", first, shown.String())
		}
	}
}

func TestTLSTrouble(t *testing.T) {
	for want, err := range map[string]error{
		"": &net.OpError{Op: "read", Err: errors.New("connection reset by peer")},
		"the client gave up, alert 90 user_canceled":            &net.OpError{Op: "remote error", Err: tls.AlertError(90)},
		"what the client sent then is no TLS":                   fmt.Errorf("read: %w", tls.RecordHeaderError{Msg: "x"}),
		"what the client sent then is damaged (bad record MAC)": &net.OpError{Op: "local error", Err: tls.AlertError(20)},
	} {
		if got := tlsTrouble(err, "client"); got != want {
			t.Errorf("%v is %q, want %q", err, got, want)
		}
	}
}

// TestTLSBreaksForEither: a record that is damaged is no trouble of the network,
// and the error says so in the words of the closing note.
func TestTLSBreaksForEither(t *testing.T) {
	damaged := &net.OpError{Op: "local error", Err: tls.AlertError(20)}
	for role, want := range map[session.Role]string{
		session.Client: "h:1: TLS broke: what the server sent then is damaged (bad record MAC)",
		session.Server: "h:1: TLS broke: what the client sent then is damaged (bad record MAC)",
	} {
		end := &outcome{observer: &observer{role: role, tls: true}, peer: "h:1"}
		var f *failure
		if err := end.broken(damaged); !errors.As(err, &f) || f.problem != want || f.status != statusTLS {
			t.Errorf("%+v, want %q and status %d", err, want, statusTLS)
		}
	}
	end := &outcome{observer: &observer{role: session.Client, tls: true}, peer: "h:1"}
	var f *failure
	if err := end.broken(&net.OpError{Op: "remote error", Err: tls.AlertError(116)}); !errors.As(err, &f) || f.status != statusTLS || f.hint == "" {
		t.Errorf("a refusal lost its hint: %+v", err)
	}
}

// An alert from a client is not worded as a server's.
func TestClientsAlertEndsTheConnection(t *testing.T) {
	for role, want := range map[session.Role]string{
		session.Server: "TLS broke after 2 s: the client gave up, alert 20 bad_record_mac",
		session.Client: "the connection ended after 2 s: the server refused: alert 20 bad_record_mac",
	} {
		err := &net.OpError{Op: "remote error", Err: tls.AlertError(20)}
		end := &outcome{observer: &observer{role: role}, result: session.Result{Reason: session.Reset, Err: err}}
		if got := end.broke("2 s"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
