package transcript

import "strings"

// note appends a `*` line.
func (s *sheet) note(text []byte) {
	if s.plain {
		s.plainLine("note: " + Spoken(string(text)))
		return
	}
	s.paragraph(markNote, 2, paint{}, text)
}

// paragraph appends a mark and a text, wrapped at words under an indent where
// the sheet has a width. In a pipe it is one line.
func (s *sheet) paragraph(m mark, indent int, p paint, text []byte) {
	s.buffer = append(s.buffer, s.prefix...)
	s.buffer = append(s.buffer, byte(m))
	s.buffer = appendPadding(s.buffer, indent-1)
	s.words(indent, p, text)
}

// Wrap returns a text as lines of at most width columns (0: one line), wrapped at words and indented by two
// from the second on, with a line end. What could move or hide things on a terminal is escaped.
func Wrap(text string, width int) string {
	s := &sheet{paper: &paper{width: func() int { return width }}}
	s.words(0, paint{}, []byte(text))
	if lines := strings.SplitAfter(string(s.buffer), "\n"); width > 0 && len(lines) > 2 {
		s = &sheet{paper: &paper{width: func() int { return width - 2 }}}
		s.words(0, paint{}, []byte(text))
		return strings.ReplaceAll(strings.TrimSuffix(string(s.buffer), "\n"), "\n", "\n  ") + "\n"
	}
	return string(s.buffer)
}

// words appends a text from the column indent on.
func (s *sheet) words(indent int, p paint, text []byte) {
	s.buffer = append(s.buffer, p.on...)
	w := s.columns()
	if w == 0 {
		s.buffer = appendSafe(s.buffer, text, s.ascii)
		s.buffer = append(s.buffer, p.off...)
		s.buffer = append(s.buffer, '\n')
		return
	}
	room := max(w-len(s.prefix)-indent, minimumText)
	used := 0
	for i, word := range strings.Split(string(appendSafe(nil, text, s.ascii)), " ") {
		n := columns([]byte(word+"."), s.ascii, len(word)) - 1
		switch {
		case i == 0:
		case used+1+n > room:
			s.buffer = append(s.buffer, '\n')
			s.buffer = appendPadding(s.buffer, len(s.prefix)+indent)
			used = 0
		default:
			s.buffer = append(s.buffer, ' ')
			used++
		}
		s.buffer = append(s.buffer, word...)
		used += n
	}
	s.buffer = append(s.buffer, p.off...)
	s.buffer = append(s.buffer, '\n')
}
