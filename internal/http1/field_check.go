package http1

// checkField says what is odd about a header line by itself, and what field it
// is (RFC 9110 section 5, RFC 9112 section 5).
func (s *Scanner) checkField(st *stream, offset int64, text []byte, plain bool) fieldLine {
	h := &st.head
	row, line := s.checkFieldSyntax(st, offset, text, plain)
	h.said.lines++
	if h.said.lines == 101 {
		s.report(st, TooManyHeaders, offset, int64(len(text)), st.begun)
	}
	if row < 0 {
		return line
	}
	line.field = knownFields[row].field
	if bit := uint64(1) << (row & 63); h.said.seen[row>>6]&bit == 0 {
		h.said.seen[row>>6] |= bit
	} else {
		s.checkRepeated(st, row, offset, text)
	}
	if line.field > fieldHost { // which is the first, and has a check of its own
		s.checkFraming(st, line.field, offset, text)
	}
	return line
}

// checkRepeated is called for a field that has come before.
func (s *Scanner) checkRepeated(st *stream, row int, offset int64, text []byte) {
	code := DuplicateSingletonHeader
	switch {
	case knownFields[row].field == fieldTransferEncoding:
		code = TEMultipleLines
	case knownFields[row].field == fieldHost && st.side == Request:
		code = HostDuplicate
	case knownFields[row].rules&ruleOnce == 0:
		return
	}
	s.report(st, code, offset, int64(len(text)), st.begun)
}

// checkFraming is called for a field whose value is read.
func (s *Scanner) checkFraming(st *stream, f field, offset int64, text []byte) {
	h, m, length := &st.head, &st.msg, int64(len(text))
	switch f {
	case fieldTransferEncoding:
		if h.isHTTP10() && !h.said.te10 {
			h.said.te10 = true
			s.report(st, TEHTTP10, offset, length, st.begun)
		}
		if st.side == Request {
			s.checkBodyAllowed(st, offset, length)
		}
	case fieldUpgrade:
		h.said.upgradeAt = place{offset, length}
	case fieldTE:
		h.said.te, h.said.teAt = true, place{offset, length}
	case fieldProxyConnection:
		s.report(st, ProxyConnectionHeader, offset, length, st.begun)
	}
	if st.side == Response && (f == fieldTransferEncoding || f == fieldContentLength) &&
		(m.Status/100 == 1 || m.Status == 204 || m.Status/100 == 2 && st.facts&factConnect != 0) {
		s.report(st, LengthHeaderNotAllowed, offset, length, st.begun)
	}
}

// checkFieldSyntax judges a header or trailer line as name, colon and value. It
// returns the row of a known field, or -1.
func (s *Scanner) checkFieldSyntax(st *stream, offset int64, text []byte, plain bool) (row int, line fieldLine) {
	colon := colonOf(text)
	if colon < 0 {
		s.checkOddSpace(st, offset, text)
		if beforeCRs(text) > 0 { // CRs alone are meant for an empty line
			s.report(st, HeaderMissingColon, offset, int64(len(text)), st.begun)
		}
		return -1, fieldLine{value: len(text)}
	}
	line.value = colon + 1
	row, exact := lookUp(text[:colon])
	if row < 0 {
		end := nameEnd(text, colon)
		row, _ = lookUp(text[:end])
		s.checkName(st, offset, text, end, colon, row < 0)
	}
	value := text[colon+1:]
	if exact && plain && len(value) > 1 && value[1] > ' ' {
		return row, line // nothing of what follows can be
	}
	if !plain {
		s.checkValue(st, offset+int64(colon+1), value)
	}
	if _, rest := trim(value); len(rest) == 0 {
		switch field := fieldAt(row); {
		case field == fieldHost || field == fieldContentLength || field == fieldTransferEncoding:
		default:
			s.report(st, HeaderValueEmpty, offset+int64(colon), 1, st.begun)
		}
	}
	return row, line
}

func fieldAt(row int) field {
	if row < 0 {
		return fieldOther
	}
	return knownFields[row].field
}

