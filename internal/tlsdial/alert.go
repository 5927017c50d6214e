package tlsdial

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
)

// AlertError is a fatal alert from the peer. In TLS 1.3 the refusal of a
// client without a certificate comes only after the handshake, as the error of
// a Read: see AsAlert.
type AlertError struct {
	Code uint8
	Err  error // what crypto/tls said
}

// AsAlert finds the alert in an error of a handshake or of a later Read or
// Write of the connection.
func AsAlert(err error) (*AlertError, bool) {
	var known *AlertError
	if errors.As(err, &known) {
		return known, true
	}
	var network *net.OpError
	if !errors.As(err, &network) || network.Op != "remote error" {
		return nil, false
	}
	// crypto/tls does not export the type; the text is the same as the
	// exported type's for the same code.
	text := network.Err.Error()
	for code := range 256 {
		if tls.AlertError(code).Error() == text {
			return &AlertError{uint8(code), err}, true
		}
	}
	return nil, false
}

// Error gives the alert's number and its name in RFC 8446.
func (e *AlertError) Error() string {
	name, ok := alertNames[e.Code]
	if !ok {
		name = "(unknown)"
	}
	return fmt.Sprintf("the server refused: alert %d %s", e.Code, name)
}

// Hint says what the alert usually comes from; it may be empty.
func (e *AlertError) Hint() string { return e.hintFor("") }

// Unwrap gives what crypto/tls said.
func (e *AlertError) Unwrap() error { return e.Err }

// hintFor is the hint when name was asked for; "" means that it is not known.
func (e *AlertError) hintFor(name string) string {
	switch e.Code {
	case 42, 43, 44, 45, 46, 48, 49, 116:
		return "the server wants a certificate from the client, which rawhttp does not have"
	case 40, 112:
		if name != "" && isIP(name) {
			return "no SNI is sent for an IP address; name the host with --servername NAME"
		}
		if e.Code == 112 {
			return "the server does not know that name; --servername NAME asks for another"
		}
		return "no TLS version or cipher suite in common, or the server wants another name (--servername NAME) or a client certificate"
	case 70, 71:
		return "the server does not take the TLS versions 1.2 and 1.3 that rawhttp speaks, or their cipher suites"
	case 80:
		return "that is the server's own trouble; its log may say more"
	case 120:
		return "rawhttp offers http/1.1 by ALPN; the server wants another protocol, such as HTTP/2"
	}
	return ""
}

// alertNames are the names of RFC 8446 section 6, and of RFC 5246 and 7507 for
// the codes that TLS 1.3 no longer uses.
var alertNames = map[uint8]string{
	0:   "close_notify",
	10:  "unexpected_message",
	20:  "bad_record_mac",
	21:  "decryption_failed",
	22:  "record_overflow",
	30:  "decompression_failure",
	40:  "handshake_failure",
	41:  "no_certificate",
	42:  "bad_certificate",
	43:  "unsupported_certificate",
	44:  "certificate_revoked",
	45:  "certificate_expired",
	46:  "certificate_unknown",
	47:  "illegal_parameter",
	48:  "unknown_ca",
	49:  "access_denied",
	50:  "decode_error",
	51:  "decrypt_error",
	60:  "export_restriction",
	70:  "protocol_version",
	71:  "insufficient_security",
	80:  "internal_error",
	86:  "inappropriate_fallback",
	90:  "user_canceled",
	100: "no_renegotiation",
	109: "missing_extension",
	110: "unsupported_extension",
	111: "certificate_unobtainable",
	112: "unrecognized_name",
	113: "bad_certificate_status_response",
	114: "bad_certificate_hash_value",
	115: "unknown_psk_identity",
	116: "certificate_required",
	120: "no_application_protocol",
	121: "ech_required",
}
