package listen

import "time"

// inFull is how many events of a kind are told one by one before further ones are counted.
const inFull = 4

// burst bounds what is told of a kind of event that anybody who can connect can cause. The first inFull are told as they
// are, and then there is one count a second, until a second brings none. l.mu guards it.
type burst struct {
	more     EventKind // of the count
	told     int       // one by one
	came     int       // in this second
	held     int       // to be counted
	last     Event     // of those held
	counting bool      // countBurst runs
}

// tellBounded tells of e, at once or with the next count; l.mu is held. flush must follow.
func (l *Listener) tellBounded(b *burst, e Event) {
	if !b.counting {
		if b.counting = l.startHelper(func() { l.countBurst(b) }); !b.counting {
			return
		}
		b.told = 0
	}
	b.came++
	if b.told < inFull {
		b.told++
		l.queue(e)
		return
	}
	b.held++
	b.last = e
}

// countBurst tells once a second how many were held back.
func (l *Listener) countBurst(b *burst) {
	ticker := time.NewTicker(waitingPause)
	defer ticker.Stop()
	for goesOn := true; goesOn; {
		select {
		case <-ticker.C:
		case <-l.done:
			return
		}
		l.mu.Lock()
		goesOn = b.came > 0
		b.came, b.counting = 0, goesOn
		l.tellHeld(b)
		l.mu.Unlock()
		l.flush()
	}
}

// tellHeld tells of those held back; l.mu is held.
func (l *Listener) tellHeld(b *burst) {
	e := b.last
	switch b.held {
	case 0:
		return
	case 1: // a name says more than a count of one
	default:
		e.Kind, e.Count = b.more, b.held
	}
	b.held = 0
	l.queue(e)
}
