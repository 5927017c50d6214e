package tlslisten

import (
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"slices"
	"strings"

	"rawhttp/internal/tlswords"
)

// mismatch words what this side did not like about the hello: what is offered, what
// is needed, and what helps. leaf is this side's certificate.
func (e *HandshakeError) mismatch(err error, leaf *x509.Certificate) {
	text := tlswords.Reason(err)
	e.Problem = text
	if e.Offer == nil {
		return
	}
	has := func(part string) bool { return strings.Contains(text, part) }
	switch {
	case has("unsupported versions"), has("unsupported TLS version"), has("protocol version not supported"):
		e.Problem = "it offers " + versionsText(e.Offer.Versions) + " alone, and rawhttp speaks TLS 1.2 and 1.3"
	case has("unsupported application protocols"):
		e.Problem = "it offers " + listText(e.Offer.ALPN, 4) + " alone (ALPN), and rawhttp speaks http/1.1"
	case has("no cipher suite supported"):
		e.noSuite(leaf)
	case has("no supported elliptic curves"), has("no ECDHE curve"), has("no key exchanges"):
		e.noGroup()
	case has("signature algorithms"):
		e.noSignature(leaf)
	}
}

// noSuite says why no cipher suite was found.
func (e *HandshakeError) noSuite(leaf *x509.Certificate) {
	offered := "it offers " + suitesText(e.Offer.CipherSuites)
	if slices.Contains(e.Offer.Versions, tls.VersionTLS13) {
		e.Problem = "no cipher suite in common: " + offered + ", and none of TLS 1.3, which it offers too"
		return
	}
	ecdsa, rsa := false, false // it has suites for a certificate with such a key
	for _, own := range tls.CipherSuites() {
		if slices.Contains(e.Offer.CipherSuites, own.ID) {
			ecdsa = ecdsa || strings.Contains(own.Name, "_ECDSA_")
			rsa = rsa || strings.Contains(own.Name, "_ECDHE_RSA_")
		}
	}
	own := isRSA(leaf)
	switch {
	case own && rsa, !own && ecdsa:
		e.noGroup()
	case rsa:
		e.wrongKey("an RSA", offered)
	case ecdsa:
		e.wrongKey("an ECDSA", offered)
	default:
		e.Problem = "no cipher suite in common: " + offered + ", and rawhttp speaks TLS 1.2 with ECDHE and AES-GCM, ChaCha20-Poly1305 or AES-CBC with SHA-1"
	}
}

// wrongKey says that the client's suites are for certificates with another kind of key.
func (e *HandshakeError) wrongKey(kind, offered string) {
	e.Problem = "no cipher suite in common: " + offered + ", for a server with " + kind + " certificate, which this one is not"
	e.Advice = "give one: --cert FILE --key FILE"
}

// noGroup says that there is nothing to exchange keys with.
func (e *HandshakeError) noGroup() {
	var names []string
	for _, group := range e.Offer.Groups {
		names = append(names, tlswords.Group(group))
	}
	offered := "it offers none"
	if len(names) > 0 {
		offered = "it offers " + listText(names, 4)
	}
	e.Problem = "no key exchange group in common: " + offered + ", and rawhttp has X25519, P-256 and P-384, each also with ML-KEM, and P-521"
}

// noSignature says that the client does not take what the certificate's key signs.
func (e *HandshakeError) noSignature(leaf *x509.Certificate) {
	var names []string
	rsa := false
	for _, scheme := range e.Offer.Schemes {
		names = append(names, tlswords.SignatureScheme(scheme))
		rsa = rsa || strings.HasPrefix(tlswords.SignatureScheme(scheme), "rsa_")
	}
	e.Problem = "it takes no signature that this certificate's key makes: it offers " + listText(names, 4)
	switch {
	case leaf == nil:
	case rsa && !isRSA(leaf):
		e.Advice = "give an RSA certificate: --cert FILE --key FILE"
	default:
		e.Advice = "give a certificate with another key: --cert FILE --key FILE"
	}
}

func isRSA(c *x509.Certificate) bool {
	if c == nil {
		return false
	}
	_, ok := c.PublicKey.(*rsa.PublicKey)
	return ok
}

func suitesText(suites []uint16) string {
	var names []string
	for _, suite := range suites {
		names = append(names, tlswords.CipherSuite(suite))
	}
	if len(names) == 0 {
		return "no cipher suite"
	}
	return listText(names, 3)
}
