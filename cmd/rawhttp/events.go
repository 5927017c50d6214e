package main

import (
	"errors"
	"net"
	"strings"

	"rawhttp/internal/listen"
	"rawhttp/internal/session"
	"rawhttp/internal/tlsdial"
	"rawhttp/internal/transcript"
)

// What the JSON view is told besides what is shown; docs/json.md is its reference.

// event tells the JSON view of an error, in the words that printError has.
func (o *outputs) event(conn int, err error) error {
	if isSilent(err) || statusOf(err) == statusUsage {
		return nil
	}
	return o.screen.Error(conn, errorCode(err), strings.TrimSpace(err.Error()), hintOf(err))
}

// errorCode names an error in a word that never changes.
func errorCode(err error) string {
	var fail *failure
	var invalid *tlsdial.VerifyError
	var address *listen.Error
	switch {
	case errors.As(err, &fail) && fail.code != "":
		return fail.code
	case errors.As(err, &invalid):
		return "certificate"
	case errors.As(err, &address):
		return "listen"
	}
	switch statusOf(err) {
	case statusCut:
		return "incomplete"
	case statusTimeout:
		return "timeout"
	case statusTLS:
		return "tls"
	case statusHTTP:
		return "http-status"
	}
	return "connect"
}

// reasons are the words for why a conversation ended.
var reasons = map[session.Reason]string{
	session.PeerClosed: "peer", session.Answered: "answered", session.Lingered: "local",
	session.TimedOut: "timeout", session.Idle: "timeout", session.Reset: "reset",
	session.OutputFailed: "error", session.InputFailed: "error", session.Interrupted: "interrupt",
}

// closed is the outcome for the JSON view.
func (o *outcome) closed() transcript.Closed {
	r := &o.result
	return transcript.Closed{Sent: r.Sent, Received: r.Received, Seconds: r.Duration.Seconds(), Reason: reasons[r.Reason]}
}

// endOf says how the peer's stream ended.
func endOf(e session.Ending, tls bool) transcript.End {
	switch {
	case e == session.EndTruncated:
		return transcript.EndTruncated
	case e == session.EndReset:
		return transcript.EndReset
	case tls:
		return transcript.EndCloseNotify
	}
	return transcript.EndEOF
}

// addressText is an address as it is written on the command line. The client's
// end of a Unix socket has no name.
func addressText(a net.Addr) string {
	if a.Network() == "unix" {
		return "unix:" + strings.TrimPrefix(a.String(), "@")
	}
	return a.String()
}

// tlsFacts is what a handshake agreed on.
func tlsFacts(s *tlsdial.Summary) *transcript.TLS {
	facts := &transcript.TLS{Version: s.Version, Cipher: s.CipherSuite, Curve: s.Group, ALPN: s.ALPN, Verified: s.Verified}
	if s.SNI {
		facts.SNI = s.ServerName
	}
	for _, c := range s.Chain {
		facts.Chain = append(facts.Chain, transcript.Certificate{
			Subject: c.Subject, Issuer: c.Issuer, NotBefore: c.NotBefore, NotAfter: c.NotAfter, SHA256: c.SHA256, Names: c.Names,
		})
	}
	return facts
}
