package tlsdial

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
)

// PEMLines are the server's certificates in PEM, as it sent them and in its
// order: what openssl, --cacert and other programs read.
func (s *Summary) PEMLines() []string { return pemLines(s.certificates) }

// PEMLines are the lines of Summary.PEMLines for the refused chain.
func (e *VerifyError) PEMLines() []string {
	var invalid *tls.CertificateVerificationError
	if !errors.As(e.Err, &invalid) {
		return nil
	}
	return pemLines(invalid.UnverifiedCertificates)
}

func pemLines(certificates []*x509.Certificate) []string {
	var lines []string
	for _, c := range certificates {
		text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
		lines = append(lines, strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")...)
	}
	return lines
}
