package http1

import "bytes"

// span is a run of bytes of a line.
type span struct{ start, end int }

func (p span) empty() bool           { return p.start == p.end }
func (p span) of(text []byte) []byte { return text[p.start:p.end] }

// requestWords is what a line is as a request line (rules 3 and 5).
type requestWords struct {
	count   int  // words
	method  span // the first word
	target  span // from the second word to the one before the version; empty if none
	targets int  // words of it
	version span // the last word, after the first, that begins HTTP/; empty if none does
	last    span // the last word
	odd     span // the first white space that is not one SP between two words
	plain   bool // a registered method, a target in origin-form without anything odd, HTTP/1.1
}

const usualEnd = " HTTP/1.1"

// read reads a line's text.
func (w *requestWords) read(text []byte) {
	if w.readUsual(text) {
		return
	}
	*w = requestWords{}
	for i := 0; ; {
		start, end := nextWord(text, i)
		gap := span{i, start}
		if start == end {
			if !gap.empty() {
				w.oddGap(gap)
			}
			break
		}
		if w.count == 0 && !gap.empty() || w.count > 0 && !(start == i+1 && text[i] == ' ') {
			w.oddGap(gap)
		}
		w.last = span{start, end}
		switch {
		case w.count == 0:
			w.method = w.last
		case hasVersionPrefix(text[start:end]):
			w.version = w.last
		}
		w.count++
		i = end
	}
	w.findTarget(text)
}

func (w *requestWords) oddGap(gap span) {
	if w.odd.empty() {
		w.odd = gap
	}
}

// findTarget finds what stands between the method and the version; without a
// version, the second word.
func (w *requestWords) findTarget(text []byte) {
	stop := len(text)
	if !w.version.empty() {
		stop = w.version.start
	}
	for i := w.method.end; ; {
		start, end := nextWord(text[:stop], i)
		if start == end || w.targets > 0 && w.version.empty() {
			return
		}
		if w.targets == 0 {
			w.target.start = start
		}
		w.target.end = end
		w.targets++
		i = end
	}
}

// readUsual reads the line nearly every request has, in one pass.
func (w *requestWords) readUsual(text []byte) bool {
	n := len(text) - len(usualEnd)
	if n < 0 || string(text[n:]) != usualEnd {
		return false
	}
	m := bytes.IndexByte(text, ' ')
	if m >= n-1 || text[m+1] != '/' || !isMethod(text[:m]) {
		return false
	}
	before := byte(0)
	for _, c := range text[m+1 : n] {
		if classes[c]&targetChar == 0 && (c != '.' || before == '/') {
			return false
		}
		before = c
	}
	w.odd = span{}
	w.count, w.targets, w.plain = 3, 1, true
	w.method, w.target, w.version = span{0, m}, span{m + 1, n}, span{n + 1, len(text)}
	w.last = w.version
	return true
}

// http09 reports whether the line is a complete HTTP/0.9 request (rule 5).
func (w *requestWords) http09(text []byte) bool {
	return w.version.empty() && w.count == 2 && string(w.method.of(text)) == "GET"
}

// isStart applies rule 3. unfinished says that the stream may end, or has ended,
// before the line did.
func (w *requestWords) isStart(text []byte, unfinished bool) bool {
	if w.count == 0 {
		return false
	}
	method := w.method.of(text)
	if !w.version.empty() || isMethod(method) {
		return true
	}
	if !unfinished || w.count > 1 || len(method) != len(text) {
		return false
	}
	for m := range methods {
		if len(m) > len(text) && m[:len(text)] == string(text) {
			return true
		}
	}
	return false
}

// checkRequestLine says what is odd about a request line.
func (s *Scanner) checkRequestLine(st *stream, offset int64, text []byte, w *requestWords) {
	if !w.plain {
		if bom := byteOrderMark(text); bom > 0 {
			s.report(st, ByteOrderMark, offset, int64(bom), st.begun)
		}
		if hasVersionPrefix(text) {
			s.report(st, WrongDirection, offset, int64(len(text)), st.begun)
		}
		s.checkOddSpace(st, offset, text)
		if !w.odd.empty() && w.odd.start < beforeCRs(text) { // CRs at the end have a code of their own
			s.reportSpan(st, RequestLineWhitespace, offset, w.odd)
		}
		s.checkMethod(st, offset, w.method, text)
	}
	s.checkTarget(st, offset, text, w)
	if !w.plain {
		s.checkRequestVersion(st, offset, text, w)
	}
	const limit = 8000
	if n := len(text); n > limit {
		s.report(st, RequestLineTooLong, offset+limit, int64(n-limit), st.begun)
	}
}

func (s *Scanner) reportSpan(st *stream, code Code, offset int64, p span) {
	s.report(st, code, offset+int64(p.start), int64(p.end-p.start), st.begun)
}

func (s *Scanner) checkMethod(st *stream, offset int64, p span, text []byte) {
	method := p.of(text)
	if isMethod(method) {
		return
	}
	if start, end := runOther(method, tokenChar); start < end {
		s.reportSpan(st, MethodInvalid, offset+int64(p.start), span{start, end})
		return
	}
	for m := range methods {
		if len(m) == len(method) && equalFold(method, m) {
			s.reportSpan(st, MethodLowercase, offset, p)
			return
		}
	}
	s.reportSpan(st, MethodUnknown, offset, p)
}

func (s *Scanner) checkRequestVersion(st *stream, offset int64, text []byte, w *requestWords) {
	glued, misspelt := w.gluedVersion(text), w.misspeltVersion(text)
	switch {
	case !glued.empty():
		s.reportSpan(st, HTTPVersionNoSpace, offset, glued)
	case !misspelt.empty():
		s.reportSpan(st, HTTPVersionInvalid, offset, misspelt)
	case w.http09(text):
		s.report(st, HTTP09Request, offset, int64(len(text)), st.begun)
	case w.version.empty():
		s.report(st, HTTPVersionMissing, offset+int64(len(text)), 0, st.begun)
	case w.last != w.version:
		// Words behind the version are no version either.
		s.reportSpan(st, HTTPVersionInvalid, offset, span{w.version.start, w.last.end})
	default:
		s.checkVersion(st, offset+int64(w.version.start), w.version.of(text))
	}
	if w.targets == 0 && !w.version.empty() {
		s.reportSpan(st, RequestTargetMissing, offset, span{w.method.end, w.version.start})
	}
}

// checkVersion judges an HTTP-version (RFC 9112 section 2.3).
func (s *Scanner) checkVersion(st *stream, offset int64, word []byte) {
	if string(word) == "HTTP/1.1" || string(word) == "HTTP/1.0" {
		return
	}
	code := HTTPVersionUnknownMinor
	if major, _, ok := version(word); !ok {
		code = HTTPVersionInvalid
	} else if major != 1 {
		code = HTTPVersionUnsupported
	}
	s.report(st, code, offset, int64(len(word)), st.begun)
}

// byteOrderMark returns the length of the mark that text begins with, 0 for none.
func byteOrderMark(text []byte) int {
	switch {
	case bytes.HasPrefix(text, []byte("\xef\xbb\xbf")):
		return 3
	case bytes.HasPrefix(text, []byte("\xfe\xff")), bytes.HasPrefix(text, []byte("\xff\xfe")):
		return 2
	}
	return 0
}
