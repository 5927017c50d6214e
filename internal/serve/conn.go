package serve

import (
	"errors"
	"io"
	"net"
	"os"
	"runtime/debug"
	"sync/atomic"
	"time"

	"rawhttp/internal/http1"
)

// conn is one connection and all that is known of it. Only idleSince, plain's
// deadlines, net's while it is idle, and abandon are touched by other goroutines.
type conn struct {
	server  *Server
	number  int
	plain   net.Conn // as it was accepted
	net     net.Conn // what is read and written: plain, or TLS over it
	reader  reader
	watch   Watcher
	desk    *desk // nil while idle, and with it scanner, out and what request refers to
	scanner *http1.Scanner
	resting http1.Resting
	full    bool // to be answered 503

	request  Request
	response Response
	out      []byte // answers not written yet; nil while idle
	kept     int64  // of server.bodies

	phase     phase
	due       time.Duration // until the read deadline that is to be set; 0: none
	phaseAt   time.Time     // when it was set
	writeAt   time.Time     // when the write deadline was set
	begun     time.Time     // when it was accepted
	now       time.Time     // of the last read, write or wait
	idleSince atomic.Int64
	abandoned atomic.Bool

	toShow         bool   // the Watcher got bytes, and nothing since
	ending         Reason // set: nothing more is answered
	linger         bool   // what still comes is read before the close
	reset          bool   // the close is a reset
	truncated      bool   // TLS ended without close_notify
	broken         error  // of a write
	failure        error  // of the Watcher
	sent, received int64
	answered       int
}

// phase is what the connection waits for.
type phase uint8

const (
	unset phase = iota
	idle        // for a request
	inHead
	inBody
)

// Values of idleSince beside the moment, in nanoseconds.
const (
	busy        = 1<<63 - 1
	handshaking = busy - 1 // in Options.Secure: neither idle nor busy
	gaveWay     = 0
)

func newConn(s *Server, number int, plain net.Conn) *conn {
	c := &conn{server: s, number: number, plain: plain, net: plain}
	c.idleSince.Store(busy)
	c.reader.limit = c.limit
	return c
}

// run serves the connection to its end.
func (c *conn) run() {
	s := c.server
	defer s.over(c)
	defer c.crashed()
	c.now = time.Now()
	c.begun = c.now
	if s.options.Secure != nil && !c.secure() {
		return
	}
	if s.options.Open != nil {
		c.watch = s.options.Open(c.number, c.net)
	}
	c.reader.open(c.net)
	err := c.serve()
	if err == nil && c.linger {
		c.part()
	}
	c.close(err)
}

// crashed tells of a panic, in a Handler for instance.
func (c *conn) crashed() {
	if c.server.options.Crash == nil {
		return
	}
	if v := recover(); v != nil {
		stack := debug.Stack()
		c.ending = BrokenOnDuty
		c.close(nil)
		c.server.options.Crash(v, stack)
	}
}

// close ends the connection and tells its Watcher.
func (c *conn) close(err error) {
	c.release()
	if c.abandoned.Load() && c.failure == nil {
		c.ending = Stopped // whatever it would have ended with
	}
	if c.reset {
		setReset(c.plain)
		_ = c.plain.Close()
	}
	_ = c.net.Close()
	c.called("close", 0)
	if c.watch.Closed != nil {
		c.keep(c.watch.Closed(Closing{
			Reason: c.ending, Sent: c.sent, Received: c.received, Requests: c.answered,
			Truncated: c.truncated, Seconds: time.Since(c.begun).Seconds(), Err: err,
		}))
	}
	if c.failure != nil {
		c.server.fail(c.failure)
	}
}

