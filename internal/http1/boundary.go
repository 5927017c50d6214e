package http1

import "bytes"

// preface is what an HTTP/2 client with prior knowledge sends first (RFC 9113
// section 3.4). It is never a start line (rule 3).
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

// mayBeNoLine are the bytes that begin a TLS record or the HTTP/2 preface.
var mayBeNoLine = [256]bool{0x14: true, 0x15: true, 0x16: true, 0x17: true, 'P': true}

// peek looks at the first bytes at a message boundary for what is decided
// before a line has ended: TLS records, the HTTP/2 preface, and the response to
// an HTTP/0.9 request. done says that n bytes of b were dealt with, or that
// pending was.
func (s *Scanner) peek(st *stream, b []byte) (n int, done bool) {
	switch {
	case st.side == Response && s.answersHTTP09(st):
		switch beginsWith(st.pending, b, versionPrefix, true) {
		case prefixNo:
			s.beginHTTP09Response(st)
			return 0, true
		case prefixOpen:
			st.pending = append(st.pending, b...)
			return len(b), true
		}
	case isRecordType(byteAt(st.pending, b, 0)):
		return s.peekTLS(st, b)
	case st.side == Request:
		return s.peekPreface(st, b)
	case byteAt(st.pending, b, 0) == 0:
		return s.peekFrames(st, b)
	}
	return 0, false
}

// byteAt returns byte i of held followed by b, 0 when there is none.
func byteAt(held, b []byte, i int) byte {
	if i < len(held) {
		return held[i]
	}
	if i -= len(held); i < len(b) {
		return b[i]
	}
	return 0
}

type prefixAnswer uint8

const (
	prefixNo   prefixAnswer = iota
	prefixOpen              // all there is matches, more is to come
	prefixYes
)

// beginsWith compares held followed by b with a prefix.
func beginsWith(held, b []byte, prefix string, fold bool) prefixAnswer {
	for i := range len(prefix) {
		if i >= len(held)+len(b) {
			return prefixOpen
		}
		c, p := byteAt(held, b, i), prefix[i]
		if fold {
			c, p = lowerCase(c), lowerCase(p)
		}
		if c != p {
			return prefixNo
		}
	}
	return prefixYes
}

// isRecordType reports whether c begins a TLS record: 20 to 23 (RFC 8446
// section 5.1).
func isRecordType(c byte) bool { return 0x14 <= c && c <= 0x17 }

// peekTLS decides by the first three bytes, which no start line can begin with.
func (s *Scanner) peekTLS(st *stream, b []byte) (int, bool) {
	total := len(st.pending) + len(b)
	if total >= 2 && byteAt(st.pending, b, 1) != 3 {
		return 0, false
	}
	if total >= 3 && byteAt(st.pending, b, 2) > 4 {
		return 0, false
	}
	if total < 3 {
		st.pending = append(st.pending, b...)
		return len(b), true
	}
	offset := st.offset
	s.handOnHeld(st, inNonHTTP)
	n := 3 - int(st.offset-offset)
	if n > 0 {
		s.opaque(st, b[:n])
	}
	s.report(st, TLSBytes, offset, 3, 0)
	s.reportAfterClose(st, offset, 3)
	return n, true
}

// peekPreface holds what may become the HTTP/2 preface: its first line is a
// complete line long before it can be told from a request.
func (s *Scanner) peekPreface(st *stream, b []byte) (int, bool) {
	switch beginsWith(st.pending, b, preface, false) {
	case prefixYes:
		offset := st.offset
		s.handOnHeld(st, inNonHTTP)
		n := len(preface) - int(st.offset-offset)
		s.opaque(st, b[:n])
		s.report(st, HTTP2Preface, offset, int64(len(preface)), 0)
		s.reportAfterClose(st, offset, int64(len(preface)))
		return n, true
	case prefixOpen:
		st.pending = append(st.pending, b...)
		return len(b), true
	}
	return s.giveUp(st)
}

// frameHeader is the length of an HTTP/2 frame's header (RFC 9113 section 4.1).
const frameHeader = 9

