package http1

// checkStatusLine says what is odd about a status line (RFC 9112 section 4).
func (s *Scanner) checkStatusLine(st *stream, offset int64, text []byte) {
	_, versionEnd := nextWord(text, 0)
	codeStart, codeEnd := nextWord(text, versionEnd)
	if !isPlain(text[:codeEnd]) {
		s.checkOddSpace(st, offset, text[:codeEnd])
	}
	s.checkVersion(st, offset, text[:versionEnd])
	if code := text[codeStart:codeEnd]; len(code) != 3 || !allDigits(code) {
		s.reportSpan(st, StatusCodeInvalid, offset, span{codeStart, codeEnd})
	} else if st.msg.Status < 100 || st.msg.Status > 599 {
		s.reportSpan(st, StatusCodeOutOfRange, offset, span{codeStart, codeEnd})
	}
	if codeStart == codeEnd {
		return
	}
	gap := span{versionEnd, codeStart}
	if string(gap.of(text)) == " " && codeEnd < len(text) && text[codeEnd] != ' ' {
		gap = span{codeEnd, codeEnd + 1}
	}
	if string(gap.of(text)) != " " {
		s.reportSpan(st, StatusLineWhitespace, offset, gap)
	}
	if codeEnd == len(text) && allDigits(text[codeStart:codeEnd]) {
		s.reportSpan(st, ReasonPhraseNoSpace, offset, span{codeStart, codeEnd})
	}
	s.checkRun(st, ReasonPhraseControlChar, offset+int64(codeEnd), text[codeEnd:], controlChar)
}

// checkStatus says what follows from the status code alone.
func (s *Scanner) checkStatus(st *stream, offset int64, text []byte) {
	m, whole := &st.msg, span{0, len(text)}
	if m.Interim {
		s.reportSpan(st, InterimResponse, offset, whole)
	}
	if m.Status == 101 {
		s.reportSpan(st, SwitchingProtocols, offset, whole)
	}
	if m.Status/100 == 1 && st.head.isHTTP10() {
		s.reportSpan(st, InterimResponseHTTP10, offset, whole)
	}
	if !m.Interim && m.Request == 0 && s.nobodyAsked() {
		s.reportSpan(st, UnsolicitedResponse, offset, whole)
	}
}

// nobodyAsked reports whether every request has its response, as far as the
// requests can be told apart.
func (s *Scanner) nobodyAsked() bool {
	if s.requests.unknown {
		return false
	}
	asked := &s.streams[Request]
	switch asked.phase {
	case inTunnel, inNonHTTP, inUnframed:
		return false
	}
	return len(asked.pending) == 0 // servers answer half a line, too
}
