package listen

import "net"

// EventKind tells what an Event is about.
type EventKind int

const (
	// Silent: a connection is open, has sent nothing for 300 ms, and a seat is free. Once a connection.
	Silent EventKind = iota + 1
	// Waiting: this connection is open while all seats are taken, and has sent its first bytes; without Sent it has been
	// silent for 300 ms.
	Waiting
	// WaitingMore: Count more connections are waiting. At most one Waiting or WaitingMore comes a second.
	WaitingMore
	// Ended: one that waits has sent all it will send, or is gone. It keeps its place.
	Ended
	// TurnedAway: more connections wait than may; this one is being closed.
	TurnedAway
	// TurnedAwayMore: Count more were turned away. At most one TurnedAway or TurnedAwayMore comes a second.
	TurnedAwayMore
	// Vanished: closed or reset before it got the seat; Sent tells whether it had sent a byte.
	Vanished
	// TLS: the first byte was that of a TLS record; the connection is being closed.
	TLS
	// Unserved: still waiting when the Listener was closed.
	Unserved
	// Securing: Options.Secure has taken 300 ms with this connection and goes on. Once a connection.
	Securing
	// SecuringMore: so it was with Count more; Number and Remote are those of the last. After the first few Securing and
	// SecuringMore come once a second.
	SecuringMore
	// Refused: Options.Secure gave the error Err, or Err is ErrGaveWay; the connection is being closed.
	Refused
	// RefusedMore: so it was with Count more; Number, Remote and Err are those of the last. After the first few Refused and
	// RefusedMore come once a second.
	RefusedMore
)

// Event is something about a connection that has not got a seat.
type Event struct {
	Kind   EventKind
	Number int    // of the connection, as in Conn; 0 for WaitingMore and TurnedAwayMore
	Remote string // of the connection, as in Conn
	Port   int    // it came to; 0 for a Unix socket
	Count  int    // for those that count
	Sent   bool   // it has sent at least a byte
	// Secured is what Options.Secure made of a connection that is Vanished; nil without it. It is being closed.
	Secured net.Conn
	Err     error // for Refused and RefusedMore; of Unserved if its handshake was not complete
}
