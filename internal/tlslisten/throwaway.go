package tlslisten

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"net/netip"
	"time"

	"rawhttp/internal/tlswords"
)

// lifetime of what is made here: longer than any listener should run, and short
// for an authority that somebody has told a browser to trust.
const lifetime = 30 * 24 * time.Hour

// ThrowAway is a certificate for one run of the program, and its authority.
type ThrowAway struct {
	Certificate tls.Certificate // with its key and Leaf
	CA          *x509.Certificate
}

// Make makes an authority and a certificate for names, which are host names and
// IP addresses. The authority's key is gone when it returns, so nothing else will
// ever be signed with it.
func Make(names []string, now time.Time) (*ThrowAway, error) {
	caKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	caTemplate := template(tlswords.ThrowAwayAuthority+mark(), now)
	caTemplate.IsCA, caTemplate.MaxPathLenZero, caTemplate.KeyUsage = true, true, x509.KeyUsageCertSign|x509.KeyUsageCRLSign
	ca, err := sign(caTemplate, caTemplate, &caKey.PublicKey, caKey)
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	leafTemplate := template("rawhttp listen", now)
	leafTemplate.KeyUsage = x509.KeyUsageDigitalSignature
	leafTemplate.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	for _, name := range names {
		if ip, err := netip.ParseAddr(name); err == nil {
			leafTemplate.IPAddresses = append(leafTemplate.IPAddresses, ip.AsSlice())
		} else {
			leafTemplate.DNSNames = append(leafTemplate.DNSNames, name)
		}
	}
	leaf, err := sign(leafTemplate, ca, &key.PublicKey, caKey)
	if err != nil {
		return nil, err
	}
	return &ThrowAway{tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}, ca}, nil
}

// PEM is the authority's certificate as curl --cacert takes it.
func (t *ThrowAway) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: t.CA.Raw})
}

// template is valid from an hour ago, for clocks that are a little behind.
func template(name string, now time.Time) *x509.Certificate {
	serial := make([]byte, 16)
	_, _ = rand.Read(serial) // never fails
	serial[0] &= 0x7f
	serial[0] |= 0x40
	return &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial), Subject: pkix.Name{CommonName: name},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(lifetime), BasicConstraintsValid: true,
	}
}

func sign(c, parent *x509.Certificate, public *ecdsa.PublicKey, by *ecdsa.PrivateKey) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, c, parent, public, by)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// mark tells the authorities of several runs apart where they are listed.
func mark() string {
	var b [4]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
