package tlswords

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"time"
)

// ThrowAwayAuthority is how the common names of all authorities begin that this
// program makes for one run. Anybody can take such a name: it proves nothing.
const ThrowAwayAuthority = "rawhttp throw-away CA "

// Names lists the host names and IP addresses a certificate is for, as it has them; it
// is empty, and not nil, if there are none.
func Names(c *x509.Certificate) []string {
	names := append([]string{}, c.DNSNames...)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}

// Fingerprint is the SHA-256 of a whole certificate, in hex.
func Fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

// Validity is until when a certificate is valid, and warns of one that is refused for
// its dates.
func Validity(c *x509.Certificate, now time.Time) string {
	switch {
	case now.After(c.NotAfter):
		return "EXPIRED since " + Date(c.NotAfter)
	case now.Before(c.NotBefore):
		return "NOT VALID before " + Date(c.NotBefore)
	}
	return "valid until " + Date(c.NotAfter)
}
