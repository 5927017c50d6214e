package listen

import (
	"slices"
	"time"
)

// The line of those who have no seat: how many may be in it, who is turned away, and what is told of it. l.mu is held
// throughout, but in countWaiting and tellCounts, which take it.

// hasRoom reports whether one more connection can be dealt with. While all seats are taken it can: the line holds it, or
// it is turned away. While one is free somebody must be known for silent to give way; a crowd that has not had the time
// to speak stays in the kernel's queue.
func (l *Listener) hasRoom() bool {
	if len(l.parting) >= maxParting {
		return false
	}
	if len(l.securing) >= maxSecuring && !slices.ContainsFunc(l.securing, isQuiet) {
		return false
	}
	return l.full() || len(l.waiting) < l.longest() || slices.ContainsFunc(l.waiting, isQuiet)
}

// longest is how many connections may be in the list.
func (l *Listener) longest() int {
	if l.full() {
		return l.options.MaxWaiting
	}
	return max(l.options.MaxWaiting, maxSilent)
}

func isQuiet(c *candidate) bool { return c.turn == 0 && c.quiet }

// trim turns away who is too many.
func (l *Listener) trim() {
	for len(l.waiting) > l.longest() {
		c := l.surplus()
		if c == nil {
			return
		}
		l.remove(c)
		l.sayTurnedAway(c.event(TurnedAway))
		l.dismiss(c)
	}
}

// surplus chooses who gives way. nil: nobody.
func (l *Listener) surplus() *candidate {
	if !l.full() {
		if i := slices.IndexFunc(l.waiting, isQuiet); i >= 0 {
			return l.waiting[i]
		}
		return nil
	}
	for _, c := range slices.Backward(l.waiting) {
		if c.turn == 0 {
			return c
		}
	}
	return l.waiting[len(l.waiting)-1]
}

// sayTurnedAway tells of it, at once or with the next count.
func (l *Listener) sayTurnedAway(e Event) {
	switch {
	case l.pausing:
		l.turned++
		l.away = e
	case l.startHelper(l.countWaiting):
		l.pausing = true
		l.queue(e)
	}
}

// announce says once that c waits while all seats are taken, at once or with the next count. It is not
// said yet of one that may be about to speak: then it would be called silent.
func (l *Listener) announce(c *candidate) {
	if c.toldWaiting || c.uncounted || c.turn == 0 && !c.quiet {
		return
	}
	if l.pausing {
		c.uncounted = true
		return
	}
	if l.startHelper(l.countWaiting) {
		l.pausing = true
		c.toldWaiting = true
		l.tell(Waiting, c)
	}
}

// countWaiting follows an event about a connection that waits or may not: it holds further ones back and counts them
// once a second, until a second brings none.
func (l *Listener) countWaiting() {
	ticker := time.NewTicker(waitingPause)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-l.done:
			return
		}
		more := l.tellCounts()
		l.flush()
		if !more {
			return
		}
	}
}

// tellCounts tells of the connections held back in the last second. It returns false if there were none.
func (l *Listener) tellCounts() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	waiting, turned := l.tellWaiting(), l.tellTurnedAway()
	l.pausing = waiting || turned
	return l.pausing
}

// tellTurnedAway tells of those that were turned away, and have not been told of. It returns false if there are none.
func (l *Listener) tellTurnedAway() bool {
	n := l.turned
	l.turned = 0
	switch n {
	case 0:
		return false
	case 1:
		l.queue(l.away)
	default:
		l.queue(Event{Kind: TurnedAwayMore, Count: n})
	}
	return true
}

// tellWaiting tells of those that wait, and have not been told of. It returns false if there are none.
func (l *Listener) tellWaiting() bool {
	var more []*candidate
	for _, c := range l.waiting {
		if c.uncounted {
			c.uncounted = false
			c.toldWaiting = l.full() // with a seat free they are not waiting for anybody
			more = append(more, c)
		}
	}
	switch {
	case len(more) == 0 || !l.full():
		return false
	case len(more) == 1:
		l.tell(Waiting, more[0]) // a name says more than a count of one
	default:
		l.queue(Event{Kind: WaitingMore, Count: len(more)})
	}
	return true
}
