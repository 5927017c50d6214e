// Package session carries one conversation until it is over.
//
// Rules of the house:
//
//   - One conversation is one Run. It owns the connection and three goroutines
//     (send, receive, tick) and returns when all have ended.
//   - Every stop is a cancel with a cause, and closing the connection is the one
//     way a blocked read or write of it is ended.
//   - Bytes are shown to the Observer before they are written, so that no answer
//     is ever shown before its question.
//   - Every ending and every hold is decided from State and Options, in
//     verdict.go, by a function that does nothing else.
package session

import (
	"context"
	"fmt"
	"io"
	"net"
	"time"
)

// Conn is a connection that can be half-closed.
type Conn interface {
	net.Conn
	CloseWrite() error
}

// Input is where the bytes to send come from. Next returns a piece that is
// valid until the next call, io.EOF at the end, or ctx's cause.
type Input interface {
	Next(ctx context.Context) ([]byte, error)
}

// Stand is where one direction's stream stands, as far as HTTP can be followed.
type Stand struct {
	Bytes      bool // something has crossed
	TextLine   bool // a line that begins here is one whose end -C completes: no body, chunk data or tunnel
	AfterChunk bool // the line end after chunk data is due
	Middle     bool // inside a message, or a line of one
	Framed     bool // what comes can be told apart into messages: not non-http, tunnel or unframed
	Tunnel     bool // what comes is a tunnel's: behind 101, or a 2xx to CONNECT
	Expects    bool // the message at hand waits for 100 Continue
	Closes     bool // the last message says that the connection ends after it
	Begun      int  // messages
	Complete   int
	Answered   int   // on the side of the responses: requests whose final response is complete
	Unseen     int64 // so many of the next bytes need not be seen; if there are, the Observer is a Passer
}

// State is where both streams stand.
type State struct{ Sent, Received Stand }

// Ending is how the peer's stream came to its end.
type Ending uint8

// The endings.
const (
	EndClosed    Ending = iota // orderly
	EndTruncated               // TLS without close_notify
	EndReset                   // reset, or another error of the network
	EndLocal                   // it goes on, but this end has all it waited for and closes
)

// Event is something a person should know.
type Event uint8

// The events.
const (
	HalfClosed          Event = iota // the input has ended and no more will be sent
	HalfClosedCut                    // the same, in the middle of a request
	HalfClosedQuiet                  // the same, in a tunnel, after Options.TunnelPause
	WriteFailed                      // the peer takes no more bytes
	PeerHalfClosed                   // the peer sends no more, but can still be answered
	NothingToAnswer                  // the input of a server was empty
	AnsweredByFiles                  // one request was answered from the files
	HeldUntilSilence                 // the input of a server is sent though no request is complete
	TruncatedWithoutTLS              // the peer's TLS stream ended without close_notify
)

// WriteError is what goes with the event WriteFailed.
type WriteError struct {
	Err       error
	Sent, All int64 // bytes of the conversation that went out, and that were to
}

// Error says how much went out.
func (e *WriteError) Error() string {
	return fmt.Sprintf("%d of %d bytes sent: %v", e.Sent, e.All, e.Err)
}

// Unwrap returns the connection's error.
func (e *WriteError) Unwrap() error { return e.Err }

// Observer is told of every byte and of what happens. Its methods are called
// one at a time. An error of theirs ends the conversation (OutputFailed).
type Observer interface {
	Sent(p []byte) (State, error) // about to be sent
	Received(p []byte) (State, error)
	EndSent() (State, error) // no more will be sent
	EndReceived(Ending) (State, error)
	Pause() error // bytes have stopped coming: show what is held
	Event(Event, error) error
	// Silence is called when no byte has crossed for Options.Silence, and again
	// after Options.LongSilence: at most twice before the next byte crosses.
	Silence(Silence) error
}

// Role is which end of the connection this is.
type Role uint8

// The roles.
const (
	Client Role = iota
	Server
)

// Options is the policy of one conversation.
type Options struct {
	Role        Role
	CRLF        bool          // complete bare LFs (see convert.go)
	Interval    time.Duration // between the lines of what is sent
	HalfClose   bool          // half-close at the end of the input in any case
	TunnelPause time.Duration // client: without a byte in a tunnel, until the end of the input half-closes; 0: at once
	Timeout     time.Duration // of waiting for the peer; 0: none
	Pause       time.Duration // after which a row that has not ended is shown
	Interactive bool          // a person types the input
	Hold        time.Duration // server: the input is held until a request is complete, or for this long without a byte
	Linger      time.Duration // server: after the half-close, without a byte
	Silence     time.Duration // after which the Observer is told of it; 0: never
	LongSilence time.Duration // after which it is told again; 0: never
	// LastKey, if not nil, tells when the person who types last pressed a key,
	// which counts as a byte for LongSilence.
	LastKey func() time.Time
	// Answers opens what answers one request of a server; then Input is not
	// used. It may wait for what it reads from, but not beyond ctx. The reader
	// is closed after use.
	Answers func(ctx context.Context) (io.ReadCloser, error)
	// Continue, if not nil, is sent with Answers to a client that waits for it before
	// it sends the body: 100 Continue. It is not changed.
	Continue []byte
	// NoInput, if not nil, tells whether nothing can be typed: then Input does not
	// return, and nobody waits for an answer of ours. It may be called at any time.
	NoInput func() bool
	// Crash, if not nil, is told of a panic of a goroutine of the conversation,
	// which can then not be counted on to end.
	Crash func(value any, stack []byte)
}

// Reason is why a conversation ended.
type Reason uint8

// The reasons.
const (
	PeerClosed   Reason = iota // orderly
	Answered                   // everything sent has its answer, or there was nothing to send
	Lingered                   // the client did not close after the answer
	TimedOut                   // Options.Timeout ran out
	Idle                       // the same, with nothing owed by either side
	Reset                      // the network ended it; Result.Err says how
	OutputFailed               // the Observer's error is Result.Err
	InputFailed                // reading the input failed: Result.Err
	Interrupted                // ctx ended; Result.Err is its cause
)

// Result is how a conversation ended.
type Result struct {
	Reason         Reason
	Err            error
	State          State
	Sent, Received int64 // bytes
	InputEnded     bool
	Unsent         bool  // it ended with bytes of the input in hand that did not go out: it was not the input that ended the sending
	PeerEnded      bool  // the peer's stream has ended
	ClosedFirst    bool  // this side half-closed before
	Truncated      bool  // it ended without close_notify
	WriteErr       error // of the first write that failed
	Blocked        bool  // TimedOut: the peer had stopped taking bytes
	Duration       time.Duration
}
