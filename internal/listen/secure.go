package listen

import (
	"fmt"
	"slices"
	"time"
)

// ErrGaveWay is why the oldest handshake ends when there are too many that stall.
var ErrGaveWay = fmt.Errorf("it stalled while %d others were in their handshakes, and gave way", maxSecuring)

// Connections whose handshake is not complete are in a list of their own: they cannot get a seat, and nobody waits for
// them. How many there may be is bounded like the silent ones: the oldest that has had 300 ms gives way.

// startSecuring begins the handshake of a connection that was accepted; l.mu is held.
func (l *Listener) startSecuring(c *candidate) {
	l.securing = append(l.securing, c)
	if len(l.securing) > maxSecuring {
		if i := slices.IndexFunc(l.securing, isQuiet); i >= 0 {
			gone := l.securing[i]
			l.removeSecuring(gone)
			l.sayRefused(gone, ErrGaveWay)
			gone.raw.Close()
		}
	}
	_ = c.raw.SetDeadline(c.accepted.Add(securingTime))
	done := make(chan struct{})
	l.startHelper(func() { l.secure(c, done) })
	l.startHelper(func() { l.watchSecuring(c, done) })
}

// secure does the handshake of c and then lets it into the list.
func (l *Listener) secure(c *candidate, done chan<- struct{}) {
	conn, err := l.options.Secure(c.raw)
	close(done)
	l.mu.Lock()
	mine := c.waiting
	l.removeSecuring(c)
	switch {
	case !mine: // it gave way, or the Listener was closed, and raw is closed too
		c.err = err
	case err != nil:
		c.waiting = false
		l.sayRefused(c, err)
		l.dismiss(c)
	default:
		_ = c.raw.SetDeadline(time.Time{})
		c.waiting, c.quiet = true, false
		c.conn, c.ready = conn, time.Now()
		l.enlist(c)
	}
	l.mu.Unlock()
	l.poke()
	l.flush()
}

// sayRefused tells why there was no handshake, at once or with the next count; l.mu is held.
func (l *Listener) sayRefused(c *candidate, err error) {
	e := c.event(Refused)
	e.Err = err
	l.tellBounded(&l.refused, e)
}

// watchSecuring tells of a handshake that takes long.
func (l *Listener) watchSecuring(c *candidate, done <-chan struct{}) {
	timer := time.NewTimer(silence)
	defer timer.Stop()
	select {
	case <-done:
		return
	case <-timer.C:
	}
	l.mu.Lock()
	if c.waiting && c.conn == c.raw {
		c.quiet = true
		l.tellBounded(&l.slow, c.event(Securing))
		l.room.Broadcast() // it may give way
	}
	l.mu.Unlock()
	l.flush()
}

// removeSecuring takes c out of the list of handshakes; l.mu is held.
func (l *Listener) removeSecuring(c *candidate) {
	c.waiting = false
	if i := slices.Index(l.securing, c); i >= 0 {
		l.securing = slices.Delete(l.securing, i, i+1)
	}
	l.room.Broadcast()
}
