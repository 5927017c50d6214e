package listen

import (
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"time"
)

// tlsRecord is the first byte of a TLS handshake; no text protocol begins with it.
const tlsRecord = 0x16

// candidate is a connection that has been accepted and has not got a seat.
type candidate struct {
	conn     net.Conn
	number   int
	remote   string
	accepted time.Time

	// Guarded by the Listener's mu; first and err may also be read once ended is closed.
	waiting     bool          // it is in the list; whoever takes it out decides about it
	ended       chan struct{} // closed when the first-byte reader has ended; nil if none was started
	first       []byte
	err         error
	turn        int // the place in the order of first bytes; 0 while silent
	toldSilent  bool
	toldWaiting bool
	uncounted   bool // it waits for the next WaitingMore
}

// accept takes connections from one socket until it is closed or fails.
func (l *Listener) accept(socket net.Listener) {
	defer l.accepting.Done()
	for l.waitForRoom() {
		conn, err := socket.Accept()
		switch {
		case err == nil:
			l.admit(conn)
		case l.hasStopped():
			return
		case isTemporary(err):
			l.pauseAccepting()
		default:
			l.fail(socket, err)
			return
		}
	}
}

// waitForRoom blocks while as many connections wait as may. It returns false when accepting ends.
func (l *Listener) waitForRoom() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !l.stopped && len(l.waiting)+len(l.parting) >= l.limit {
		l.room.Wait()
	}
	return !l.stopped
}

func (l *Listener) hasStopped() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stopped
}

// pauseAccepting gives others time to close a file when there are no more descriptors.
func (l *Listener) pauseAccepting() {
	timer := time.NewTimer(acceptPause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-l.stop:
	}
}

// fail keeps the accept error for Next.
func (l *Listener) fail(socket net.Listener, err error) {
	address := nameOf(socket.Addr())
	l.mu.Lock()
	if l.failure == nil {
		l.failure = &Error{Address: address, Problem: "cannot accept connections on " + address + ": " + reason(err), Err: err}
	}
	l.mu.Unlock()
	l.poke()
}

// admit puts a new connection into the list.
func (l *Listener) admit(conn net.Conn) {
	c := &candidate{conn: conn, accepted: time.Now(), remote: conn.RemoteAddr().String(), waiting: true}
	if local := conn.LocalAddr(); local.Network() == "unix" {
		c.remote = nameOf(local)
	}
	l.mu.Lock()
	l.numbers++
	c.number = l.numbers
	l.waiting = append(l.waiting, c)
	// An eager listener hands on what has not been looked at. Only behind another must somebody watch the connection.
	if !l.options.Eager || l.full() {
		l.startReader(c)
	}
	if l.full() {
		l.announce(c)
	}
	l.mu.Unlock()
	l.poke()
	l.flush()
}

// startReader starts the first-byte reader of c if it has none; l.mu is held.
func (l *Listener) startReader(c *candidate) {
	if c.ended != nil {
		return
	}
	ended := make(chan struct{})
	if l.startHelper(func() { l.readFirst(c, ended) }) {
		c.ended = ended
	}
}

// readFirst waits for the first bytes of c, or for its end. It reads once.
func (l *Listener) readFirst(c *candidate, ended chan struct{}) {
	buffer := make([]byte, firstRead)
	n, err := 0, error(nil)
	for n == 0 && err == nil {
		n, err = c.conn.Read(buffer)
	}
	l.mu.Lock()
	c.first, c.err = buffer[:n:n], err
	if c.waiting {
		l.judge(c)
	}
	l.mu.Unlock()
	close(ended)
	l.poke()
	l.flush()
}

// judge decides about a waiting connection whose reader has ended; l.mu is held.
func (l *Listener) judge(c *candidate) {
	if kind := l.objection(c); kind != 0 {
		l.remove(c)
		l.refuse(c, kind)
		return
	}
	l.turns++
	c.turn = l.turns
	if l.full() {
		l.announce(c)
	}
}

// objection gives the reason why c must not get the seat, or 0; its reader has ended.
func (l *Listener) objection(c *candidate) EventKind {
	switch {
	case len(c.first) > 0 && c.first[0] == tlsRecord && !l.options.Eager:
		return TLS
	case len(c.first) > 0 || c.err == nil || errors.Is(c.err, os.ErrDeadlineExceeded):
		return 0
	}
	return Vanished
}

// refuse closes a connection that is in the list no more; l.mu is held.
func (l *Listener) refuse(c *candidate, kind EventKind) {
	l.tell(kind, c)
	if kind == TLS && l.startHelper(func() { l.part(c) }) {
		l.parting[c] = true
		return
	}
	c.conn.Close()
}

// part closes a connection so that its client sees an orderly end: closing with bytes unread would reset it.
func (l *Listener) part(c *candidate) {
	_ = closeWrite(c.conn)
	_ = c.conn.SetReadDeadline(time.Now().Add(partingTime))
	_, _ = io.CopyN(io.Discard, c.conn, partingBytes)
	c.conn.Close()
	l.mu.Lock()
	delete(l.parting, c)
	l.room.Broadcast()
	l.mu.Unlock()
}

// remove takes c out of the list; l.mu is held.
func (l *Listener) remove(c *candidate) {
	c.waiting = false
	if i := slices.Index(l.waiting, c); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	}
	l.room.Broadcast()
}

// announce says once that c waits while all seats are taken, at once or with the next count; l.mu is held.
func (l *Listener) announce(c *candidate) {
	if c.toldWaiting || c.uncounted {
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

// countWaiting follows an event about a connection that waits: it holds further ones back and counts them once a second,
// until a second brings none.
func (l *Listener) countWaiting() {
	ticker := time.NewTicker(waitingPause)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-l.done:
			return
		}
		more := l.tellCount()
		l.flush()
		if !more {
			return
		}
	}
}

// tellCount tells of the connections held back in the last second. It returns false if there were none.
func (l *Listener) tellCount() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
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
		l.pausing = false
		return false
	case len(more) == 1:
		l.tell(Waiting, more[0]) // a name says more than a count of one
	default:
		l.queue(Event{Kind: WaitingMore, Count: len(more)})
	}
	return true
}
