package tlsdial

import (
	"crypto/tls"
	"errors"
	"testing"
)

// With these no handshake is done, verified or not.
func TestUnusableCertificates(t *testing.T) {
	for text, want := range map[string]string{
		"tls: server sent certificate containing RSA key larger than 8192 bits":                                                                            "an RSA key of more than 8192 bits",
		"tls: invalid signature by the server certificate: crypto/rsa: 512-bit keys are insecure (see https://go.dev/pkg/crypto/rsa#hdr-Minimum_key_size)": "too weak: it has 512 bits",
		"tls: server's certificate contains an unsupported type of public key: *dsa.PublicKey":                                                             "neither RSA nor ECDSA nor Ed25519",
		"tls: failed to parse certificate from server: x509: negative serial number":                                                                       "is damaged: negative serial number",
	} {
		err := errors.New(text)
		if !isUnusable(err) {
			t.Errorf("%q is not known", text)
			continue
		}
		checkHinter(t, newUnusableError(err, "h:1"), "--insecure does not help", "TLS handshake with h:1: the server's ", want)
	}
}

func TestDamagedCertificate(t *testing.T) {
	good := newAuthority(t, "Root").issue(t, leaf())
	for _, insecure := range []bool{false, true} {
		_, err := handshake(t, Options{Insecure: insecure}, "localhost", tls.Certificate{Certificate: [][]byte{good.Certificate[0][:99]}, PrivateKey: good.PrivateKey})
		checkHinter(t, err, "the server needs another certificate", "the server's certificate is damaged: malformed")
	}
}
