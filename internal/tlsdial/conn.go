package tlsdial

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"rawhttp/internal/dial"
)

// Conn is a TLS connection after its handshake. Its Read tells how the server's
// stream ended: io.EOF after a close_notify, io.ErrUnexpectedEOF when the
// connection ended without one and somebody may have cut it (RFC 8446 section
// 6.1), which crypto/tls does not tell between two records. An alert from the
// server is an *AlertError. Reads must not be concurrent with each other.
type Conn struct {
	*tls.Conn
	situation *situation
	seen      *witness
	closing   sync.Once
	closed    atomic.Bool
	sent      atomic.Bool // a close_notify
	received  atomic.Bool // a close_notify
	broken    atomic.Bool // by TLS itself
}

// Read implements net.Conn.
func (c *Conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	switch {
	case err == io.EOF && c.seen.ended:
		err = io.ErrUnexpectedEOF
	case err == io.EOF:
		if !c.closed.Load() { // else it is the answer to ours, which is seen or not as it happens
			c.received.Store(true)
		}
	case err != nil:
		err = c.refusal(err)
	}
	return n, err
}

// Write implements net.Conn.
func (c *Conn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	if err != nil {
		err = c.refusal(err)
	}
	return n, err
}

// refusal makes an *AlertError of an alert. In TLS 1.3 the client's certificate
// is judged after the client's handshake is over, and so its refusal comes here.
func (c *Conn) refusal(err error) error {
	alert, ok := AsAlert(err)
	var header tls.RecordHeaderError
	var local *net.OpError
	if ok || errors.As(err, &header) || errors.As(err, &local) && local.Op == "local error" {
		c.broken.Store(true)
	}
	if !ok {
		return err
	}
	alert.late, alert.situation = true, c.situation
	return alert
}

// Broken reports whether TLS itself has ended the connection, as a Read or a Write
// has met it: the server sent an alert, or what is no TLS, or a damaged record. A
// timeout and a reset are the network's.
func (c *Conn) Broken() bool { return c.broken.Load() }

// CloseWrite sends close_notify, after which nothing can be written.
func (c *Conn) CloseWrite() error {
	err := c.Conn.CloseWrite()
	if err == nil {
		c.sent.Store(true)
	}
	return err
}

// partingTime is how long Close may take to say close_notify to a server that
// takes nothing; crypto/tls by itself waits for 5 s.
const partingTime = 200 * time.Millisecond

// Close sends close_notify, unless that was done or a Write is blocked, and closes
// the connection. A second call waits for the first, so that CloseNotify is true
// behind each of them.
func (c *Conn) Close() error {
	err := net.ErrClosed
	c.closing.Do(func() {
		c.closed.Store(true)
		timer := time.AfterFunc(partingTime, func() { c.seen.Conn.Close() })
		defer timer.Stop()
		before := c.seen.writes.Load()
		err = c.Conn.Close()
		if c.seen.writes.Load() > before {
			c.sent.Store(true)
		}
	})
	return err
}

// CloseNotify says in which directions a close_notify has gone; of the server's,
// whether it came before Close was called. It is certain once the connection is
// closed.
func (c *Conn) CloseNotify() (sent, received bool) { return c.sent.Load(), c.received.Load() }

// witness remembers the first bytes the peer sent, so that a failed handshake
// can tell who answered instead of a TLS server. They are read after the
// handshake only by the goroutine that ran it. It hands the records of the
// handshake to steps.
type witness struct {
	dial.Conn
	first  []byte
	ended  bool         // the stream below TLS has ended
	writes atomic.Int64 // that were done
	steps  *steps
}

const mostWitnessed = 64

// Read implements net.Conn.
func (w *witness) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if room := mostWitnessed - len(w.first); room > 0 {
		w.first = append(w.first, p[:min(n, room)]...)
	}
	w.ended = w.ended || err == io.EOF
	w.steps.received(p[:n])
	return n, err
}

// Write implements net.Conn.
func (w *witness) Write(p []byte) (int, error) {
	w.steps.sending(p)
	n, err := w.Conn.Write(p)
	if err == nil {
		w.writes.Add(1)
	}
	return n, err
}
