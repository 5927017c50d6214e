package http1

import "bytes"

// field is a header field that framing, or the life of the connection, depends on.
type field uint8

const (
	fieldOther field = iota
	fieldContentLength
	fieldTransferEncoding
	fieldHost
	fieldConnection
	fieldExpect
	fieldUpgrade
)

// head is what the header section has said so far.
type head struct {
	current        field // the field a fold would continue
	versionKnown   bool
	major, minor   int
	host           bool
	conflictTold   bool // Content-Length beside Transfer-Encoding was reported
	lengthSeen     bool
	codingSeen     bool
	coding         bool // a transfer coding is named
	chunked        bool // the last one named is chunked
	close, keep    bool
	expectContinue bool
	upgrade        bool
	members        memberReader
	lengths        lengthList
}

func (h *head) reset() {
	lengths := h.lengths
	lengths.reset()
	*h = head{lengths: lengths}
}

func (h *head) setVersion(word []byte) {
	h.major, h.minor, h.versionKnown = version(word)
}

// keepsAlive applies RFC 9112 section 9.3; an unreadable version, and one with
// a major above 1, counts as HTTP/1.1 (rule 8).
func (h *head) keepsAlive() bool {
	if h.close {
		return false
	}
	if h.versionKnown && (h.major == 0 || h.major == 1 && h.minor == 0) {
		return h.keep
	}
	return true
}

var fields = [...]struct {
	name  string
	field field
}{
	{"host", fieldHost},
	{"content-length", fieldContentLength},
	{"transfer-encoding", fieldTransferEncoding},
	{"connection", fieldConnection},
	{"expect", fieldExpect},
	{"upgrade", fieldUpgrade},
}

// fieldOf names the field of a line and where its value begins; lines without a
// colon are ignored for framing (rule 7).
func fieldOf(text []byte) (f field, value int) {
	colon := bytes.IndexByte(text, ':')
	if colon < 0 {
		return fieldOther, len(text)
	}
	end := colon
	for end > 0 && isOptionalSpace(text[end-1]) {
		end--
	}
	for _, known := range fields {
		if equalFold(text[:end], known.name) {
			return known.field, colon + 1
		}
	}
	return fieldOther, colon + 1
}

// readField reads a header line.
func (s *Scanner) readField(st *stream, offset int64, text []byte) {
	h := &st.head
	s.endField(st)
	f, value := fieldOf(text)
	h.current = f
	switch f {
	case fieldHost:
		h.host = true
	case fieldContentLength:
		h.lengthSeen = true
		h.lengths.begin(offset, int64(len(text)))
	case fieldTransferEncoding:
		h.codingSeen = true
	case fieldUpgrade:
		h.upgrade = true
	}
	if h.lengthSeen && h.codingSeen && !h.conflictTold {
		h.conflictTold = true
		s.report(st, BothLengths, offset, int64(len(text)), st.begun)
	}
	s.readValue(st, offset+int64(value), text[value:])
}

// readFold reads a line that continues the field above it (rule 7).
func (s *Scanner) readFold(st *stream, offset int64, text []byte) {
	s.readValue(st, offset, text)
}

func (s *Scanner) readValue(st *stream, offset int64, value []byte) {
	h := &st.head
	switch h.current {
	case fieldContentLength:
		for i, c := range value {
			if bad := h.lengths.take(c, offset+int64(i)); bad {
				s.reportLength(st)
			}
		}
		if h.lengths.pause() {
			s.reportLength(st)
		}
	case fieldTransferEncoding, fieldConnection, fieldExpect:
		for _, c := range value {
			if c == ',' {
				h.endMember()
			} else {
				h.members.take(c)
			}
		}
	}
}

// reportLength reports what the list has just found wrong.
func (s *Scanner) reportLength(st *stream) {
	l := &st.head.lengths
	code := ContentLengthInvalid
	if l.foundConflict {
		code = ContentLengthConflict
	}
	s.report(st, code, l.badOffset, l.badLength, st.begun)
}

// endField is called when no fold can follow the last field any more.
func (s *Scanner) endField(st *stream) {
	h := &st.head
	switch h.current {
	case fieldContentLength:
		if h.lengths.end() {
			s.reportLength(st)
		}
	case fieldTransferEncoding, fieldConnection, fieldExpect:
		h.endMember()
	}
	h.current = fieldOther
}

// endMember takes in a finished list member; empty ones are dropped.
func (h *head) endMember() {
	name, any := h.members.end()
	if !any {
		return
	}
	switch h.current {
	case fieldTransferEncoding:
		h.coding = true
		h.chunked = string(name) == "chunked"
	case fieldConnection:
		h.close = h.close || string(name) == "close"
		h.keep = h.keep || string(name) == "keep-alive"
	case fieldExpect:
		h.expectContinue = h.expectContinue || string(name) == "100-continue"
	}
}

// memberReader reads the name of one member of a comma list, in lower case,
// without its parameters. A name longer than its buffer, or with a space
// inside, is nobody's.
type memberReader struct {
	name       [24]byte
	n          int
	any        bool // a byte that is no space was seen
	gap        bool // a space followed the name
	parameters bool
	bad        bool
}

func (m *memberReader) take(c byte) {
	if isOptionalSpace(c) {
		m.space()
		return
	}
	m.any = true
	switch {
	case m.parameters:
	case c == ';':
		m.parameters = true
	case m.gap || m.n == len(m.name):
		m.bad = true
	default:
		m.name[m.n] = lowerCase(c)
		m.n++
	}
}

// space says that white space was passed; a fold begins with it.
func (m *memberReader) space() { m.gap = m.n > 0 }

// end returns the member's name, and whether there was one, and starts afresh.
// The name is valid until the next take.
func (m *memberReader) end() (name []byte, any bool) {
	name, any = m.name[:m.n], m.any
	if m.bad {
		name = nil
	}
	m.n, m.any, m.gap, m.parameters, m.bad = 0, false, false, false, false
	return name, any
}
