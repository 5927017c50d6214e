package tlswords

import (
	"crypto/tls"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// What OpenSSL has is called as OpenSSL calls it, and its number is the same.
func TestSuitesAreOpenSSLs(t *testing.T) {
	version, err := exec.Command("openssl", "version").Output()
	if err != nil || !regexp.MustCompile(`^OpenSSL ([3-9]|[1-9][0-9]|1\.1)\.`).Match(version) { // older ones, and LibreSSL, have other names
		t.Skip("OpenSSL from 1.1 on is not installed")
	}
	out, err := exec.Command("openssl", "ciphers", "-V", "ALL:COMPLEMENTOFALL:@SECLEVEL=0").Output()
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if len(words) < 3 {
			t.Fatalf("%q", line)
		}
		id, err := strconv.ParseUint(strings.NewReplacer("0x", "", ",", "").Replace(words[0]), 16, 16)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		compared++
		if got := suiteNames()[uint16(id)]; got != words[2] {
			t.Errorf("0x%04X is %q, OpenSSL says %s", id, got, words[2])
		}
	}
	if compared < 50 {
		t.Errorf("%d names were compared", compared)
	}
}

// No two suites have one name, no name has a character that would have to be escaped
// or looks like a number, and no number of GREASE is a suite's.
func TestSuitesAreNamedOnce(t *testing.T) {
	shape := regexp.MustCompile(`^[A-Z][A-Z0-9_-]{5,39}$`)
	seen := map[string]uint16{}
	for id, name := range suiteNames() {
		if other, twice := seen[name]; twice {
			t.Errorf("%s is 0x%04X and 0x%04X", name, id, other)
		}
		seen[name] = id
		if !shape.MatchString(name) || IsGREASE(id) {
			t.Errorf("0x%04X: %q", id, name)
		}
		if latest := id>>8 == 0x13 || id == 0x00ff || id == 0x5600; strings.HasPrefix(name, "TLS_") != latest {
			t.Errorf("0x%04X: %q is not named by the rule", id, name)
		}
	}
}

// Each suite of crypto/tls is in the table: in TLS 1.3 by the same name, and before by
// OpenSSL's, which is made of the same parts.
func TestSuitesOfCryptoTLS(t *testing.T) {
	parts := strings.NewReplacer("3DES_EDE_CBC", "DES-CBC3", "RC4_128", "RC4", "CHACHA20_POLY1305_SHA256", "CHACHA20-POLY1305",
		"AES_128", "AES128", "AES_256", "AES256", "_CBC", "", "_", "-")
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		want := suite.Name
		if suite.SupportedVersions[0] != tls.VersionTLS13 {
			want = strings.TrimPrefix(strings.Replace(strings.TrimPrefix(want, "TLS_"), "_WITH_", "_", 1), "RSA_")
			want = parts.Replace(want)
		}
		if got := CipherSuite(suite.ID); got != want {
			t.Errorf("%s: %s, want %s", suite.Name, got, want)
		}
	}
}

// What no list above holds against another source.
func TestSuitesByName(t *testing.T) {
	for id, want := range map[uint16]string{
		0x009e: "DHE-RSA-AES128-GCM-SHA256", 0xc09e: "DHE-RSA-AES128-CCM", 0xc05c: "ECDHE-ECDSA-ARIA128-GCM-SHA256", 0xc077: "ECDHE-RSA-CAMELLIA256-SHA384",
		0x0016: "DHE-RSA-DES-CBC3-SHA", 0xc002: "ECDH-ECDSA-RC4-SHA", 0xc02e: "ECDH-ECDSA-AES256-GCM-SHA384", 0xc032: "ECDH-RSA-AES256-GCM-SHA384",
		0x1304: "TLS_AES_128_CCM_SHA256", 0x00ff: "TLS_EMPTY_RENEGOTIATION_INFO_SCSV", 0x5600: "TLS_FALLBACK_SCSV",
		0x0a0a: "GREASE", 0xfafa: "GREASE", 0xfa0a: "0xFA0A", 0x0000: "0x0000", 0xfffe: "0xFFFE",
	} {
		if got := CipherSuite(id); got != want {
			t.Errorf("0x%04X: %s, want %s", id, got, want)
		}
	}
}
