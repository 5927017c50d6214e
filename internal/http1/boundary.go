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

// loseStream is called for a line at a message boundary that is no start line:
// there is no resynchronising (rule 4).
func (s *Scanner) loseStream(st *stream, offset int64, text []byte) {
	s.reportLost(st, offset, text)
	st.phase = inNonHTTP
}

// reportLost says what a line is that should be a start line and is none.
func (s *Scanner) reportLost(st *stream, offset int64, text []byte) {
	length := int64(len(text))
	if code, at := foreign(st.side, text); at > 0 {
		s.report(st, code, offset, int64(at), 0)
	} else if st.begun == 0 {
		s.report(st, NotHTTP, offset, length, 0)
	} else if code, ok := st.unannounced(); ok {
		s.report(st, code, offset, length, 0)
	} else if !st.closes {
		s.report(st, ExcessData, offset, length, 0)
	}
	if st.side == Response {
		if start, _ := nextWord(text, 0); start > 0 && hasVersionPrefix(text[start:]) {
			s.report(st, StatusLineWhitespace, offset, int64(start), 0)
		}
	}
	s.reportAfterClose(st, offset, length)
}

// reportAfterClose is called for what comes after a complete message.
func (s *Scanner) reportAfterClose(st *stream, offset, length int64) {
	if st.begun > 0 && st.closes {
		s.report(st, DataAfterClose, offset, length, 0)
	}
}

// unannounced names bytes that are content of the message before, which has
// said that it has none.
func (st *stream) unannounced() (Code, bool) {
	m := &st.msg
	switch {
	case m.Delimiter != DelimiterNone || m.Tunnel:
	case st.side == Request:
		return RequestBodyWithoutLength, st.facts&factContent != 0
	case m.Interim || m.Status == 204 || m.Status == 304 || st.facts&factHead != 0:
		return BodyNotAllowed, true
	}
	return 0, false
}

// banners are what servers of other protocols greet with.
var banners = []string{"SSH-", "220 ", "220-", "+OK", "* OK", "-ERR", "RFB ", "ICY "}

// foreign recognises what is no start line of this side; at is how many bytes
// of the line show it.
func foreign(side Side, text []byte) (code Code, at int) {
	if n := byteOrderMark(text); n > 0 {
		return ByteOrderMark, n
	}
	for _, banner := range banners {
		if bytes.HasPrefix(text, []byte(banner)) {
			return OtherProtocolBanner, len(text)
		}
	}
	if side == Request {
		if hasVersionPrefix(text) {
			return WrongDirection, len(text)
		}
		return 0, 0
	}
	var words requestWords
	words.read(text)
	if method := words.method.of(text); !words.version.empty() && words.last == words.version && words.targets > 0 {
		if start, end := runOther(method, tokenChar); start == end {
			return WrongDirection, len(text)
		}
	}
	return 0, 0
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
		s.report(st, HTTP09Request, offset, int64(len(text)), st.begun)
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
