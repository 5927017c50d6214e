package tlslisten

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

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
		}, "no cipher suite in common: it offers AES128-SHA, and rawhttp speaks TLS 1.2 with ECDHE and AES-GCM, ChaCha20-Poly1305 or AES-CBC with SHA-1", false},
		"an RSA suite": {func(c *tls.Config) {
			c.MaxVersion, c.CipherSuites = tls.VersionTLS12, []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}
		}, "no cipher suite in common: it offers ECDHE-RSA-AES128-GCM-SHA256, for a server with an RSA certificate, which this one is not", true},
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

// What is no ClientHello is named, one byte at a time too, and gets no answer in plain.
func TestFirstRecordsThatAreNoHello(t *testing.T) {
	s := New(Options{Certificate: made(t, "localhost").Certificate, Plain: func(net.Addr, []byte) []byte { return []byte("plain") }})
	for first, c := range map[string]struct {
		want, answer string
		alert        int
	}{
		"\x15\x03\x01\x00\x02\x02\x30":          {"its first record is an alert, where a ClientHello is due", "", 48},
		"\x15\x03\x03\x00":                      {"its first record is an alert, where a ClientHello is due", "", -1},
		"\x14\x03\x03\x00\x01\x01":              {"its first record is change_cipher_spec, where a ClientHello is due", "", -1},
		"\x17\x03\x03\x00\x20secret":            {"its first record is application_data, where a ClientHello is due", "", -1},
		"\x80\x2e\x01\x00\x02\x00\x15\x00\x00":  {"it sent a ClientHello in SSLv2's form, for SSLv2 at most: rawhttp speaks TLS 1.2 and 1.3, and takes no hello of that form", string(protocolVersion), -1},
		"\x80\x2e\x01\x03\x01\x00\x15\x00\x00":  {"it sent a ClientHello in SSLv2's form, for TLS 1.0 at most: rawhttp speaks TLS 1.2 and 1.3, and takes no hello of that form", string(protocolVersion), -1},
		"\x80\x2e\x01\x03\x03\x00\x15\x00\x00":  {"it sent a ClientHello in SSLv2's form, for TLS 1.2 at most: rawhttp speaks TLS 1.2 and 1.3, and takes no hello of that form", string(protocolVersion), -1},
		"\x15 is no record":                     {"no TLS", "plain", -1},
		"\x80\x2e\x01\x07\x01":                  {"no TLS", "plain", -1},
		"\xc3\xa4\xc3\xb6\xc3\xbc in UTF-8\n\n": {`no TLS but plain text: "äöü in UTF-8"`, "plain", -1},
	} {
		for _, pieces := range [][]string{{first}, strings.Split(first, "")} {
			synctest.Test(t, func(t *testing.T) {
				answer, err := secureIn(t, s, false, pieces...)
				if err.Error() != c.want || answer != c.answer {
					t.Errorf("%q in %d: %v, %q", first, len(pieces), err, answer)
				}
				if c.alert >= 0 && !strings.Contains(errors.Unwrap(err).Error(), tls.AlertError(c.alert).Error()) {
					t.Errorf("%q: %v", first, errors.Unwrap(err))
				}
			})
		}
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
		"half a record": {false, []string{"\x16\x03\x01"}, "it sent 3 bytes of a TLS hello and nothing more in time", false},
		"one byte":      {false, []string{"\x16"}, "it sent 1 byte of a TLS hello and nothing more in time", false},
		"cut":           {true, []string{"\x16\x03\x01\x00\xff"}, "it sent 5 bytes of a TLS hello and closed", false},
		"cut, in parts": {true, []string{"\x16\x03\x01\x00\xff", "\x01\x00", "\x00"}, "it sent 8 bytes of a TLS hello and closed", false},
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

// A handshake that this side ends says how far it came.
func TestHandshakeThatIsClosed(t *testing.T) {
	s := New(Options{Certificate: made(t, "localhost").Certificate})
	for first, want := range map[string]string{"": "it sent no byte", "\x16": "it sent 1 byte of a TLS hello", "\x16\x03\x01\x02\x00\x01\x00": "it sent 7 bytes of a TLS hello"} {
		client, server := tcpPair(t)
		io.WriteString(client, first)
		done := make(chan error)
		seen := &arrivals{Conn: server, came: make(chan int, 10)}
		go func() { _, err := s.Secure(seen); done <- err }()
		for got := 0; got < len(first); {
			got += <-seen.came
		}
		server.Close()
		var failed *HandshakeError
		if err := <-done; !errors.As(err, &failed) || failed.Error() != want || failed.Gone != (first == "") {
			t.Errorf("%q: %#v", first, failed)
		}
	}
}

// arrivals tells how many bytes each Read gave.
type arrivals struct {
	net.Conn
	came chan int
}

func (a *arrivals) Read(p []byte) (int, error) {
	n, err := a.Conn.Read(p)
	a.came <- n
	return n, err
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
	e := New(Options{}).handshakeError(&net.OpError{Op: "local error", Err: errors.New("tls: bad record MAC")}, w)
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

// A client that asked for another name is told apart from one that does not trust the certificate.
func TestNameThatTheCertificateIsNotFor(t *testing.T) {
	m := made(t, "localhost", "*.x.example")
	s := New(Options{Certificate: m.Certificate})
	for name, wrong := range map[string]bool{"localhost": false, "a.x.example": false, "x.example": true, "foo.example": true} {
		config := trusting(m)
		config.ServerName = name
		_, _, _, err := shake(t, s, config)
		var failed *HandshakeError
		switch {
		case !wrong && err != nil:
			t.Errorf("%s: %v", name, err)
		case wrong && (!errors.As(err, &failed) || failed.WrongName != name || failed.Untrusted ||
			failed.Hint() != "it asks for "+name+", which this certificate is not for"):
			t.Errorf("%s: %#v", name, err)
		}
		config.InsecureSkipVerify = true
		_, server, _, err := shake(t, s, config)
		if err != nil || (server.Summary().WrongNameLine() != "") != wrong {
			t.Errorf("%s, not verified: %v, %+v", name, err, server)
		}
	}
	config := trusting(m)
	config.RootCAs = x509.NewCertPool()
	if _, _, _, err := shake(t, s, config); !strings.Contains(err.(*HandshakeError).Hint(), "does not trust") {
		t.Error(err)
	}
}
