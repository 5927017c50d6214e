// Package listen opens a listener on one or several addresses, decides which of its connections has the seat, and hands
// that one on. It does not know what is done with it.
//
// The rules of the seat:
//   - It belongs to the first connection that sends a byte: browsers open spare connections that stay silent.
//   - There may be several. One is taken when Next or Oldest hands a connection on, until Free is called for it.
//   - While all are taken, connections wait and are served in the order of their first bytes.
//   - The first-byte reader of a connection reads on until its buffer is full, to see the end of a client that gives up.
//     What it got goes with the connection; nothing is lost.
//   - A connection that ends without a byte has vanished, and so has one that was reset while all seats were taken. One
//     that sent bytes and then ended its sending waits on: it may still want an answer. One for which a seat was free when
//     it sent its first byte gets it, whatever has become of it since: what it sent is to be seen.
//   - Who may not wait is turned away at once: the newest, one that is silent first. While a seat is free nobody waits,
//     but only so many may be silent; then the one that has been so longest gives way to who comes.
//   - One that begins as TLS does on a plain port is closed and never gets the seat.
//   - With Options.Secure a connection is not in the list before that is done with it, so a handshake that fails or stalls
//     is in nobody's way; the byte that wins the seat is then one of what is inside TLS.
//   - Handing one on interrupts its reader with a read deadline in the past, joins it, and resets the deadline.
package listen

import (
	"net"
	"sync"
	"time"
)

const (
	maxSilent    = 128                    // connections that may be silent while a seat is free
	maxParting   = 128                    // connections being closed; the kernel queues the others
	maxSecuring  = 128                    // handshakes at a time; then the oldest of those over 300 ms gives way
	securingTime = 10 * time.Second       // for a handshake
	firstRead    = 4 << 10                // bytes that the first-byte reader takes at most
	silence      = 300 * time.Millisecond // after which a connection without a byte is an event
	waitingPause = time.Second            // between events about connections that wait or may not
	acceptPause  = 100 * time.Millisecond // when out of file descriptors
	partingTime  = 300 * time.Millisecond // to read what a refused client still sends, so that the close is no reset
	partingBytes = 16 << 10
)

// Options are the policy of a Listener.
type Options struct {
	// Family restricts to IPv4 (4) or IPv6 (6); 0 takes both.
	Family int
	// Eager hands a connection on when it is accepted, without waiting for its first byte, as nc does. TLS bytes are
	// then bytes like any others.
	Eager bool
	// Seats is how many connections may be handed on and not over; 0 is one.
	Seats int
	// MaxWaiting is how many connections may wait while all seats are taken. Further ones are turned away.
	MaxWaiting int
	// Patience, if positive, is how long a connection may be silent before it is handed on all the same.
	Patience time.Duration
	// Secure, if not nil, makes of each connection the one that is used in its place, by the handshake of TLS. It is called
	// in a goroutine of its own, with a deadline of 10 s on conn, and ends soon when conn is closed. The connection it
	// returns owns conn. When it returns an error, conn is closed in good order, and Refused tells of it.
	Secure func(conn net.Conn) (net.Conn, error)
	// Event is called for what a person should know; nil for nobody. It is called from several goroutines, never from
	// two at a time. It must not call the Listener nor wait for somebody who does; while it blocks, nothing is accepted.
	Event func(Event)
}

// Listener accepts connections and hands on those that get a seat. Next and Oldest are for one goroutine; the other
// methods may be called at any time. It must be closed.
type Listener struct {
	*Sockets
	options Options

	accepting sync.WaitGroup // the accept goroutines
	helpers   sync.WaitGroup // all others; see startHelper
	stop      chan struct{}  // closed when accepting ends
	done      chan struct{}  // closed by Close
	changed   chan struct{}  // something Next may want to look at; holds one

	telling  sync.Mutex // held while Event is called
	mu       sync.Mutex // guards what follows
	room     *sync.Cond // one more may be accepted, or accepting ends
	events   []Event    // not delivered yet, in order
	stopped  bool
	closed   bool
	taken    int          // seats
	seating  int          // connections that are chosen for a seat, and may be gone
	waiting  []*candidate // in order of accept, or of the end of their handshakes
	securing []*candidate // in order of accept
	parting  map[*candidate]bool
	numbers  int   // given out
	turns    int   // given out
	turned   int   // away, and not told of
	away     Event // the last of them
	pausing  bool
	slow     burst // Securing
	refused  burst
	failure  error // of accept
}

