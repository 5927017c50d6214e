package tlslisten

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"time"

	"rawhttp/internal/tlswords"
)

// headTime is how long a client without TLS may take for the rest of its head: it
// is to read the answer, and not to find its connection reset.
const headTime = 300 * time.Millisecond

// PlainError says that a client spoke no TLS.
type PlainError struct {
	First    []byte // what came, up to the end of a head or 4 KiB
	Answered int    // bytes that were written in plain
}

// Error names how it began.
func (e *PlainError) Error() string {
	if line := e.Line(); line != "" {
		return "no TLS but plain text: " + line
	}
	return "no TLS"
}

// Line is the first line, quoted and short; "" if it is no text.
func (e *PlainError) Line() string {
	line, _, _ := bytes.Cut(e.First, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	if len(line) == 0 || bytes.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		return ""
	}
	return `"` + brief(string(line), 60) + `"`
}

// refusePlain reads what the client has to say, and answers.
func (s *Server) refusePlain(w *witness) error {
	w.readUntil(mostWitnessed, headComplete)
	e := &PlainError{First: w.first}
	if s.options.Plain != nil {
		e.Answered, _ = w.Conn.Write(s.options.Plain(w.Conn.LocalAddr(), w.first)) // a client that is gone reads nothing
	}
	return e
}

// HandshakeError is a handshake that failed.
type HandshakeError struct {
	Problem   string // what happened, in plain words; without the alert's name if Err is one
	Advice    string // what helps; may be empty
	Untrusted bool   // the client does not trust the certificate, or may not
	WrongName string // what the client asked for, if the certificate is not for it and that may be why
	Offer     *Offer // nil if no whole ClientHello came
	Gone      bool   // it was closed without a byte
	Err       error  // what crypto/tls or the connection said; nil if neither was asked
}

// Error says what happened.
func (e *HandshakeError) Error() string { return tlswords.Clean(e.Problem) }

// Hint says what to do about it; it may be empty.
func (e *HandshakeError) Hint() string { return tlswords.Clean(e.Advice) }

// Unwrap gives what crypto/tls or the connection said.
func (e *HandshakeError) Unwrap() error { return e.Err }

func (s *Server) handshakeError(err error, seen *witness) *HandshakeError {
	if code, ok := alertIn(seen.last); ok && seen.offer != nil {
		err = &net.OpError{Op: "remote error", Err: tls.AlertError(code)}
	}
	e := &HandshakeError{Offer: seen.offer, Err: err}
	var network *net.OpError
	errors.As(err, &network)
	alert, refused := tlswords.AlertIn(err)
	switch {
	case refused:
		e.Problem = "the client refused"
		switch alert {
		case 42, 46:
			e.doubted(s, "it does not trust this certificate")
		case 43, 45, 48:
			e.Untrusted, e.Advice = true, "it does not trust this certificate"
		}
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, net.ErrClosed):
		closed := errors.Is(err, net.ErrClosed)
		e.Gone, e.Problem = closed && len(seen.first) == 0, seen.unfinished(closed)
	case len(seen.first) == 0:
		e.Gone, e.Problem = true, "it sent no byte"
	case seen.ended || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		e.Problem = "it closed during the handshake"
		if e.Offer == nil {
			e.Problem = "it sent " + seen.part() + " and closed"
		} else {
			e.doubted(s, "it may not trust this certificate")
		}
	case network != nil && network.Op == "local error":
		e.mismatch(network.Err, s.options.Certificate.Leaf)
	case network != nil:
		e.Problem = "the connection broke: " + innermost(network.Err)
	default:
		e.mismatch(err, s.options.Certificate.Leaf)
	}
	return e
}

// unfinished says how far a handshake came whose time was over, or which this side
// closed.
func (w *witness) unfinished(closed bool) string {
	switch {
	case closed && len(w.first) == 0:
		return "it sent no byte"
	case closed && w.offer == nil:
		return "it sent " + w.part()
	case closed:
		return "its TLS handshake was not complete"
	case len(w.first) == 0:
		return "no TLS hello came in time"
	case w.offer == nil:
		return "it sent " + w.part() + " and nothing more in time"
	}
	return "it fell silent in the middle of the handshake"
}

// part says how much came of a hello that is not whole.
func (w *witness) part() string { return count(w.came, "byte") + " of a TLS hello" }

// innermost leaves out the names of system calls.
func innermost(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err.Error()
}

// doubted is about a client that did not like the certificate, and did not say why:
// if it is for another name than it asked for, that is the likely reason.
func (e *HandshakeError) doubted(s *Server, otherwise string) {
	if e.WrongName = wrongName(e.Offer, s.options.Certificate.Leaf); e.WrongName != "" {
		e.Advice = notFor(e.WrongName)
		return
	}
	e.Untrusted, e.Advice = true, otherwise
}

// wrongName is the name that a client asked for (SNI) if leaf is not for it, else "".
func wrongName(o *Offer, leaf *x509.Certificate) string {
	if o == nil || leaf == nil || o.ServerName == "" || leaf.VerifyHostname(o.ServerName) == nil {
		return ""
	}
	return o.ServerName
}

func notFor(name string) string {
	return "it asks for " + brief(name, 64) + ", which this certificate is not for"
}
