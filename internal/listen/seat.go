package listen

import (
	"context"
	"net"
	"time"
)

// Next waits for a free seat and returns the connection that gets it; the connection belongs to the caller. It returns
// ErrWoken when wake becomes readable or is closed first (one value is then taken from it; nil never wakes), the cause
// of ctx when ctx ends, net.ErrClosed when the Listener is closed or when accepting was stopped and nobody waits any
// more, and an *Error when accepting failed. All events about what came before are delivered when it returns.
func (l *Listener) Next(ctx context.Context, wake <-chan struct{}) (*Conn, error) {
	for {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if conn := l.take(l.entitled); conn != nil {
			return conn, nil
		}
		due, err := l.outlook(time.Now())
		l.flush()
		if err != nil {
			return nil, err
		}
		if err := l.sleep(ctx, wake, due); err != nil {
			return nil, err
		}
	}
}

// Oldest gives a free seat to the connection that has waited longest, even if it is silent; one that has sent its first
// byte goes before one that has not. It returns nil if no connection is open or no
// seat is free. The connection belongs to the caller.
func (l *Listener) Oldest() *Conn {
	return l.take(func() *candidate {
		if c := l.entitled(); c != nil {
			return c
		}
		if len(l.waiting) > 0 {
			return l.waiting[0]
		}
		return nil
	})
}

// sleep waits for something to look at, until due if that is not zero. An error ends Next.
func (l *Listener) sleep(ctx context.Context, wake <-chan struct{}, due time.Time) error {
	var alarm <-chan time.Time
	if !due.IsZero() {
		timer := time.NewTimer(time.Until(due))
		defer timer.Stop()
		alarm = timer.C
	}
	select {
	case <-l.changed:
	case <-alarm:
	case <-l.done:
	case <-ctx.Done():
	case <-wake:
		return ErrWoken
	}
	return nil
}

// outlook tells of connections that have become silent, and when to look again: zero if no time has been set. The error
// is why no connection can come.
func (l *Listener) outlook(now time.Time) (due time.Time, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed || l.stopped && len(l.waiting)+len(l.securing) == 0:
		return due, net.ErrClosed
	case l.failure != nil:
		return due, l.failure
	}
	earliest := func(at time.Time) {
		if due.IsZero() || at.Before(due) {
			due = at
		}
	}
	if l.full() {
		return due, nil
	}
	for _, c := range l.waiting {
		if c.turn != 0 {
			continue
		}
		if l.options.Patience > 0 {
			earliest(c.ready.Add(l.options.Patience))
		}
		switch at := c.ready.Add(silence); {
		case c.toldSilent:
		case now.Before(at):
			earliest(at)
		default:
			c.toldSilent, c.quiet = true, true // its reader is about to find the same
			l.tell(Silent, c)
		}
	}
	return due, nil
}

// entitled gives the connection that may have a seat now, or nil; l.mu is held.
func (l *Listener) entitled() *candidate {
	if l.options.Eager && len(l.waiting) > 0 {
		return l.waiting[0]
	}
	var best *candidate
	for _, c := range l.waiting {
		if c.turn != 0 && (best == nil || c.turn < best.turn) {
			best = c
		}
	}
	if best == nil && len(l.waiting) > 0 && l.options.Patience > 0 {
		if c := l.waiting[0]; time.Since(c.ready) >= l.options.Patience {
			return c
		}
	}
	return best
}

// take gives a free seat to the connection that choose, called with l.mu held, picks. If that one turns out to be gone it
// chooses again, until there is none.
func (l *Listener) take(choose func() *candidate) *Conn {
	for {
		l.mu.Lock()
		var c *candidate
		if !l.full() {
			c = choose()
		}
		if c != nil {
			l.remove(c)
			l.seating++
		}
		l.mu.Unlock()
		if c == nil {
			return nil
		}
		if conn := l.seat(c); conn != nil {
			return conn
		}
	}
}

// seat ends the first-byte reader of c, which is in the list no more, and gives c a seat. It returns nil, having
// refused c, if c is gone or speaks TLS.
func (l *Listener) seat(c *candidate) *Conn {
	if c.ended != nil {
		// If the reader is still reading, that is enough; inside TLS a read may have something to answer first.
		_ = c.raw.SetReadDeadline(time.Unix(1, 0))
		_ = c.raw.SetWriteDeadline(time.Now().Add(partingTime))
		<-c.ended
		_ = c.raw.SetDeadline(time.Time{})
	}
	objection := l.objection(c)
	if objection == 0 && len(c.first) > 0 && !c.due && wasReset(c.raw) {
		objection = Vanished
	}
	l.mu.Lock()
	l.seating--
	if objection != 0 {
		l.refuse(c, objection)
	} else {
		l.taken++
		l.lineUp()
	}
	l.mu.Unlock()
	l.flush()
	if objection != 0 {
		return nil
	}
	return &Conn{Conn: c.conn, Number: c.number, Remote: c.remote, Accepted: c.accepted,
		HandedSilent: len(c.first) == 0, first: c.first, err: c.err}
}

// lineUp makes those that have no seat wait in line when the last one was taken; l.mu is held.
func (l *Listener) lineUp() {
	if !l.full() {
		return
	}
	l.trim()
	for _, c := range l.waiting {
		l.startReader(c)
		l.announce(c)
	}
	l.room.Broadcast()
}
