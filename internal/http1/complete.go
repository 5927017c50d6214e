package http1

// The checks of a message as a whole: when its header section is complete, and
// of the first bytes of its body.

// headEnd is where the empty line stands that was just handed on.
func (st *stream) headEnd() place {
	if st.crlf {
		return place{st.offset - 2, 2}
	}
	return place{st.offset - 1, 1}
}

func (s *Scanner) reportAt(st *stream, code Code, at place) {
	s.report(st, code, at.offset, at.length, st.begun)
}

// checkRequest judges the header section of a request.
func (s *Scanner) checkRequest(st *stream) {
	h, end := &st.head, st.headEnd()
	if !h.host && h.versionKnown && (h.major > 1 || h.major == 1 && h.minor >= 1) {
		s.reportAt(st, HostMissing, end)
	}
	if h.codingSeen && h.said.lastCoding && !h.chunked {
		s.reportAt(st, TENotChunkedFinal, h.said.codingAt)
	}
	if st.facts&factContent != 0 && !h.lengthSeen && !h.codingSeen {
		s.reportAt(st, PostWithoutLength, end)
	}
	if h.expectContinue && !h.codingSeen && (!h.lengthSeen || st.lengths.isZero()) {
		s.reportAt(st, ExpectWithoutBody, end)
	}
	if h.said.te && !h.said.teOption {
		s.reportAt(st, TEHeaderWithoutConnection, h.said.teAt)
	}
	s.checkUpgrade(st)
	if s.tunnelKnown(st) {
		code := ConnectTunnel
		if s.statuses[st.begun-1] == 101 {
			code = SwitchingProtocols
		}
		s.reportAt(st, code, end)
	}
}

func (s *Scanner) checkUpgrade(st *stream) {
	if st.head.upgrade && !st.head.said.upgradeName {
		s.reportAt(st, UpgradeWithoutConnection, st.head.said.upgradeAt)
	}
}

// responseHeadLimit is what nginx as a proxy takes of a response's head, its empty
// line included: one page of memory.
const responseHeadLimit = 4096

// checkResponse judges the header section of a response.
func (s *Scanner) checkResponse(st *stream) {
	s.checkUpgrade(st)
	if st.msg.Head > responseHeadLimit {
		s.reportAt(st, ResponseHeadLarge, st.headEnd())
	}
}

// checkTunnel judges a response after which there is no HTTP.
func (s *Scanner) checkTunnel(st *stream) {
	if st.msg.Status != 101 {
		s.reportAt(st, ConnectTunnel, st.headEnd())
	} else if !st.head.upgrade {
		s.reportAt(st, SwitchingProtocolsWithoutUpgrade, st.headEnd())
	}
}

// checkDelimiter judges how the body of a response ends.
func (s *Scanner) checkDelimiter(st *stream) {
	h := &st.head
	if st.side == Request || st.msg.Delimiter != DelimiterClose {
		return
	}
	if h.coding {
		s.reportAt(st, TEUntilClose, h.said.codingAt)
	}
	if !h.lengthSeen {
		s.reportAt(st, CloseDelimitedBody, st.headEnd())
	}
	if h.keep {
		s.reportAt(st, KeepAliveWithoutLength, st.headEnd())
	}
}

// checkBodyAllowed is called for a header that announces a body.
func (s *Scanner) checkBodyAllowed(st *stream, offset, length int64) {
	if st.facts&factNoContent != 0 && !st.head.said.bodyTold {
		st.head.said.bodyTold = true
		s.report(st, UnexpectedRequestBody, offset, length, st.begun)
	}
}

// checkAnswered is called when the stream of responses has ended between two
// messages, or ended the body of one.
func (s *Scanner) checkAnswered(st *stream) {
	switch {
	case st.begun > 0 && st.msg.Interim:
		s.report(st, MissingFinalResponse, st.offset, 0, 0)
	case s.missing() > 0:
		s.report(st, UnansweredRequest, st.offset, 0, 0)
	}
}

// missing is how many requests nobody has begun to answer, as far as they can be
// told apart.
func (s *Scanner) missing() int {
	if s.requests.unknown || s.streams[Request].tunnelled {
		return 0
	}
	return max(0, s.requests.begun-s.cutRequests()-s.requests.answered)
}

// cutRequests is how many requests ended before they were complete: 1 at most.
// Nobody owes them an answer.
func (s *Scanner) cutRequests() int {
	asked := &s.streams[Request]
	if !asked.ended {
		return 0
	}
	return asked.begun - asked.complete
}

// watch says what the first bytes of a body are looked at for.
type watch uint8

const (
	watchReset watch = 1 << iota // a 205 has none
	watchGzip                    // content-coding gzip: the first byte
	watchGzip2                   // the second
)

func (st *stream) watchFor() (w watch) {
	if st.msg.Delimiter == DelimiterUnframed {
		return 0
	}
	if st.side == Response && st.msg.Status == 205 {
		w |= watchReset
	}
	// A 206 may begin in the middle of the coded content.
	if h := &st.head; h.said.gzip && h.said.encodings == 1 && st.msg.Status != 206 && (h.codings == 0 || h.codings == 1 && h.chunked) {
		w |= watchGzip
	}
	return w
}

// watchBody looks at content for which watchFor has set a watch.
func (s *Scanner) watchBody(st *stream, offset int64, b []byte) {
	if st.watch&watchReset != 0 {
		st.watch &^= watchReset
		s.report(st, BodyOn205, offset, 1, st.begun)
	}
	for i := 0; i < len(b) && st.watch != 0; i++ {
		if st.watch&watchGzip != 0 {
			st.watch = watchGzip2
			st.watchedAt, st.watchedByte = offset+int64(i), b[i]
			continue
		}
		st.watch = 0
		if st.watchedByte != 0x1f || b[i] != 0x8b {
			s.report(st, ContentEncodingMismatch, st.watchedAt, 1, st.begun)
		}
	}
}
