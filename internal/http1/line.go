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
	if st.phase == inHeaders && line[0] > ' ' && !st.long {
		s.headerLine(st, line)
		return
	}
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
	if st.void {
		s.giveUpMessage(st)
	}
}

// headerLines takes the whole header lines that b begins with, and returns how
// much of b they are.
func (s *Scanner) headerLines(st *stream, b []byte) (n int) {
	for n < len(b) && b[n] > ' ' {
		rest := b[n:min(len(b), n+pieceSize)]
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			break
		}
		s.headerLine(st, rest[:i+1])
		n += i + 1
	}
	return n
}

// headerLine does for a whole header line what openLine and closeLine do for
// any line: most lines are one.
func (s *Scanner) headerLine(st *stream, line []byte) {
	text := content(line)
	offset := st.offset
	st.kind = HeaderLine
	s.emit(st, HeaderLine, line, false)
	plain := isPlain(text)
	if !plain {
		s.checkText(st, offset, text, false)
	}
	s.readField(st, offset, text, plain)
	if st.msg.Head > headerLineLimit {
		s.checkSize(st, offset, text)
	}
	st.pending = st.pending[:0]
	st.crlf = len(line)-len(text) == 2
	if said := &st.head.said; !st.crlf || !said.crlf || said.lf {
		s.checkLineEnd(st)
	}
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
		s.checkText(st, offset, text, more || unfinished)
		s.readRequestLine(st, offset, text, unfinished)
	case StatusLine:
		s.checkText(st, offset, text, more || unfinished)
		s.readStatusLine(st, offset, text, unfinished)
	case EmptyLine:
		if !unfinished {
			s.report(st, st.emptyLineCode(), offset, int64(len(line)), 0)
		}
	case HeaderLine, HeaderFold, TrailerLine, TrailerFold, ChunkSize, LastChunk:
		s.checkText(st, offset, text, more || unfinished)
		if kind == ChunkSize {
			st.owed, _ = chunkSize(text)
		}
		if !unfinished {
			s.readLine(st, offset, text, more)
		}
	case NonHTTP:
		s.loseStream(st, offset, text, !unfinished && !more)
	case Unframed:
		s.report(st, ChunkSizeInvalid, offset, int64(len(text)), st.begun)
		st.phase = inUnframed
	}
}

func (st *stream) emptyLineCode() Code {
	if st.side == Request {
		return LeadingEmptyLine
	}
	return EmptyLineBeforeResponse
}

// readLine reads a line inside a message, or the first piece of a long one.
func (s *Scanner) readLine(st *stream, offset int64, text []byte, more bool) {
	switch st.kind {
	case HeaderLine:
		s.readField(st, offset, text, isPlain(text))
		s.checkSize(st, offset, text)
	case HeaderFold:
		s.readFold(st, offset, text)
		s.checkSize(st, offset, text)
	case TrailerLine, TrailerFold:
		if !st.head.said.trailers {
			st.head.said.trailers = true
			s.report(st, TrailerFields, offset, int64(len(text)), st.begun)
		}
		if st.kind == TrailerLine {
			s.checkTrailer(st, offset, text)
		} else {
			s.checkFold(st, offset, text)
		}
	case ChunkSize, LastChunk:
		s.checkChunkLine(st, offset, text, more)
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
	case st.side == Request:
		st.words.read(text)
		if st.words.isStart(text, unfinished) {
			return RequestLine
		}
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
	s.checkLineEnd(st)
	switch st.kind {
	case RequestLine, StatusLine:
		st.head.said.size = st.msg.Head
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

// checkLineEnd judges the end of the line that was just handed on.
func (s *Scanner) checkLineEnd(st *stream) {
	said := &st.head.said
	if st.crlf && !said.lf {
		said.crlf = said.crlf || RequestLine <= st.kind && st.kind <= HeaderEnd
		return
	}
	code, end := BareLF, place{st.offset - 1, 1}
	switch st.kind {
	case NonHTTP, Unframed:
		return
	case ChunkSize, LastChunk:
		code = ChunkLineBareLF
	}
	if st.crlf {
		end = place{st.offset - 2, 2}
	} else {
		s.report(st, code, end.offset, end.length, st.number(st.kind))
	}
	if st.kind < RequestLine || st.kind > HeaderEnd {
		return
	}
	said.crlf = said.crlf || st.crlf
	said.lf = said.lf || !st.crlf
	if said.crlf && said.lf && !said.mixed {
		said.mixed = true
		s.report(st, MixedLineEndings, end.offset, end.length, st.begun)
	}
}
