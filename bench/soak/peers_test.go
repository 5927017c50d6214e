//go:build linux

package soak

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

const question = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

// page is the file with which listen answers.
const page = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n"

func pageFile(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "page.txt")
	if err := os.WriteFile(name, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// peer answers one request on each connection with what answer writes.
type peer struct {
	net.Listener
	group sync.WaitGroup
}

func startPeer(t *testing.T, answer func(conn net.Conn)) *peer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{Listener: l}
	p.group.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			p.group.Go(func() {
				defer conn.Close()
				if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					answer(conn)
				}
			})
		}
	})
	t.Cleanup(p.stop)
	return p
}

// stop waits until every answer is written, or cannot be.
func (p *peer) stop() {
	p.Close()
	p.group.Wait()
}

func (p *peer) address() string { return p.Addr().String() }

// chunksUntil is an answer in chunks that ends when stop is closed.
func chunksUntil(stop <-chan struct{}) func(net.Conn) {
	chunk := "1f\r\nthe bytes of this chunk are 31.\r\n"
	return func(conn net.Conn) {
		_, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
		for err == nil {
			select {
			case <-stop:
				_, _ = io.WriteString(conn, "0\r\n\r\n")
				return
			default:
				_, err = io.WriteString(conn, chunk)
			}
		}
	}
}

// sized is an answer of that many bytes of body; what counts how many were taken.
func sized(block []byte, blocks int, taken *atomic.Int64) func(net.Conn) {
	return func(conn net.Conn) {
		_, err := fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", len(block)*blocks)
		for i := 0; i < blocks && err == nil; i++ {
			var n int
			n, err = conn.Write(block)
			taken.Add(int64(n))
		}
	}
}

// textBlock is 64 KiB of text in lines, which differ.
func textBlock() []byte {
	var block []byte
	for i := 0; len(block) < 64<<10; i++ {
		block = fmt.Appendf(block, "line %d of a page that is long enough to be looked at\n", i)
	}
	return block[:64<<10]
}

// visit makes one connection with one request, which must be answered with that
// body. Each comes from an address of its own, since the ports of one run out.
func visit(address string, number int, body string) error {
	conn, err := dialFrom(number, address)
	if err != nil {
		return err
	}
	defer conn.Close()
	return ask(conn, body)
}

// visitRudely makes one connection that is no good visit: by turns it sends nothing,
// or a part of a request, or a request whose answer it does not read, and closes or resets.
func visitRudely(address string, number int) error {
	conn, err := dialFrom(number, address)
	if err != nil {
		return err
	}
	defer conn.Close()
	sent := []string{"", question[:10], question}[number%3]
	if number%2 == 0 {
		_ = conn.(*net.TCPConn).SetLinger(0)
	}
	_, err = io.WriteString(conn, sent)
	return err
}

func dialFrom(number int, address string) (net.Conn, error) {
	from := &net.TCPAddr{IP: net.IPv4(127, 1, byte(number>>8), byte(number))}
	return (&net.Dialer{LocalAddr: from}).Dial("tcp", address)
}

// ask makes one request, which must be answered with that body.
func ask(conn net.Conn, body string) error {
	if _, err := io.WriteString(conn, question); err != nil {
		return err
	}
	return readAnswer(conn, body)
}

func readAnswer(conn net.Conn, body string) error {
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return err
	}
	got, err := io.ReadAll(response.Body)
	if err == nil && string(got) != body {
		err = fmt.Errorf("the body is %q", got)
	}
	return err
}

// The bodies of the page of listen's file, and of serve's first page.
const (
	filesBody = "hello\n"
	serveBody = "hello from a hand-rolled server\n"
)
