package http1

import "bytes"

// checkText finds what no line of a head, of a trailer section or of the chunk
// framing may hold. open says that the line goes on behind text, or may: its
// last byte is not judged by what follows it.
func (s *Scanner) checkText(st *stream, offset int64, text []byte, open bool) {
	if isPlain(text) {
		return
	}
	if i := bytes.IndexByte(text, '\r'); i >= 0 {
		end := i
		for end < len(text) && text[end] == '\r' {
			end++
		}
		if open && end == len(text) {
			end--
		}
		if end > i {
			s.report(st, BareCR, offset+int64(i), int64(end-i), st.begun)
		}
	}
	s.checkRun(st, NULByte, offset, text, nulChar)
	if st.kind == ChunkSize || st.kind == LastChunk {
		return
	}
	const literal = `\r\n`
	if i := bytes.Index(text, []byte(literal)); i >= 0 {
		end := i + len(literal)
		for bytes.HasPrefix(text[end:], []byte(literal)) {
			end += len(literal)
		}
		s.report(st, LiteralBackslashCRLF, offset+int64(i), int64(end-i), st.begun)
	}
}

// checkRun reports the first run of bytes of a class.
func (s *Scanner) checkRun(st *stream, code Code, offset int64, text []byte, k class) {
	if start, end := run(text, k); start < end {
		s.report(st, code, offset+int64(start), int64(end-start), st.begun)
	}
}

// checkOddSpace reports the first space that is no ASCII space.
func (s *Scanner) checkOddSpace(st *stream, offset int64, text []byte) bool {
	start, end := oddSpace(text)
	if start < end {
		s.report(st, OddSpace, offset+int64(start), int64(end-start), st.begun)
	}
	return start < end
}
