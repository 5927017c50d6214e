//go:build linux || darwin

package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// commandLines is what openssl s_client takes for commands.
const commandLines = "Q\nR\nk\nK\nB\nQuit\nR\n"

// tlsServer opens a TLS port; the function
// it returns reads one request whose body is commandLines, and answers.
func tlsServer(t *testing.T) (address string, exchange func(want string)) {
	config, _ := trustedCertificate(t)
	address, accept := server(t)
	return address, func(want string) {
		t.Helper()
		conn := tls.Server(accept(), config)
		take(t, conn, want)
		put(t, conn, "HTTP/1.1 204 No Content\r\n\r\n") // and stays open
	}
}

// TestNoCommands: nothing in the data is a command, typed or piped, and a piped
// request ends by itself on a connection that is kept open.
func TestNoCommands(t *testing.T) {
	head := "POST /Q HTTP/1.1\nHost: localhost\nContent-Length: 17\n\n"
	if len(commandLines) != 17 {
		t.Fatalf("a body of %d bytes", len(commandLines))
	}
	sent := strings.ReplaceAll(head, "\n", "\r\n") + commandLines
	t.Run("typed", func(t *testing.T) {
		address, exchange := tlsServer(t)
		x := setting{}.open(t, "tls-send", "--insecure", address)
		x.typeKeys(strings.ReplaceAll(head+commandLines, "\n", "\r"))
		exchange(sent)
		x.wait("response complete")
		x.typeKeys("\x04")
		x.exit(0)
	})
	t.Run("piped", func(t *testing.T) {
		program, err := builtProgram()
		if err != nil {
			t.Fatal(err)
		}
		address, exchange := tlsServer(t)
		command := exec.Command(program, "tls-send", "--insecure", address)
		command.Stdin = strings.NewReader(sent)
		var shown bytes.Buffer
		command.Stdout, command.Stderr = &shown, io.Discard
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		exchange(sent)
		if err := command.Wait(); err != nil || !strings.Contains(shown.String(), "done after") {
			t.Errorf("%v\n%s", err, shown.String())
		}
	})
}

// TestFewRowsBeforeHTTP: at 80 columns four rows stand before the first byte,
// however long the names are.
func TestFewRowsBeforeHTTP(t *testing.T) {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().AddDate(1, 0, 0), DNSNames: []string{"localhost"},
		Subject: pkix.Name{CommonName: "DigiCert Global G2 TLS RSA SHA256 2020 CA1", Organization: []string{"DigiCert, Incorporated"}}}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	ca, request := filepath.Join(folder, "ca.pem"), filepath.Join(folder, "get.http")
	for name, content := range map[string]string{
		ca:      string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		request: "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
	} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	address, accept := server(t)
	x := setting{columns: 80}.open(t, "tls-send", "--cacert", ca, strings.Replace(address, "127.0.0.1", "localhost", 1), request)
	conn := tls.Server(accept(), &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
	take(t, conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
	put(t, conn, "HTTP/1.1 204 No Content\r\n\r\n") // and stays open
	shown := x.exit(0)
	if before, _, found := strings.Cut(shown, "> request"); !found || strings.Count(before, "\n") > 4 || !strings.Contains(before, ", verified, 36") {
		t.Errorf("%s", shown)
	}
}
