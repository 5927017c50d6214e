package http1

import "bytes"

// checkText finds what no line of a head, of a trailer section or of the chunk
// framing may hold. open says that the line goes on behind text, or may: its
// last byte is not judged by what follows it.
func (s *Scanner) checkText(st *stream, offset int64, text []byte, open bool) {
	if isPlain(text) {
		return
	}
	s.checkCR(st, offset, text, open)
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

// checkCR finds the CRs that are no part of a line end: those directly before it,
// and the first others.
func (s *Scanner) checkCR(st *stream, offset int64, text []byte, open bool) {
	rest := text
	if open && len(text) > 0 && text[len(text)-1] == '\r' {
		rest = text[:len(text)-1]
	} else if !open {
		rest = text[:beforeCRs(text)]
	}
	if i := bytes.IndexByte(rest, '\r'); i >= 0 {
		end := i
		for end < len(rest) && rest[end] == '\r' {
			end++
		}
		s.report(st, BareCR, offset+int64(i), int64(end-i), st.begun)
	}
	if n := len(rest); !open && n < len(text) {
		s.report(st, CRCRLF, offset+int64(n), int64(len(text)-n), st.begun)
	}
}

// beforeCRs returns how much of text is left without the CRs at its end.
func beforeCRs(text []byte) int {
	n := len(text)
	for n > 0 && text[n-1] == '\r' {
		n--
	}
	return n
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
