package tlslisten

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"time"

	"rawhttp/internal/tlswords"
)

// Summary is what a handshake agreed on. The fields are as they came; the lines
// made of them have no control character.
type Summary struct {
	HandshakeTime time.Duration // from the client's first byte
	Version       string        // "TLS 1.3"
	CipherSuite   string        // as crypto/tls names it: "TLS_AES_128_GCM_SHA256"
	Group         string        // key exchange, as crypto/tls names it; "" if there was none
	ALPN          string        // "http/1.1"; "" if the client offered none
	Resumed       bool          // from an earlier connection's ticket
	Offer         *Offer
	WrongName     string              // what the client asked for, if the certificate is not for it
	Asked         bool                // for a client certificate
	Chain         []*x509.Certificate // that the client sent, its own first
	Invalid       error               // why that is not verified; nil if it is, or there is none
	suite         uint16
	group         tls.CurveID
}

func (s *Server) summary(state tls.ConnectionState, offer *Offer, took time.Duration) *Summary {
	summary := &Summary{
		HandshakeTime: took,
		Version:       tlswords.Version(state.Version),
		CipherSuite:   tls.CipherSuiteName(state.CipherSuite),
		ALPN:          state.NegotiatedProtocol,
		Resumed:       state.DidResume,
		Offer:         offer,
		WrongName:     wrongName(offer, s.options.Certificate.Leaf),
		Asked:         s.options.ClientCA != nil,
		Chain:         state.PeerCertificates,
		suite:         state.CipherSuite,
		group:         state.CurveID,
	}
	if state.CurveID != 0 {
		summary.Group = state.CurveID.String()
	}
	if len(summary.Chain) > 0 {
		between := x509.NewCertPool()
		for _, c := range summary.Chain[1:] {
			between.AddCert(c)
		}
		_, summary.Invalid = summary.Chain[0].Verify(x509.VerifyOptions{
			Roots: s.options.ClientCA, Intermediates: between, CurrentTime: s.now(),
			KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		})
	}
	return summary
}

// Line is what was agreed.
func (s *Summary) Line() string {
	parts := []string{s.Version, tlswords.CipherSuite(s.suite)}
	if s.group != 0 {
		parts = append(parts, tlswords.Group(s.group))
	}
	if s.ALPN == "" {
		parts = append(parts, "no ALPN")
	} else {
		parts = append(parts, "ALPN "+s.ALPN)
	}
	if s.Resumed {
		parts = append(parts, "resumed")
	}
	return tlswords.Clean(strings.Join(append(parts, "in "+tlswords.Milliseconds(s.HandshakeTime)), ", "))
}

// WrongNameLine says that the certificate is not for the name the client asked for;
// "" if it is, or none was asked for.
func (s *Summary) WrongNameLine() string {
	if s.WrongName == "" {
		return ""
	}
	return notFor(s.WrongName)
}

// Verified tells whether a client certificate came and is one of ClientCA's.
func (s *Summary) Verified() bool { return len(s.Chain) > 0 && s.Invalid == nil }

// ClientLine says what came as client certificate; "" if none was asked for.
func (s *Summary) ClientLine() string {
	if !s.Asked {
		return ""
	}
	if len(s.Chain) == 0 {
		return "the client sent no certificate, though it was asked for one (--client-ca)"
	}
	own := s.Chain[0]
	verdict := "verified"
	if s.Invalid != nil {
		verdict = "NOT VERIFIED (" + reasonOf(own, s.Invalid) + ")"
	}
	return fmt.Sprintf("client certificate of %s, issued by %s, %s", nameOf(own), brief(own.Issuer.String(), 64), verdict)
}

// A chain can have hundreds of certificates, and a name thousands of bytes.
const mostCertificates, longestName = 8, 160

// ChainLines are the certificates that the client sent, the first ones at least.
func (s *Summary) ChainLines(now time.Time) []string {
	var lines []string
	for i, c := range s.Chain[:min(len(s.Chain), mostCertificates)] {
		lines = append(lines, fmt.Sprintf("client certificate %d of %d: %s, issued by %s, %s; SHA-256 %s", i+1, len(s.Chain),
			brief(c.Subject.String(), longestName), brief(c.Issuer.String(), longestName), tlswords.Validity(c, now), tlswords.Fingerprint(c)))
	}
	if more := len(s.Chain) - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return lines
}

// reasonOf words why a client certificate is not verified.
func reasonOf(own *x509.Certificate, err error) string {
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &unknown):
		return "not from an authority in --client-ca"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && own.NotBefore.After(time.Now()):
		return "not valid before " + tlswords.Date(own.NotBefore)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "not valid at this time; its own dates are " + tlswords.Date(own.NotBefore) + " to " + tlswords.Date(own.NotAfter)
	case errors.As(err, &invalid) && invalid.Reason == x509.IncompatibleUsage:
		return "it is not meant for clients"
	}
	return brief(tlswords.Reason(err), 100)
}

// nameOf is whom a certificate is of.
func nameOf(c *x509.Certificate) string {
	if text := c.Subject.String(); text != "" {
		return brief(text, 64)
	}
	if len(c.DNSNames) > 0 {
		return brief(c.DNSNames[0], 64)
	}
	return "(no name)"
}
