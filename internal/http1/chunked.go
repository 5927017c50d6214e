package http1

import "math"

// chunkSize reads a chunk line's text (rule 12; RFC 9112 section 7.1). A size
// beyond 63 bits is math.MaxInt64, more than any stream has.
func chunkSize(text []byte) (size int64, ok bool) {
	i, digits := 0, 0
	for i < len(text) && isOptionalSpace(text[i]) {
		i++
	}
	for i < len(text) {
		d, is := hexDigit(text[i])
		if !is {
			break
		}
		if size > (math.MaxInt64-15)/16 {
			size = math.MaxInt64
		} else {
			size = size*16 + d
		}
		digits++
		i++
	}
	for i < len(text) && isOptionalSpace(text[i]) {
		i++
	}
	return size, digits > 0 && (i == len(text) || text[i] == ';')
}

func hexDigit(c byte) (int64, bool) {
	switch {
	case '0' <= c && c <= '9':
		return int64(c - '0'), true
	case 'a' <= c && c <= 'f':
		return int64(c-'a') + 10, true
	case 'A' <= c && c <= 'F':
		return int64(c-'A') + 10, true
	}
	return 0, false
}

func chunkLineKind(text []byte, unfinished bool) Kind {
	size, ok := chunkSize(text)
	switch {
	case ok && size == 0:
		return LastChunk
	case ok:
		return ChunkSize
	case unfinished && onlyOptionalSpace(text):
		return ChunkSize // the digits may still come
	}
	return Unframed
}

func onlyOptionalSpace(text []byte) bool {
	for _, c := range text {
		if !isOptionalSpace(c) {
			return false
		}
	}
	return true
}

// stepChunkEnd takes the CR LF, or the LF alone, after chunk data.
func (s *Scanner) stepChunkEnd(st *stream, b []byte) int {
	switch {
	case b[0] == '\n':
		end := b[:1]
		if len(st.pending) > 0 {
			st.pending = append(st.pending, '\n')
			end = st.pending
		}
		code := ChunkLineBareLF
		if st.last == '\r' {
			code = ChunkDataUnterminated // the size counts the CR of the CR LF
		}
		s.emit(st, ChunkEnd, end, false)
		if len(end) == 1 {
			s.report(st, code, st.offset-1, 1, st.begun)
		}
		st.pending = st.pending[:0]
		st.phase = atChunkSize
		return 1
	case b[0] == '\r' && len(st.pending) == 0:
		if len(b) > 1 && b[1] == '\n' {
			s.emit(st, ChunkEnd, b[:2], false)
			st.phase = atChunkSize
			return 2
		}
		st.pending = append(st.pending, '\r')
		return 1
	}
	// Only what the report is about is handed on before it: a view shows the two
	// together, however the rest is cut.
	offset, taken := st.offset, 0
	if len(st.pending) > 0 {
		s.handOnHeld(st, inUnframed)
	} else {
		st.phase, taken = inUnframed, 1
		s.opaque(st, b[:1])
	}
	s.report(st, ChunkDataUnterminated, offset, 1, st.begun)
	return taken
}
