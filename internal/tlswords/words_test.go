package tlswords

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
	"unicode"
)

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"":                    "",
		"CN=Müller, O=東京":     "CN=Müller, O=東京",
		"a\x1b[2J\r\n\tb\x7f": `a\x1b[2J\x0d\x0a\x09b\x7f`,
		"\xff\xc3":            `\xff\xc3`,
		"a\u202eb\u0085":      `a\xe2\x80\xaeb\xc2\x85`,
		"\ufffd":              "\ufffd",
	} {
		if got := Clean(text); got != want || Clean(got) != got {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Any number has a text, of all kinds, and it is clean and short.
func TestEveryNumberHasAText(t *testing.T) {
	for v := range 1 << 16 {
		for _, text := range []string{Version(uint16(v)), CipherSuite(uint16(v)), Group(tls.CurveID(v)), SignatureScheme(tls.SignatureScheme(v)), Alert(uint8(v))} {
			if text == "" || len(text) > 48 || strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsPrint(r) }) {
				t.Fatalf("0x%04X: %q", v, text)
			}
		}
	}
	for got, want := range map[string]string{
		Version(tls.VersionTLS13): "TLS 1.3", Version(0x0300): "SSLv3", Version(0x3a3a): "GREASE", Version(0x0305): "0x0305",
		Group(tls.CurveP256): "P-256", Group(tls.X25519MLKEM768): "X25519MLKEM768", Group(257): "ffdhe3072", Group(0x8a8a): "GREASE", Group(0xfe0f): "0xFE0F",
		SignatureScheme(tls.PSSWithSHA256): "rsa_pss_rsae_sha256", SignatureScheme(0x0303): "ecdsa_sha224", SignatureScheme(0x0a0a): "GREASE", SignatureScheme(0xabcd): "0xABCD",
		Alert(48): "alert 48 unknown_ca", Alert(0): "alert 0 close_notify", Alert(99): "alert 99 (unknown)",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestNamesAreOneNumbers(t *testing.T) {
	seen := map[string]bool{}
	again := func(name string) {
		if seen[name] || strings.HasPrefix(name, "0x") {
			t.Errorf("%s is there twice", name)
		}
		seen[name] = true
	}
	for _, name := range groupNames() {
		again(name)
	}
	for _, name := range schemeNames() {
		again(name)
	}
	for _, name := range alertNames {
		again(name)
	}
}

func TestAlertIn(t *testing.T) {
	for code := range 256 {
		err := fmt.Errorf("read: %w", &net.OpError{Op: "remote error", Err: tls.AlertError(code)})
		if got, ok := AlertIn(err); !ok || int(got) != code {
			t.Errorf("%d: %d, %v", code, got, ok)
		}
	}
	for _, err := range []error{nil, io.EOF, tls.AlertError(48), &net.OpError{Op: "local error", Err: tls.AlertError(48)},
		&net.OpError{Op: "remote error", Err: errors.New("another")}} {
		if code, ok := AlertIn(err); ok {
			t.Errorf("%v: alert %d", err, code)
		}
	}
}

// crypto/tls's own error of an alert from a real peer is found, not only one made here.
func TestAlertOfAPeer(t *testing.T) {
	client, server := net.Pipe()
	go tls.Server(server, &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		return nil, errors.New("no")
	}}).Handshake()
	err := tls.Client(client, &tls.Config{InsecureSkipVerify: true}).Handshake()
	if code, ok := AlertIn(err); !ok || code != 80 {
		t.Errorf("%v: %d, %v", err, code, ok)
	}
}

func TestReason(t *testing.T) {
	for text, want := range map[string]string{
		"local error: tls: bad record MAC": "bad record MAC", "tls: x509: a\x1b": `a\x1b`, "x509: malformed": "malformed", "other: tls: b": "other: tls: b",
	} {
		if got := Reason(errors.New(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestTimes(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0.0 ms", 3240 * time.Microsecond: "3.2 ms", time.Second: "1.00 s", 1254 * time.Millisecond: "1.25 s"} {
		if got := Milliseconds(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
	noon := time.Date(2026, 3, 1, 12, 0, 0, 999, time.FixedZone("", 3600))
	if got := Date(noon); got != "2026-03-01 11:00:00 UTC" {
		t.Error(got)
	}
	c := &x509.Certificate{NotBefore: noon, NotAfter: noon.Add(time.Hour)}
	for after, want := range map[time.Duration]string{
		-time.Nanosecond: "NOT VALID before 2026-03-01 11:00:00 UTC", 0: "valid until 2026-03-01 12:00:00 UTC",
		time.Hour: "valid until 2026-03-01 12:00:00 UTC", time.Hour + 1: "EXPIRED since 2026-03-01 12:00:00 UTC",
	} {
		if got := Validity(c, noon.Add(after)); got != want {
			t.Errorf("%v: %s, want %s", after, got, want)
		}
	}
}

func TestCertificates(t *testing.T) {
	c := &x509.Certificate{Raw: []byte("raw"), DNSNames: []string{"a.example", "*.b"}, IPAddresses: []net.IP{{127, 0, 0, 1}, net.IPv6loopback}}
	if got := strings.Join(Names(c), " "); got != "a.example *.b 127.0.0.1 ::1" {
		t.Error(got)
	}
	if got := Names(&x509.Certificate{}); got == nil || len(got) > 0 {
		t.Errorf("%#v", got)
	}
	if got := Fingerprint(c); got != fmt.Sprintf("%x", sha256.Sum256([]byte("raw"))) {
		t.Error(got)
	}
}
