package main

import (
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"syscall"

	"rawhttp/internal/session"
	"rawhttp/internal/tlsdial"
	"rawhttp/internal/tlswords"
)

// broke is the closing note of a connection that the network, or TLS, ended.
func (o *outcome) broke(seconds string) string {
	peer := o.observer.peer()
	alert, refused := tlsdial.AsAlert(o.result.Err)
	why := tlsTrouble(o.result.Err, peer)
	switch {
	case refused && !o.settled() && o.observer.role == session.Client: // the alert's text is about servers
		return "the connection ended after " + seconds + ": " + alert.Error()
	case why != "":
		return "TLS broke after " + seconds + ": " + why
	case o.settled():
		return "the " + peer + " closed with a reset after " + seconds
	}
	return "the connection broke after " + seconds
}

func (o *outcome) broken(err error) error {
	f := networkFailure(o.peer+": ", err)
	if hint := o.cutHint(err); hint != "" && o.observer.role == session.Client {
		f.hint = hint
	}
	// What a server's alert says, and what helps, networkFailure knows.
	_, refused := tlsdial.AsAlert(err)
	if why := tlsTrouble(err, o.observer.peer()); why != "" && !(refused && o.observer.role == session.Client) {
		f.problem, f.hint, f.status, f.code = o.peer+": TLS broke: "+why, "", statusTLS, "tls"
	}
	return f
}

func (o *outcome) tlsHint() string {
	return "if that is a TLS port, use: rawhttp tls-send " + o.hostPort
}

// tlsTrouble words an error that is TLS's and not the network's; "" for others.
func tlsTrouble(err error, peer string) string {
	var header tls.RecordHeaderError
	var network *net.OpError
	switch alert, ok := tlswords.AlertIn(err); {
	case ok:
		return "the " + peer + " gave up, " + tlswords.Alert(alert)
	case errors.As(err, &header):
		return "what the " + peer + " sent then is no TLS"
	case errors.As(err, &network) && network.Op == "local error":
		return "what the " + peer + " sent then is damaged (" + strings.TrimPrefix(network.Err.Error(), "tls: ") + ")"
	}
	return ""
}

// cutHint is what helps when the network ended the connection to a server.
func (o *outcome) cutHint(err error) string {
	const cut = "the connection was cut and not closed: the server crashed or did not read all that was sent, or a firewall did it"
	unanswered, reset := !o.observer.tls && o.observer.received == 0, errors.Is(err, syscall.ECONNRESET)
	switch {
	case unanswered && reset && o.result.Sent > longRequest:
		return cut + "; " + o.tlsHint()
	case unanswered:
		return o.tlsHint()
	case reset:
		return cut
	}
	return ""
}

// longRequest is more than a server that expects TLS reads of what is none.
const longRequest = 16 << 10