// start accepts on sockets, which belong to the Listener from now on.
func start(sockets *Sockets, o Options) *Listener {
	l := &Listener{
		Sockets: sockets, options: o,
		stop:    make(chan struct{}),
		done:    make(chan struct{}),
		changed: make(chan struct{}, 1),
		parting: make(map[*candidate]bool),
		slow:    burst{more: SecuringMore},
		refused: burst{more: RefusedMore},
	}
	l.room = sync.NewCond(&l.mu)
	for _, socket := range sockets.all {
		l.accepting.Add(1)
		go l.accept(socket)
	}
	return l
}

// Waiting counts the connections that are open and have not got a seat.
func (l *Listener) Waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.waiting) + len(l.securing)
}

// StopAccepting closes the listening sockets; when it returns the port is free and no connection is added. Those that
// wait stay and can still get the seat. It may be called again.
func (l *Listener) StopAccepting() { _ = l.stopAccepting() }

func (l *Listener) stopAccepting() error {
	l.mu.Lock()
	if !l.stopped {
		l.stopped = true
		close(l.stop)
		l.room.Broadcast()
	}
	l.mu.Unlock()
	err := l.Sockets.Close()
	l.accepting.Wait()
	l.poke()
	return err
}

// Close closes the sockets and the connections that wait, each of which is Unserved, removes the socket file, and
// returns when all goroutines have ended and all events are delivered. Connections handed on are left alone. It may be
// called again; it may be called while Next runs, which then returns net.ErrClosed. The error is about the socket file.
func (l *Listener) Close() error {
	err := l.stopAccepting()
	var unserved, stopped []*candidate
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		close(l.done)
		l.tellTurnedAway()
		l.tellHeld(&l.slow)
		l.tellHeld(&l.refused)
		for _, c := range l.waiting {
			c.waiting = false
			l.tell(Unserved, c)
		}
		unserved, l.waiting = l.waiting, nil
		for _, c := range l.securing {
			c.waiting = false
			c.raw.Close()
		}
		stopped, l.securing = l.securing, nil
		for c := range l.parting {
			c.raw.Close()
		}
	}
	l.mu.Unlock()
	var closing sync.WaitGroup
	for _, c := range unserved {
		closing.Go(func() { c.conn.Close() }) // which may take a moment, to say close_notify
	}
	closing.Wait()
	l.helpers.Wait()
	l.mu.Lock()
	for _, c := range stopped { // whose handshakes have said by now how far they came
		e := c.event(Unserved)
		e.Err = c.err
		l.queue(e)
	}
	l.mu.Unlock()
	l.flush()
	return err
}

// Free gives back the seat of a connection that was handed on and is over. It has no effect while no seat is taken.
func (l *Listener) Free() {
	l.mu.Lock()
	l.taken = max(0, l.taken-1)
	l.mu.Unlock()
	l.poke()
}

// full reports whether all seats are taken; l.mu is held.
func (l *Listener) full() bool { return l.taken >= max(1, l.options.Seats) }

// poke makes Next look again.
func (l *Listener) poke() {
	select {
	case l.changed <- struct{}{}:
	default:
	}
}

// tell queues an event about c; l.mu is held. flush must follow when it no longer is.
func (l *Listener) tell(kind EventKind, c *candidate) { l.queue(c.event(kind)) }

func (l *Listener) queue(e Event) {
	if l.options.Event != nil {
		l.events = append(l.events, e)
	}
}

// flush delivers the events queued so far, in order, without l.mu: an Event that blocks must not stop Waiting or Oldest's
// reader.
func (l *Listener) flush() {
	l.telling.Lock()
	defer l.telling.Unlock()
	for {
		l.mu.Lock()
		events := l.events
		l.events = nil
		l.mu.Unlock()
		if len(events) == 0 {
			return
		}
		for _, e := range events {
			l.options.Event(e)
		}
	}
}

// startHelper starts a goroutine that Close joins; l.mu is held. It starts nothing once the Listener is closed.
func (l *Listener) startHelper(run func()) bool {
	if l.closed {
		return false
	}
	l.helpers.Go(run)
	return true
}
