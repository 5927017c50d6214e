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
