// Package serve is an HTTP/1.1 server by hand: it accepts, reads, scans, answers
// and closes raw connections, and says what it does.
//
// Rules of the house:
//
//   - One goroutine a connection, which reads what has come, feeds it to an
//     http1.Scanner, answers each request that is complete, in order, and writes
//     all answers of one read at once.
//   - A message with an error in the sense of http1's diagnostics is refused and
//     the connection closed, so nobody behind or before this server can read
//     other messages out of the same bytes.
//   - A refusal is followed by a half-close, and what still comes is read and
//     dropped for a moment: a close with bytes unread is a reset, which takes
//     the answer with it.
//   - Everything has a limit: lines, heads, bodies, all bodies together,
//     connections, and the time that each part may take.
//   - A connection that waits for its next request holds no buffer.
package serve

import (
	"net"
	"time"
)

// Handler answers one request. It must not keep w, r or what they refer to, and
// it runs in the goroutine of the connection: nothing is read while it does.
type Handler func(w *Response, r *Request)

// Limits bound what a client may send. The zero value of each is its default.
type Limits struct {
	Line        int   // bytes of the request line: 8000 (RFC 9112 section 3), more is answered 414
	Head        int   // bytes of the head, and of a trailer section: 32 KiB, more is answered 431
	Body        int64 // bytes of a body with its chunk framing: 1 MiB, more is answered 413
	Bodies      int64 // bytes of all unfinished requests together: 256 MiB, more is answered 503
	Connections int   // 16384; beyond, the one that has been idle longest gives way
}

// Times bound how long things may take. The zero value of each is its default.
type Times struct {
	Head  time.Duration // from the first byte of a head to its last: 10 s, then it is answered 408
	Body  time.Duration // without a byte of the body: 20 s, then it is answered 408
	Idle  time.Duration // between requests, and before the first: 75 s, then it is closed
	Write time.Duration // for 256 KiB to be taken: 30 s, then it is reset
	Grace time.Duration // for requests that are being answered when the server is told to stop: 5 s
}

// Options are the policy of a Server.
type Options struct {
	Handler Handler // required
	Limits  Limits
	Times   Times
	// Secure, if not nil, makes of each connection the one that is used in its
	// place, by the handshake of TLS; conn has a deadline. The connection it
	// returns owns conn. With an error conn is closed.
	Secure func(conn net.Conn) (net.Conn, error)
	// Open, if not nil, is called for each connection that is accepted (and whose
	// handshake is done); number counts from 1. What it returns is told the rest.
	Open func(number int, conn net.Conn) Watcher
	// Trouble, if not nil, is told what is no connection's: accepting failed for
	// now (Retry), a handshake failed, a connection was turned away.
	Trouble func(Trouble)
	// Crash, if not nil, is told of a panic of a connection's goroutine, whose
	// connection is then closed.
	Crash func(value any, stack []byte)
}

// Watcher is told what happens on one connection, by the connection's goroutine
// alone. Each of its functions may be nil. An error of one of them ends the
// server with that error.
type Watcher struct {
	Received func(p []byte) error // borrowed bytes that have come
	Sent     func(p []byte) error // borrowed bytes that are about to be sent
	// Waits comes behind Received, before anything is waited for, unless Sent did:
	// what was received and its answer can so be shown together.
	Waits func() error
	// Called is told of each system call after it was made: "read", "write",
	// "shutdown", "close"; n is how many bytes.
	Called func(call string, n int) error
	// Answered is told of each answer after its last byte was put together.
	Answered func(Answer) error
	// Closed is the last call.
	Closed func(Closing) error
}

// Answer is one answered request.
type Answer struct {
	Time   time.Time // when it was answered
	Line   []byte    // the request line, borrowed; empty when it was never complete
	Status int       // 0 when no status line was sent
	Body   int64     // bytes of content that were sent
}

// Reason is why a connection was closed.
type Reason string

// The reasons.
const (
	ClientClosed  Reason = "client closed"  // after whole messages
	ClientCut     Reason = "client cut"     // in the middle of a message
	ClientReset   Reason = "client reset"   // the network ended it
	Asked         Reason = "asked"          // the request or the answer said so
	Refused       Reason = "refused"        // a message was refused
	IdleTime      Reason = "idle"           // no request came in time
	SlowClient    Reason = "slow"           // it did not take the answer in time
	Stopped       Reason = "stopped"        // the server was told to stop
	GaveWay       Reason = "gave way"       // to a newer connection
	BrokenOnDuty  Reason = "broken"         // the handler closed or reset it
	WatcherFailed Reason = "watcher failed" // a Watcher returned an error
)

// Closing is how a connection came to its end.
type Closing struct {
	Reason         Reason
	Sent, Received int64 // bytes
	Requests       int   // answered, whole as far as this side knows
	Seconds        float64
	Truncated      bool  // TLS ended without close_notify
	Err            error // of the network, where there is one
}

// Trouble is something that is no connection's own.
type Trouble struct {
	Number int      // of the connection, 0 for none
	Conn   net.Conn // as it was accepted; nil for none
	// Retry: accepting failed and is tried again, for instance when there are no
	// file descriptors left. Said once, until it has worked for 10 s.
	Retry bool
	// Full: more connections than may be, and none of them idle: this one was
	// answered 503.
	Full bool
	Err  error
}

func (l Limits) orDefault() Limits {
	set(&l.Line, 8000)
	set(&l.Head, 32<<10)
	set(&l.Body, 1<<20)
	set(&l.Bodies, 256<<20)
	set(&l.Connections, 16384)
	return l
}

func (t Times) orDefault() Times {
	set(&t.Head, 10*time.Second)
	set(&t.Body, 20*time.Second)
	set(&t.Idle, 75*time.Second)
	set(&t.Write, 30*time.Second)
	set(&t.Grace, 5*time.Second)
	return t
}

func set[T int | int64 | time.Duration](value *T, otherwise T) {
	if *value <= 0 {
		*value = otherwise
	}
}
