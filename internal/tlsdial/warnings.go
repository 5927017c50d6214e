package tlsdial

import (
	"crypto/tls"
	"fmt"
	"time"

	"rawhttp/internal/tlswords"
)

// soon is how long before its end a certificate is worth a word: by then the
// programs that renew them have tried for weeks.
const soon = 14 * 24 * time.Hour

// weakBits is the length below which browsers and OpenSSL refuse RSA keys.
const weakBits = 2048

// Warnings are notes about a certificate with which the handshake was done all
// the same: it ends within 14 days, its key is weak, the OCSP response that it
// promises is missing, or, with Options.Insecure,
// everything for which it would have been refused.
func (s *Summary) Warnings() []string {
	if len(s.faults) > 0 {
		return []string{tlswords.Clean("without --insecure it is refused: the certificate " + problems(s.faults))}
	}
	var all []string
	if s.unstapled {
		all = append(all, "the certificate promises that an OCSP response comes with it (must-staple), and none came: some clients refuse that")
	}
	for i, c := range s.Chain {
		which := "the certificate"
		if i > 0 {
			which = "the certificate of " + c.Name + ", which it depends on,"
		}
		if left := c.NotAfter.Sub(s.At); left >= 0 && left <= soon {
			all = append(all, tlswords.Clean(fmt.Sprintf("%s ends in %s, %s, and has to be renewed by then", which, days(left), tlswords.Date(c.NotAfter))))
		}
		if c.rsaBits > 0 && c.rsaBits < weakBits {
			all = append(all, tlswords.Clean(fmt.Sprintf("the RSA key of %s is weak: it has %d bits, browsers and OpenSSL want %d", which, c.rsaBits, weakBits)))
		}
	}
	return all
}

// VersionNote warns of a version that is no longer safe; "" for the others.
func (s *Summary) VersionNote() string {
	switch s.Version {
	case "TLS 1.0", "TLS 1.1":
		return s.Version + " is broken and retired (RFC 8996): what crosses can be read or changed by others; it was taken because --tls-min allows it"
	}
	return ""
}

// refusals are what verification would have said; none if the certificate is good.
func (v *verification) refusals(state tls.ConnectionState) []fault {
	if len(v.sent) == 0 {
		return nil
	}
	if _, err := v.chains(v.sent[0], v.now); err != nil || v.name != "" && v.sent[0].VerifyHostname(v.name) != nil {
		return v.faults(err)
	}
	if revoked := v.revoked(state.OCSPResponse); revoked != nil {
		return []fault{revoked.fault()}
	}
	return nil
}
