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
	raw      net.Conn // as it was accepted
	conn     net.Conn // what is used: raw, or what Options.Secure made of it
	number   int
	remote   string
	accepted time.Time
	ready    time.Time // when it came into the list

	// Guarded by the Listener's mu; first and err may also be read once ended is closed.
	waiting     bool          // it is in a list; whoever takes it out decides about it
	ended       chan struct{} // closed when the first-byte reader has ended; nil if none was started
	first       []byte
	err         error
	turn        int  // the place in the order of first bytes; 0 while silent
	due         bool // there was a seat for it when it sent its first byte
	quiet       bool // no byte, or no end of the handshake, came in the first 300 ms
	toldSilent  bool
	toldWaiting bool
	uncounted   bool // it waits for the next WaitingMore
}

func (c *candidate) event(kind EventKind) Event {
	e := Event{Kind: kind, Number: c.number, Remote: c.remote, Sent: len(c.first) > 0}
	if local, ok := c.raw.LocalAddr().(*net.TCPAddr); ok {
		e.Port = local.Port
	}
	if kind == Vanished && c.conn != c.raw {
		e.Secured = c.conn
	}
	return e
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

// waitForRoom blocks while no more connections can be dealt with. It returns false when accepting ends.
func (l *Listener) waitForRoom() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !l.stopped && !l.hasRoom() {
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
	now := time.Now()
	c := &candidate{raw: conn, conn: conn, accepted: now, ready: now, remote: conn.RemoteAddr().String(), waiting: true}
	if local := conn.LocalAddr(); local.Network() == "unix" {
		c.remote = nameOf(local)
	}
	l.mu.Lock()
	l.numbers++
	c.number = l.numbers
	if l.options.Secure == nil {
		l.enlist(c)
	} else {
		l.startSecuring(c)
	}
	l.mu.Unlock()
	l.poke()
	l.flush()
}

// enlist puts c among those that may get a seat; l.mu is held.
func (l *Listener) enlist(c *candidate) {
	l.waiting = append(l.waiting, c)
	// An eager listener hands on what has not been looked at. Only behind another must somebody watch the connection.
	if !l.options.Eager || l.full() {
		l.startReader(c)
	}
	l.trim()
}

// startReader starts the first-byte reader of c if it has none; l.mu is held.
func (l *Listener) startReader(c *candidate) {
	if c.ended != nil {
		return
	}
	ended := make(chan struct{})
	if l.startHelper(func() { l.readFirst(c, ended) }) {
		c.ended = ended
		_ = c.conn.SetReadDeadline(time.Now().Add(silence))
	}
}

// readFirst reads the first bytes of c, until there is no room for more, c ends, or it is taken out of the list.
func (l *Listener) readFirst(c *candidate, ended chan struct{}) {
	buffer := make([]byte, firstRead)
	for n := 0; ; {
		got, err := c.conn.Read(buffer[n:])
		n += got
		l.mu.Lock()
		goesOn := l.takeIn(c, buffer[:n:n], err)
		if goesOn && len(l.events) > 0 {
			l.startHelper(l.flush) // this one must not block: whoever hands c on waits for it
		}
		l.mu.Unlock()
		l.poke()
		if !goesOn {
			break
		}
	}
	close(ended)
	l.poke()
	l.flush()
}

// takeIn takes in what the reader of c has got so far, and decides if nobody else has. It returns whether to read on;
// l.mu is held.
func (l *Listener) takeIn(c *candidate, got []byte, err error) bool {
	spoke := len(c.first) == 0 && len(got) > 0
	c.first = got
	late := errors.Is(err, os.ErrDeadlineExceeded)
	if !late {
		c.err = err
	}
	switch {
	case !c.waiting:
		return false
	case late:
		c.quiet = true
		l.room.Broadcast() // it may give way
		if l.full() {
			l.announce(c)
		}
	case spoke || err != nil:
		l.judge(c, spoke)
	}
	if !c.waiting {
		return false
	}
	_ = c.conn.SetReadDeadline(time.Time{}) // before anybody can interrupt it
	return err == nil && len(got) < firstRead || late
}

// judge decides about a waiting connection that has spoken or ended; l.mu is held.
func (l *Listener) judge(c *candidate, spoke bool) {
	c.due = c.due || spoke && l.taken+l.seating+l.countDue() < max(1, l.options.Seats)
	if kind := l.objection(c); kind != 0 {
		l.remove(c)
		l.refuse(c, kind)
		return
	}
	if spoke {
		l.turns++
		c.turn = l.turns
		if l.full() {
			l.announce(c)
		}
	}
	if c.err != nil && l.full() {
		l.tell(Ended, c)
	}
}

// countDue counts the waiting connections for which there is a seat; l.mu is held.
func (l *Listener) countDue() int {
	n := 0
	for _, c := range l.waiting {
		if c.due {
			n++
		}
	}
	return n
}

// objection gives the reason why c must not get a seat, or 0.
func (l *Listener) objection(c *candidate) EventKind {
	switch {
	case len(c.first) > 0 && c.first[0] == tlsRecord && !l.options.Eager && l.options.Secure == nil:
		return TLS
	case c.err == nil, c.due, len(c.first) > 0 && (errors.Is(c.err, io.EOF) || errors.Is(c.err, io.ErrUnexpectedEOF)):
		return 0
	}
	return Vanished
}

// refuse closes a connection that is in the list no more; l.mu is held.
func (l *Listener) refuse(c *candidate, kind EventKind) {
	l.tell(kind, c)
	if kind == TLS {
		l.dismiss(c)
	} else {
		l.partBy(c, func() { c.conn.Close() })
	}
}

// dismiss closes in good order a connection that is in the list no more; l.mu is held.
func (l *Listener) dismiss(c *candidate) { l.partBy(c, func() { part(c) }) }

// partBy closes a connection that is in the list no more, by what may take a moment; l.mu is held.
func (l *Listener) partBy(c *candidate, closes func()) {
	parted := l.startHelper(func() {
		closes()
		l.mu.Lock()
		delete(l.parting, c)
		l.room.Broadcast()
		l.mu.Unlock()
	})
	if parted {
		l.parting[c] = true
	} else {
		c.raw.Close()
	}
}

// part closes a connection so that its client sees an orderly end: closing with bytes unread would reset it.
func part(c *candidate) {
	_ = c.raw.SetDeadline(time.Now().Add(partingTime))
	_ = closeWrite(c.conn)
	if c.conn != c.raw {
		_ = closeWrite(c.raw) // whose end is behind close_notify
	}
	_, _ = io.CopyN(io.Discard, c.raw, partingBytes)
	c.raw.Close()
}

// remove takes c out of the list; l.mu is held.
func (l *Listener) remove(c *candidate) {
	c.waiting = false
	if i := slices.Index(l.waiting, c); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	}
	l.room.Broadcast()
}