// checkName judges a name that is not a known one directly before its colon. end
// is where it ends without white space.
func (s *Scanner) checkName(st *stream, offset int64, text []byte, end, colon int, unknown bool) {
	name := text[:end]
	if end == 0 {
		s.reportSpan(st, HeaderEmptyName, offset, span{0, colon + 1})
		return
	}
	blank := colon
	for blank > end && (text[blank-1] == ' ' || text[blank-1] == '\t') {
		blank--
	}
	if blank < colon {
		s.reportSpan(st, HeaderSpaceBeforeColon, offset, span{blank, colon})
	}
	if start, end := runOther(name, tokenChar); start < end {
		s.checkOddSpace(st, offset, name)
		s.reportSpan(st, HeaderNameInvalidChar, offset, span{start, end})
	}
	s.checkRun(st, HeaderNameUnderscore, offset, name, underscoreChar)
	if unknown && (looksLike(name, "contentlength") || looksLike(name, "transferencoding") || isMisspelt(name, st.side)) {
		s.reportSpan(st, FramingHeaderLookalike, offset, span{0, end})
	}
}

// looksLike reports whether name is lower once everything but letters and digits
// is left out.
func looksLike(name []byte, lower string) bool {
	i := 0
	for _, c := range name {
		if !isLetter(c) && !isDigit(c) {
			continue
		}
		if i == len(lower) || lowerCase(c) != lower[i] {
			return false
		}
		i++
	}
	return i == len(lower)
}

// checkValue judges the bytes of a value, or of a line that continues one.
func (s *Scanner) checkValue(st *stream, offset int64, value []byte) {
	if isPlain(value) {
		return
	}
	start, rest := trim(value)
	if at := oddSpaceAround(rest); !at.empty() {
		s.reportSpan(st, OddSpace, offset+int64(start), at)
	}
	s.checkRun(st, HeaderValueControlChar, offset, value, controlChar)
	s.checkRun(st, HeaderValueNonASCII, offset, value, highChar)
}

// checkFold judges a line that begins with white space.
func (s *Scanner) checkFold(st *stream, offset int64, text []byte) {
	blank := 0
	for blank < len(text) && (text[blank] == ' ' || text[blank] == '\t') {
		blank++
	}
	code := ObsFold
	if st.phase == inHeaders && !st.head.fields {
		code = WhitespaceBeforeFirstHeader
	}
	s.reportSpan(st, code, offset, span{0, blank})
	if blank == len(text) && st.phase == inHeaders {
		s.reportSpan(st, WhitespaceOnlyLine, offset, span{0, blank})
	}
	s.checkValue(st, offset, text)
}

// What well-known servers take, in bytes.
const headerLineLimit, headerSectionLimit = 8190, 16384

// checkSize is called when a line of the header section was handed on.
func (s *Scanner) checkSize(st *stream, offset int64, text []byte) {
	if n := len(text); n > headerLineLimit && st.kind == HeaderLine {
		s.report(st, HeaderLineTooLong, offset+headerLineLimit, int64(n-headerLineLimit), st.begun)
	}
	if said := &st.head.said; !said.tooLarge && st.msg.Head-said.size > headerSectionLimit {
		said.tooLarge = true
		s.report(st, HeaderSectionTooLarge, offset, int64(len(text)), st.begun)
	}
}

// checkHost judges a Host value, or the line that continues one.
func (s *Scanner) checkHost(st *stream, offset int64, value []byte, fold bool) {
	if st.side != Request {
		return
	}
	start, value := trim(value)
	offset += int64(start)
	said := &st.head.said
	switch {
	case fold && len(value) == 0:
		return
	case fold && said.hostValue:
		s.report(st, HostInvalid, offset, int64(len(value)), st.begun)
		return
	case len(value) == 0:
		s.report(st, HostEmpty, offset-int64(start), int64(start), st.begun)
	case !isHost(value):
		s.report(st, HostInvalid, offset, int64(len(value)), st.begun)
	}
	said.hostValue = len(value) > 0
	if said.absolute && !equalFold(st.authority, value) {
		s.report(st, TargetHostMismatch, offset, int64(len(value)), st.begun)
	}
}

// checkTrailer judges a trailer line.
func (s *Scanner) checkTrailer(st *stream, offset int64, text []byte) {
	row, _ := s.checkFieldSyntax(st, offset, text, isPlain(text))
	if row >= 0 && knownFields[row].rules&ruleNoTrailer != 0 {
		s.report(st, TrailerForbiddenField, offset, int64(len(text)), st.begun)
	}
}
