package session

import (
	"errors"
	"io"
	"time"
)

// readSize is how much is read at once; a read of this size keeps a fast
// sender's bytes from being handled in small pieces.
const readSize = 256 << 10

// receive shows what comes until the peer's stream ends.
func (c *conversation) receive() {
	buffer := make([]byte, readSize)
	var d duct
	defer d.close()
	for {
		if !c.receiveUnseen(&d) {
			return
		}
		n, err := c.conn.Read(buffer)
		if n > 0 && !c.received(buffer[:n]) {
			return
		}
		if err != nil {
			c.peerEnded(err)
			return
		}
		if c.ctx.Err() != nil {
			return
		}
	}
}

func (c *conversation) received(p []byte) bool {
	return c.took(int64(len(p)), func() (State, error) { return c.observer.Received(p) })
}

// took takes in n bytes received; show tells the Observer of them.
func (c *conversation) took(n int64, show func() (State, error)) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.result.Received += n
	asked := time.Now()
	if state, err := show(); !c.observed(asked, state, err) {
		return false
	}
	c.touched()
	c.lastPeer = time.Now()
	wake(c.turn)
	c.decide()
	return true
}

// peerEnded takes in how the peer's stream ended.
func (c *conversation) peerEnded(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		if reset := c.resetByWrite(); reset != nil {
			err = reset
		}
	}
	if c.ctx.Err() != nil {
		return // it was this end that closed the connection
	}
	ending := EndReset
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		ending = EndTruncated
		c.result.Truncated = true
	case errors.Is(err, io.EOF):
		ending = EndClosed
	}
	asked := time.Now()
	if state, err := c.observer.EndReceived(ending); !c.observed(asked, state, err) {
		return
	}
	c.situation.peerEnded = true
	c.sounded()
	wake(c.turn)
	if ending == EndReset {
		c.end(Reset, err)
		return
	}
	if ending == EndTruncated {
		c.event(TruncatedWithoutTLS, nil)
	}
	c.decide()
	if c.ctx.Err() == nil && c.options.Answers == nil {
		c.event(PeerHalfClosed, nil)
	}
}
