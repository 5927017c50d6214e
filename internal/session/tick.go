package session

import "time"

// tick owns all timers of the conversation: the pause after which a row that
// has not ended is shown, the timeout, the time a server lingers, and silences.
func (c *conversation) tick() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		timer.Reset(c.due())
		select {
		case <-timer.C:
		case <-c.kick:
		case <-c.ctx.Done():
			return
		}
	}
}

// stoppedFrom is how late the timeout must be for this process to have been stopped
// (Ctrl-Z, SIGSTOP), and not only busy. It begins anew then: what the peer has sent
// meanwhile waits to be read.
const stoppedFrom = 250 * time.Millisecond

// due does what is due and returns how long nothing else will be.
func (c *conversation) due() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	next := time.Hour
	if c.ctx.Err() != nil {
		return next
	}
	at := time.Now()
	if c.held {
		if left := c.lastBytes.Add(c.options.Pause).Sub(at); left > 0 {
			next = min(next, left)
		} else {
			c.held = false
			if err := c.observer.Pause(); err != nil {
				c.end(OutputFailed, err)
			}
			c.excuse(time.Since(at)) // the output may have been blocked
			at = time.Now()
		}
	}
	if c.options.Timeout > 0 && !c.waiting {
		left := c.lastPeer.Add(c.options.Timeout).Sub(at)
		switch {
		case left > 0:
			next = min(next, left)
		case left < -stoppedFrom:
			c.lastPeer = at
			next = min(next, c.options.Timeout)
		case owes(&c.options, &c.state):
			c.result.Blocked = c.writing
			c.end(TimedOut, nil)
		default:
			c.end(Idle, nil)
		}
	}
	if waitsForQuiet(&c.options, &c.state, c.situation) && !c.situation.quiet {
		if left := c.lastBytes.Add(c.options.TunnelPause).Sub(at); left > 0 {
			next = min(next, left)
		} else {
			c.situation.quiet = true
			c.decide()
		}
	}
	if c.options.Linger > 0 && !c.closedAt.IsZero() && c.options.Role == Server {
		since := c.closedAt
		if c.lastPeer.After(since) {
			since = c.lastPeer
		}
		if left := since.Add(c.options.Linger).Sub(at); left > 0 {
			next = min(next, left)
		} else {
			c.end(Lingered, nil)
		}
	}
	return min(next, c.silence(time.Now()))
}
