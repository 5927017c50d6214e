package tlslisten

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"
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

// shake lets a client that is configured so meet s.
func shake(t *testing.T, s *Server, config *tls.Config) (client *tls.Conn, server *Conn, clientErr, serverErr error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	raw, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	accepted, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { raw.Close(); accepted.Close() })
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

func TestWhyHandshakesFail(t *testing.T) {
	m := made(t, "localhost")
	for name, c := range map[string]struct {
		change func(*tls.Config)
		want   string
		advice bool
	}{
		"no trust": {func(c *tls.Config) { c.RootCAs = x509.NewCertPool() }, "the client refused", true},
		"old":      {func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }, "it offers TLS 1.1 and 1.0 alone, and rawhttp speaks TLS 1.2 and 1.3", false},
		"http/2":   {func(c *tls.Config) { c.NextProtos = []string{"h2"} }, "it offers h2 alone (ALPN), and rawhttp speaks http/1.1", false},
		"no suite": {func(c *tls.Config) {
			c.MaxVersion, c.CipherSuites = tls.VersionTLS12, []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}
		}, "no cipher suite in common", false},
		"a steering": {func(c *tls.Config) { c.NextProtos = []string{"\x1b[2J"} }, `it offers \x1b[2J alone (ALPN), and rawhttp speaks http/1.1`, false},
	} {
		t.Run(name, func(t *testing.T) {
			config := trusting(m)
			c.change(config)
			_, _, _, err := shake(t, New(Options{Certificate: m.Certificate}), config)
			var failed *HandshakeError
			if !errors.As(err, &failed) || failed.Error() != c.want || (failed.Hint() != "") != c.advice {
				t.Errorf("%#v", err)
			}
		})
	}
}

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

// secureIn runs Secure against a client that writes pieces and then is silent, or
// closes.
func secureIn(t *testing.T, s *Server, closes bool, pieces ...string) (answer string, err error) {
	t.Helper()
	client, server := net.Pipe()
	server.SetDeadline(time.Now().Add(10 * time.Second))
	got := make(chan string)
	go func() { b, _ := io.ReadAll(client); got <- string(b) }()
	go func() {
		for _, piece := range pieces {
			io.WriteString(client, piece)
		}
		if closes {
			client.Close()
		}
	}()
	_, err = s.Secure(server)
	server.Close()
	return <-got, err
}

func TestPlainClientGetsItsAnswer(t *testing.T) {
	m := made(t, "localhost")
	const request = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
	s := New(Options{Certificate: m.Certificate, Plain: func(_ net.Addr, first []byte) []byte { return []byte("<" + string(first) + ">") }})
	for name, c := range map[string]struct {
		pieces     []string
		want, line string
	}{
		"at once":      {[]string{request}, request, `"GET /x HTTP/1.1"`},
		"byte by byte": {strings.Split(request, ""), request, `"GET /x HTTP/1.1"`},
		"not complete": {[]string{"GET"}, "GET", `"GET"`},
		"no text":      {[]string{"\x80\x01\n"}, "\x80\x01\n", ""},
		"too much":     {[]string{strings.Repeat("x", 5000)}, strings.Repeat("x", mostWitnessed), `"` + strings.Repeat("x", 60) + `…"`},
		"bare LF":      {[]string{"GET /\n\n"}, "GET /\n\n", `"GET /"`},
		"a bad colour": {[]string{"\x1b[31m\n\n"}, "\x1b[31m\n\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				answer, err := secureIn(t, s, false, c.pieces...)
				var plain *PlainError
				if !errors.As(err, &plain) || answer != "<"+c.want+">" || plain.Answered != len(answer) || plain.Line() != c.line {
					t.Errorf("%q, %#v, %s", answer, err, plain.Line())
				}
			})
		})
	}
}

func TestHandshakeThatStops(t *testing.T) {
	m := made(t, "localhost")
	for name, c := range map[string]struct {
		closes bool
		pieces []string
		want   string
		gone   bool
	}{
		"silent":        {false, nil, "no TLS hello came in time", false},
		"gone":          {true, nil, "it sent no byte", true},
		"half a record": {false, []string{"\x16\x03\x01"}, "no TLS hello came in time", false},
		"cut":           {true, []string{"\x16\x03\x01\x00\xff"}, "it closed during the handshake", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, err := secureIn(t, New(Options{Certificate: m.Certificate}), c.closes, c.pieces...)
				var failed *HandshakeError
				if !errors.As(err, &failed) || failed.Error() != c.want || failed.Gone != c.gone {
					t.Errorf("%#v", err)
				}
			})
		})
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

// OpenSSL's clients send this when they do not trust the certificate of a TLS 1.3
// server: an alert in plain where an encrypted record is due.
func TestAlertInPlain(t *testing.T) {
	w := &witness{offer: &Offer{}, first: []byte{recordHandshake}}
	for _, b := range []byte{0x14, 3, 3, 0, 1, 1, 0x15, 3, 3, 0, 2, 2, 48} {
		w.Conn = one{b}
		w.given = true
		w.Read(make([]byte, 9))
	}
	e := newHandshakeError(&net.OpError{Op: "local error", Err: errors.New("tls: bad record MAC")}, w)
	if e.Error() != "the client refused" || e.Hint() == "" || !errors.Is(e.Err.(*net.OpError).Err, tls.AlertError(48)) {
		t.Errorf("%#v", e)
	}
}

type one struct{ b byte }

func (o one) Read(p []byte) (int, error) { p[0] = o.b; return 1, nil }
func (one) Write([]byte) (int, error)    { return 0, nil }
func (one) Close() error                 { return nil }
func (one) LocalAddr() net.Addr          { return nil }
func (one) RemoteAddr() net.Addr         { return nil }

func (one) SetDeadline(time.Time) error      { return nil }
func (one) SetReadDeadline(time.Time) error  { return nil }
func (one) SetWriteDeadline(time.Time) error { return nil }
