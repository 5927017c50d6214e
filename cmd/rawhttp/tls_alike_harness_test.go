//go:build linux || darwin

package main

import (
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

// alike carries a conversation both ways at the same time and shows the first
// line that differs.
func alike(t *testing.T, carry func(secure bool) string) {
	t.Helper()
	var plain, secure string
	var both sync.WaitGroup
	both.Go(func() { plain = carry(false) })
	both.Go(func() { secure = carry(true) })
	both.Wait()
	a, b := strings.Split(plain, "\n"), strings.Split(secure, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			t.Fatalf("line %d\nplain:  %s\nin TLS: %s", i+1, a[i], b[i])
		}
	}
	if len(a) != len(b) {
		t.Fatalf("plain:\n%s\nin TLS:\n%s", plain, secure)
	}
}

// executed runs the program in this process, in a directory of its own, and
// returns all that came of it, without what differs from run to run.
func executed(t *testing.T, input string, args []string) string {
	status, out, notes, kept := executedIn(t, piped(t, input), args, false)
	return fmt.Sprintf("status %d\nout:\n%s\nerr:\n%s\nkept:\n%s", status, timeless(out), timeless(notes), timeless(kept))
}

// piped is a pipe from which a text comes.
func piped(t *testing.T, text string) *os.File {
	in, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		_, _ = io.WriteString(w, text)
		w.Close()
	}()
	return in
}

// executedIn does it with world.copies, closes the standard input, and returns all
// as it came.
func executedIn(t *testing.T, in *os.File, args []string, copies bool) (status int, out, notes, file string) {
	directory := t.TempDir()
	kept := filepath.Join(directory, "kept")
	for i := range args {
		if args[i] == "kept" {
			args[i] = kept
		}
	}
	var err error
	var files [2]*os.File
	for i, name := range []string{"out", "err"} {
		if files[i], err = os.Create(filepath.Join(directory, name)); err != nil {
			t.Fatal(err)
		}
	}
	shown, stdout, err := os.Pipe() // the kernel moves bytes to a pipe, and to no regular file
	if err != nil {
		t.Fatal(err)
	}
	var copied sync.WaitGroup
	copied.Go(func() { _, _ = io.Copy(files[0], shown) })
	p := &program{world: &world{stdin: in, stdout: stdout, stderr: files[1], getenv: func(string) string { return "" }, container: func() bool { return false }, copies: copies}}
	ctx, cancel := context.WithTimeoutCause(t.Context(), patience, errors.New("it does not end"))
	defer cancel()
	done := make(chan error, 1)
	go p.execute(ctx, args, done)
	status = p.finish(<-done)
	in.Close()
	stdout.Close()
	copied.Wait()
	shown.Close()
	var texts [3]string
	for i, name := range []string{"out", "err", "kept"} {
		text, _ := os.ReadFile(filepath.Join(directory, name))
		texts[i] = string(text)
	}
	return status, texts[0], texts[1], texts[2]
}

var (
	aboutTLS = regexp.MustCompile(`(?m)^(#\d+ )?(\*|note:) (TLS |certificate |agreed|the client offers|throw-away|.*its TLS handshake is not complete).*\n` +
		`|^\{.*"code":"tls-[a-z-]+".*\n|^rawhttp: hint: (if that is a TLS port|the connection was cut).*\n`)
	byChance = regexp.MustCompile(`(?m)^.*the client has closed its side, or is gone.*\n`) // if that comes before the answer
	inTLS    = regexp.MustCompile(`,"tls":(null|\{[^[]*(\[.*\])?\})| \(in TLS[^)]*\)|( -k)? https?:`)
	variable = regexp.MustCompile(`/\S*/kept|\d+(\.\d+)? milliseconds?|\d+(\.\d+)? ?(ms|s|µs|MB/s)\b|127\.0\.0\.1:\d+|\[::1\]:\d+|"(t|seconds)":[0-9.e-]+|"time":"[^"]*"`)
)

// timeless leaves out what differs from run to run, and the rows about TLS.
func timeless(text string) string {
	text = strings.ReplaceAll(inTLS.ReplaceAllString(text, ""), "close-notify", "eof")
	text = variable.ReplaceAllString(strings.ReplaceAll(text, "tls-send", "send"), "V")
	return aboutTLS.ReplaceAllString(byChance.ReplaceAllString(text, ""), "")
}

// trustedCertificate is a server's certificate, and the file to trust it with.
func trustedCertificate(t *testing.T) (*tls.Config, string) {
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(1000 * time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o666); err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, file
}