// peekFrames recognises the SETTINGS frame that begins an HTTP/2 connection:
// type 4 on stream 0, of less than 64 KiB. No status line begins with its zero.
func (s *Scanner) peekFrames(st *stream, b []byte) (int, bool) {
	for i := range frameHeader {
		if i == len(st.pending)+len(b) {
			st.pending = append(st.pending, b...)
			return len(b), true
		}
		c := byteAt(st.pending, b, i)
		if i == 3 && c != 4 || i == 5 && c&0x7f != 0 || (i == 0 || i > 5) && c != 0 {
			return s.giveUp(st)
		}
	}
	offset := st.offset
	s.handOnHeld(st, inNonHTTP)
	n := frameHeader - int(st.offset-offset)
	s.opaque(st, b[:n])
	s.report(st, HTTP2Frames, offset, frameHeader, 0)
	s.reportAfterClose(st, offset, frameHeader)
	return n, true
}

// giveUp is called when what is held has not come to be what it might have
// been: lines that ended meanwhile are read as lines.
func (s *Scanner) giveUp(st *stream) (int, bool) {
	if !st.holdsLines() {
		return 0, false
	}
	s.replay(st)
	return 0, true
}

// holdsLines reports whether a line that has ended is held.
func (st *stream) holdsLines() bool { return bytes.IndexByte(st.pending, '\n') >= 0 }

// replay takes back bytes that were held for what they might become and reads
// them as lines.
func (s *Scanner) replay(st *stream) {
	var held [len(preface)]byte
	n := copy(held[:], st.pending)
	st.pending = st.pending[:0]
	st.notPreface = true
	s.Feed(st.side, held[:n])
}

// handOnHeld enters an opaque phase and hands on what was held in it.
func (s *Scanner) handOnHeld(st *stream, p phase) {
	st.phase = p
	held := st.pending
	st.pending = held[:0]
	if len(held) > 0 {
		s.opaque(st, held)
	}
}

// begin starts a message with the given start line.
func (st *stream) begin(start []byte) {
	st.begun++
	st.start = append(st.start[:0], start...)
	st.msg = Message{Side: st.side, Number: st.begun, Start: st.start}
	st.head = head{}
}

func (s *Scanner) readRequestLine(st *stream, offset int64, text []byte, unfinished bool) {
	w := &st.words
	facts := factsOf(w.method.of(text))
	st.facts = facts
	st.head.setVersion(w.version.of(text))
	if st.begun > 1 && st.closes {
		s.report(st, DataAfterClose, offset, int64(len(text)), st.begun)
	}
	if !unfinished {
		s.checkRequestLine(st, offset, text, w)
	}
	if w.http09(text) && !unfinished {
		facts = factHTTP09
		st.msg.Version09 = true
	}
	s.requests.begin(facts)
}

func (s *Scanner) readStatusLine(st *stream, offset int64, text []byte, unfinished bool) {
	_, end := nextWord(text, 0)
	st.head.setVersion(text[:end])
	st.msg.Status = statusCode(text)
	st.msg.Interim = st.msg.Status >= 100 && st.msg.Status <= 199 && st.msg.Status != 101
	st.msg.Request, st.facts = s.requests.current()
	if !unfinished {
		s.checkStatusLine(st, offset, text)
		s.checkStatus(st, offset, text)
	}
	if !st.msg.Interim {
		st.status = st.msg.Status
		s.requests.answer()
	}
	if st.begun > 1 && st.closes {
		s.report(st, DataAfterClose, offset, int64(len(text)), st.begun)
	}
}

// answersHTTP09 reports whether the next response answers an HTTP/0.9 request.
func (s *Scanner) answersHTTP09(*stream) bool {
	_, facts := s.requests.current()
	return facts&factHTTP09 != 0
}

// beginHTTP09Response starts a response that is nothing but a body until close
// (rule 9).
func (s *Scanner) beginHTTP09Response(st *stream) {
	st.begin(nil)
	st.msg.Request, _ = s.requests.current()
	st.msg.Version09 = true
	st.msg.Delimiter = DelimiterClose
	st.status = 0
	s.requests.answer()
	s.handOnHeld(st, inBodyUntilClose)
}
