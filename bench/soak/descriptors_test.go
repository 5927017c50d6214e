//go:build linux

package soak

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestDescriptorLimit: with no descriptors left, serve says so once, keeps the
// connections it has, and serves who waited when there is room; so does listen, without
// a word. Only what needs a descriptor of its own, as a file of --dir, is answered 503.
func TestDescriptorLimit(t *testing.T) {
	dir := t.TempDir()
	bodyFile := filepath.Join(dir, "index.html")
	if err := os.WriteFile(bodyFile, []byte(serveBody), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, body string
		args       []string
	}{
		{"serve", serveBody, []string{"serve", "127.0.0.1:0"}},
		{"serve-tls", serveBody, []string{"serve", "127.0.0.1:0", "--tls"}},
		{"serve-dir", serveBody, []string{"serve", "127.0.0.1:0", "--dir", dir}},
		{"serve-log", serveBody, []string{"serve", "127.0.0.1:0", "--access-log"}},
		{"listen", filesBody, []string{"listen", "127.0.0.1:0", "-k", pageFile(t)}},
		{"listen-reply", serveBody, []string{"listen", "127.0.0.1:0", "-k", "--reply", "200", "--reply-body", "@" + bodyFile}},
	} {
		t.Run(c.name, func(t *testing.T) {
			server := setup{shell: `ulimit -n 64; exec "$@"`}.start(t, c.args...)
			said := server.out
			if c.name == "serve-log" {
				said = server.err
			}
			address := server.addressIn(said)
			statuses := atLimit(t, server, address, c.name == "serve-tls", c.body)
			server.stop(syscall.SIGINT, 0)
			defer result(t, "`descriptors`, "+c.name, "64 for 100 clients", "answers by status: %s", counts(statuses))
			if n := len(statuses); n > 1 && c.name != "serve-dir" {
				t.Error("not every request has its answer")
			}
			if n := len(atLimitPattern.FindAllString(said.head(), -1)); n != 1 && c.args[0] == "serve" {
				t.Errorf("it was said %d times:\n%s", n, said.head())
			}
			if lines := strings.Count(server.out.head(), `"GET / HTTP/1.1" 200 `); c.name == "serve-log" && lines != statuses[200] {
				t.Errorf("%d lines for %d requests", lines, statuses[200])
			}
		})
	}
}

var atLimitPattern = regexp.MustCompile("cannot accept: too many open files; going on when there is room")

// atLimit has more clients than there are descriptors, most of them in the middle of a
// request, so that none can give way. When there is no descriptor left, each that ends
// makes room for one that waits. It counts the answers, of which each client has one.
func atLimit(t *testing.T, server *child, address string, secure bool, body string) map[int]int {
	t.Helper()
	const many, early = 100, 30 // of which the server has accepted and can read
	var conns []net.Conn
	for i := range many {
		conn := open(t, address, secure)
		if i < early || !secure { // with TLS it would wait to be accepted
			if _, err := io.WriteString(conn, question[:10]); err != nil {
				t.Fatal(err)
			}
		}
		conns = append(conns, conn)
	}
	poll(t, "that no descriptor is left", func() bool { return server.descriptors() >= 64 })
	statuses := map[int]int{}
	for i, conn := range append(conns, nil) {
		rest := question
		switch {
		case i == many: // and one when there is room
			conn = open(t, address, secure)
		case i < early || !secure:
			rest = question[10:]
		}
		_, _ = io.WriteString(conn, rest) // an error is met again
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("connection %d: %v", i+1, err)
		}
		got, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode == 200 && string(got) != body {
			t.Errorf("connection %d: %q, %v", i+1, got, err)
		}
		statuses[response.StatusCode]++
		conn.Close()
	}
	return statuses
}

func open(t *testing.T, address string, secure bool) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if secure {
		return tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
	}
	return conn
}
