package http1

import "bytes"

// stepLine looks for the line's end, holding at most one piece.
func (s *Scanner) stepLine(st *stream, b []byte) int {
	room := pieceSize - len(st.pending)
	if room == 0 {
		s.piece(st)
		return 0
	}
	b = b[:min(room, len(b))]
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		st.pending = append(st.pending, b...)
		return len(b)
	}
	line := b[:i+1]
	if len(st.pending) > 0 {
		st.pending = append(st.pending, line...)
		line = st.pending
	}
	s.wholeLine(st, line)
	return i + 1
}

// piece hands on the held 64 KiB of a line that goes on.
func (s *Scanner) piece(st *stream) {
	b := st.pending
	if st.long {
		s.emit(st, st.kind, b, true)
	} else {
		s.openLine(st, b, false, true)
		st.long = !st.kind.Opaque()
	}
	st.pending = b[:0]
}

// wholeLine handles a line, or the last piece of one, that ends in LF.
func (s *Scanner) wholeLine(st *stream, line []byte) {
	before := st.last // the byte before the LF when the piece is the LF alone
	if n := len(line); n > 1 {
		before = line[n-2]
	} else if !st.long {
		before = 0
	}
	if st.long {
		s.emit(st, st.kind, line, false)
	} else {
		s.openLine(st, line, false, false)
	}
	st.long, st.notPreface = false, false
	st.pending = st.pending[:0]
	s.closeLine(st, before == '\r')
}

// openLine decides what a line is, hands it on and reads what it says.
func (s *Scanner) openLine(st *stream, line []byte, unfinished, more bool) {
	kind := st.classify(line, unfinished)
	st.kind = kind
	offset := st.offset
	text := content(line)
	if kind == RequestLine || kind == StatusLine {
		st.begin(text)
	}
	s.emit(st, kind, line, more && !kind.Opaque())
	switch kind {
	case RequestLine:
		s.readRequestLine(st, offset, text, unfinished)
	case StatusLine:
		s.readStatusLine(st, offset, text)
	case HeaderLine:
		if !unfinished {
			s.readField(st, offset, text)
		}
	case HeaderFold:
		if !unfinished {
			s.readFold(st, offset, text)
		}
	case ChunkSize:
		st.owed, _ = chunkSize(text)
		st.msg.Chunks++
	case NonHTTP:
		s.loseStream(st, offset, int64(len(text)))
	case Unframed:
		s.report(st, ChunkSizeInvalid, offset, int64(len(text)), st.begun)
		st.phase = inUnframed
	}
}

// classify says what a line is where the stream stands. unfinished applies
// rule 13: the stream may end, or has ended, before the line did.
func (st *stream) classify(line []byte, unfinished bool) Kind {
	if st.long {
		return st.kind
	}
	text := content(line)
	empty := len(text) == 0 || unfinished && len(text) == 1 && text[0] == '\r'
	switch st.phase {
	case inHeaders:
		return sectionKind(text, empty, HeaderLine, HeaderFold, HeaderEnd)
	case inTrailers:
		return sectionKind(text, empty, TrailerLine, TrailerFold, TrailerEnd)
	case atChunkEnd:
		return ChunkEnd
	case atChunkSize:
		return chunkLineKind(text, unfinished)
	}
	switch {
	case empty:
		return EmptyLine
	case st.side == Request && isRequestLine(text, unfinished):
		return RequestLine
	case st.side == Response && isStatusLine(text, unfinished):
		return StatusLine
	}
	return NonHTTP
}

func sectionKind(text []byte, empty bool, line, fold, end Kind) Kind {
	switch {
	case empty:
		return end
	case text[0] == ' ' || text[0] == '\t':
		return fold
	}
	return line
}

// closeLine does what the end of a line brings about.
func (s *Scanner) closeLine(st *stream, carriageReturn bool) {
	st.crlf = carriageReturn
	if !carriageReturn {
		switch st.kind {
		case ChunkSize, LastChunk, NonHTTP, Unframed:
		default:
			s.report(st, BareLF, st.offset-1, 1, st.number(st.kind))
		}
	}
	switch st.kind {
	case RequestLine, StatusLine:
		if st.msg.Version09 {
			s.completeMessage(st)
		} else {
			st.phase = inHeaders
		}
	case HeaderEnd:
		s.headComplete(st)
	case ChunkSize:
		st.phase = inChunk
	case LastChunk:
		st.phase = inTrailers
	case TrailerEnd:
		s.completeMessage(st)
	}
}
