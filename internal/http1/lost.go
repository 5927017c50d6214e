package http1

import "bytes"

// loseStream is called for a line at a message boundary that is no start line:
// there is no resynchronising (rule 4), but HTTP follows a line of the PROXY
// protocol. whole says that all of the line is there.
func (s *Scanner) loseStream(st *stream, offset int64, text []byte, whole bool) {
	version := st.proxyProtocol(offset, text, whole)
	if version == 0 {
		s.reportLost(st, offset, text)
	} else {
		s.report(st, ProxyProtocol, offset, int64(len(text)), 0)
	}
	if version != 1 || !whole {
		st.phase = inNonHTTP
	}
}

// proxyLines are how the line of version 1 begins.
var proxyLines = []string{"PROXY TCP4 ", "PROXY TCP6 ", "PROXY UNKNOWN"}

// proxyProtocol returns the version of the PROXY protocol that the line belongs
// to, which can only stand at the beginning of the stream; 0 is none. Version 2
// begins 0D 0A 0D 0A 00 0D 0A: two empty lines, and a line that is a zero byte.
func (st *stream) proxyProtocol(offset int64, text []byte, whole bool) int {
	switch {
	case st.side == Response:
	case offset == 4 && st.begun == 0 && st.crlf && whole && string(text) == "\x00":
		return 2
	case offset == 0:
		for _, begins := range proxyLines {
			if bytes.HasPrefix(text, []byte(begins)) {
				return 1
			}
		}
	}
	return 0
}

// reportLost says what a line is that should be a start line and is none.
func (s *Scanner) reportLost(st *stream, offset int64, text []byte) {
	length := int64(len(text))
	if st.asksForTunnel() {
		return // they are the tunnel's if the answer is yes, which may be known later
	}
	if code, at := foreign(st.side, text); at > 0 {
		s.report(st, code, offset, int64(at), 0)
	} else if code, at, ok := nearStatusLine(text); ok && st.side == Response && (st.begun == 0 || code == HTTPVersionInvalid && isLetter(text[at.start])) {
		s.report(st, code, offset+int64(at.start), int64(at.end-at.start), 0)
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
	if st.side == Response || !st.msg.Version09 { // of which the cause was named: it has no version
		s.reportAfterClose(st, offset, length)
	}
}

// asksForTunnel reports whether the request before may be answered with a tunnel.
func (st *stream) asksForTunnel() bool {
	return st.side == Request && st.begun > 0 && (st.facts&factConnect != 0 || st.head.upgrade)
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
	if IsUTF16(text) {
		return UTF16Text, min(len(text), 4)
	}
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

// IsUTF16 reports whether text begins as ASCII characters written in UTF-16 do:
// one of them behind a byte order mark, or two.
func IsUTF16(text []byte) bool {
	need := 4
	if byteOrderMark(text) == 2 {
		text, need = text[2:], 2
	}
	if len(text) < need {
		return false
	}
	little, big := true, true
	for i := 0; i < need; i += 2 {
		little = little && isVisible(text[i]) && text[i+1] == 0
		big = big && text[i] == 0 && isVisible(text[i+1])
	}
	return little || big
}

func isVisible(c byte) bool { return ' ' < c && c < 0x7f }
