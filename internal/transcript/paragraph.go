package transcript

import (
	"strings"

	"rawhttp/internal/http1"
)

// paragraph appends a mark and a text, wrapped at words under an indent where
// the sheet has a width. In a pipe it is one line.
func (s *sheet) paragraph(m mark, indent int, p paint, text string) {
	s.buffer = append(s.buffer, s.prefix...)
	s.buffer = append(s.buffer, byte(m))
	s.buffer = appendPadding(s.buffer, indent-1)
	s.words(indent, p, text)
}

// Wrap returns a text as lines of at most width columns (0: one line), wrapped at words and indented by two
// from the second on, with a line end. What could move or hide things on a terminal is escaped.
func Wrap(text string, width int) string {
	s := &sheet{width: func() int { return width }}
	s.words(0, paint{}, text)
	if lines := strings.SplitAfter(string(s.buffer), "\n"); width > 0 && len(lines) > 2 {
		s = &sheet{width: func() int { return width - 2 }}
		s.words(0, paint{}, text)
		return strings.ReplaceAll(strings.TrimSuffix(string(s.buffer), "\n"), "\n", "\n  ") + "\n"
	}
	return string(s.buffer)
}

// words appends a text from the column indent on.
func (s *sheet) words(indent int, p paint, text string) {
	safe := appendSafe(nil, text, s.ascii)
	s.buffer = append(s.buffer, p.on...)
	room := 0
	if w := s.columns(); w > 0 {
		room = max(w-len(s.prefix)-indent, minimumText)
	}
	used := 0
	for i, word := range strings.Split(string(safe), " ") {
		n := columns([]byte(word+"."), s.ascii, len(word)) - 1
		switch {
		case i == 0:
		case room > 0 && used+1+n > room:
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

// maximumCaret is the column beyond which carets are left out where nothing is
// wrapped: nobody follows them there.
const maximumCaret = 160

// carets returns where the carets of d stand under the row above, counted from
// TEXT, and how many there are; 0 when they cannot be put there.
func (s *sheet) carets(r *row, d *http1.Diagnostic) (column, count int) {
	first := d.Offset - r.offset
	if d.Length == 0 || r.hex || first < 0 || first+d.Length > int64(len(r.bytes)) {
		return 0, 0
	}
	limit := s.textColumns()
	if limit == 0 {
		limit = maximumCaret
	}
	if columns(r.bytes, s.ascii, limit) > limit && s.textColumns() > 0 {
		return 0, 0 // wrapped: there is no one row to stand under
	}
	at, based := 0, false
	for i := 0; i < len(r.bytes); {
		u := nextUnit(r.bytes[i:], based, s.ascii)
		switch {
		case int64(i+u.size) <= first:
			column += u.columns
		case int64(i) < first+d.Length:
			count += u.columns
		}
		if at += u.columns; column > limit {
			return 0, 0
		}
		based = !u.escaped
		i += u.size
	}
	return column, min(count, limit-column)
}

// diagnostic appends the line that names a diagnostic, with carets when the row
// it is about stands directly above, and the code's sentence if there is one.
func (s *sheet) diagnostic(above *row, d *http1.Diagnostic, place, sentence string) {
	e := d.Code.Entry()
	p := s.style.warning
	if e.Severity == http1.Error {
		p = s.style.bad
	}
	text := e.Severity.String() + " " + e.Name + ": " + e.Title
	column, count := 0, 0
	if above != nil {
		column, count = s.carets(above, d)
	}
	if count == 0 {
		s.paragraph(markDiagnostic, gutterWidth, p, text+place)
	} else {
		s.underlined(column, count, p, text)
	}
	if sentence != "" {
		s.paragraph(markDiagnostic, gutterWidth, paint{}, sentence)
	}
}

// underlined appends carets with the text behind them, or below them when the
// line would be too long.
func (s *sheet) underlined(column, count int, p paint, text string) {
	s.buffer = append(s.buffer, s.prefix...)
	s.buffer = append(s.buffer, byte(markDiagnostic))
	s.buffer = appendPadding(s.buffer, gutterWidth-1+column)
	s.buffer = append(s.buffer, p.on...)
	for range count {
		s.buffer = append(s.buffer, '^')
	}
	if room := s.textColumns(); room > 0 && column+count+1+len(text) > room {
		s.buffer = append(s.buffer, p.off...)
		s.buffer = append(s.buffer, '\n')
		s.paragraph(markDiagnostic, gutterWidth, p, text)
		return
	}
	s.buffer = append(s.buffer, ' ')
	s.buffer = append(s.buffer, text...)
	s.buffer = append(s.buffer, p.off...)
	s.buffer = append(s.buffer, '\n')
}
