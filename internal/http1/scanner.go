package http1

import (
	"bytes"
	"math"
)

// pieceSize is how much of one line is held: a longer line is handed on in
// pieces of this size, and means what its first piece says.
const pieceSize = 64 << 10

// phase is where a stream stands.
type phase uint8

const (
	atBoundary phase = iota
	inHeaders
	inBody // of a known length
	inBodyUntilClose
	atChunkSize
	inChunk
	atChunkEnd
	inTrailers
	inTunnel
	inNonHTTP
	inUnframed
)

// stream is one direction.
type stream struct {
	side    Side
	phase   phase
	offset  int64  // of the first byte not handed on yet
	pending []byte // fed, not handed on: the beginning of a line
	long    bool   // pending continues a line of which a piece was handed on
	kind    Kind   // of that line
	last    byte   // the last byte handed on
	crlf    bool   // the last line ended in CR LF
	owed    int64  // to the end of the body or chunk
	passed  int64  // of the chunk
	ended   bool
	cut     bool // ended in the middle of a start line

	notPreface bool // the line at hand is known not to begin the HTTP/2 preface
	tunnelNext bool // becomes a tunnel at the next message boundary
	tunnelled  bool // the messages beyond the first few were the tunnel's bytes all the time
	few        int  // these
	void       bool // the message at hand is one of the others, and its long line goes on

	begun, complete, answered int
	closes                    bool // the last complete message ends the connection
	why                       Closing
	status                    int
	reported                  codeSet      // codes reported of the token at hand: once a code
	words                     requestWords // of the line classified last, on the request side
	authority                 []byte       // of a target in absolute-form
	watch                     watch        // what the next bytes of the body are looked at for
	watchedAt                 int64        // offset of its first byte
	watchedByte               byte         // that byte
	facts                     requestFacts // of the request at hand, or of the one the response at hand answers
	msg                       Message
	start                     []byte // backs msg.Start
	head                      head
	members                   memberReader // of the list at hand
	lengths                   lengthList   // of the message; reset at its first Content-Length
}

// Scanner follows both directions of one connection. It is not safe for
// concurrent use. The order in which the two sides are fed is the order in
// which their bytes crossed.
type Scanner struct {
	sink     Sink
	streams  [2]stream
	requests unanswered
	statuses []int // Known.ResponseStatuses
}

// New returns a Scanner at the beginning of both streams.
func New(sink Sink) *Scanner {
	s := &Scanner{sink: sink}
	s.streams[Response].side = Response
	return s
}

// Feed takes the next bytes of one side. Finished tokens go to the Sink before
// it returns; b is not kept. It must not be called after End for that side.
func (s *Scanner) Feed(side Side, b []byte) {
	st := &s.streams[side]
	for len(b) > 0 {
		b = b[s.step(st, b):]
	}
}

// Opaque returns how many of the side's next bytes need no look: the rest of a
// body, of a chunk but its last byte, or math.MaxInt64 when only the close ends them.
func (s *Scanner) Opaque(side Side) int64 {
	st := &s.streams[side]
	if st.watch != 0 {
		return 0 // its first bytes have something to show
	}
	switch st.phase {
	case inBody:
		return st.owed
	case inChunk:
		return st.owed - 1 // what ends the chunk is judged by its last byte
	case inBodyUntilClose, inTunnel, inNonHTTP, inUnframed:
		return math.MaxInt64
	}
	return 0
}

// Skip says that n opaque bytes passed unseen; n is at most Opaque(side). No
// token is made of them; all else is as if they had been fed.
func (s *Scanner) Skip(side Side, n int64) {
	if n > 0 {
		s.streams[side].reported = codeSet{}
		s.advance(&s.streams[side], n, 0)
	}
}

// Pending returns the bytes of a line that has not ended yet, their offset, and
// the kind they would have if nothing more came (rule 13). The bytes are
// borrowed until the next call of Feed or End.
func (s *Scanner) Pending(side Side) (Kind, []byte, int64) {
	st := &s.streams[side]
	if len(st.pending) == 0 {
		return 0, nil, st.offset
	}
	return st.classify(st.pending, true), st.pending, st.offset
}

