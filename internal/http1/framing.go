package http1

// headComplete decides what follows a header section (rule 9; RFC 9112 section
// 6.3).
func (s *Scanner) headComplete(st *stream) {
	s.endField(st)
	h, m := &st.head, &st.msg
	m.KeepsAlive = h.keepsAlive()
	if st.side == Request {
		m.ExpectContinue = h.expectContinue && !h.isOld() // HTTP/1.0 has no 100 (RFC 9110 section 10.1.1)
		if !m.KeepsAlive || h.isOld() {
			s.requests.amend(factCloses)
		}
		switch {
		case h.close:
			s.requests.amend(factSaidClose)
		case !m.KeepsAlive:
			s.requests.amend(factOld)
		}
		s.checkRequest(st)
		if s.tunnelKnown(st) {
			m.Tunnel, st.tunnelNext = true, true
		}
		s.frame(st, DelimiterNone)
		return
	}
	s.checkResponse(st)
	if m.Interim {
		m.KeepsAlive = true
		s.completeMessage(st)
		return
	}
	switch {
	case m.Status == 101 || st.facts&factConnect != 0 && m.Status/100 == 2:
		m.Tunnel = true
		asked := &s.streams[Request]
		asked.tunnelled, asked.few = true, s.requests.answered
		m.Overtaken = m.Request > 0 && (asked.begun > asked.few || asked.phase == inNonHTTP)
		s.checkTunnel(st)
		s.sink.Head(m)
		s.completeMessage(st)
		s.becomeTunnel(asked)
		s.becomeTunnel(st)
	case st.facts&factHead != 0 || m.Status == 204 || m.Status == 304:
		s.completeMessage(st)
	default:
		s.frame(st, DelimiterClose)
	}
}

// frame applies Transfer-Encoding, then Content-Length, then the given default
// (rules 9 to 11).
func (s *Scanner) frame(st *stream, otherwise Delimiter) {
	h, m := &st.head, &st.msg
	length, lengthOK := int64(0), false
	if h.lengthSeen {
		length, lengthOK = st.lengths.value()
	}
	switch {
	case h.coding && h.chunked:
		m.Delimiter, st.phase = DelimiterChunked, atChunkSize
	case h.coding && st.side == Response:
		m.Delimiter, st.phase = DelimiterClose, inBodyUntilClose
	case h.coding, h.lengthSeen && !lengthOK:
		m.Delimiter, st.phase = DelimiterUnframed, inUnframed
	case h.lengthSeen:
		m.Delimiter, m.Length = DelimiterLength, length
		if length == 0 {
			s.completeMessage(st)
			return
		}
		st.phase, st.owed = inBody, length
	case otherwise == DelimiterClose:
		m.Delimiter, st.phase = DelimiterClose, inBodyUntilClose
	default:
		s.completeMessage(st)
		return
	}
	if m.Delimiter == DelimiterClose || m.Delimiter == DelimiterUnframed {
		m.KeepsAlive = false
	}
	s.checkDelimiter(st)
	st.watch = st.watchFor()
	s.sink.Head(m)
}

// completeMessage ends the message at hand in good order.
func (s *Scanner) completeMessage(st *stream) {
	m := &st.msg
	m.Complete = true
	st.watch = 0
	st.complete++
	st.closes, st.why = !m.KeepsAlive, st.closing()
	if st.side == Response && !m.Interim {
		st.answered++
	}
	st.phase = atBoundary
	if st.tunnelNext {
		st.phase = inTunnel
	}
	s.sink.Message(m)
}

// becomeTunnel makes all later bytes of a side tunnel bytes (rule 15), once the
// message at hand, if there is one, is complete; a request behind the one that
// was answered is none.
func (s *Scanner) becomeTunnel(st *stream) {
	switch {
	case st.tunnelled && st.begun > st.few && st.inMessage():
		st.void = true
		if !st.long {
			s.giveUpMessage(st)
		}
	case st.phase == inNonHTTP || st.phase == atBoundary && !st.long:
		s.handOnHeld(st, inTunnel)
	case st.phase != inTunnel && st.phase != inUnframed:
		st.tunnelNext = true
	}
}

// inMessage reports whether a message was begun and neither completed nor given up.
func (st *stream) inMessage() bool {
	return !st.ended && (st.long || st.phase != atBoundary && st.phase != inNonHTTP && st.phase != inTunnel)
}

// giveUpMessage makes the request at hand, which is void, bytes of the tunnel.
func (s *Scanner) giveUpMessage(st *stream) {
	st.void, st.watch = false, 0
	if !st.msg.Complete {
		st.msg.Void = true
		s.sink.Message(&st.msg)
	}
	s.handOnHeld(st, inTunnel)
}

// End says that the side's stream has ended. What was pending is handed on with
// the kind it has come to be (rule 13), and a message begun is given up, or
// complete if the close was what it waited for (rule 14). Later calls do nothing.
func (s *Scanner) End(side Side) { s.end(side, true) }

// Leave says that nothing more of the side's stream will be read, though it may
// go on: what was pending is handed on as by End, and nothing is said of what is
// cut by that. Later calls, and calls of End, do nothing.
func (s *Scanner) Leave(side Side) { s.end(side, false) }

func (s *Scanner) end(side Side, complete bool) {
	st := &s.streams[side]
	if st.ended {
		return
	}
	st.ended = true
	if st.phase == atBoundary && !st.long && !st.notPreface && st.holdsLines() {
		s.replay(st)
	}
	cut := Kind(kindCount)
	if len(st.pending) > 0 {
		cut = s.endLine(st)
	}
	if st.void && complete {
		s.giveUpMessage(st)
		return
	}
	st.cut = cut == RequestLine || cut == StatusLine
	if !complete {
		return
	}
	if st.phase == inHeaders {
		s.endField(st)
	}
	if code, bad := st.truncation(cut); bad {
		s.report(st, code, st.offset, 0, st.begun)
	} else if st.phase == atBoundary && st.side == Response {
		s.checkAnswered(st)
	}
	switch {
	case st.phase == inBodyUntilClose:
		st.msg.KeepsAlive = false
		s.completeMessage(st)
		s.checkAnswered(st)
	case cut == RequestLine || cut == StatusLine, st.phase != atBoundary && st.phase != inTunnel && st.phase != inNonHTTP:
		s.sink.Message(&st.msg)
	}
}

// endLine hands on an unfinished line and returns its kind.
func (s *Scanner) endLine(st *stream) Kind {
	held := st.pending
	switch {
	case st.long:
		s.emit(st, st.kind, held, false)
	case st.phase == atChunkEnd:
		st.kind = ChunkEnd
		s.emit(st, ChunkEnd, held, false)
	default:
		s.openLine(st, held, true, false)
	}
	st.pending = held[:0]
	return st.kind
}

// truncation names what an end of the stream here cuts short. cut is the kind
// of the line it cut, if it cut one.
func (st *stream) truncation(cut Kind) (Code, bool) {
	switch st.phase {
	case atBoundary:
		return TruncatedStartLine, cut == RequestLine || cut == StatusLine
	case inHeaders:
		return TruncatedHeaders, true
	case inBody:
		return TruncatedBody, true
	case atChunkSize, inChunk, atChunkEnd:
		return TruncatedChunkedBody, true
	case inTrailers:
		return MissingFinalCRLF, true
	}
	return 0, false
}
