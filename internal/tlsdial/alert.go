package tlsdial

import (
	"crypto/tls"
	"errors"
	"strings"

	"rawhttp/internal/tlswords"
)

// AlertError is a fatal alert from the peer. In TLS 1.3 the refusal of a
// client without a certificate comes only after the handshake, as the error of
// a Read: see AsAlert.
type AlertError struct {
	Code uint8
	Err  error // what crypto/tls said

	late      bool       // it came after the handshake
	situation *situation // nil: not known
}

// AsAlert finds the alert in an error of a handshake or of a later Read or
// Write of the connection.
func AsAlert(err error) (*AlertError, bool) {
	var known *AlertError
	if errors.As(err, &known) {
		return known, true
	}
	if code, ok := tlswords.AlertIn(err); ok {
		return &AlertError{Code: code, Err: err}, true
	}
	return nil, false
}

// Error gives the alert's number and its name in RFC 8446.
func (e *AlertError) Error() string {
	switch {
	case e.late && e.aboutIdentity():
		return "the server refused after the handshake: " + tlswords.Alert(e.Code) + " (TLS 1.3 judges the client's certificate only then)"
	case e.late:
		return "the server ended the connection: " + tlswords.Alert(e.Code)
	}
	return "the server refused: " + tlswords.Alert(e.Code)
}

// Unwrap gives what crypto/tls said.
func (e *AlertError) Unwrap() error { return e.Err }

// aboutIdentity reports whether the alert is about the client's certificate.
func (e *AlertError) aboutIdentity() bool {
	switch e.Code {
	case 42, 43, 44, 45, 46, 48, 49, 116:
		return true
	}
	return false
}

// Hint says what the alert usually comes from; it may be empty.
func (e *AlertError) Hint() string {
	s := e.situation
	if s == nil {
		s = &situation{}
	}
	switch {
	case e.aboutIdentity() && s.sent == nil:
		return tlswords.Clean("the server wants a client certificate" + fromWhom(s) + ": --cert FILE --key FILE")
	case e.aboutIdentity() && s.unfit != "":
		return tlswords.Clean("the certificate of " + s.sent.Name + " was sent, and " + s.unfit)
	case e.aboutIdentity():
		return tlswords.Clean("the certificate of " + s.sent.Name + ", issued by " + s.sent.IssuerName + ", was sent; the server does not trust it, or it is for another purpose")
	}
	switch e.Code {
	case 40, 80, 112:
		old := ""
		if e.Code == 80 && s.onlyOld() {
			old = "servers with OpenSSL 3 refuse TLS 1.0 and 1.1 like this" + s.otherVersions() + "; if it is none of those, "
		}
		return tlswords.Clean(old + e.nameHint(s))
	case 70, 71:
		return "the server does not take " + offered(s) + ", or none of the cipher suites offered" + s.otherVersions()
	case 120:
		return tlswords.Clean("the server speaks none of the protocols offered by ALPN (" + strings.Join(s.alpn, ", ") + "); --alpn LIST offers others, --no-alpn none")
	}
	return ""
}

// nameHint is about handshake_failure and unrecognized_name, and internal_error,
// which servers written in Go send when they have no certificate for the name.
func (e *AlertError) nameHint(s *situation) string {
	switch {
	case s.noSNI:
		return "no SNI was sent; leave out --servername none"
	case s.name != "" && isIP(s.name):
		return "no SNI is sent for an IP address; name the host with --servername NAME"
	case e.Code == 80:
		return "that is the server's own trouble, or it has no certificate for that name (--servername NAME asks for another); its log may say more"
	case e.Code == 112:
		return "the server does not know that name; --servername NAME asks for another"
	case s.sent != nil && s.unfit != "":
		return "the certificate of " + s.sent.Name + " was sent, and " + s.unfit
	case s.asked && s.sent == nil:
		return "the server wants a client certificate" + fromWhom(s) + ": --cert FILE --key FILE"
	case s.ciphers:
		return "the server takes none of the cipher suites of --ciphers, or wants a client certificate (--cert FILE)"
	}
	return "no TLS version or cipher suite in common" + s.otherVersions() + ", or the server wants another name (--servername NAME) or a client certificate (--cert FILE)"
}

// offered is the versions offered, for people.
func offered(s *situation) string {
	if s.max == 0 {
		return "the TLS versions offered"
	}
	return versionRange(s.min, s.max)
}

// onlyOld reports whether no version is offered that OpenSSL 3 takes by default:
// up to TLS 1.1 it has no signature that it still trusts, and calls that an
// internal error.
func (s *situation) onlyOld() bool { return s.max != 0 && s.max <= tls.VersionTLS11 }

// otherVersions is the flag that offers more versions.
func (s *situation) otherVersions() string {
	switch {
	case s.max == 0:
		return ""
	case s.max < tls.VersionTLS13:
		return " (--tls-max 1.3 offers newer ones)"
	case s.min > tls.VersionTLS12:
		return " (--tls-min 1.2 offers that too)"
	case s.min > tls.VersionTLS10:
		return " (--tls-min 1.0 offers the old, broken ones)"
	}
	return ""
}

func fromWhom(s *situation) string {
	if len(s.authorities) == 0 {
		return ""
	}
	return " from " + listed(s.authorities)
}
