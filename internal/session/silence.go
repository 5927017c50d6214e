package session

import "time"

// Silence is what a session knows of one, besides State.
type Silence struct {
	Long       bool // no byte for Options.LongSilence
	Writing    bool // bytes were shown as sent, and the connection does not take them
	InputEnded bool
	HalfClosed bool // nothing more will be sent
	PeerEnded  bool // nothing more will come
}

// excuse says that this end was busy for so long: that is no time of waiting
// for the peer, and no silence. c.mu is held.
func (c *conversation) excuse(d time.Duration) {
	c.lastPeer = c.lastPeer.Add(d)
	c.quietSince = c.quietSince.Add(d)
}

// sounded ends a silence, or makes it another one. c.mu is held.
func (c *conversation) sounded() {
	c.quietSince = time.Now()
	if c.silences > 0 {
		c.silences = 0
		wake(c.kick)
	}
}

func (c *conversation) setSleeping(sleeping bool) {
	c.mu.Lock()
	c.sleeping = sleeping
	c.sounded()
	c.mu.Unlock()
	c.setWaiting(sleeping)
}

// silentSince is when a silence began: somebody who presses keys is at work on
// what a long one would be said to lack. c.mu is held.
func (c *conversation) silentSince(long bool) time.Time {
	if long && c.options.LastKey != nil {
		if pressed := c.options.LastKey(); pressed.After(c.quietSince) {
			return pressed
		}
	}
	return c.quietSince
}

// silence tells the Observer of one that is due and returns how long no other
// will be. c.mu is held.
func (c *conversation) silence(at time.Time) time.Duration {
	if c.sleeping || c.ctx.Err() != nil {
		return time.Hour
	}
	for _, after := range []time.Duration{c.options.Silence, c.options.LongSilence}[c.silences:] {
		if after <= 0 {
			break
		}
		long := c.silences > 0
		if left := c.silentSince(long).Add(after).Sub(at); left > 0 {
			return left
		}
		c.silences++
		s := Silence{
			Long: long, Writing: c.writing, InputEnded: c.situation.inputEnded,
			HalfClosed: c.situation.halfClosed, PeerEnded: c.situation.peerEnded,
		}
		if err := c.observer.Silence(s); err != nil {
			c.end(OutputFailed, err)
		}
		c.excuse(time.Since(at))
		at = time.Now()
	}
	return time.Hour
}
