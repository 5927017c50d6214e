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
	"path/filepath"
	"strings"
	"unicode/utf8"

	"rawhttp/internal/tlswords"
)

// mostBytes is more than any list of authorities has (the public ones take
// about 250 kB); it keeps a device file from being read without end.
const mostBytes = 16 << 20

// readAuthorities reads PEM files, and those in directories, into one pool.
// Without any the pool is nil, which means the system's authorities to crypto/tls.
func readAuthorities(files []string) (*x509.CertPool, error) {
	if len(files) == 0 {
		return nil, nil
	}
	pool := x509.NewCertPool()
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && info.IsDir() {
			if err := addDirectory(pool, file); err != nil {
				return nil, err
			}
			continue
		}
		data, err := readFile("CA", file)
		if err != nil {
			return nil, err
		}
		count, err := addAuthorities(pool, file, data)
		if err != nil {
			return nil, err
		}
		if count == 0 {
			return nil, &optionError{"CA file " + tlswords.Clean(file) + ": there is no certificate in it", adviceWithout(file, data)}
		}
	}
	return pool, nil
}

// addDirectory takes every regular file in a directory, whatever its name; those
// without a certificate are of no interest, nor are certificates that crypto/x509
// cannot read, as in the system's own list. Directories in it are left alone.
func addDirectory(pool *x509.CertPool, directory string) error {
	entries, err := os.ReadDir(directory)
	if err != nil {
		return &optionError{"CA directory " + tlswords.Clean(directory) + ": " + plainFileError(err), "make it readable, or give its files"}
	}
	total := 0
	for _, entry := range entries {
		file := filepath.Join(directory, entry.Name())
		if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() || info.Size() > mostBytes {
			continue // a link to nowhere, for instance
		}
		data, err := readFile("CA", file)
		if err != nil {
			return err
		}
		count, _ := addAuthorities(pool, file, data)
		total += count
	}
	if total == 0 {
		return &optionError{"CA directory " + tlswords.Clean(directory) + ": no file in it has a certificate", "give the directory with the PEM files, or a file"}
	}
	return nil
}

// readFile reads a file that the options name; word says what it is for.
func readFile(word, file string) ([]byte, error) {
	fail := func(problem, advice string) ([]byte, error) {
		return nil, &optionError{word + " file " + tlswords.Clean(file) + ": " + problem, advice}
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
		return fail("it is too long to be a PEM file", "give a PEM file")
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

// addAuthorities puts the certificates of a PEM file in pool and counts them. The
// error is about the first damaged one; those around it are in the pool.
func addAuthorities(pool *x509.CertPool, file string, data []byte) (count int, err error) {
	number := 0
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		number++
		certificate, parseErr := x509.ParseCertificate(block.Bytes)
		if parseErr == nil {
			pool.AddCert(certificate)
			count++
		} else if err == nil {
			err = &optionError{fmt.Sprintf("CA file %s: certificate %d in it is damaged: %s", tlswords.Clean(file), number, tlswords.Reason(parseErr)),
				"give the file as the authority published it"}
		}
	}
	return count, err
}

// adviceWithout guesses what a file without a PEM certificate is.
func adviceWithout(file string, data []byte) string {
	if _, err := x509.ParseCertificate(data); err == nil {
		return "it is in DER form; turn it into PEM: openssl x509 -inform der -in " + shellWord(file) + " -out cert.pem"
	}
	if bytes.Contains(data, []byte("PRIVATE KEY-----")) {
		return "it has a private key; give the file with the certificate instead"
	}
	if len(data) > 0 && data[0] == 0x30 {
		return "if it is a PKCS #12 file, turn it into PEM: openssl pkcs12 -in " + shellWord(file) + " -nodes -out cert.pem"
	}
	return "give a PEM file: text with -----BEGIN CERTIFICATE----- in it"
}

// shellWord writes a file's name for a command line to be copied.
func shellWord(name string) string {
	name = tlswords.Clean(name)
	plain := func(r rune) bool {
		return r >= utf8.RuneSelf || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_./:=@,+%", r)
	}
	if name != "" && strings.TrimFunc(name, plain) == "" {
		return name
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}
