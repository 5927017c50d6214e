package tlslisten

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"time"
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
	_ = w.Conn.SetReadDeadline(time.Now().Add(headTime))
	for len(w.first) < mostWitnessed && !headComplete(w.first) {
		start := len(w.first)
		w.first = slices.Grow(w.first, mostWitnessed-start)
		n, err := w.Conn.Read(w.first[start:mostWitnessed])
		w.first = w.first[:start+n]
		if err != nil {
			break
		}
	}
	e := &PlainError{First: w.first}
	if s.options.Plain != nil {
		e.Answered, _ = w.Conn.Write(s.options.Plain(w.Conn.LocalAddr(), w.first)) // a client that is gone reads nothing
	}
	return e
}

func headComplete(b []byte) bool {
	return bytes.Contains(b, []byte("\r\n\r\n")) || bytes.Contains(b, []byte("\n\n"))
}

// HandshakeError is a handshake that failed.
type HandshakeError struct {
	Problem string // what happened, in plain words; without the alert's name if Err is one
	Advice  string // what helps; may be empty
	Offer   *Offer // nil if no whole ClientHello came
	Gone    bool   // it closed without a byte
	Err     error  // what crypto/tls or the connection said
}

// Error says what happened.
func (e *HandshakeError) Error() string { return clean(e.Problem) }

// Hint says what to do about it; it may be empty.
func (e *HandshakeError) Hint() string { return clean(e.Advice) }

// Unwrap gives what crypto/tls or the connection said.
func (e *HandshakeError) Unwrap() error { return e.Err }

func newHandshakeError(err error, seen *witness) *HandshakeError {
	if code, ok := seen.plainAlert(); ok && seen.offer != nil {
		err = &net.OpError{Op: "remote error", Err: tls.AlertError(code)}
	}
	e := &HandshakeError{Offer: seen.offer, Err: err}
	var network *net.OpError
	remote := errors.As(err, &network) && network.Op == "remote error"
	switch {
	case remote:
		e.Problem = "the client refused"
		e.Advice = adviceAfter(network.Err.Error())
	case errors.Is(err, os.ErrDeadlineExceeded) && e.Offer == nil:
		e.Problem = "no TLS hello came in time"
	case errors.Is(err, os.ErrDeadlineExceeded):
		e.Problem = "it fell silent in the middle of the handshake"
	case errors.Is(err, net.ErrClosed):
		e.Problem = "closed during the handshake"
	case len(seen.first) == 0:
		e.Gone, e.Problem = true, "it sent no byte"
	case seen.ended || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		e.Problem = "it closed during the handshake"
		if e.Offer != nil {
			e.Advice = "it may not trust this certificate"
		}
	case network != nil && network.Op == "local error":
		e.refused(network.Err)
	case network != nil:
		e.Problem = "the connection broke: " + innermost(network.Err)
	default:
		e.refused(err)
	}
	return e
}

// refused words what this side did not like about the hello.
func (e *HandshakeError) refused(err error) {
	text := reasonText(err)
	e.Problem = text
	if e.Offer == nil {
		return
	}
	switch {
	case strings.Contains(text, "unsupported versions"), strings.Contains(text, "unsupported TLS version"), strings.Contains(text, "protocol version not supported"):
		e.Problem = "it offers " + versionsText(e.Offer.Versions) + " alone, and rawhttp speaks TLS 1.2 and 1.3"
	case strings.Contains(text, "unsupported application protocols"):
		e.Problem = "it offers " + listText(e.Offer.ALPN, 4) + " alone (ALPN), and rawhttp speaks http/1.1"
	case strings.Contains(text, "no cipher suite supported"):
		e.Problem = "no cipher suite in common"
	case strings.Contains(text, "no supported elliptic curves"), strings.Contains(text, "no ECDHE curve"), strings.Contains(text, "no key exchanges"):
		e.Problem = "no key exchange group in common"
	}
}

// innermost leaves out the names of system calls.
func innermost(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err.Error()
}

// adviceAfter is what a client's alert usually comes from; text is crypto/tls's
// name of it.
func adviceAfter(text string) string {
	for _, code := range []uint8{42, 43, 45, 46, 48} {
		if tls.AlertError(code).Error() == text {
			return "it does not trust this certificate"
		}
	}
	return ""
}

// reasonText is an error of crypto/tls or crypto/x509 without the package's name.
func reasonText(err error) string {
	text := err.Error()
	for _, prefix := range []string{"local error: ", "tls: ", "x509: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return clean(text)
}
