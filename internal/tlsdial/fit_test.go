package tlsdial

import (
	"crypto/tls"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// certificateNames are names of all lengths; the last are a stranger's.
func certificateNames() []string {
	names := []string{"localhost", "R11 (Let's Encrypt)", "DigiCert Global G2 TLS RSA SHA256 2020 CA1 (DigiCert Inc)", strings.Repeat("漢", 100),
		strings.Repeat("\x1b", 60), strings.Repeat("a b ", 60), ""}
	for n := 10; n < 80; n++ {
		names = append(names, strings.Repeat("n", n))
	}
	return names
}

// TestLinesFitRows: whatever is agreed on, and whatever the names, both default
// notes fit a row of 80 columns each, behind their mark.
func TestLinesFitRows(t *testing.T) {
	suites := append(tls.CipherSuites(), tls.InsecureCipherSuites()...)
	groups := []tls.CurveID{0, tls.X25519MLKEM768, tls.SecP256r1MLKEM768, tls.SecP384r1MLKEM1024, tls.CurveP521}
	for _, version := range []string{"TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"} {
		for _, suite := range suites {
			for _, group := range groups {
				for _, alpn := range []string{"", "http/1.1", strings.Repeat("x", 255)} {
					for _, took := range []time.Duration{time.Millisecond, 999 * time.Millisecond, 10 * time.Second} {
						s := &Summary{Version: version, suite: suite.ID, group: group, ALPN: alpn, HandshakeTime: took}
						line := s.Lines()[0]
						if strings.HasPrefix(suite.Name, "TLS_ECDHE") && version == "TLS 1.3" {
							continue // there is no such suite in it
						}
						if columns(line) > oneRow || len(alpn) < 10 && !strings.Contains(line, "ALPN") {
							t.Errorf("%d columns: %s", columns(line), line)
						}
					}
				}
			}
		}
	}
	for _, own := range certificateNames() {
		for _, issuer := range certificateNames() {
			for _, end := range []time.Time{now.Add(time.Minute), now.AddDate(0, 0, 61), now.AddDate(7973, 0, 0), now.AddDate(0, 0, -61), now.AddDate(1, 0, 0)} {
				c := Certificate{Name: own, IssuerName: issuer, NotAfter: end}
				verified, insecure := &Summary{Verified: true, At: now, Chain: []Certificate{c}}, &Summary{At: now, Chain: []Certificate{c}}
				if line := verified.Lines()[1]; columns(line) > oneRow || !strings.HasSuffix(line, ", verified, "+c.validity(now)) {
					t.Errorf("%d columns: %s", columns(line), line)
				}
				if line := insecure.Lines()[1]; columns(line) > twoRows || !strings.HasSuffix(line, c.validity(now)) {
					t.Errorf("%d columns: %s", columns(line), line)
				}
			}
		}
	}
}

// A name is cut only where it must be, and the shorter of the two last.
func TestNamesAreCutFairly(t *testing.T) {
	for _, c := range []struct{ own, issuer, want string }{
		{"localhost", "Script Authority", "certificate of localhost, issued by Script Authority, verified, 61 days left"},
		{"www.example.com", "R11 (Let's Encrypt)", "certificate of www.example.com by R11 (Let's Encrypt), verified, 61 days left"},
		{"example.com", "DigiCert Global G2 TLS RSA SHA256 2020 CA1 (DigiCert Inc)",
			"certificate of example.com by DigiCert Global G2 TL..., verified, 61 days left"},
		{strings.Repeat("n", 90), "R11", "certificate of " + strings.Repeat("n", 29) + "... by R11, verified, 61 days left"},
	} {
		if got := fitCertificate(c.own, c.issuer, "verified, 61 days left", oneRow); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
	if got, want := fitAgreed([]string{"TLS 1.3", "TLS_CHACHA20_POLY1305_SHA256", "X25519MLKEM768"}, "ALPN http/1.1", "3.2 ms"),
		"TLS 1.3, TLS_CHACHA20_POLY1305_SHA256, X25519MLKEM768, ALPN http/1.1"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := fmt.Sprint(clip("漢字漢字", 7)); got != "漢字..." {
		t.Errorf("%q", got)
	}
}

// TestChainLinesAreBounded, whatever is in the certificates and however many come.
func TestChainLinesAreBounded(t *testing.T) {
	long := strings.Repeat("x", 10000)
	c := Certificate{Subject: "CN=" + long, Issuer: "CN=" + long, Names: slices.Repeat([]string{long}, 1000), SHA256: strings.Repeat("0", 64)}
	s := &Summary{Chain: slices.Repeat([]Certificate{c}, 500), Root: "CN=" + long}
	lines, bytes := s.ChainLines(), 0
	for _, line := range lines {
		bytes += len(line)
	}
	if len(lines) > 130 || bytes > 600_000 {
		t.Errorf("%d lines, %d bytes", len(lines), bytes)
	}
	for at, want := range map[int]string{0: "certificate 1 of 500: CN=" + long[:497] + "...", 1: "  issued by CN=" + long[:497] + "...",
		120: "and 480 more certificates", 121: "trusted through: CN=" + long[:497] + "..."} {
		if at >= len(lines) || lines[at] != want {
			t.Errorf("line %d of %d is not %q", at, len(lines), want)
		}
	}
	if !strings.HasSuffix(lines[3], "... and 900 more names") {
		t.Errorf("names: %d bytes", len(lines[3]))
	}
}
