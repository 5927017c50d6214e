package tlsdial

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"
)

// issuer is a certificate with its key; a nil one signs itself.
type issuer struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// served is what a server of the matrix has and a client trusts.
type served struct {
	tls.Certificate
	trusted []*issuer
}

// maker makes certificates that are valid now, unlike those of newAuthority:
// openssl and curl have no clock to set.
type maker struct {
	*testing.T
	serial int64
}

func (m *maker) signer(kind string) crypto.Signer {
	m.Helper()
	var key crypto.Signer
	var err error
	switch kind {
	case "RSA-1024":
		key, err = rsa.GenerateKey(rand.Reader, 1024)
	case "RSA-2048":
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	case "P-384":
		key, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "P-521":
		key, err = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	case "Ed25519":
		_, key, err = ed25519.GenerateKey(rand.Reader)
	default:
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	if err != nil {
		m.Fatal(err)
	}
	return key
}

// sign makes a certificate of template; by nil, one that signs itself.
func (m *maker) sign(by *issuer, key crypto.Signer, template *x509.Certificate) *issuer {
	m.Helper()
	m.serial++
	template.SerialNumber = big.NewInt(m.serial)
	if by == nil {
		by = &issuer{template, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, by.certificate, key.Public(), by.key)
	if err != nil {
		m.Fatal(err)
	}
	return &issuer{mustParse(m.T, der), key}
}

type change func(*x509.Certificate)

// authority makes one that signs others.
func (m *maker) authority(by *issuer, name string, changes ...change) *issuer {
	m.Helper()
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(10, 0, 0),
	}
	kind := "P-256"
	for _, change := range changes {
		change(template)
	}
	switch template.SignatureAlgorithm {
	case x509.SHA1WithRSA, x509.SHA256WithRSA:
		kind = "RSA-2048"
	}
	return m.sign(by, m.signer(kind), template)
}

// cross makes another certificate for the same authority and key.
func (m *maker) cross(by, of *issuer) *issuer {
	m.Helper()
	return m.sign(by, of.key, &x509.Certificate{
		Subject: of.certificate.Subject, IsCA: true, BasicConstraintsValid: true, KeyUsage: of.certificate.KeyUsage,
		NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(5, 0, 0),
	})
}

// leaf makes a server's certificate for localhost with a key of kind.
func (m *maker) leaf(by *issuer, kind string, changes ...change) *issuer {
	m.Helper()
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: "the server"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().AddDate(0, 0, -30), NotAfter: time.Now().AddDate(0, 0, 60),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, change := range changes {
		change(template)
	}
	return m.sign(by, m.signer(kind), template)
}

// serve has own and chain sent in this order.
func serve(own *issuer, chain ...*issuer) served {
	s := served{Certificate: tls.Certificate{Certificate: [][]byte{own.certificate.Raw}, PrivateKey: own.key}}
	for _, c := range chain {
		s.Certificate.Certificate = append(s.Certificate.Certificate, c.certificate.Raw)
	}
	return s
}

func (s served) trusting(authorities ...*issuer) served {
	s.trusted = authorities
	return s
}

func names(names ...string) change { return func(c *x509.Certificate) { c.DNSNames = names } }

func from(days int) change {
	return func(c *x509.Certificate) { c.NotBefore = time.Now().AddDate(0, 0, days) }
}

func until(days int) change {
	return func(c *x509.Certificate) { c.NotAfter = time.Now().AddDate(0, 0, days) }
}

func signedWith(a x509.SignatureAlgorithm) change {
	return func(c *x509.Certificate) { c.SignatureAlgorithm = a }
}

func usedFor(usages ...x509.ExtKeyUsage) change {
	return func(c *x509.Certificate) { c.ExtKeyUsage = usages }
}
