package listen

import (
	"errors"
	"net"
	"time"
)

// Conn is a connection that got a seat. It belongs to the caller of Next or Oldest, who must close it; closing the
// Listener leaves it alone. It is used as the net.Conn in it, with one reader at a time.
type Conn struct {
	net.Conn
	// Number counts connections from 1 in the order they were accepted.
	Number int
	// Remote is the peer's address, "127.0.0.1:40114"; for a Unix socket, whose clients have none, "unix:PATH".
	Remote string
	// Accepted is when the connection was accepted.
	Accepted time.Time
	// HandedSilent tells that no byte had been read when the connection was handed on.
	HandedSilent bool

	first []byte // what the first-byte reader got and Read has not given out yet
	err   error  // what came with first, to be returned after it
}

// Read gives the bytes that won a seat first, then reads from the connection.
func (c *Conn) Read(p []byte) (int, error) {
	if len(c.first) > 0 {
		n := copy(p, c.first)
		c.first = c.first[n:]
		return n, nil
	}
	if c.err != nil {
		return 0, c.err
	}
	return c.Conn.Read(p)
}

// CloseWrite ends the sending and leaves the receiving open (a half-close).
func (c *Conn) CloseWrite() error { return closeWrite(c.Conn) }

func closeWrite(c net.Conn) error {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}
