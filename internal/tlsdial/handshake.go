package tlsdial

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"rawhttp/internal/dial"
	"rawhttp/internal/tlswords"
)

// HandshakeError is a handshake that failed for another reason than the
// certificate.
type HandshakeError struct {
	Address string // the peer, as host:port or unix:/path
	Problem string // what happened, in plain words
	Err     error  // what crypto/tls said, and the context's end
	advice  string
}

// Error names the peer and what happened.
func (e *HandshakeError) Error() string {
	return tlswords.Clean("TLS handshake with " + e.Address + ": " + e.Problem)
}

// Hint says what to do about it; it may be empty.
func (e *HandshakeError) Hint() string { return tlswords.Clean(e.advice) }

// Unwrap gives Err.
func (e *HandshakeError) Unwrap() error { return e.Err }

// newHandshakeError words err; first are the first bytes that came.
func newHandshakeError(ctx context.Context, err error, first []byte, peer string, at *situation) *HandshakeError {
	e := &HandshakeError{Address: peer, Err: err}
	alert, refused := AsAlert(err)
	var header tls.RecordHeaderError
	var network *net.OpError
	switch {
	case ctx.Err() != nil:
		e.ended(ctx, len(first) > 0)
	case len(first) > 0 && !isRecordType(first[0]):
		e.notTLS(first)
	case refused:
		alert.situation = at
		e.Problem, e.advice, e.Err = alert.Error(), alert.Hint(), alert
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		e.Problem, e.advice = "the server closed the connection during the handshake", e.unlessTLS(first)
	case errors.As(err, &header):
		e.notTLS(first)
	case errors.As(err, &network) && network.Op == "local error":
		e.Problem = "the server broke the rules of TLS: " + tlswords.Reason(network.Err)
	case errors.As(err, &network):
		e.Problem, e.advice = dial.Explain(err), e.unlessTLS(first)
	case strings.Contains(err.Error(), "unsupported protocol version"):
		e.Problem = "the server wants another TLS version than " + offered(at)
		e.advice = strings.TrimSuffix(strings.TrimPrefix(at.otherVersions(), " ("), ")")
	default:
		e.Problem = tlswords.Reason(err)
		if at.unfit != "" {
			e.advice = "about the client's certificate, that of " + at.sent.Name + ": " + at.unfit
		}
	}
	return e
}

// isRecordType says whether a TLS record can begin with b (RFC 8446 section
// 5.1: change_cipher_spec, alert, handshake, application_data).
func isRecordType(b byte) bool { return 20 <= b && b <= 23 }

// unlessTLS doubts that it is TLS, unless the answer began with a record's header.
func (e *HandshakeError) unlessTLS(first []byte) string {
	if len(first) >= 5 && first[1] == 3 {
		return ""
	}
	return e.isThisTLS()
}

func (e *HandshakeError) isThisTLS() string {
	if strings.HasPrefix(e.Address, "unix:") {
		return "is this a TLS socket? without TLS: rawhttp send " + e.again()
	}
	_, port, _ := net.SplitHostPort(e.Address)
	return "is " + port + " a TLS port? without TLS: rawhttp send " + e.Address
}

// again is the address as a command line has it.
func (e *HandshakeError) again() string {
	if strings.HasPrefix(e.Address, "unix:") {
		return shellWord(e.Address)
	}
	return e.Address
}

// ended words the end of the context: the deadline, or whoever cancelled.
func (e *HandshakeError) ended(ctx context.Context, answered bool) {
	cause := context.Cause(ctx)
	e.Err = errors.Join(e.Err, ctx.Err(), cause)
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		e.Problem = "cancelled"
		if cause != context.Canceled {
			e.Problem = cause.Error()
		}
		return
	}
	e.Problem, e.advice = "connected, but no answer to the TLS hello", e.isThisTLS()
	if answered {
		e.Problem = "the server began to answer the TLS hello and then fell silent"
		e.advice = "--connect-timeout gives it longer"
	}
	if cause != context.DeadlineExceeded {
		e.Problem += ": " + cause.Error()
	}
}

// notTLS words an answer that is no TLS, by how it begins.
func (e *HandshakeError) notTLS(first []byte) {
	text, _, _ := strings.Cut(string(first), "\n")
	text = strings.TrimSuffix(text, "\r")
	if text == "" || strings.ContainsFunc(text, func(r rune) bool { return (r < ' ' && r != '\t') || r > '~' }) {
		shown := first[:min(len(first), 8)]
		e.Problem = fmt.Sprintf("the server's answer is not TLS (it begins with the bytes % x)", shown)
		e.advice = "rawhttp send " + e.again() + " shows what it says"
		return
	}
	e.Problem = fmt.Sprintf("the server answered in plain text, not TLS: %q", text)
	e.advice = "use: rawhttp send " + e.again()
}
