package session

import (
	"context"
	"errors"
	"io"
)

// sendAnswers answers each complete request from what Answers opens, until an
// answer, or the request it answers, ends the connection.
func (c *conversation) sendAnswers() {
	for n := 1; c.waitForAsked(n); n++ {
		c.setWaiting(true)
		answer, err := c.options.Answers(c.ctx)
		c.setWaiting(false)
		before := c.bytesShown()
		if err == nil {
			err = c.sendAll(&reader{from: answer, buffer: make([]byte, 64<<10)})
			answer.Close()
		}
		if !errors.Is(err, io.EOF) {
			c.inputOver(err)
			return
		}
		c.mu.Lock()
		if c.shown == before {
			c.event(NothingToAnswer, nil)
		}
		last := c.state.Sent.Closes || c.state.Received.Closes && c.state.Received.Complete == n ||
			c.state.Sent.Middle || !c.state.Sent.Framed || c.state.Sent.Answered < n
		c.mu.Unlock()
		if last {
			break
		}
	}
	c.inputOver(io.EOF)
}

// waitForAsked is waitForRequest for the nth request, which may be waiting itself.
func (c *conversation) waitForAsked(n int) bool {
	if c.options.Continue != nil && c.waitUntil(func() (bool, bool) {
		r := &c.state.Received
		return r.Begun == n && r.Expects, r.Complete >= n || c.situation.peerEnded || !r.Framed
	}) {
		_ = c.sendPiece(c.options.Continue) // an error is found again
	}
	return c.waitForRequest(n, true)
}

// reader makes an Input of an io.Reader whose reads do not block for long.
type reader struct {
	from   io.Reader
	buffer []byte
}

// Next implements Input.
func (r *reader) Next(context.Context) ([]byte, error) {
	for {
		n, err := r.from.Read(r.buffer)
		if n > 0 {
			return r.buffer[:n], nil
		}
		if err != nil {
			return nil, err
		}
	}
}
