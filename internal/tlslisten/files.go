package tlslisten

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"

	"rawhttp/internal/tlswords"
)

// optionError is a mistake in the options.
type optionError struct{ problem, advice string }

func (e *optionError) Error() string { return tlswords.Clean(e.problem) }
func (e *optionError) Hint() string  { return tlswords.Clean(e.advice) }

// mostBytes keeps a device file from being read without end.
const mostBytes = 4 << 20

// Load reads a certificate, with the chain behind it, and its key from PEM files,
// which may be one. The error has a hint where there is advice.
func Load(certFile, keyFile string) (tls.Certificate, error) {
	none := tls.Certificate{}
	certPEM, err := readFile(certFile)
	if err != nil {
		return none, err
	}
	if len(blocks(certPEM, "CERTIFICATE")) == 0 {
		return none, &optionError{certFile + ": there is no certificate in it", adviceWithout(certFile, certPEM)}
	}
	keyPEM := certPEM
	if keyFile != certFile {
		if keyPEM, err = readFile(keyFile); err != nil {
			return none, err
		}
	}
	if err := checkKey(keyFile, keyPEM); err != nil {
		return none, err
	}
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	switch {
	case err != nil && strings.Contains(err.Error(), "private key does not match"):
		return none, &optionError{"the key in " + keyFile + " is not that of the certificate in " + certFile,
			"the certificate that the key belongs to must come first in its file, the chain behind it"}
	case err != nil:
		return none, &optionError{certFile + " and " + keyFile + ": " + tlswords.Reason(err), ""}
	}
	return pair, nil
}

// checkKey finds what X509KeyPair words badly: no key, and one with a password.
func checkKey(file string, data []byte) error {
	keys := blocks(data, "PRIVATE KEY")
	if len(keys) == 0 {
		return &optionError{file + ": there is no private key in it", adviceWithoutKey(file, data)}
	}
	if strings.Contains(keys[0].Type, "ENCRYPTED") || strings.Contains(keys[0].Headers["Proc-Type"], "ENCRYPTED") {
		return &optionError{file + ": the key is encrypted", "decrypt it into a file of your own: (umask 077; openssl pkey -in " + shellWord(file) + " -out plain.key), and give --key plain.key"}
	}
	return nil
}

// Authorities reads the certificates in a PEM file. The error has a hint where
// there is advice.
func Authorities(file string) (*x509.CertPool, error) {
	data, err := readFile(file)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	for _, block := range blocks(data, "CERTIFICATE") {
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, &optionError{file + ": a certificate in it is damaged: " + tlswords.Reason(err), ""}
		}
		pool.AddCert(c)
	}
	if pool.Equal(x509.NewCertPool()) {
		return nil, &optionError{file + ": there is no certificate in it", adviceWithout(file, data)}
	}
	return pool, nil
}

// OnlyThrowAway tells whether a file holds the certificates of authorities that Make
// made, and nothing else in PEM, so that a new one may take its place: it is of no use
// to anybody, which other authorities' are.
func OnlyThrowAway(file string) bool {
	data, err := readFile(file)
	if err != nil {
		return false
	}
	all := blocks(data, "")
	for _, block := range all {
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil || block.Type != "CERTIFICATE" || !strings.HasPrefix(c.Subject.CommonName, tlswords.ThrowAwayAuthority) {
			return false
		}
	}
	return len(all) > 0
}

// blocks are the PEM blocks whose type ends so.
func blocks(data []byte, ending string) []*pem.Block {
	var found []*pem.Block
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			return found
		}
		if strings.HasSuffix(block.Type, ending) {
			found = append(found, block)
		}
	}
}

// adviceWithout guesses what a file without a PEM certificate is.
func adviceWithout(file string, data []byte) string {
	if _, err := x509.ParseCertificate(data); err == nil {
		return "it is in DER form; turn it into PEM: openssl x509 -inform der -in " + shellWord(file) + " -out cert.pem"
	}
	switch {
	case len(blocks(data, "PRIVATE KEY")) > 0:
		return "it has a private key; give the file with the certificate instead"
	case bytes.HasPrefix(data, []byte{0x30}):
		return "if it is a PKCS #12 file, turn it into PEM: openssl pkcs12 -in " + shellWord(file) + " -nodes -out cert.pem"
	}
	return "give a PEM file: text with -----BEGIN CERTIFICATE----- in it"
}

// adviceWithoutKey guesses what a file without a PEM key is.
func adviceWithoutKey(file string, data []byte) string {
	switch {
	case len(blocks(data, "CERTIFICATE")) > 0:
		return "that is a certificate; give the file with its key: --key FILE"
	case bytes.HasPrefix(data, []byte{0x30}):
		return "if it is in DER form, turn it into PEM: openssl pkey -inform der -in " + shellWord(file) + " -out key.pem"
	}
	return "give a PEM file: text with -----BEGIN PRIVATE KEY----- in it"
}

// shellWord writes a file's name for a command line to be copied.
func shellWord(name string) string {
	plain := func(r rune) bool {
		return r >= utf8.RuneSelf || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_./:=@,+%", r)
	}
	if name = tlswords.Clean(name); name != "" && strings.TrimFunc(name, plain) == "" {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}

func readFile(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fileError(file, err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, &optionError{file + ": it is a directory", "give a PEM file in it"}
	}
	data, err := io.ReadAll(io.LimitReader(f, mostBytes+1))
	switch {
	case err != nil:
		return nil, fileError(file, err)
	case len(data) > mostBytes:
		return nil, &optionError{file + ": it is too long for certificates and keys", "give a PEM file"}
	}
	return data, nil
}

func fileError(file string, err error) error {
	problem, advice := err.Error(), "check the path"
	var path *fs.PathError
	if errors.As(err, &path) {
		problem = path.Err.Error()
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		problem = "no such file"
	case errors.Is(err, fs.ErrPermission):
		problem, advice = "permission denied", "make it readable, or give a copy"
	}
	return &optionError{file + ": " + problem, advice}
}
