package http1

// judgeMember says what is odd about the list member at hand, as far as it has
// come: at the end of its line, and again if a fold went on with it.
func (s *Scanner) judgeMember(st *stream) {
	h := &st.head
	m := &st.members
	if !m.any {
		return
	}
	if m.told {
		if m.bad && !m.badTold && h.current == fieldTransferEncoding {
			m.badTold = true
			s.reportMember(st, TEMalformed)
		}
		return
	}
	m.told = true
	name := m.current()
	switch h.current {
	case fieldTransferEncoding:
		s.judgeCoding(st, name)
	case fieldConnection:
		s.judgeOption(st, name)
	case fieldExpect:
		if st.side == Response {
			return // it means something in requests only
		}
		if string(name) == "100-continue" {
			s.reportMember(st, Expect100Continue)
		} else {
			s.reportMember(st, ExpectUnknown)
		}
	case fieldContentEncoding:
		h.said.encodings++
		h.said.gzip = string(name) == "gzip" || string(name) == "x-gzip"
		if string(name) == "chunked" {
			s.reportMember(st, ContentEncodingChunked)
		}
	}
}

func (s *Scanner) reportMember(st *stream, code Code) {
	m := &st.members
	s.report(st, code, m.start, m.stop-m.start, st.begun)
}

// judgeCoding judges one transfer coding (RFC 9112 sections 6.1 and 7).
func (s *Scanner) judgeCoding(st *stream, name []byte) {
	said, m := &st.head.said, &st.members
	said.lastCoding, said.codingAt = true, place{m.start, m.stop - m.start}
	if m.bad || m.n == 0 && !m.long {
		m.badTold = true
		s.reportMember(st, TEMalformed)
		return
	}
	switch string(name) {
	case "chunked":
		if said.chunkedSeen {
			s.reportMember(st, TEChunkedRepeated)
		}
		said.chunkedSeen = true
	case "gzip", "x-gzip", "deflate", "compress", "x-compress":
		s.reportMember(st, TECompression)
	case "identity":
		s.reportMember(st, TEIdentity)
		return
	default:
		s.reportMember(st, TEUnknownCoding)
		return
	}
	if m.parameters {
		s.reportMember(st, TEMalformed)
	}
}

// judgeOption judges one connection option (RFC 9110 section 7.6.1).
func (s *Scanner) judgeOption(st *stream, name []byte) {
	said := &st.head.said
	switch string(name) {
	case "close", "keep-alive":
		if string(name) == "close" {
			said.optionClose = true
		} else if said.optionKeep = true; st.head.isHTTP10() {
			s.reportMember(st, HTTP10KeepAlive)
		}
		if said.optionClose && said.optionKeep {
			s.reportMember(st, ConnectionCloseAndKeepAlive)
			said.optionClose, said.optionKeep = false, false
		}
		return
	case "upgrade":
		said.upgradeName = true
	case "te":
		said.teOption = true
	}
	if row, _ := lookUp(name); row >= 0 && knownFields[row].rules&ruleEndToEnd != 0 {
		s.reportMember(st, ConnectionNamesEndToEndField)
	}
}

// checkEmptyMember is called behind a comma.
func (s *Scanner) checkEmptyMember(st *stream) {
	m := &st.members
	if m.emptyBefore && st.head.current == fieldTransferEncoding {
		m.commaTold = true
		s.report(st, TEMalformed, m.comma, 1, st.begun)
	}
}

// endList is called when a list is over.
func (s *Scanner) endList(st *stream) {
	m := &st.members
	if m.emptyBefore && m.comma >= 0 && !m.commaTold && st.head.current == fieldTransferEncoding {
		s.report(st, TEMalformed, m.comma, 1, st.begun)
	}
	m.comma, m.listed, m.emptyBefore, m.commaTold = -1, false, false, false
}
