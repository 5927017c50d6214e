package tlsdial

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"

	"rawhttp/internal/tlswords"
)

// readClientCertificate reads the client's own certificate with its key; without
// certFile there is none.
func readClientCertificate(certFile, keyFile string) ([]tls.Certificate, error) {
	if certFile == "" {
		if keyFile != "" {
			return nil, &optionError{"--key is the key of --cert, which is missing", "give both, or --cert with a file that has both"}
		}
		return nil, nil
	}
	certificates, err := readFile("certificate", certFile)
	if err != nil {
		return nil, err
	}
	if err := checkCertificates(certFile, certificates); err != nil {
		return nil, err
	}
	keyWord, key := "key", certificates
	if keyFile == "" || keyFile == certFile {
		keyFile, keyWord = certFile, "certificate"
	} else if key, err = readFile("key", keyFile); err != nil {
		return nil, err
	}
	if err := checkKey(keyWord, keyFile, key); err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(certificates, key)
	if err == nil {
		return []tls.Certificate{pair}, nil
	}
	if strings.Contains(err.Error(), "does not match") {
		return nil, &optionError{fmt.Sprintf("the key in %s is not the key of the certificate in %s", tlswords.Clean(keyFile), tlswords.Clean(certFile)),
			"the client's own certificate comes first in its file; compare: openssl x509 -in " + shellWord(certFile) + " -noout -pubkey, openssl pkey -in " + shellWord(keyFile) + " -pubout"}
	}
	return nil, &optionError{"the certificate in " + tlswords.Clean(certFile) + " and the key in " + tlswords.Clean(keyFile) + " cannot be used: " + tlswords.Reason(err),
		"give an RSA, ECDSA or Ed25519 key"}
}

// checkCertificates wants at least one certificate, and none that is damaged.
func checkCertificates(file string, data []byte) error {
	count := 0
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		count++
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return &optionError{fmt.Sprintf("certificate file %s: certificate %d in it is damaged: %s", tlswords.Clean(file), count, tlswords.Reason(err)),
				"give the file as the authority made it"}
		}
	}
	if count > 0 {
		return nil
	}
	return &optionError{"certificate file " + tlswords.Clean(file) + ": there is no certificate in it", adviceWithout(file, data)}
}

// checkKey wants a private key that is not encrypted: rawhttp asks for no
// passphrase, because what is typed is for the server.
func checkKey(word, file string, data []byte) error {
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		switch {
		case block.Type == "ENCRYPTED PRIVATE KEY", strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
			return &optionError{word + " file " + tlswords.Clean(file) + ": the key in it is encrypted, and rawhttp asks for no passphrase",
				"decrypt it into a file of your own: (umask 077; openssl pkey -in " + shellWord(file) + " -out plain.key), and give --key plain.key"}
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			return nil
		}
	}
	advice := "give a PEM file: text with -----BEGIN PRIVATE KEY----- in it"
	switch {
	case bytes.Contains(data, []byte("-----BEGIN CERTIFICATE-----")):
		advice = "that is a certificate; give the file with its key: --key FILE"
	case bytes.HasPrefix(data, []byte{0x30}):
		advice = "if it is in DER form, turn it into PEM: openssl pkey -inform der -in " + shellWord(file) + " -out key.pem"
	}
	return &optionError{word + " file " + tlswords.Clean(file) + ": there is no private key in it", advice}
}
