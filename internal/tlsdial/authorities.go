package tlsdial

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
)

// optionError is a mistake in the options.
type optionError struct{ problem, advice string }

func (e *optionError) Error() string { return e.problem }
func (e *optionError) Hint() string  { return e.advice }

// mostBytes is more than any list of authorities has (the public ones take
// about 250 kB); it keeps a device file from being read without end.
const mostBytes = 16 << 20

// readAuthorities reads PEM files into one pool. Without files the pool is
// nil, which means the system's authorities to crypto/tls.
func readAuthorities(files []string) (*x509.CertPool, error) {
	if len(files) == 0 {
		return nil, nil
	}
	pool := x509.NewCertPool()
	for _, file := range files {
		data, err := readFile(file)
		if err != nil {
			return nil, err
		}
		if err := addAuthorities(pool, file, data); err != nil {
			return nil, err
		}
	}
	return pool, nil
}

func readFile(file string) ([]byte, error) {
	fail := func(problem, advice string) ([]byte, error) {
		return nil, &optionError{"CA file " + clean(file) + ": " + problem, advice}
	}
	f, err := os.Open(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fail("no such file", "check the path")
	case errors.Is(err, fs.ErrPermission):
		return fail("permission denied", "make it readable, or give a copy")
	case err != nil:
		return fail(plainFileError(err), "check the path")
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return fail("it is a directory", "give a PEM file in it")
	}
	data, err := io.ReadAll(io.LimitReader(f, mostBytes+1))
	if err != nil {
		return fail(plainFileError(err), "check the file")
	}
	if len(data) > mostBytes {
		return fail("it is too long for a list of certificates", "give a PEM file")
	}
	return data, nil
}

// plainFileError leaves out Go's operation and the path, which is named already.
func plainFileError(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return err.Error()
}

// addAuthorities puts every certificate of a PEM file in pool; a file without
// any, or with a damaged one, is an error.
func addAuthorities(pool *x509.CertPool, file string, data []byte) error {
	count, rest := 0, data
	for {
		var block *pem.Block
		block, rest = pem.Decode(rest)
		if block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return &optionError{fmt.Sprintf("CA file %s: certificate %d in it is damaged: %s", clean(file), count+1, reasonText(err)),
				"give the file as the authority published it"}
		}
		pool.AddCert(certificate)
		count++
	}
	if count == 0 {
		return &optionError{"CA file " + clean(file) + ": there is no certificate in it", adviceWithout(file, data)}
	}
	return nil
}

// adviceWithout guesses what a file without a PEM certificate is.
func adviceWithout(file string, data []byte) string {
	if _, err := x509.ParseCertificate(data); err == nil {
		return "it is in DER form; turn it into PEM: openssl x509 -inform der -in " + clean(file) + " -out ca.pem"
	}
	if bytes.Contains(data, []byte("PRIVATE KEY-----")) {
		return "it has a private key; give the certificate of the authority instead"
	}
	return "give a PEM file: text with -----BEGIN CERTIFICATE----- in it"
}

// reasonText is an error of crypto/tls or crypto/x509 without the package's name.
func reasonText(err error) string {
	text := err.Error()
	for _, prefix := range []string{"tls: ", "x509: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return clean(text)
}
