package tlsdial

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"strings"
	"time"

	"rawhttp/internal/tlswords"
)

// Certificate is what is worth showing of a certificate. The words are as
// they came from the peer and may hold any character.
type Certificate struct {
	Name       string // short form of the subject: common name, else the first of Names
	IssuerName string // short form of the issuer: "R11 (Let's Encrypt)"
	Subject    string // distinguished name, RFC 2253
	Issuer     string
	NotBefore  time.Time
	NotAfter   time.Time
	Names      []string // host names and IP addresses it is for
	Key        string   // "ECDSA P-256", "RSA 2048 bits"
	SHA256     string   // fingerprint of the whole certificate, hex
	SelfSigned bool
	rsaBits    int // 0: it is no RSA key
}

func describeChain(certificates []*x509.Certificate) []Certificate {
	var chain []Certificate
	for _, c := range certificates {
		chain = append(chain, describe(c))
	}
	return chain
}

func describe(c *x509.Certificate) Certificate {
	names := tlswords.Names(c)
	return Certificate{
		Name:       shortened(ownName(c.Subject, names)),
		IssuerName: shortened(shortName(c.Issuer)),
		Subject:    c.Subject.String(),
		Issuer:     c.Issuer.String(),
		NotBefore:  c.NotBefore,
		NotAfter:   c.NotAfter,
		Names:      names,
		Key:        keyOf(c),
		SHA256:     tlswords.Fingerprint(c),
		SelfSigned: isSelfSigned(c),
		rsaBits:    rsaBits(c),
	}
}

// shortName is what people call the holder of a certificate.
func shortName(holder pkix.Name) string {
	organization := strings.Join(holder.Organization, ", ")
	switch {
	case holder.CommonName != "" && organization != "":
		return holder.CommonName + " (" + organization + ")"
	case holder.CommonName != "":
		return holder.CommonName
	case organization != "":
		return organization
	case len(holder.Names) > 0:
		return holder.String()
	}
	return "nobody (no name is given)"
}

// ownName is the shortest name for what a certificate is for.
func ownName(subject pkix.Name, names []string) string {
	switch {
	case subject.CommonName != "":
		return subject.CommonName
	case len(names) > 0:
		return names[0]
	}
	return shortName(subject)
}

// isSelfSigned checks the signature too: the names alone prove nothing.
func isSelfSigned(c *x509.Certificate) bool {
	return bytes.Equal(c.RawSubject, c.RawIssuer) &&
		c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

func rsaBits(c *x509.Certificate) int {
	if key, ok := c.PublicKey.(*rsa.PublicKey); ok {
		return key.N.BitLen()
	}
	return 0
}

func keyOf(c *x509.Certificate) string {
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d bits", key.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA " + key.Curve.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return c.PublicKeyAlgorithm.String()
}

// validity counts from at to the end of the certificate's time.
func (c Certificate) validity(at time.Time) string {
	left := c.NotAfter.Sub(at)
	switch {
	case at.Before(c.NotBefore):
		return "not valid before " + tlswords.Date(c.NotBefore)
	case left < 0:
		return "EXPIRED " + days(-left) + " ago"
	}
	return days(left) + " left"
}

// days is a length of time as people count it for certificates.
func days(d time.Duration) string {
	unit, count := "day", int(d/(24*time.Hour))
	if count == 0 {
		unit, count = "hour", int(d/time.Hour)
	}
	if count == 0 {
		return "less than an hour"
	}
	if count > 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", count, unit)
}

// What is shown of a chain is bounded, since a server may send what it likes; the
// fields of a Certificate are whole.
const (
	mostCertificates = 20
	mostNames        = 100
	mostOfName       = 500
)

func chainLines(chain []Certificate) []string {
	var lines []string
	for i, c := range chain {
		if i == mostCertificates {
			return append(lines, fmt.Sprintf("and %d more certificates", len(chain)-i))
		}
		issuer := "self-signed"
		if !c.SelfSigned {
			issuer = "issued by " + cut(c.Issuer, mostOfName)
		}
		names := "none"
		if len(c.Names) > 0 {
			names = enumerated(c.Names, mostNames)
		}
		for _, line := range []string{
			fmt.Sprintf("certificate %d of %d: %s", i+1, len(chain), cut(c.Subject, mostOfName)),
			"  " + issuer,
			"  valid from " + tlswords.Date(c.NotBefore) + " to " + tlswords.Date(c.NotAfter),
			"  names: " + names,
			"  key: " + c.Key,
			"  SHA-256: " + c.SHA256,
		} {
			lines = append(lines, tlswords.Clean(line))
		}
	}
	return lines
}
