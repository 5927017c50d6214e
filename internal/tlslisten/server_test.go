package tlslisten

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

func made(t *testing.T, names ...string) *ThrowAway {
	t.Helper()
	m, err := Make(names, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// trusting is a client's configuration that believes m.
func trusting(m *ThrowAway) *tls.Config {
	pool := x509.NewCertPool()
	pool.AddCert(m.CA)
	return &tls.Config{RootCAs: pool, ServerName: "localhost"}
}

// tcpPair is both ends of a TCP connection.
func tcpPair(t *testing.T) (client, server net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if client, err = net.Dial("tcp", listener.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if server, err = listener.Accept(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close(); server.Close() })
	return client, server
}

// shake lets a client that is configured so meet s.
func shake(t *testing.T, s *Server, config *tls.Config) (client *tls.Conn, server *Conn, clientErr, serverErr error) {
	t.Helper()
	raw, accepted := tcpPair(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if server, serverErr = s.Secure(accepted); serverErr != nil {
			accepted.Close()
		}
	}()
	client = tls.Client(raw, config)
	clientErr = client.Handshake()
	if clientErr != nil {
		raw.Close()
	}
	<-done
	return client, server, clientErr, serverErr
}

func TestThrowAwayIsVerified(t *testing.T) {
	m := made(t, "localhost", "127.0.0.1", "::1", "test.example")
	pool := x509.NewCertPool()
	pool.AddCert(m.CA)
	for _, name := range []string{"localhost", "127.0.0.1", "[::1]", "test.example"} {
		if _, err := m.Certificate.Leaf.Verify(x509.VerifyOptions{Roots: pool, DNSName: name}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := m.Certificate.Leaf.Verify(x509.VerifyOptions{Roots: pool, DNSName: "other.example"}); err == nil {
		t.Error("it is for other.example too")
	}
	if strings.Contains(string(m.PEM()), "PRIVATE") || strings.Count(string(m.PEM()), "BEGIN") != 1 {
		t.Errorf("saved is\n%s", m.PEM())
	}
	if other := made(t, "localhost"); other.CA.Subject.String() == m.CA.Subject.String() {
		t.Error("two authorities have one name")
	}
}

func TestWhatWasOfferedAndAgreed(t *testing.T) {
	m := made(t, "localhost")
	config := trusting(m)
	config.NextProtos = []string{"h2", "http/1.1"}
	config.CurvePreferences = []tls.CurveID{tls.X25519, tls.CurveP256}
	client, server, _, err := shake(t, New(Options{Certificate: m.Certificate}), config)
	if err != nil {
		t.Fatal(err)
	}
	s := server.Summary()
	if line := s.Line(); !strings.HasPrefix(line, "TLS 1.3, TLS_") || !strings.Contains(line, ", X25519, ALPN http/1.1, in ") {
		t.Errorf("agreed %q", line)
	}
	if line := s.Offer.Line(); !strings.HasPrefix(line, "TLS 1.3 and 1.2, ") || !strings.HasSuffix(line, " cipher suites, X25519 and 1 other group, SNI localhost, ALPN h2 and http/1.1") {
		t.Errorf("offered %q", line)
	}
	if s.ClientLine() != "" || s.Verified() {
		t.Errorf("client certificate: %q", s.ClientLine())
	}
	for _, end := range []struct {
		end  func() error
		want error
	}{{client.CloseWrite, io.EOF}, {client.NetConn().Close, io.EOF}} {
		end.end()
		if n, err := server.Read(make([]byte, 1)); n != 0 || err != end.want {
			t.Errorf("read %d, %v; want %v", n, err, end.want)
		}
	}
}

func TestEndWithoutCloseNotify(t *testing.T) {
	m := made(t, "localhost")
	client, server, _, err := shake(t, New(Options{Certificate: m.Certificate}), trusting(m))
	if err != nil {
		t.Fatal(err)
	}
	client.NetConn().Close()
	if n, err := server.Read(make([]byte, 1)); n != 0 || err != io.ErrUnexpectedEOF {
		t.Errorf("read %d, %v", n, err)
	}
}

func TestReadGoesOnBehindADeadline(t *testing.T) {
	m := made(t, "localhost")
	client, server, _, err := shake(t, New(Options{Certificate: m.Certificate}), trusting(m))
	if err != nil {
		t.Fatal(err)
	}
	server.SetReadDeadline(time.Unix(1, 0))
	if _, err := server.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal(err)
	}
	server.SetReadDeadline(time.Time{})
	client.Write([]byte("hello"))
	got := make([]byte, 5)
	if _, err := io.ReadFull(server, got); err != nil || string(got) != "hello" {
		t.Errorf("%q, %v", got, err)
	}
}

// Suites up to TLS 1.2 are shown by OpenSSL's names, what was agreed too; the field, which
// JSON has, keeps crypto/tls's.
func TestSuitesByOpenSSLsNames(t *testing.T) {
	m := made(t, "localhost")
	config := trusting(m)
	config.MaxVersion, config.CipherSuites = tls.VersionTLS12, []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256}
	_, server, _, err := shake(t, New(Options{Certificate: m.Certificate}), config)
	if err != nil {
		t.Fatal(err)
	}
	s := server.Summary()
	if line := s.Line(); !strings.HasPrefix(line, "TLS 1.2, ECDHE-ECDSA-AES128-GCM-SHA256, ") || s.CipherSuite != "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" {
		t.Errorf("%q, %s", line, s.CipherSuite)
	}
	o := &Offer{CipherSuites: []uint16{0x1301, 0xc02b, 0x009e, 0xc0ff}}
	if got := o.Lines()[0]; got != "offered cipher suites: TLS_AES_128_GCM_SHA256, ECDHE-ECDSA-AES128-GCM-SHA256, DHE-RSA-AES128-GCM-SHA256, 0xC0FF" {
		t.Error(got)
	}
}

func TestOfferLeavesOutGrease(t *testing.T) {
	o := newOffer(&tls.ClientHelloInfo{
		SupportedVersions: []uint16{0x3a3a, tls.VersionTLS12, tls.VersionTLS13}, CipherSuites: []uint16{0xdada, 0x1301, 0x00ff, 0x5600},
		SupportedCurves: []tls.CurveID{0x8a8a, 4588}, SupportedProtos: []string{"\xba\xba", "h2"}, SignatureSchemes: []tls.SignatureScheme{0x0a0a},
	})
	if got := o.Line(); got != "TLS 1.3 and 1.2, 1 cipher suite, X25519MLKEM768, no SNI, ALPN h2" || len(o.Schemes) != 0 {
		t.Errorf("%q", got)
	}
	if got := strings.Join(o.Lines(), "; "); got != "offered cipher suites: TLS_AES_128_GCM_SHA256; offered groups: X25519MLKEM768; offered ALPN: h2" {
		t.Errorf("%q", got)
	}
}
