package tlsdial

import (
	"crypto/tls"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOptionsThatCannotBe(t *testing.T) {
	long := strings.Repeat("a", 256)
	for _, c := range []struct {
		options       Options
		problem, hint string
	}{
		{Options{MinVersion: "1.3", MaxVersion: "1.2"}, "no TLS version is 1.3 or newer and 1.2 or older", "--tls-max"},
		{Options{MinVersion: "1"}, `"1" is no version`, "1.0, 1.1, 1.2 or 1.3"},
		{Options{MaxVersion: "ssl3"}, `"ssl3" is no version`, "1.0, 1.1, 1.2 or 1.3"},
		{Options{Ciphers: "HIGH"}, `called "HIGH"`, "OpenSSL's own"},
		{Options{Ciphers: "AES128-SHA:!aNULL"}, `called "!aNULL"`, "OpenSSL's own"},
		{Options{Ciphers: "DHE-RSA-AES128-SHA"}, "crypto/tls does not have", "ECDHE-"},
		{Options{Ciphers: "x-\x1b"}, `called "x-\\x1b"`, "openssl ciphers"},
		{Options{Ciphers: "TLS_AES_128_GCM_SHA256"}, "cannot be chosen", "--tls-max 1.2"},
		{Options{Ciphers: ":"}, "names no cipher suite", "openssl ciphers"},
		{Options{Ciphers: "AES128-SHA", MinVersion: "1.3"}, "chooses nothing in TLS 1.3", "leave it out"},
		{Options{ALPN: []string{"h2"}, NoALPN: true}, "exclude each other", "one of them"},
		{Options{ALPN: []string{"h2", ""}}, "1 to 255 bytes", "--no-alpn"},
		{Options{ALPN: []string{long}}, "1 to 255 bytes", "--no-alpn"},
		{Options{ServerName: "a:443"}, `"a:443" is no host name`, "leave out the port: --servername a"},
		{Options{ServerName: "https://a"}, "is no host name", "example.com"},
		{Options{ServerName: "bücher.example"}, "is no host name", "xn--"},
		{Options{ServerName: "a b"}, "is no host name", "example.com"},
		{Options{KeyFile: "k"}, "--key is the key of --cert, which is missing", "both"},
	} {
		_, err := New(c.options)
		checkHinter(t, err, c.hint, c.problem)
	}
}

func TestServerNamesThatCanBe(t *testing.T) {
	for _, name := range []string{"", "localhost", "a_b.example", "xn--bcher-kva.example", "127.0.0.1", "::1", "[::1]", "example.com."} {
		if err := checkServerName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestVersions(t *testing.T) {
	for _, c := range []struct {
		oldest, newest string
		minimum, max   uint16
	}{
		{"", "", tls.VersionTLS12, tls.VersionTLS13},
		{"1.0", "", tls.VersionTLS10, tls.VersionTLS13},
		{"1.3", "", tls.VersionTLS13, tls.VersionTLS13},
		{"", "1.2", tls.VersionTLS12, tls.VersionTLS12},
		{"", "1.1", tls.VersionTLS11, tls.VersionTLS11},
		{"1.0", "1.1", tls.VersionTLS10, tls.VersionTLS11},
	} {
		minimum, maximum, err := versions(c.oldest, c.newest)
		if err != nil || minimum != c.minimum || maximum != c.max {
			t.Errorf("%q to %q: %x to %x, %v", c.oldest, c.newest, minimum, maximum, err)
		}
	}
}

// Each version, and each suite under both of its names, is what is agreed on.
func TestVersionsAndSuitesAreOffered(t *testing.T) {
	certificate := newAuthority(t, "Root").issue(t, leaf())
	every := func() *tls.Config {
		return &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS10, CipherSuites: []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256}}
	}
	agreed := func(o Options) *Summary {
		o.Insecure = true
		client, s, err := newClient(t, o).Connect(t.Context(), connectTo(t, tlsServer(every())), "localhost")
		if err != nil {
			t.Fatalf("%+v: %v", o, err)
		}
		t.Cleanup(func() { client.Close() })
		return s
	}
	for _, version := range []string{"1.0", "1.1", "1.2", "1.3"} {
		if s := agreed(Options{MinVersion: version, MaxVersion: version}); s.Version != "TLS "+version {
			t.Errorf("%s: %s", version, s.Version)
		}
	}
	for ours, theirs := range map[string]string{
		"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA":          "ECDHE-ECDSA-AES128-SHA",
		"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384":       "ecdhe-ecdsa-aes256-gcm-sha384",
		"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256": "AES128-SHA,ECDHE-ECDSA-CHACHA20-POLY1305",
	} {
		for _, names := range []string{ours, theirs} {
			if s := agreed(Options{Ciphers: names, MaxVersion: "1.2"}); s.CipherSuite != ours {
				t.Errorf("%s: %s", names, s.CipherSuite)
			}
		}
	}
}

func TestALPN(t *testing.T) {
	certificate := newAuthority(t, "Root").issue(t, leaf())
	for _, c := range []struct {
		options Options
		want    string
	}{
		{Options{}, "ALPN http/1.1, in"},
		{Options{NoALPN: true}, "no ALPN, in"},
		{Options{ALPN: []string{"http/1.1", "h2"}}, "ALPN h2, in"},
	} {
		c.options.Insecure = true
		s, err := handshake(t, c.options, "localhost", certificate)
		if err != nil {
			t.Fatal(err)
		}
		if line := s.Lines()[0]; !strings.Contains(line, c.want) {
			t.Errorf("%+v: %q", c.options, line)
		}
	}
}

// Without SNI the certificate is verified as with it.
func TestNoSNI(t *testing.T) {
	ca, stranger := newAuthority(t, "Root"), newAuthority(t, "Stranger")
	expired := leaf()
	expired.NotAfter = now.AddDate(0, 0, -1)
	options := Options{CAFiles: []string{ca.file(t)}, NoSNI: true}
	for _, c := range []struct {
		host    string
		served  tls.Certificate
		problem string
	}{
		{"localhost", ca.issue(t, leaf()), ""},
		{"other.example", ca.issue(t, leaf()), "not for the name other.example"},
		{"127.0.0.1", ca.issue(t, leaf()), "not for the IP address 127.0.0.1"},
		{"localhost", ca.issue(t, expired), "expired"},
		{"localhost", stranger.issue(t, leaf()), "Stranger"},
	} {
		sni := "none seen"
		conn := connectTo(t, tlsServer(&tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			sni = hello.ServerName
			return &c.served, nil
		}}))
		client, s, err := newClient(t, options).Connect(t.Context(), conn, c.host)
		if sni != "" {
			t.Errorf("%s: the server saw SNI %q", c.host, sni)
		}
		if c.problem != "" {
			checkHinter(t, err, "--", c.problem)
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		if !s.Verified || s.SNI || s.ServerName != "localhost" || s.Root != "CN=Root,O=Test Trust" {
			t.Errorf("summary %+v", s)
		}
	}
	options.Insecure = true
	if s, err := handshake(t, options, "other.example", stranger.issue(t, leaf())); err != nil || s.Verified {
		t.Errorf("insecure: %+v, %v", s, err)
	}
}

func TestCADirectory(t *testing.T) {
	ca, directory := newAuthority(t, "Root"), t.TempDir()
	put := func(name string, data []byte) {
		if err := os.WriteFile(filepath.Join(directory, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("notes.txt", []byte("nothing\n"))
	put("damaged.pem", pemOf([]byte("x")))
	if err := os.Mkdir(filepath.Join(directory, "more"), 0o700); err != nil {
		t.Fatal(err)
	}
	os.Symlink("nowhere", filepath.Join(directory, "dangling.pem"))
	_, err := New(Options{CAFiles: []string{directory}})
	checkHinter(t, err, "PEM files", "CA directory "+directory+": no file in it has a certificate")
	put("1234abcd.0", pemOf(ca.certificate.Raw))
	if _, err := handshake(t, Options{CAFiles: []string{directory}}, "localhost", ca.issue(t, leaf())); err != nil {
		t.Error(err)
	}
}
