package tlslisten

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A file that is the wrong one is answered with what it is, and with the command that turns it into the right one.
func TestWrongFiles(t *testing.T) {
	m := made(t, "localhost")
	leaf := m.Certificate.Leaf.Raw
	key, err := x509.MarshalPKCS8PrivateKey(m.Certificate.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	cert := write("cert.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf}))
	keyPEM := write("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))
	locked := write("my key.pem", pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: key}))
	certDER, keyDER := write("cert.der", leaf), write("key.der", key)
	bundle, text := write("a.p12", []byte("0\x82\x01\x00")), write("a.txt", []byte("hello"))
	if _, err := Load(cert, keyPEM); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ cert, key, hint string }{
		{cert, cert, "that is a certificate; give the file with its key: --key FILE"},
		{keyPEM, keyPEM, "it has a private key; give the file with the certificate instead"},
		{certDER, keyPEM, "openssl x509 -inform der -in " + certDER + " -out cert.pem"},
		{cert, keyDER, "openssl pkey -inform der -in " + keyDER + " -out key.pem"},
		{bundle, bundle, "openssl pkcs12 -in " + bundle + " -nodes -out cert.pem"},
		{cert, locked, "(umask 077; openssl pkey -in '" + locked + "' -out plain.key), and give --key plain.key"},
		{text, keyPEM, "-----BEGIN CERTIFICATE-----"},
		{cert, text, "-----BEGIN PRIVATE KEY-----"},
		{dir, keyPEM, "give a PEM file in it"},
		{cert, dir, "give a PEM file in it"},
	} {
		_, err := Load(c.cert, c.key)
		if hinted, ok := err.(interface{ Hint() string }); !ok || !strings.Contains(hinted.Hint(), c.hint) {
			t.Errorf("%s and %s: %#v, want %s", c.cert, c.key, err, c.hint)
		}
	}
	if _, err := Authorities(keyPEM); err == nil || !strings.Contains(err.(*optionError).Hint(), "private key") {
		t.Error(err)
	}
}
