package tlsdial

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"slices"
	"strings"
	"testing"
)

func keyPEM(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

// person is a client's certificate template.
func person(name string) *x509.Certificate {
	template := leaf()
	template.Subject, template.DNSNames = pkix.Name{CommonName: name}, nil
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	return template
}

func TestClientCertificateFiles(t *testing.T) {
	ca := newAuthority(t, "Root")
	alice := ca.issue(t, person("alice"))
	cert, key := pemOf(alice.Certificate[0]), keyPEM(t, alice.PrivateKey)
	certFile, keyFile := writeFile(t, cert), writeFile(t, key)
	both := writeFile(t, slices.Concat(key, cert))
	for _, o := range []Options{{CertFile: certFile, KeyFile: keyFile}, {CertFile: both}, {CertFile: both, KeyFile: both}} {
		if _, err := New(o); err != nil {
			t.Errorf("%+v: %v", o, err)
		}
	}
	encrypted := writeFile(t, pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte("x")}))
	traditional := writeFile(t, pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: []byte("x"),
		Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00"}}))
	other := writeFile(t, keyPEM(t, newKey(t)))
	for _, c := range []struct{ cert, key, problem, hint string }{
		{certFile, "", "certificate file " + certFile + ": there is no private key in it", "--key FILE"},
		{certFile, certFile, "there is no private key in it", "that is a certificate"},
		{keyFile, keyFile, "there is no certificate in it", "it has a private key"},
		{certFile, encrypted, "key file " + encrypted + ": the key in it is encrypted", "openssl pkey -in " + encrypted + " -out plain.key"},
		{certFile, traditional, "the key in it is encrypted", "openssl pkey -in " + traditional},
		{certFile, other, "the key in " + other + " is not the key of the certificate in " + certFile, "openssl x509"},
		{certFile + "x", "", "certificate file " + certFile + "x: no such file", "check the path"},
		{certFile, keyFile + "x", "key file " + keyFile + "x: no such file", "check the path"},
		{certFile, writeFile(t, alice.Certificate[0]), "there is no private key", "openssl pkey -inform der"},
		{writeFile(t, pemOf([]byte("x"))), keyFile, "certificate 1 in it is damaged", "as the authority made it"},
		{certFile, writeFile(t, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")})), "cannot be used", "RSA, ECDSA or Ed25519"},
	} {
		_, err := New(Options{CertFile: c.cert, KeyFile: c.key})
		checkHinter(t, err, c.hint, c.problem)
	}
}

// What is sent to a server that asks, what is said of it, and how a refusal is
// worded, before and in TLS 1.3.
func TestClientCertificates(t *testing.T) {
	ca, stranger := newAuthority(t, "Root"), newAuthority(t, "Stranger")
	pool := x509.NewCertPool()
	pool.AddCert(ca.certificate)
	old := person("old")
	old.NotAfter = now.AddDate(0, 0, -2)
	give := func(c tls.Certificate) string {
		return writeFile(t, slices.Concat(pemOf(c.Certificate[0]), keyPEM(t, c.PrivateKey)))
	}
	for _, c := range []struct{ file, note, hint string }{
		{"", "the server asks for a client certificate from Root (Test Trust); none was sent (--cert FILE)",
			"the server wants a client certificate from Root (Test Trust): --cert FILE --key FILE"},
		{give(ca.issue(t, person("alice"))), "", ""},
		{give(stranger.issue(t, person("mallory"))), "client certificate of mallory sent, but the server asks for one from Root (Test Trust)",
			"the certificate of mallory was sent, and the server asks for one from Root (Test Trust)"},
		{give(ca.issue(t, old)), "client certificate of old sent, but it expired 2026-02-27 12:00:00 UTC", "and it expired 2026-02-27"},
		{give(ca.issue(t, leaf())), "", "the certificate of localhost, issued by Root (Test Trust), was sent; the server does not trust it"},
	} {
		for _, version := range []string{"1.2", "1.3"} {
			config := &tls.Config{Certificates: []tls.Certificate{ca.issue(t, leaf())}, ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert, Time: newClient(t, Options{}).now}
			conn := connectTo(t, tlsServer(config))
			client, s, err := newClient(t, Options{CAFiles: []string{ca.file(t)}, CertFile: c.file, MaxVersion: version}).Connect(t.Context(), conn, "localhost")
			if version == "1.3" {
				if err != nil || s.ClientNote != c.note {
					t.Fatalf("note %q, want %q; %v", s.ClientNote, c.note, err)
				}
				conn.CloseWrite()
				_, err = client.Read(make([]byte, 1))
			}
			if c.hint == "" {
				if alert, refused := AsAlert(err); refused {
					t.Errorf("refused: %v", alert)
				}
				continue
			}
			words := "the server refused: alert "
			if version == "1.3" {
				words = "the server refused after the handshake: alert "
			}
			checkHinter(t, err, c.hint, words)
		}
	}
}

// A server that wants another kind of key is told from one that wants another authority.
func TestClientsKindOfKey(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := person("alice")
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	file := writeFile(t, slices.Concat(pemOf(der), keyPEM(t, key)))
	client := newClient(t, Options{CertFile: file})
	request := &tls.CertificateRequestInfo{Version: tls.VersionTLS13, SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256}}
	a := client.attempt("localhost")
	a.seen = &witness{}
	if sent := a.identify(request, client.config.Certificates, now); len(sent.Certificate) != 1 {
		t.Error("nothing is sent")
	}
	if want := "client certificate of alice sent, but the server does not take its kind of key (RSA 2048 bits)"; a.clientNote() != want {
		t.Errorf("note %q, want %q", a.clientNote(), want)
	}
	e := newHandshakeError(t.Context(), errors.New("tls: peer doesn't support any of it"), []byte("\x16"), "h:1", a.situation)
	checkHinter(t, e, "that of alice: the server does not take its kind of key", "peer doesn't support")
}

// A name in a certificate request can neither break a line nor steer a terminal.
func TestAuthoritysNameIsClean(t *testing.T) {
	ca, evil := newAuthority(t, "Root"), newAuthority(t, "a\nb\x1b[31m")
	pool := x509.NewCertPool()
	pool.AddCert(evil.certificate)
	conn := connectTo(t, tlsServer(&tls.Config{Certificates: []tls.Certificate{ca.issue(t, leaf())}, ClientCAs: pool, ClientAuth: tls.RequireAnyClientCert}))
	var lines []string
	client, s, err := newClient(t, Options{Insecure: true, Step: func(line string) { lines = append(lines, line) }}).Connect(t.Context(), conn, "localhost")
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Read(make([]byte, 1))
	alert, _ := AsAlert(err)
	for _, line := range append(lines, s.ClientNote, alert.Hint()) {
		if strings.ContainsAny(line, "\n\x1b") {
			t.Errorf("line %q", line)
		}
	}
	if !strings.Contains(s.ClientNote, `from a\x0ab\x1b[31m (Test Trust)`) {
		t.Errorf("note %q", s.ClientNote)
	}
}
