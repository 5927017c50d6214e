package main

import (
	"strings"
	"syscall"
	"testing"

	"rawhttp/internal/session"
)

// TestAnswerThatDidNotGoOut: rows are shown before they are written, so an answer
// that is shown whole is none while a part of it could not be written.
func TestAnswerThatDidNotGoOut(t *testing.T) {
	for _, reason := range []session.Reason{session.PeerClosed, session.Reset} {
		for _, failed := range []error{nil, syscall.EPIPE} {
			end := &outcome{observer: &observer{role: session.Server}, result: session.Result{
				Reason: reason, Err: syscall.ECONNRESET, PeerEnded: true, WriteErr: failed,
				State: session.State{Sent: session.Stand{Begun: 1, Answered: 1}, Received: session.Stand{Complete: 1}},
			}}
			if settled := end.settled(); settled != (failed == nil) {
				t.Errorf("reason %d, write error %v: settled %v", reason, failed, settled)
			}
		}
	}
}

// TestServerThatClosesTooEarly: who closes before the request is whole leaves it
// unanswered; a request that the user has cut short is nobody's debt.
func TestServerThatClosesTooEarly(t *testing.T) {
	begun := session.Stand{Bytes: true, Framed: true, Begun: 1}
	for want, end := range map[string]*outcome{
		"the server closed in the middle of the request": {result: session.Result{State: session.State{Sent: begun}}},
		"the server closed before anything was sent":     {result: session.Result{State: session.State{Sent: session.Stand{Framed: true}}}},
		"": {result: session.Result{State: session.State{Sent: begun}, InputEnded: true}},
	} {
		end.observer = &observer{role: session.Client, tls: true}
		end.result.PeerEnded = true
		for _, typed := range []bool{false, true} {
			end.person = seated(typed)
			said := ""
			if err := end.missing(); err != nil {
				said = err.Error()
			}
			if typed && !end.result.State.Sent.Bytes {
				want = "" // somebody may have come to look only
			}
			if said != want {
				t.Errorf("typed %v: %q, want %q", typed, said, want)
			}
		}
	}
}

// TestCutHint: a server that cuts the connection before it has answered may expect
// TLS, but one that took more than TLS reads of what is none more likely broke.
func TestCutHint(t *testing.T) {
	for _, c := range []struct {
		sent, received int64
		tls            bool
		err            error
		cut, useTLS    bool
	}{
		{sent: 40, err: syscall.ECONNRESET, useTLS: true},
		{sent: 1 << 20, err: syscall.ECONNRESET, cut: true, useTLS: true},
		{sent: 1 << 20, received: 1, err: syscall.ECONNRESET, cut: true},
		{sent: 40, tls: true, err: syscall.ECONNRESET, cut: true},
		{sent: 40, received: 1, err: syscall.ETIMEDOUT},
	} {
		end := &outcome{hostPort: "h:80", observer: &observer{tls: c.tls, received: c.received}, result: session.Result{Sent: c.sent}}
		hint := end.cutHint(c.err)
		if strings.HasPrefix(hint, "the connection was cut") != c.cut || strings.HasSuffix(hint, "rawhttp tls-send h:80") != c.useTLS {
			t.Errorf("%+v: %q", c, hint)
		}
	}
}
