package serve

import (
	"errors"
	"io"
	"net"
	"os"
	"time"
)

const (
	flushAt   = 64 << 10  // bytes of answers that are held at most
	writeSize = 256 << 10 // that one write deadline is for
)

// add appends to what will be written.
func (c *conn) add(p ...byte) {
	c.borrow()
	c.out = append(c.out, p...)
}

// flush writes what was put together.
func (c *conn) flush() error {
	if len(c.out) == 0 || c.broken != nil {
		c.show()
		return c.broken
	}
	err := c.write(c.out)
	c.out = c.out[:0]
	return err
}

// show tells the Watcher that nothing follows at once, if it has not been told of
// anything since it was given bytes.
func (c *conn) show() {
	if c.toShow && c.watch.Waits != nil {
		c.keep(c.watch.Waits())
	}
	c.toShow = false
}

// write sends p; the error is the network's and stays.
func (c *conn) write(p []byte) error {
	if c.broken != nil || c.failure != nil {
		return c.broken
	}
	if c.watch.Sent != nil {
		c.keep(c.watch.Sent(p))
		c.toShow = false
	}
	for all := len(p); len(p) > 0; {
		if len(p) < all {
			c.now = time.Now() // the first piece is of the moment in which it was asked for
		}
		c.writeDeadline()
		n, err := c.net.Write(p[:min(len(p), writeSize)])
		c.sent += int64(n)
		c.called("write", n)
		p = p[n:]
		if err != nil {
			c.broken = err
			c.ending = ClientReset
			if errors.Is(err, os.ErrDeadlineExceeded) {
				c.ending, c.reset = SlowClient, true
			}
			if c.abandoned.Load() {
				c.ending = Stopped
			}
			return err
		}
	}
	return nil
}

// writeDeadline renews the deadline of writes, not more often than is of use.
func (c *conn) writeDeadline() {
	limit := c.server.times.Write
	if c.now.Sub(c.writeAt) > limit/8 {
		c.writeAt = c.now
		_ = c.net.SetWriteDeadline(c.now.Add(limit + limit/8))
	}
}

const (
	lingerTime  = 2 * time.Second // without a byte
	lingerTotal = 10 * time.Second
	lingerBytes = 16 << 20
)

// part half-closes and reads what still comes, so that the close is no reset and
// the answer arrives (RFC 9112 section 9.6).
func (c *conn) part() {
	half, ok := c.net.(interface{ CloseWrite() error })
	if !ok || c.failure != nil || half.CloseWrite() != nil {
		return
	}
	c.called("shutdown", 0)
	c.due = 0
	c.reader.open(c.net)
	last := time.Now().Add(lingerTotal)
	for n := 0; n < lingerBytes && c.failure == nil && !c.server.stopping.Load(); {
		next := time.Now().Add(lingerTime)
		if next.After(last) {
			next = last
		}
		_ = c.net.SetReadDeadline(next)
		p, err := c.reader.read(false)
		if len(p) > 0 {
			n += len(p)
			c.received += int64(len(p))
			c.called("read", len(p))
			if c.watch.Received != nil {
				c.keep(c.watch.Received(p))
				c.toShow = true
				c.show()
			}
		}
		c.reader.done()
		if err == io.EOF {
			c.called("read", 0)
		}
		if err != nil {
			return
		}
	}
}

// setReset makes the close of a connection a reset.
func setReset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}

var _ io.Writer = (*Response)(nil)
