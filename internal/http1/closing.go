package http1

// Closing says why a message is the last on its connection (RFC 9112 sections
// 9.3, 9.6).
type Closing uint8

// The reasons. That of a response is its request's where that had one.
const (
	ClosingNot      Closing = iota // it is not
	ClosingSaid                    // it said Connection: close
	ClosingOld                     // it is HTTP/1.0 without keep-alive
	ClosingBody                    // the close is the end of its body
	ClosingAsked                   // the request that it answers said Connection: close
	ClosingAskedOld                // the request that it answers is HTTP/1.0 without keep-alive
)

// closing is the reason of the message at hand, which is complete.
func (st *stream) closing() Closing {
	m := &st.msg
	switch {
	case m.Interim:
		return ClosingNot
	case st.side == Response && st.facts&factSaidClose != 0:
		return ClosingAsked
	case st.side == Response && st.facts&factOld != 0:
		return ClosingAskedOld
	case m.KeepsAlive:
		return ClosingNot
	case st.head.close:
		return ClosingSaid
	case m.Delimiter == DelimiterClose || m.Delimiter == DelimiterUnframed:
		return ClosingBody
	}
	return ClosingOld
}
