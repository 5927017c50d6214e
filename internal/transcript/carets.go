package transcript

import "rawhttp/internal/http1"

// Rules of the carets (docs/transcript.md):
//
//   - They stand under the columns of the bytes that a diagnostic is about, if
//     those are all on the last line of the row shown last. Several diagnostics of
//     a row stand below each other, each with its own.
//   - A place between bytes has one caret, unless it is behind a line end, where
//     the next row is.
//   - Where there are none the place is said in words (place.go).

// maximumCaret is the column beyond which carets are left out where nothing is
// wrapped: nobody follows them there.
const maximumCaret = 160

// carets returns where the carets of d stand under the row, counted from
// TEXT, and how many there are; 0 when they cannot be put there.
func (s *sheet) carets(r *row, d *http1.Diagnostic) (column, count int) {
	from := d.Offset - r.offset
	to := from + d.Length
	if r.hex || from < 0 || to > int64(len(r.bytes)) || from == int64(len(r.bytes)) && r.bytes[from-1] == '\n' {
		return 0, 0
	}
	from, to = r.shownAt(from, to)
	b := r.shown()
	size := int64(len(b))
	limit, room := s.textColumns(), s.wrapAt(b)
	if limit == 0 {
		limit = maximumCaret
	}
	start, end, at, passed := -1, 0, 0, false
	layOut(b, room, s.ascii, func(i int, u unit, cut bool) {
		if cut {
			at, passed = 0, passed || start >= 0
		}
		if at > limit && room == 0 {
			return
		}
		if next := int64(i + u.size); next > from && (int64(i) < to || start < 0) {
			if start < 0 {
				start = at
			}
			end = at + u.columns
		}
		at += u.columns
	})
	switch {
	case passed:
		return 0, 0 // it begins on a line above
	case from == size:
		start, end = at, at+1
	case d.Length == 0:
		end = start + 1
	case end == start && start > 0: // a combining mark alone
		start--
	}
	if start < 0 || start >= limit {
		return 0, 0
	}
	return start, min(max(end-start, 1), limit-start)
}

// diagnostic appends the line that names a diagnostic, with carets when the row
// it is about stands directly above, and the code's sentence if there is one.
// place says in words where that is, and is asked only when there are no carets.
func (s *sheet) diagnostic(above *row, d *http1.Diagnostic, place func() string, sentence string) {
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
		s.paragraph(markDiagnostic, gutterWidth, p, []byte(text+place()))
	} else {
		s.underlined(column, count, p, text)
	}
	if sentence != "" {
		s.paragraph(markDiagnostic, gutterWidth, paint{}, []byte(sentence))
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
		s.paragraph(markDiagnostic, gutterWidth, p, []byte(text))
		return
	}
	s.buffer = append(s.buffer, ' ')
	s.buffer = append(s.buffer, text...)
	s.buffer = append(s.buffer, p.off...)
	s.buffer = append(s.buffer, '\n')
}