// serve answers requests until something ends the connection; the error is the
// network's, and ending says why.
func (c *conn) serve() error {
	if c.full {
		c.server.trouble(Trouble{Number: c.number, Conn: c.plain, Full: true})
		c.refuse(503, "too many connections")
		return c.flush()
	}
	for c.ending == "" {
		c.await()
		if c.server.stopping.Load() && c.phase == idle {
			c.ending = Stopped
			return nil
		}
		p, err := c.reader.read(c.phase == idle)
		c.now = time.Now()
		if len(p) > 0 {
			c.take(p)
		}
		if err != nil && c.ending == "" {
			err = c.ended(err)
		}
		if flushErr := c.flush(); flushErr != nil && err == nil {
			err = flushErr
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// take answers what p completes.
func (c *conn) take(p []byte) {
	if since := c.idleSince.Load(); since != busy && (since == gaveWay || !c.idleSince.CompareAndSwap(since, busy)) {
		c.ending = GaveWay
	}
	c.received += int64(len(p))
	c.called("read", len(p))
	if c.watch.Received != nil {
		c.keep(c.watch.Received(p))
		c.toShow = true
	}
	if c.ending == "" {
		c.borrow()
		c.scanner.Feed(http1.Request, p)
	}
	c.reader.done()
	if c.ending == "" {
		c.checkPending()
	}
}

// await finds the deadline of the next read by what it is for.
func (c *conn) await() {
	next, times := idle, &c.server.times
	if c.scanner != nil {
		switch state := c.scanner.State(http1.Request); {
		case !state.Middle:
		case state.Next == http1.RequestLine || state.Next == http1.HeaderLine:
			next = inHead
		default:
			next = inBody
		}
	}
	was := c.phase
	c.phase = next
	switch {
	case next == inHead && was != inHead:
		c.due = times.Head
	case next == inBody:
		c.due = times.Body
	case next == idle && (was != idle || c.now.Sub(c.phaseAt) > times.Idle/64):
		c.due = times.Idle
	}
	if next != idle {
		return
	}
	c.release()
}

// limit is called when a read has to wait; it reports whether there was a deadline
// to set. Most often the bytes are there already, and setting one would cost as much
// as reading them. Nor is the connection idle before: a request that has come is not
// thrown away to make room.
func (c *conn) limit() bool {
	if c.phase == idle && c.idleSince.Load() == busy {
		c.idleSince.Store(c.now.UnixNano())
	}
	if c.due == 0 {
		return false
	}
	c.phaseAt = c.now
	_ = c.net.SetReadDeadline(c.now.Add(c.due))
	c.due = 0
	if c.server.stopping.Load() && c.phase == idle || c.idleSince.Load() == gaveWay {
		_ = c.net.SetReadDeadline(past) // which may have been set before
	}
	return true
}

// ended says what the end of reading means, and returns the network's error.
func (c *conn) ended(err error) error {
	timeout := errors.Is(err, os.ErrDeadlineExceeded)
	c.truncated = errors.Is(err, io.ErrUnexpectedEOF)
	if err == io.EOF {
		c.called("read", 0)
	}
	switch {
	case c.idleSince.Load() == gaveWay:
		c.ending = GaveWay
	case c.server.stopping.Load() && (timeout || c.abandoned.Load()):
		c.ending = Stopped
	case timeout && c.phase == idle:
		c.ending = IdleTime
	case timeout:
		c.takePending()
		c.refuse(408, "the rest of the request did not come in time")
	case (err == io.EOF || c.truncated) && c.phase == idle:
		c.ending = ClientClosed
	case err == io.EOF || c.truncated:
		c.ending = ClientCut
	default:
		c.ending = ClientReset
		return err
	}
	return nil
}

func (c *conn) called(call string, n int) {
	if c.watch.Called != nil {
		c.keep(c.watch.Called(call, n))
	}
}

// keep remembers the first error of the Watcher, which ends the connection and
// then the server.
func (c *conn) keep(err error) {
	if err != nil && c.failure == nil {
		c.failure = err
		c.ending = WatcherFailed
	}
}

// abandon ends the connection whatever it is doing.
func (c *conn) abandon() {
	c.abandoned.Store(true)
	_ = c.plain.Close()
}
