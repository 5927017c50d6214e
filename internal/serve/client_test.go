package serve

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestGoClient: net/http's client, plain and in TLS: connections are kept, bodies of
// any size and framing cross whole, and many clients are answered at once.
func TestGoClient(t *testing.T) {
	for _, secure := range []bool{false, true} {
		options := Options{Handler: Site(nil)}
		scheme := "http"
		if secure {
			config := certified(t)
			options.Secure = func(conn net.Conn) (net.Conn, error) {
				secured := tls.Server(conn, config)
				return secured, secured.Handshake()
			}
			scheme = "https"
		}
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- New(options).Serve(ctx, nil, listener) }()
		transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ExpectContinueTimeout: time.Minute}
		askAll(t, &http.Client{Transport: transport}, scheme+"://"+listener.Addr().String())
		transport.CloseIdleConnections()
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func askAll(t *testing.T, client *http.Client, base string) {
	t.Helper()
	var made atomic.Int32
	trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		if !info.Reused {
			made.Add(1)
		}
	}}
	ask := func(method, path, body string, known bool) string {
		var content io.Reader
		if body != "" {
			content = bytes.NewReader([]byte(body))
			if !known {
				content = io.MultiReader(content) // its length is not known, so it is sent in chunks
			}
		}
		request, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), method, base+path, content)
		if err != nil {
			t.Error(err)
			return ""
		}
		if len(body) > 1000 {
			request.Header.Set("Expect", "100-continue")
		}
		response, err := client.Do(request)
		if err != nil {
			t.Errorf("%s %s: %v", method, path, err)
			return ""
		}
		defer response.Body.Close()
		b, err := io.ReadAll(response.Body)
		if err != nil {
			t.Errorf("%s %s: %v", method, path, err)
		}
		return response.Status[:3] + " " + string(b)
	}
	big := strings.Repeat("0123456789abcdef", 10000)
	for _, c := range []struct{ method, path, body, want string }{
		{"GET", "/", "", "200 hello from a hand-rolled server\n"},
		{"GET", "/chunked", "", "200 one\ntwo, which is longer\nthree\n"},
		{"GET", "/gzip", "", "200 hello from a hand-rolled server\n"},
		{"HEAD", "/bytes/100", "", "200 "},
		{"GET", "/nowhere", "", "404 404 Not Found: /nowhere\n"},
		{"GET", "/status/304", "", "304 "},
		{"POST", "/echo", big, big},
		{"DELETE", "/about", "", "405 405 Method Not Allowed: DELETE /about\n"},
	} {
		for _, known := range []bool{true, false} {
			if got := ask(c.method, c.path, c.body, known); got != c.want && !(c.body != "" && strings.HasPrefix(got, "200 POST /echo ") && strings.Contains(got, big[:5000])) {
				t.Errorf("%s %s: %.200q, want %.200q", c.method, c.path, got, c.want)
			}
		}
	}
	if n := made.Load(); n != 1 {
		t.Errorf("%d connections for one after the other", n)
	}
	var group sync.WaitGroup
	for range 40 {
		group.Go(func() {
			for range 10 {
				if got := ask("GET", "/about", "", true); got != "200 this is /about\n" {
					t.Errorf("%q", got)
				}
			}
		})
	}
	group.Wait()
}

func certified(t *testing.T) *tls.Config {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}