// State returns where the side's stream stands.
func (s *Scanner) State(side Side) State {
	st := &s.streams[side]
	state := State{
		Next: st.next(), Begun: st.begun, Complete: st.complete, Answered: st.answered,
		Status: st.status, Last: st.complete > 0 && st.closes, Closing: st.why,
		Line: len(st.pending), CR: bytes.IndexByte(st.pending, '\r') >= 0,
		Delimiter: st.msg.Delimiter, Expect: st.msg.ExpectContinue,
	}
	if side == Response {
		_, facts := s.requests.current()
		state.Asked, state.Missing = facts.asked(), s.missing()
	}
	if st.tunnelled {
		state.Begun, state.Complete = min(st.begun, st.few), min(st.complete, st.few)
	}
	switch st.phase {
	case inBody:
		state.Owed, state.Size, state.Middle = st.owed, st.msg.Length, true
	case inChunk:
		state.Owed, state.Size, state.Middle = st.owed, st.passed+st.owed, true
	case inBodyUntilClose, inUnframed:
		state.Owed, state.Middle = -1, true
	case inTunnel, inNonHTTP:
		state.Owed = -1
	case atBoundary:
		state.Middle = len(st.pending) > 0 || st.cut
	default:
		state.Middle = true
	}
	return state
}

// next is the kind expected next.
func (st *stream) next() Kind {
	switch st.phase {
	case inHeaders:
		return HeaderLine
	case inBody, inBodyUntilClose:
		return Body
	case atChunkSize:
		return ChunkSize
	case inChunk:
		return ChunkData
	case atChunkEnd:
		return ChunkEnd
	case inTrailers:
		return TrailerLine
	case inTunnel:
		return Tunnel
	case inNonHTTP:
		return NonHTTP
	case inUnframed:
		return Unframed
	}
	if st.side == Request {
		return RequestLine
	}
	return StatusLine
}

// step takes some of b and returns how much. It may take nothing when it has
// handed on pending bytes instead.
func (s *Scanner) step(st *stream, b []byte) int {
	switch st.phase {
	case inBody, inChunk:
		n := min(int64(len(b)), st.owed)
		s.opaque(st, b[:n])
		return int(n)
	case inBodyUntilClose, inTunnel, inNonHTTP, inUnframed:
		s.opaque(st, b)
		return len(b)
	case atChunkEnd:
		return s.stepChunkEnd(st, b)
	case inHeaders:
		if len(st.pending) == 0 && !st.long {
			if n := s.headerLines(st, b); n > 0 {
				return n
			}
		}
	case atBoundary:
		if !st.long && !st.notPreface && (len(st.pending) > 0 || mayBeNoLine[b[0]] || st.side == Response) {
			if n, done := s.peek(st, b); done {
				return n
			}
		}
	}
	return s.stepLine(st, b)
}

// opaque hands on bytes that need no look.
func (s *Scanner) opaque(st *stream, b []byte) {
	kind := st.next()
	offset := st.offset
	st.reported = codeSet{}
	s.sink.Token(Token{st.side, kind, offset, st.number(kind), b, false})
	if st.watch != 0 && (kind == Body || kind == ChunkData) {
		s.watchBody(st, offset, b)
	}
	s.advance(st, int64(len(b)), b[len(b)-1])
}

// advance counts n opaque bytes, the last of them being last, and ends the body
// or the chunk when they complete it.
func (s *Scanner) advance(st *stream, n int64, last byte) {
	st.count(st.next(), n)
	st.last = last
	if st.phase != inBody && st.phase != inChunk {
		return
	}
	if st.owed -= n; st.owed > 0 {
		return
	}
	if st.phase == inChunk {
		st.phase = atChunkEnd
	} else {
		s.completeMessage(st)
	}
}

// number is the message number a token of this kind carries.
func (st *stream) number(k Kind) int {
	if k == EmptyLine || k == Tunnel || k == NonHTTP {
		return 0
	}
	return st.begun
}

// count adds n bytes to the offset and to the message they belong to.
func (st *stream) count(k Kind, n int64) {
	st.offset += n
	if RequestLine <= k && k <= HeaderEnd {
		st.msg.Head += n
		return
	}
	switch k {
	case Unframed:
		st.msg.Lost += n
		st.msg.Body += n
	case Body:
		st.msg.Body += n
	case ChunkData:
		if st.passed == 0 { // not with its size, behind which the stream may end
			st.msg.Chunks++
		}
		st.msg.Body += n
		st.passed += n
	case ChunkSize, ChunkEnd, LastChunk, TrailerLine, TrailerFold, TrailerEnd:
		st.msg.Framing += n
		st.passed = 0
	}
}

// emit hands on one token made of b, which stands at the stream's offset.
func (s *Scanner) emit(st *stream, k Kind, b []byte, more bool) {
	st.reported = codeSet{}
	s.sink.Token(Token{st.side, k, st.offset, st.number(k), b, more})
	st.count(k, int64(len(b)))
	st.last = b[len(b)-1]
}

// report says that c was found, once a token: its first place.
func (s *Scanner) report(st *stream, c Code, offset, length int64, message int) {
	if bit := uint64(1) << (c & 63); st.reported[c>>6]&bit == 0 {
		st.reported[c>>6] |= bit
	} else {
		return
	}
	s.sink.Diagnostic(Diagnostic{c, st.side, offset, length, message})
}
