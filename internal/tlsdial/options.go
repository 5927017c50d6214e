package tlsdial

import (
	"crypto/tls"
	"fmt"
	"io"
	"strings"

	"rawhttp/internal/tlswords"
)

// Options are the user's wishes for the handshake, as they are written on a
// command line. The zero value verifies the address's host against the system's
// roots, and offers TLS 1.2 and 1.3 and the ALPN protocol http/1.1.
type Options struct {
	ServerName string   // name for SNI and verification; "": the address's host
	NoSNI      bool     // send no SNI; the name is verified all the same
	ALPN       []string // protocols to offer, the preferred first; nil: http/1.1
	NoALPN     bool     // offer none
	CAFiles    []string // PEM files, or directories of them, with the authorities to trust instead of the system's
	CertFile   string   // PEM file with the client's certificate and those above it; "": none
	KeyFile    string   // PEM file with its key; "": the key is in CertFile
	MinVersion string   // "1.0" to "1.3"; "": 1.2, or MaxVersion where that is older
	MaxVersion string   // "1.0" to "1.3"; "": 1.3
	Ciphers    string   // names of cipher suites up to TLS 1.2, joined by ":" or ","; "": those of crypto/tls
	Insecure   bool     // verify nothing

	KeyLog io.Writer    // gets the session's keys (NSS key log format); nil: nobody
	Step   func(string) // is told of each step of the handshake as it happens, in a line; nil: nobody
}

// optionError is a mistake in the options.
type optionError struct{ problem, advice string }

func (e *optionError) Error() string { return e.problem }
func (e *optionError) Hint() string  { return e.advice }

// configOf is what crypto/tls needs of the options, but for what differs from
// connection to connection. Every file is read here.
func configOf(o Options) (*tls.Config, error) {
	config := &tls.Config{InsecureSkipVerify: o.Insecure, KeyLogWriter: o.KeyLog}
	var err error
	if config.RootCAs, err = readAuthorities(o.CAFiles); err != nil {
		return nil, err
	}
	if config.MinVersion, config.MaxVersion, err = versions(o.MinVersion, o.MaxVersion); err != nil {
		return nil, err
	}
	if config.CipherSuites, err = cipherSuites(o.Ciphers, config.MinVersion); err != nil {
		return nil, err
	}
	if config.NextProtos, err = protocols(o); err != nil {
		return nil, err
	}
	if config.Certificates, err = readClientCertificate(o.CertFile, o.KeyFile); err != nil {
		return nil, err
	}
	return config, checkServerName(o.ServerName)
}

// versions gives the range to offer.
func versions(oldest, newest string) (minimum, maximum uint16, err error) {
	minimum, maximum = tls.VersionTLS12, tls.VersionTLS13
	if newest != "" {
		if maximum, err = version(newest); err != nil {
			return 0, 0, err
		}
		minimum = min(minimum, maximum)
	}
	if oldest != "" {
		if minimum, err = version(oldest); err != nil {
			return 0, 0, err
		}
	}
	if minimum > maximum {
		return 0, 0, &optionError{fmt.Sprintf("no TLS version is %s or newer and %s or older", oldest, newest), "give a --tls-max that is not older than --tls-min"}
	}
	return minimum, maximum, nil
}

func version(text string) (uint16, error) {
	known := map[string]uint16{"1.0": tls.VersionTLS10, "1.1": tls.VersionTLS11, "1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}
	if v, ok := known[text]; ok {
		return v, nil
	}
	return 0, &optionError{fmt.Sprintf("%q is no version of TLS that rawhttp speaks", text), "give 1.0, 1.1, 1.2 or 1.3"}
}

// versionRange is the versions offered, for people.
func versionRange(minimum, maximum uint16) string {
	if minimum == maximum {
		return tlswords.Version(minimum)
	}
	return tlswords.Version(minimum) + " to " + strings.TrimPrefix(tlswords.Version(maximum), "TLS ")
}

// protocols is what ALPN offers (RFC 7301: names of 1 to 255 bytes).
func protocols(o Options) ([]string, error) {
	switch {
	case o.NoALPN && o.ALPN != nil:
		return nil, &optionError{"--alpn and --no-alpn exclude each other", "give one of them"}
	case o.NoALPN:
		return nil, nil
	case o.ALPN == nil:
		return []string{"http/1.1"}, nil
	}
	total := 0
	for _, name := range o.ALPN {
		total += 1 + len(name)
		if name == "" || len(name) > 255 || total > 65535 {
			return nil, &optionError{"an ALPN protocol has a name of 1 to 255 bytes", "for instance --alpn h2,http/1.1; --no-alpn offers none"}
		}
	}
	return o.ALPN, nil
}

// checkServerName refuses what no certificate can be for: SNI is a host name in
// ASCII without a port (RFC 6066 section 3).
func checkServerName(name string) error {
	if name == "" || isIP(strings.Trim(name, "[]")) {
		return nil
	}
	problem := fmt.Sprintf("%q is no host name", tlswords.Clean(name))
	if host, port, found := strings.Cut(name, ":"); found && host != "" && strings.Trim(port, "0123456789") == "" {
		return &optionError{problem, "leave out the port: --servername " + tlswords.Clean(host)}
	}
	for _, r := range name {
		switch {
		case r > '~':
			return &optionError{problem, "write it in its ASCII form, with xn--"}
		case r <= ' ' || strings.ContainsRune("/:@[]", r):
			return &optionError{problem, "give a name such as example.com, or none to send no SNI"}
		}
	}
	return nil
}
