package transcript

import "rawhttp/internal/http1"

// Stream is one side of a connection whose other side was not recorded, and which
// may be long over. Its notes are a Conversation's.
type Stream struct {
	*Conversation
	side http1.Side
}

// Alone begins a stream; known is what is known of the other side. Requests are
// shown as sent and responses as received.
func (s *Screen) Alone(side http1.Side, known http1.Known) *Stream {
	c := &Conversation{screen: s, number: 1, ours: http1.Request, alone: true}
	c.scanner = http1.NewAlone((*sink)(c), side, known)
	return &Stream{s.begun(c), side}
}

// Feed shows the next bytes of the stream. The error is the output's.
func (s *Stream) Feed(p []byte) error { return s.feed(s.side, p) }

// End says that this was all.
func (s *Stream) End() error { return s.finish(s.side, EndEOF, false) }

// Leave says that no more of the stream is known, though it may go on: what is
// held is shown for what it is, and nothing is called cut.
func (s *Stream) Leave() error { return s.finish(s.side, EndLocal, true) }

// Stand returns where the stream stands.
func (s *Stream) Stand() http1.State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.scan().State(s.side)
}
