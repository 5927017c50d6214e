package tlslisten

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"time"

	"rawhttp/internal/tlswords"
)

// recordNames are the records that no connection begins with (RFC 8446 section
// 5.1, RFC 6520).
var recordNames = map[byte]string{20: "change_cipher_spec", recordAlert: "an alert", 23: "application_data", 24: "heartbeat"}

// protocolVersion is the alert that clients of all ages take for what it is.
var protocolVersion = []byte{recordAlert, 3, 1, 0, 2, 2, 70}

// refuseFirst says what a client speaks that did not begin with a handshake.
func (s *Server) refuseFirst(w *witness) error {
	_ = w.Conn.SetReadDeadline(time.Now().Add(headTime))
	if recordNames[w.first[0]] != "" || w.first[0]&0x80 != 0 {
		w.readUntil(alertLength, func([]byte) bool { return false })
		if e := otherRecord(w.first); e != nil {
			return e
		}
		if e := oldHello(w.first); e != nil {
			_, _ = w.Conn.Write(protocolVersion) // a client that is gone reads nothing
			return e
		}
	}
	return s.refusePlain(w)
}

// otherRecord is the error about a TLS record that is no ClientHello's; nil if first
// is none.
func otherRecord(first []byte) error {
	name := recordNames[first[0]]
	if name == "" || len(first) < 3 || first[1] != 3 || first[2] > 4 {
		return nil
	}
	e := &HandshakeError{Problem: "its first record is " + name + ", where a ClientHello is due"}
	if code, ok := alertIn(first); ok {
		e.Err = &net.OpError{Op: "remote error", Err: tls.AlertError(code)}
	}
	return e
}

// oldHello is the error about a ClientHello in the form of SSLv2 (RFC 5246 appendix
// E.2); nil if first is none.
func oldHello(first []byte) error {
	if len(first) < 5 || first[0]&0x80 == 0 || first[2] != 1 {
		return nil
	}
	newest := ""
	switch major, minor := first[3], first[4]; {
	case major == 0 && minor == 2:
		newest = "SSLv2"
	case major == 3 && minor <= 3:
		newest = tlswords.Version(uint16(major)<<8 | uint16(minor))
	default:
		return nil
	}
	return &HandshakeError{Problem: fmt.Sprintf("it sent a ClientHello in SSLv2's form, for %s at most: rawhttp speaks TLS 1.2 and 1.3, and takes no hello of that form", newest)}
}

// readUntil reads until enough says so of all that came, or most bytes have come, or
// nothing more comes.
func (w *witness) readUntil(most int, enough func([]byte) bool) {
	for len(w.first) < most && !enough(w.first) {
		start := len(w.first)
		w.first = slices.Grow(w.first, most-start)
		n, err := w.Conn.Read(w.first[start:most])
		w.first = w.first[:start+n]
		if err != nil {
			return
		}
	}
}

func headComplete(b []byte) bool {
	return bytes.Contains(b, []byte("\r\n\r\n")) || bytes.Contains(b, []byte("\n\n"))
}

// alertIn tells the alert in a record that is not encrypted, and nothing else.
func alertIn(b []byte) (code uint8, ok bool) {
	if len(b) != alertLength || b[0] != recordAlert || b[1] != 3 || b[3] != 0 || b[4] != 2 || b[5] != 1 && b[5] != 2 {
		return 0, false
	}
	return b[6], true
}
