package http1

import "bytes"

// head is what the header section has said so far.
type head struct {
	current        field // the field a fold would continue
	fields         bool  // a header line has come: folds before it continue nothing
	versionKnown   bool
	major, minor   int
	host           bool
	conflictTold   bool // Content-Length beside Transfer-Encoding was reported
	lengthSeen     bool
	codingSeen     bool
	coding         bool // a transfer coding is named
	codings        int  // transfer codings named
	chunked        bool // the last one named is chunked
	close, keep    bool
	expectContinue bool
	upgrade        bool
	said           said
}

// said is what only diagnostics need to know of a header section.
type said struct {
	seen      [2]uint64 // rows of knownFields that have come
	lines     int
	size      int64 // of the start line
	hostValue bool  // a Host line had a value
	absolute  bool  // the target has an authority

	tooLarge, bodyTold, te10 bool
	crlf, lf, mixed          bool // line ends that have come; their mixture was reported

	chunkedSeen, lastCoding   bool // a coding chunked; the last coding is in codingAt
	codingAt, upgradeAt, teAt place
	te, teOption, upgradeName bool // TE; the options TE and upgrade
	optionClose, optionKeep   bool
	encodings                 int
	gzip                      bool
	trailers                  bool // a trailer was reported
}

// place is where something stands in a stream.
type place struct{ offset, length int64 }

func (h *head) setVersion(word []byte) {
	h.major, h.minor, h.versionKnown = version(word)
}

// isHTTP10 reports whether the version is exactly HTTP/1.0.
func (h *head) isHTTP10() bool { return h.versionKnown && h.major == 1 && h.minor == 0 }

// keepsAlive applies RFC 9112 section 9.3; an unreadable version, and one with
// a major above 1, counts as HTTP/1.1 (rule 8).
func (h *head) keepsAlive() bool {
	if h.close {
		return false
	}
	return h.keep || !h.isOld()
}

// isOld reports whether the version is below HTTP/1.1.
func (h *head) isOld() bool {
	return h.versionKnown && (h.major == 0 || h.major == 1 && h.minor == 0)
}

// readField reads a header line. plain is what isPlain says of it.
func (s *Scanner) readField(st *stream, offset int64, text []byte, plain bool) {
	h := &st.head
	if h.current != fieldOther {
		s.endField(st)
	}
	h.fields = true
	f := s.checkField(st, offset, text, plain)
	if h.current = f.field; f.field == fieldOther {
		return
	}
	switch f.field {
	case fieldHost:
		h.host = true
	case fieldContentLength:
		if !h.lengthSeen {
			st.lengths.reset()
		}
		h.lengthSeen = true
		st.lengths.begin(offset, int64(len(text)))
	case fieldTransferEncoding:
		h.codingSeen = true
	case fieldUpgrade:
		h.upgrade = true
	}
	if h.lengthSeen && h.codingSeen && !h.conflictTold {
		h.conflictTold = true
		s.report(st, BothLengths, offset, int64(len(text)), st.begun)
	}
	s.readValue(st, offset+int64(f.value), text[f.value:], false)
}

// readFold reads a line that continues the field above it (rule 7).
func (s *Scanner) readFold(st *stream, offset int64, text []byte) {
	s.checkFold(st, offset, text)
	if st.head.current != fieldOther {
		s.readValue(st, offset, text, true)
	}
}

func (s *Scanner) readValue(st *stream, offset int64, value []byte, fold bool) {
	h := &st.head
	switch h.current {
	case fieldContentLength:
		for i, c := range value {
			st.lengths.take(c, offset+int64(i))
		}
		st.lengths.pause()
		s.reportLengths(st)
	case fieldHost:
		s.checkHost(st, offset, value, fold)
	case fieldTransferEncoding, fieldConnection, fieldExpect, fieldContentEncoding:
		s.readMembers(st, offset, value, fold)
	}
}

// reportLengths reports what the list has found.
func (s *Scanner) reportLengths(st *stream) {
	l := &st.lengths
	for _, f := range l.found {
		s.report(st, f.code, f.offset, f.length, st.begun)
	}
	l.found = l.found[:0]
	if st.side == Request && l.body {
		s.checkBodyAllowed(st, l.lineOffset, l.lineLength)
	}
}

// endField is called when no fold can follow the last field any more.
func (s *Scanner) endField(st *stream) {
	h := &st.head
	switch h.current {
	case fieldContentLength:
		st.lengths.end()
		s.reportLengths(st)
	case fieldTransferEncoding, fieldConnection, fieldExpect, fieldContentEncoding:
		s.endMember(st)
		s.endList(st)
	}
	h.current = fieldOther
}

// fieldLine is what a header line is about.
type fieldLine struct {
	field field
	value int // where its value begins
}

// nameEnd returns the end of a name without the white space behind it (rule 7).
func nameEnd(text []byte, colon int) int {
	for colon > 0 && isOptionalSpace(text[colon-1]) {
		colon--
	}
	return colon
}

// colonOf returns where the colon is; -1 when there is none.
func colonOf(text []byte) int { return bytes.IndexByte(text, ':') }
