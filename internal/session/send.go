package session

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"
)

// send carries the input, or the answers, to the connection.
func (c *conversation) send() {
	if c.options.Answers != nil {
		c.sendAnswers()
		return
	}
	if !c.waitForTurn() {
		return
	}
	err := c.sendAll(c.input)
	if errors.Is(err, io.EOF) && c.options.Role == Server && !c.options.Interactive && !c.sentAnything() {
		c.nothingToAnswer()
	}
	c.inputOver(err)
}

// errNoMore says that the connection takes no more bytes, which ends only the
// sending.
var errNoMore = errors.New("the peer takes no more")

// sendAll sends pieces until the input ends; it returns io.EOF then.
func (c *conversation) sendAll(input Input) error {
	var d duct
	defer d.close()
	for {
		c.setWaiting(true)
		piece, err := input.Next(c.ctx)
		c.setWaiting(false)
		if err != nil {
			return err
		}
		if err := c.sendPiece(piece); err != nil {
			return err
		}
		if err := c.sendUnseen(input, &d); err != nil {
			return err
		}
	}
}

func (c *conversation) setWaiting(waiting bool) {
	c.mu.Lock()
	c.waiting = waiting
	c.lastPeer = time.Now()
	c.mu.Unlock()
	wake(c.kick)
}

// inputOver takes in how the input ended.
func (c *conversation) inputOver(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case errors.Is(err, io.EOF):
		c.situation.inputEnded = true
		c.lastPeer = time.Now()
		c.sounded()
		c.endOfLeftover()
		wake(c.kick)
		c.decide()
	case errors.Is(err, errNoMore):
	case c.ctx.Err() != nil:
	default:
		c.end(InputFailed, err)
	}
}

// sendPiece sends one piece, line by line when there is an interval.
func (c *conversation) sendPiece(p []byte) error {
	if c.options.Interval <= 0 {
		return c.write(p)
	}
	for len(p) > 0 {
		n := len(p)
		if i := bytes.IndexByte(p, '\n'); i >= 0 {
			n = i + 1
		}
		if c.lineSent {
			if err := c.sleep(c.options.Interval); err != nil {
				return err
			}
		}
		if err := c.write(p[:n]); err != nil {
			return err
		}
		c.lineSent = p[n-1] == '\n'
		p = p[n:]
	}
	return nil
}

// sleep is no time of waiting for the peer, and no silence.
func (c *conversation) sleep(d time.Duration) error {
	c.setSleeping(true)
	defer c.setSleeping(false)
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-c.ctx.Done():
		return context.Cause(c.ctx)
	}
}

// write shows bytes and then writes them.
func (c *conversation) write(p []byte) error {
	out := p
	show := func() (ok bool) {
		if !c.options.CRLF {
			return c.show(p)
		}
		out, ok = c.convert(p)
		return ok
	}
	return c.showThenWrite(show, func() (int64, error) {
		n, err := c.conn.Write(out)
		return int64(n), err
	})
}

// showThenWrite does the one and then the other. A write that fails ends the
// sending alone: what the peer has sent is still to be read.
func (c *conversation) showThenWrite(show func() bool, write func() (int64, error)) error {
	c.mu.Lock()
	if c.ctx.Err() != nil || c.situation.halfClosed || c.situation.writeFailed || !show() {
		c.result.Unsent = true
		c.mu.Unlock()
		return errNoMore
	}
	c.touched()
	c.writing = true
	c.mu.Unlock()

	n, err := write()

	c.mu.Lock()
	defer c.mu.Unlock()
	c.writing = false
	c.result.Sent += n
	c.lastPeer = time.Now()
	c.sounded()
	wake(c.wrote)
	if err == nil {
		c.decide()
		return nil
	}
	if c.ctx.Err() != nil {
		return context.Cause(c.ctx)
	}
	c.situation.writeFailed = true
	c.result.WriteErr = err
	c.event(WriteFailed, &WriteError{err, c.result.Sent, c.shown})
	c.decide()
	return errNoMore
}

// show tells the Observer of bytes about to be sent. c.mu is held.
func (c *conversation) show(p []byte) bool {
	return c.showing(int64(len(p)), func() (State, error) { return c.observer.Sent(p) })
}

// showing counts n bytes about to be sent; tell tells the Observer of them. c.mu is
// held.
func (c *conversation) showing(n int64, tell func() (State, error)) bool {
	asked := time.Now()
	state, err := tell()
	c.shown += n
	return c.observed(asked, state, err)
}

// touched says that bytes were shown. c.mu is held.
func (c *conversation) touched() {
	c.lastBytes = time.Now()
	c.sounded()
	if !c.held {
		c.held = true
		wake(c.kick)
	}
}

func (c *conversation) bytesShown() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.shown
}

func (c *conversation) sentAnything() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state.Sent.Bytes
}

// waitForTurn holds a server's input until a request is complete, the client
// has half-closed, or nothing has come for a while, so that protocols in which
// the server speaks first work too. It returns false when the conversation is
// over.
func (c *conversation) waitForTurn() bool {
	if c.options.Role != Server || c.options.Hold <= 0 {
		return c.ctx.Err() == nil
	}
	c.setWaiting(true) // the client may be waiting for us
	defer c.setWaiting(false)
	timer := time.NewTimer(c.options.Hold)
	defer timer.Stop()
	for {
		c.mu.Lock()
		ready := c.state.Received.Complete > 0 || c.situation.peerEnded || c.ctx.Err() != nil
		left := time.Until(c.lastPeer.Add(c.options.Hold))
		if !ready && left <= 0 {
			c.event(HeldUntilSilence, nil)
			ready = true
		}
		c.mu.Unlock()
		if ready {
			return c.ctx.Err() == nil
		}
		timer.Reset(left)
		select {
		case <-c.turn:
		case <-timer.C:
		case <-c.ctx.Done():
			return false
		}
	}
}

// nothingToAnswer waits for the request, or for the end of what is no HTTP,
// before an empty input half-closes: some clients stop sending then.
func (c *conversation) nothingToAnswer() {
	c.waitForRequest(1, false)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx.Err() == nil {
		c.event(NothingToAnswer, nil)
	}
}

// waitForRequest waits until n requests are complete. It returns false when no
// more will come: the client has ended its stream or, if framed is asked for,
// sends what cannot be told apart into requests.
func (c *conversation) waitForRequest(n int, framed bool) bool {
	return c.waitUntil(func() (bool, bool) {
		return c.state.Received.Complete >= n, c.situation.peerEnded || framed && !c.state.Received.Framed
	})
}

// waitUntil waits until what is asked for has come, or never will, and reports
// whether it has. look is called with c.mu held.
func (c *conversation) waitUntil(look func() (come, never bool)) bool {
	for {
		c.mu.Lock()
		come, never := look()
		c.mu.Unlock()
		if come || never {
			return come
		}
		select {
		case <-c.turn:
		case <-c.ctx.Done():
			return false
		}
	}
}
