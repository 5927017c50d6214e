package http1

// readMembers reads one line of a comma list.
func (s *Scanner) readMembers(st *stream, offset int64, value []byte, fold bool) {
	m := &st.members
	if !fold {
		m.comma, m.listed = -1, false
		if m.takeWord(offset, value) {
			s.judgeMember(st)
			return
		}
	}
	for i, c := range value {
		if c == ',' {
			s.endMember(st)
			m.comma, m.commaTold = offset+int64(i), false
			s.checkEmptyMember(st)
		} else {
			m.take(c, offset+int64(i))
		}
	}
	if !fold && st.head.current == fieldTransferEncoding && !m.any && !m.listed && m.comma < 0 {
		m.listed = true // said once
		s.report(st, TEMalformed, offset-1, int64(len(value))+1, st.begun)
	}
	s.judgeMember(st)
}

// endMember takes in a finished list member; empty ones are dropped.
func (s *Scanner) endMember(st *stream) {
	s.judgeMember(st)
	h := &st.head
	name, any := st.members.end()
	if !any {
		return
	}
	st.members.listed = true
	switch h.current {
	case fieldTransferEncoding:
		h.coding = true
		h.codings++
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
	name        [32]byte
	n           int
	any         bool // a byte that is no space was seen
	gap         bool // a space followed the name
	parameters  bool
	long        bool  // the name does not fit
	bad         bool  // it is no token
	told        bool  // it was judged
	badTold     bool  // and found bad
	listed      bool  // the list has had a member, or was said to have none
	start, stop int64 // of the member, in the stream
	comma       int64 // the last one of the list; -1 if none
	emptyBefore bool  // nothing stands between the last two commas, or before the first
	commaTold   bool  // and that was reported
}

func (m *memberReader) take(c byte, offset int64) {
	if isOptionalSpace(c) {
		m.gap = m.n > 0
		return
	}
	if !m.any {
		m.any, m.start = true, offset
	}
	m.stop = offset + 1
	switch {
	case m.parameters:
	case c == ';':
		m.parameters = true
	case m.gap || classes[c]&tokenChar == 0:
		m.bad = true
	case m.n == len(m.name):
		m.long = true
	default:
		m.name[m.n] = lowerCase(c)
		m.n++
	}
}

// usualMembers are values that nearly every message has.
var usualMembers = [...]string{"keep-alive", "close", "gzip", "chunked"}

// takeWord takes a value that is one of the usual ones, after one space.
func (m *memberReader) takeWord(offset int64, value []byte) bool {
	if len(value) == 0 || value[0] != ' ' {
		return false
	}
	for _, usual := range usualMembers {
		if string(value[1:]) == usual {
			m.n = copy(m.name[:], usual)
			m.any, m.start, m.stop = true, offset+1, offset+int64(len(value))
			return true
		}
	}
	return false
}

// current returns the member's name so far; nil when it is nobody's.
func (m *memberReader) current() []byte {
	if m.bad || m.long {
		return nil
	}
	return m.name[:m.n]
}

// end returns the member's name, and whether there was one, and starts afresh.
// The name is valid until the next take.
func (m *memberReader) end() (name []byte, any bool) {
	name, any = m.current(), m.any
	m.emptyBefore = !any
	m.n, m.any, m.gap, m.parameters, m.long, m.bad, m.told, m.badTold = 0, false, false, false, false, false, false, false
	return name, any
}
