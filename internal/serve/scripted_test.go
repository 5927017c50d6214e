package serve

import (
	"bytes"
	"io"
	"net"
	"regexp"
	"sync"
	"testing"
	"time"
)

// scripted is a connection on which these parts come, one a read, and then the
// end; what is written is kept.
type scripted struct {
	parts [][]byte
	out   bytes.Buffer
	mu    sync.Mutex
}

func (c *scripted) Read(p []byte) (int, error) {
	if len(c.parts) == 0 {
		return 0, io.EOF
	}
	n := copy(p, c.parts[0])
	if c.parts[0] = c.parts[0][n:]; len(c.parts[0]) == 0 {
		c.parts = c.parts[1:]
	}
	return n, nil
}

func (c *scripted) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out.Write(p)
}

func (c *scripted) Close() error                     { return nil }
func (c *scripted) CloseWrite() error                { return nil }
func (c *scripted) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (c *scripted) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (c *scripted) SetDeadline(time.Time) error      { return nil }
func (c *scripted) SetReadDeadline(time.Time) error  { return nil }
func (c *scripted) SetWriteDeadline(time.Time) error { return nil }

// answersTo returns what a server writes when the parts come.
func answersTo(o Options, parts ...[]byte) string {
	s := New(o)
	conn := &scripted{parts: parts}
	s.begin(conn)
	s.serving.Wait()
	return dates.ReplaceAllString(conn.out.String(), "Date: D\r\n")
}

var dates = regexp.MustCompile(`Date: [^\r]*\r\n`)

// byBytes cuts after each byte.
func byBytes(text string) (parts [][]byte) {
	for i := range len(text) {
		parts = append(parts, []byte{text[i]})
	}
	return parts
}

func wants(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, w := range want {
		i := bytes.Index([]byte(got), []byte(w))
		if i < 0 {
			t.Errorf("%q is missing in\n%q", w, got)
			return
		}
		got = got[i+len(w):]
	}
}
