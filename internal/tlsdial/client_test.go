package tlsdial

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestGoodCertificate(t *testing.T) {
	ca := newAuthority(t, "R11")
	s, err := handshake(t, Options{CAFiles: []string{ca.file(t)}}, "localhost", ca.issue(t, leaf()))
	if err != nil {
		t.Fatal(err)
	}
	if !s.Verified || !s.SNI || s.ServerName != "localhost" || s.ALPN != "http/1.1" || s.Version != "TLS 1.3" || s.Group != "X25519MLKEM768" {
		t.Errorf("summary %+v", s)
	}
	lines := s.Lines()
	if len(lines) != 2 {
		t.Fatalf("lines %q, want two", lines)
	}
	if want := regexp.MustCompile(`^TLS 1\.3, TLS_[A-Z0-9_]+, X25519MLKEM768, ALPN http/1\.1, in \d+\.\d m?s$`); !want.MatchString(lines[0]) {
		t.Errorf("line %q", lines[0])
	}
	if want := "certificate of localhost, issued by R11 (Test Trust), verified, 61 days left"; lines[1] != want {
		t.Errorf("line %q, want %q", lines[1], want)
	}
}

func TestSummaryLines(t *testing.T) {
	s := &Summary{HandshakeTime: 3240 * time.Microsecond, Version: "TLS 1.3", suite: tls.TLS_AES_128_GCM_SHA256, group: tls.X25519MLKEM768,
		ALPN: "http/1.1", Verified: true, At: now,
		Chain: []Certificate{{Name: "example.com", IssuerName: "R11 (Let's Encrypt)", NotAfter: now.AddDate(0, 0, 61)}}}
	want := []string{"TLS 1.3, TLS_AES_128_GCM_SHA256, X25519MLKEM768, ALPN http/1.1, in 3.2 ms",
		"certificate of example.com by R11 (Let's Encrypt), verified, 61 days left"}
	if got := s.Lines(); !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	s.ALPN, s.group, s.HandshakeTime, s.Chain = "", 0, 1500*time.Millisecond, nil
	want = []string{"TLS 1.3, TLS_AES_128_GCM_SHA256, no ALPN, in 1.50 s"}
	if got := s.Lines(); !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestInsecureIsLoud(t *testing.T) {
	var self *authority
	expired := leaf()
	expired.NotAfter = now.AddDate(0, 0, -3)
	for _, c := range []struct {
		template *x509.Certificate
		validity string
	}{{leaf(), "61 days left"}, {expired, "EXPIRED 3 days ago"}} {
		s, err := handshake(t, Options{Insecure: true}, "example.com", self.issue(t, c.template))
		if err != nil {
			t.Fatal(err)
		}
		want := "certificate of localhost, issued by localhost, NOT VERIFIED (--insecure): anybody could have sent it, " + c.validity
		if got := s.Lines()[1]; got != want {
			t.Errorf("line %q, want %q", got, want)
		}
		if s.Verified || !s.Chain[0].SelfSigned || s.Root != "" {
			t.Errorf("summary %+v", s)
		}
	}
}

func TestValidity(t *testing.T) {
	for want, c := range map[string]Certificate{
		"1 day left":             {NotAfter: now.Add(47 * time.Hour)},
		"2 days left":            {NotAfter: now.Add(48 * time.Hour)},
		"23 hours left":          {NotAfter: now.Add(24*time.Hour - 1)},
		"less than an hour left": {NotAfter: now.Add(time.Minute)},
		"EXPIRED 1 hour ago":     {NotAfter: now.Add(-time.Hour)},
		"not valid before 2026-03-01 12:00:01 UTC": {NotBefore: now.Add(time.Second), NotAfter: now.Add(time.Hour)},
	} {
		if got := c.validity(now); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// What the client calls itself, and what SNI it sends, for each way to name a host.
func TestServerNameAndSNI(t *testing.T) {
	ca := newAuthority(t, "Root")
	template := leaf()
	template.DNSNames = []string{"localhost", "example.com"}
	template.IPAddresses = []net.IP{net.ParseIP("127.0.0.1"), net.ParseIP("fe80::1")}
	certificate := ca.issue(t, template)
	for _, c := range []struct{ host, serverName, name, sni string }{
		{"localhost", "", "localhost", "localhost"},
		{"localhost.", "", "localhost", "localhost"},
		{"LOCALHOST", "", "LOCALHOST", "LOCALHOST"},
		{"127.0.0.1", "", "127.0.0.1", ""},
		{"fe80::1%eth0", "", "fe80::1", ""},
		{"127.0.0.1", "example.com", "example.com", "example.com"},
		{"elsewhere.test", "127.0.0.1", "127.0.0.1", ""},
		{"", "example.com", "example.com", "example.com"},
	} {
		var sni string
		conn := connectTo(t, tlsServer(&tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			sni = hello.ServerName
			return &certificate, nil
		}}))
		client, s, err := newClient(t, Options{CAFiles: []string{ca.file(t)}, ServerName: c.serverName}).Connect(t.Context(), conn, c.host)
		if err != nil {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		client.Close()
		if s.ServerName != c.name || sni != c.sni || s.SNI != (c.sni != "") {
			t.Errorf("%+v: verified for %q, the server saw SNI %q, summary says %v", c, s.ServerName, sni, s.SNI)
		}
		if !strings.Contains(s.Lines()[0], ", no ALPN, ") {
			t.Errorf("line %q, want no ALPN", s.Lines()[0])
		}
	}
}

func TestTLS12(t *testing.T) {
	ca := newAuthority(t, "Root")
	conn := connectTo(t, tlsServer(&tls.Config{Certificates: []tls.Certificate{ca.issue(t, leaf())},
		MaxVersion: tls.VersionTLS12, CurvePreferences: []tls.CurveID{tls.CurveP256}}))
	client, s, err := newClient(t, Options{CAFiles: []string{ca.file(t)}}).Connect(t.Context(), conn, "localhost")
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if s.Version != "TLS 1.2" || s.CipherSuite != "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" || s.Group != "CurveP256" {
		t.Errorf("version %q, suite %q, group %q", s.Version, s.CipherSuite, s.Group)
	}
	if line := s.Lines()[0]; !strings.HasPrefix(line, "TLS 1.2, ECDHE-ECDSA-AES128-GCM-SHA256, P-256, ") { // for people
		t.Error(line)
	}
}

func TestNoNameToVerify(t *testing.T) {
	c := newClient(t, Options{})
	checkHinter(t, c.Check(""), "--servername", "no host name")
	if err := newClient(t, Options{Insecure: true}).Check(""); err != nil {
		t.Errorf("with Insecure: %v", err)
	}
	conn := connectTo(t, func(net.Conn) {})
	if _, _, err := c.Connect(t.Context(), conn, ""); err == nil {
		t.Error("Connect went on without a name")
	}
}

func TestCAFiles(t *testing.T) {
	ca, other := newAuthority(t, "Root"), newAuthority(t, "Other")
	both := writeFile(t, append(pemOf(other.certificate.Raw), pemOf(ca.certificate.Raw)...))
	for _, files := range [][]string{{both}, {other.file(t), ca.file(t)}} {
		if _, err := handshake(t, Options{CAFiles: files}, "localhost", ca.issue(t, leaf())); err != nil {
			t.Errorf("%q: %v", files, err)
		}
	}
}

func TestBadCAFiles(t *testing.T) {
	good := newAuthority(t, "Root")
	key := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")})
	damaged := append(pemOf(good.certificate.Raw), pemOf([]byte("x"))...)
	for _, c := range []struct{ file, problem, hint string }{
		{t.TempDir() + "/missing", "no such file", "check the path"},
		{t.TempDir(), "no file in it has a certificate", "PEM files"},
		{writeFile(t, nil), "there is no certificate in it", "BEGIN CERTIFICATE"},
		{writeFile(t, key), "there is no certificate in it", "private key"},
		{writeFile(t, good.certificate.Raw), "there is no certificate in it", "openssl x509 -inform der"},
		{writeFile(t, damaged), "certificate 2 in it is damaged", "as the authority published it"},
	} {
		_, err := New(Options{CAFiles: []string{good.file(t), c.file}})
		checkHinter(t, err, c.hint, c.file+": ", c.problem)
	}
	if os.Getuid() != 0 {
		file := good.file(t)
		os.Chmod(file, 0)
		_, err := New(Options{CAFiles: []string{file}})
		checkHinter(t, err, "readable", file+": permission denied")
	}
}

func TestChainLines(t *testing.T) {
	ca := newAuthority(t, "Root")
	template := leaf()
	template.IPAddresses = []net.IP{net.ParseIP("127.0.0.1")}
	certificate := ca.issue(t, template)
	certificate.Certificate = append(certificate.Certificate, ca.certificate.Raw)
	s, err := handshake(t, Options{CAFiles: []string{ca.file(t)}}, "localhost", certificate)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(s.ChainLines(), "\n")
	for _, want := range []string{
		"certificate 1 of 2: CN=localhost\n  issued by CN=Root,O=Test Trust\n  valid from 2026-01-31 12:00:00 UTC to 2026-05-02 00:00:00 UTC\n" +
			"  names: localhost, 127.0.0.1\n  key: ECDSA P-256\n  SHA-256: " + describe(mustParse(t, certificate.Certificate[0])).SHA256,
		"certificate 2 of 2: CN=Root,O=Test Trust\n  self-signed\n",
		"\ntrusted through: CN=Root,O=Test Trust",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("chain\n%s\ndoes not hold\n%s", text, want)
		}
	}
}

func mustParse(t *testing.T, der []byte) *x509.Certificate {
	t.Helper()
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return certificate
}

// A certificate's words can neither break a line nor steer the terminal.
func TestControlCharactersAreShown(t *testing.T) {
	var self *authority
	template := leaf()
	template.Subject.CommonName = "a\nb\x1b[31m\u202eé\u0085"
	s, err := handshake(t, Options{Insecure: true}, "localhost", self.issue(t, template))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range append(s.Lines(), s.ChainLines()...) {
		if strings.ContainsAny(line, "\n\x1b\u202e\u0085") {
			t.Errorf("line %q", line)
		}
	}
	if want := `certificate of a\x0ab\x1b[31m\xe2`; !strings.HasPrefix(s.Lines()[1], want) {
		t.Errorf("line %q, want %q", s.Lines()[1], want)
	}
	if want := `CN=a\x0ab\x1b[31m\xe2\x80\xaeé\xc2\x85`; !strings.HasSuffix(s.ChainLines()[0], want) {
		t.Errorf("line %q, want %q", s.ChainLines()[0], want)
	}
	_, err = handshake(t, Options{CAFiles: []string{newAuthority(t, "R").file(t)}}, "other", self.issue(t, template))
	if err == nil || strings.ContainsAny(err.Error(), "\n\x1b\u202e\u0085") {
		t.Errorf("error %q", err)
	}
}
