package tlsdial

import (
	"crypto/tls"
	"fmt"
	"strings"

	"rawhttp/internal/tlswords"
)

// cipherSuites finds suites by the names of crypto/tls (which are IANA's) or of
// OpenSSL. The suites of TLS 1.3 cannot be chosen: crypto/tls always offers all
// three. nil means crypto/tls's own choice.
func cipherSuites(list string, oldest uint16) ([]uint16, error) {
	if list == "" {
		return nil, nil
	}
	if oldest >= tls.VersionTLS13 {
		return nil, &optionError{"--ciphers chooses nothing in TLS 1.3, whose suites are fixed", "leave it out, or leave out --tls-min 1.3"}
	}
	var chosen []uint16
	for _, name := range strings.FieldsFunc(list, func(r rune) bool { return r == ':' || r == ',' || r == ' ' }) {
		suite, err := cipherSuite(name)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, suite.ID)
	}
	if len(chosen) == 0 {
		return nil, &optionError{"--ciphers names no cipher suite", nameSuites}
	}
	return chosen, nil
}

const nameSuites = "give names that crypto/tls or `openssl ciphers` has, joined by colons, such as ECDHE-RSA-AES128-GCM-SHA256"

func cipherSuite(name string) (*tls.CipherSuite, error) {
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if !strings.EqualFold(name, suite.Name) && !strings.EqualFold(name, tlswords.CipherSuite(suite.ID)) {
			continue
		}
		if suite.SupportedVersions[0] == tls.VersionTLS13 {
			return nil, &optionError{name + " is a cipher suite of TLS 1.3, which cannot be chosen: all of its suites are always offered",
				"leave it out; --tls-max 1.2 keeps TLS 1.3 and its suites away"}
		}
		return suite, nil
	}
	e := &optionError{fmt.Sprintf("no cipher suite is called %q", tlswords.Clean(name)), nameSuites}
	upper := strings.ToUpper(name)
	switch {
	case strings.ContainsAny(name, "!+@=-") && !strings.Contains(strings.Trim(name, "-"), "-"), !strings.ContainsAny(name, "-_"):
		e.advice = "groups and rules such as HIGH, !aNULL or @SECLEVEL are OpenSSL's own; " + nameSuites
	case strings.Contains(upper, "DHE") && !strings.Contains(upper, "ECDHE"), strings.HasPrefix(upper, "PSK"), strings.Contains(upper, "CCM"):
		e.problem = tlswords.Clean(name) + " is a cipher suite that crypto/tls does not have"
	}
	return nil, e
}
