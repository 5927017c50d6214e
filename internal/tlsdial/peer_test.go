package tlsdial

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rawhttp/internal/dial"
)

// now is the clock of every client in these tests.
var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// authority is a certificate that signs others, with its key.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newAuthority(t *testing.T, name string) *authority {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: name, Organization: []string{"Test Trust"}},
		NotBefore:             now.AddDate(-1, 0, 0),
		NotAfter:              now.AddDate(10, 0, 0),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
	return &authority{sign(t, template, template, key, key), key}
}

func sign(t *testing.T, template, issuer *x509.Certificate, key, issuerKey *ecdsa.PrivateKey) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, &key.PublicKey, issuerKey)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

// leaf is a server certificate for localhost with 61 and a half days left.
func leaf() *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(2),
		Subject:      pkix.Name{CommonName: "localhost"},
		DNSNames:     []string{"localhost"},
		NotBefore:    now.AddDate(0, 0, -29),
		NotAfter:     now.Add(61*24*time.Hour + 12*time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
}

// issue signs template; a nil authority means that it signs itself.
func (a *authority) issue(t *testing.T, template *x509.Certificate) tls.Certificate {
	t.Helper()
	key := newKey(t)
	issuer, issuerKey := template, key
	if a != nil {
		issuer, issuerKey = a.certificate, a.key
	}
	certificate := sign(t, template, issuer, key, issuerKey)
	return tls.Certificate{Certificate: [][]byte{certificate.Raw}, PrivateKey: key}
}

func pemOf(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func (a *authority) file(t *testing.T) string {
	t.Helper()
	return writeFile(t, pemOf(a.certificate.Raw))
}

func writeFile(t *testing.T, data []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func newClient(t *testing.T, o Options) *Client {
	t.Helper()
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	c.now = func() time.Time { return now }
	return c
}

// connectTo connects to a peer on 127.0.0.1 that does behave with the one
// connection it accepts. It is closed, and behave has returned, at the end.
func connectTo(t *testing.T, behave func(net.Conn)) dial.Conn {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err == nil {
			defer conn.Close()
			behave(conn)
		}
	}()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(); l.Close(); <-done })
	return conn.(dial.Conn)
}

// tlsServer is a peer that does the handshake and reads until the end.
func tlsServer(config *tls.Config) func(net.Conn) {
	return func(conn net.Conn) {
		server := tls.Server(conn, config)
		if server.Handshake() == nil {
			server.Read(make([]byte, 1))
		}
	}
}

// handshake connects to a TLS server that has certificate.
func handshake(t *testing.T, o Options, host string, certificate tls.Certificate) (*Summary, error) {
	t.Helper()
	conn := connectTo(t, tlsServer(&tls.Config{Certificates: []tls.Certificate{certificate}, NextProtos: []string{"h2", "http/1.1"}}))
	client, summary, err := newClient(t, o).Connect(t.Context(), conn, host)
	if err == nil {
		t.Cleanup(func() { client.Close() })
	} else if _, err := conn.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the connection of a failed handshake was left open (write: %v)", err)
	}
	return summary, err
}

type hinter interface {
	error
	Hint() string
}

// checkHinter wants all of the words in the error, and the hint's in the hint.
func checkHinter(t *testing.T, err error, hint string, words ...string) {
	t.Helper()
	var h hinter
	if !errors.As(err, &h) {
		t.Fatalf("error %v (%T) has no hint", err, err)
	}
	for _, word := range words {
		if !strings.Contains(h.Error(), word) {
			t.Errorf("error %q does not say %q", h, word)
		}
	}
	if !strings.Contains(h.Hint(), hint) || h.Hint() == "" {
		t.Errorf("hint %q does not say %q", h.Hint(), hint)
	}
	if strings.Contains(h.Error(), "x509:") || strings.Contains(h.Error(), "tls:") {
		t.Errorf("error %q has Go's package names in it", h)
	}
}
