package tlslisten

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"strings"
	"testing"
	"time"
	"unicode"
)

func TestClientCertificate(t *testing.T) {
	m := made(t, "localhost")
	authority, key := authorityFor(t)
	pool := x509.NewCertPool()
	pool.AddCert(authority)
	now := time.Now()
	for name, c := range map[string]struct {
		usage   x509.ExtKeyUsage
		until   time.Time
		subject string
		issuer  *x509.Certificate
		want    string
	}{
		"good":    {x509.ExtKeyUsageClientAuth, now.Add(time.Hour), "alice", authority, "client certificate of CN=alice, issued by CN=Clients, verified"},
		"expired": {x509.ExtKeyUsageClientAuth, now.Add(-time.Minute), "alice", authority, "not valid at this time"},
		"usage":   {x509.ExtKeyUsageServerAuth, now.Add(time.Hour), "alice", authority, "NOT VERIFIED (it is not meant for clients)"},
		"unknown": {x509.ExtKeyUsageClientAuth, now.Add(time.Hour), "alice", m.CA, "NOT VERIFIED (not from an authority in --client-ca)"},
		"control": {x509.ExtKeyUsageClientAuth, now.Add(time.Hour), "a\x1b]0;x\a", authority, `CN=a\x1b]0\;x\x07`},
	} {
		t.Run(name, func(t *testing.T) {
			own := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: c.subject}, NotBefore: now.Add(-time.Hour),
				NotAfter: c.until, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{c.usage}}
			signer := key
			if c.issuer != authority {
				_, signer = authorityFor(t)
			}
			ownKey, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
			der, err := x509.CreateCertificate(rand.Reader, own, c.issuer, &ownKey.PublicKey, signer)
			if c.issuer != authority { // signed by nobody known, under that name
				other := *authority
				other.RawSubject, other.Subject, other.PublicKey = nil, pkix.Name{CommonName: "Others"}, &signer.PublicKey
				der, err = x509.CreateCertificate(rand.Reader, own, &other, &ownKey.PublicKey, signer)
			}
			if err != nil {
				t.Fatal(err)
			}
			config := trusting(m)
			config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
				return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: ownKey}, nil
			}
			_, server, _, err := shake(t, New(Options{Certificate: m.Certificate, ClientCA: pool}), config)
			if err != nil {
				t.Fatal(err)
			}
			line := server.Summary().ClientLine()
			if !strings.Contains(line, c.want) || strings.ContainsFunc(line, unicode.IsControl) {
				t.Errorf("%q", line)
			}
			if server.Summary().Verified() != (name == "good" || name == "control") {
				t.Error("verified is wrong")
			}
		})
	}
	_, server, _, err := shake(t, New(Options{Certificate: m.Certificate, ClientCA: pool}), trusting(m))
	if err != nil || !strings.HasPrefix(server.Summary().ClientLine(), "the client sent no certificate") || server.Summary().Verified() {
		t.Errorf("without: %v", err)
	}
}

func authorityFor(t *testing.T) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Clients"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign}
	c, err := sign(c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return c, key
}

// A stranger's certificate fills no screen and steers no terminal.
func TestLongNamesAreShortened(t *testing.T) {
	now := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	long := pkix.Name{CommonName: "\x1b[2J" + strings.Repeat("ä", 5000)}
	s := &Summary{Asked: true}
	for range 300 {
		s.Chain = append(s.Chain, &x509.Certificate{Subject: long, Issuer: long, NotAfter: now.Add(time.Hour)})
	}
	lines := s.ChainLines(now)
	if len(lines) != mostCertificates+1 || lines[mostCertificates] != "and 292 more" {
		t.Fatalf("%q", lines)
	}
	for _, line := range append(lines, s.ClientLine()) {
		if len(line) > 600 || strings.ContainsFunc(line, unicode.IsControl) || strings.Contains(line, `\xc3`) {
			t.Errorf("%d bytes: %.80q", len(line), line)
		}
	}
	want := `client certificate 1 of 300: CN=\x1b[2J` + strings.Repeat("ä", 76) + `…, issued by `
	if !strings.HasPrefix(lines[0], want) || !strings.Contains(lines[0], "…, valid until 2026-01-02 01:00:00 UTC; SHA-256 ") {
		t.Errorf("%q", lines[0])
	}
}
