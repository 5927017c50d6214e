package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// tlsConfig makes a server's certificate of one KIND and leaves the authority
// that is to be trusted in ca.pem, the certificate and its key in server.pem.
//
//	good          for localhost, from the authority of ca.pem
//	expired       yesterday
//	not-yet       valid from tomorrow
//	wrong-name    for other.example
//	unknown       from an authority that is not in ca.pem
//	self-signed   by itself
//	old           good, in TLS 1.0 and 1.1 only
//	asks          good, and wants a client certificate from the same authority; client.pem is one, with its key
//	asks-1.2      the same in TLS 1.2
//	ends-soon     in three days
//	binary        good, and speaks h2 alone
//	three-faults  expired, for other.example and self-signed
func tlsConfig(ts *testscript.TestScript, kind string) *tls.Config {
	if kind == "" {
		return nil
	}
	const day = 24 * time.Hour
	now := time.Now()
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: now.Add(-30 * day), NotAfter: now.Add(60*day + 12*time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	trusted := newScriptAuthority(ts, "Script Authority")
	issuer := trusted
	switch kind {
	case "good", "old", "asks", "asks-1.2", "binary":
	case "expired":
		leaf.NotAfter = now.Add(-day)
	case "not-yet":
		leaf.NotBefore = now.Add(day)
	case "wrong-name":
		leaf.Subject.CommonName, leaf.DNSNames = "other.example", []string{"other.example"}
	case "unknown":
		issuer = newScriptAuthority(ts, "Another Authority")
	case "ends-soon":
		leaf.NotAfter = now.Add(3*day + 12*time.Hour)
	case "three-faults":
		leaf.NotAfter, leaf.DNSNames, issuer = now.Add(-day), []string{"other.example"}, nil
	case "self-signed":
		issuer = nil
	default:
		ts.Fatalf("no certificate is %q", kind)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	if issuer == nil {
		issuer = &scriptAuthority{leaf, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, issuer.certificate, &key.PublicKey, issuer.key)
	ts.Check(err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	ts.Check(err)
	writePEM(ts, "ca.pem", &pem.Block{Type: "CERTIFICATE", Bytes: trusted.certificate.Raw})
	writePEM(ts, "server.pem", &pem.Block{Type: "CERTIFICATE", Bytes: der}, &pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	config := &tls.Config{CurvePreferences: []tls.CurveID{tls.X25519}, Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, NextProtos: []string{"http/1.1"}}
	switch kind {
	case "binary":
		config.NextProtos = []string{"h2"}
	case "old":
		config.MinVersion, config.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	case "asks", "asks-1.2":
		askForCertificate(ts, config, trusted)
		if kind == "asks-1.2" {
			config.MaxVersion = tls.VersionTLS12
		}
	}
	return config
}

// askForCertificate makes the server ask, and client.pem to answer with.
func askForCertificate(ts *testscript.TestScript, config *tls.Config, authority *scriptAuthority) {
	config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, x509.NewCertPool()
	config.ClientCAs.AddCert(authority.certificate)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	client := &x509.Certificate{
		SerialNumber: big.NewInt(3), Subject: pkix.Name{CommonName: "alice"}, NotBefore: time.Now().AddDate(0, 0, -1), NotAfter: time.Now().AddDate(0, 0, 60),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, client, authority.certificate, &key.PublicKey, authority.key)
	ts.Check(err)
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	ts.Check(err)
	writePEM(ts, "client.pem", &pem.Block{Type: "CERTIFICATE", Bytes: der}, &pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
}

// scriptAuthority is a certificate that signs others, with its key.
type scriptAuthority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newScriptAuthority(ts *testscript.TestScript, name string) *scriptAuthority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(10, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	ts.Check(err)
	certificate, err := x509.ParseCertificate(der)
	ts.Check(err)
	return &scriptAuthority{certificate, key}
}

func writePEM(ts *testscript.TestScript, name string, blocks ...*pem.Block) {
	f, err := os.Create(ts.MkAbs(name))
	ts.Check(err)
	defer f.Close()
	for _, block := range blocks {
		ts.Check(pem.Encode(f, block))
	}
}
