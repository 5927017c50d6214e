package tlswords

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
)

// Alert is an alert by its number and its name in RFC 8446: "alert 48 unknown_ca".
func Alert(code uint8) string {
	name, ok := alertNames[code]
	if !ok {
		name = "(unknown)"
	}
	return fmt.Sprintf("alert %d %s", code, name)
}

// AlertIn finds the alert that the peer sent in an error of crypto/tls: of a
// handshake, or of a later Read or Write.
func AlertIn(err error) (code uint8, ok bool) {
	var network *net.OpError
	if !errors.As(err, &network) || network.Op != "remote error" {
		return 0, false
	}
	// crypto/tls does not export the type; the text is the same as the
	// exported type's for the same code.
	text := network.Err.Error()
	for code := range 256 {
		if tls.AlertError(code).Error() == text {
			return uint8(code), true
		}
	}
	return 0, false
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
