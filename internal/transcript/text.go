package transcript

import (
	"strconv"

	"rawhttp/internal/http1"
)

// Mark is the first character of a line of the transcript.
type mark byte

const (
	markSent       mark = '>'
	markReceived   mark = '<'
	markNote       mark = '*'
	markDiagnostic mark = '!'
)

// row is one line of bytes.
type row struct {
	mark   mark
	kind   http1.Kind
	offset int64 // of the first byte, in its direction's stream
	bytes  []byte
	hidden []span // of bytes, counted from the first; they are overwritten already
	hex    bool
	bad    bool // a status line from 400 on
	beyond bool // beyond --body-limit: for the saved copy alone
}

const (
	labelWidth  = 8
	lengthWidth = 6
	gutterWidth = 2 + labelWidth + lengthWidth + 2 // mark, kind, length and the blanks between
	minimumText = 16                               // columns TEXT gets, however narrow the screen
)

// paper is one output: the screen, or a saved file.
type paper struct {
	output  *output
	style   style
	width   func() int // columns to wrap at; nil or 0: never
	ascii   bool
	rows    bool // shows rows, not only notes and diagnostics
	limited bool // Options.BodyLimit holds for it
	plain   bool // lines of words (plain.go)
	apart   bool // the last line is empty: one of Say's; under the Screen's lock
}

// sheet is what a page has for one paper.
type sheet struct {
	*paper
	buffer []byte
	prefix []byte // the current line's beginning: seconds, connection number
	head   []byte // what rows that are alike begin with
	said   bool   // the buffer ends in an empty line of Say's
	number int    // in prefix
}

// flush writes what is held; the page must be held.
func (s *sheet) flush() {
	if len(s.buffer) > 0 {
		s.output.write(s.buffer)
		s.buffer = s.buffer[:0]
		s.apart = s.said
	}
}

// secondsWidth is how many columns the seconds before a line take.
const secondsWidth = 9

// setPrefix sets the current line's beginning; no seconds and number 0 are not shown.
func (s *sheet) setPrefix(seconds []byte, number int) {
	if number == s.number && len(seconds) == 0 {
		return // as on most lines of a page
	}
	s.number = number
	if s.plain {
		s.plainPrefix(seconds, number)
		return
	}
	s.prefix = s.prefix[:0]
	if len(seconds) > 0 {
		s.prefix = appendPadding(s.prefix, secondsWidth-1-len(seconds))
		s.prefix = append(append(s.prefix, seconds...), ' ')
	}
	if number > 0 {
		s.prefix = append(s.prefix, '#')
		s.prefix = strconv.AppendInt(s.prefix, int64(number), 10)
		s.prefix = append(s.prefix, ' ')
	}
}

func (s *sheet) columns() int {
	if s.width == nil {
		return 0
	}
	return s.width()
}

// textColumns is how many columns TEXT has; 0 means no end.
func (s *sheet) textColumns() int {
	w := s.columns()
	if w == 0 {
		return 0
	}
	return max(w-len(s.prefix)-gutterWidth, minimumText)
}

// gutters are the labels of the kinds, padded to their column.
var gutters = func() (t [256][labelWidth]byte) {
	for _, kind := range http1.Kinds() {
		copy(t[kind][:], blanks)
		copy(t[kind][:], kind.Label())
	}
	return t
}()

// appendGutter appends the 18 columns before TEXT.
func appendGutter(dst []byte, r *row) []byte {
	dst = append(append(dst, byte(r.mark), ' '), gutters[r.kind][:]...)
	var digits [20]byte
	length := strconv.AppendInt(digits[:0], int64(len(r.bytes)), 10)
	dst = append(appendPadding(dst, lengthWidth-len(length)), length...)
	return append(dst, ' ', ' ')
}

const blanks = "                                                                                "

func appendPadding(dst []byte, n int) []byte {
	for n > len(blanks) {
		dst = append(dst, blanks...)
		n -= len(blanks)
	}
	if n > 0 {
		dst = append(dst, blanks[:n]...)
	}
	return dst
}

// row appends one row.
func (s *sheet) row(r *row) {
	if s.plain {
		s.plainRow(r)
		return
	}
	s.buffer = append(s.buffer, s.prefix...)
	s.buffer = appendGutter(s.buffer, r)
	switch {
	case r.hex:
		s.buffer = appendHex(s.buffer, r)
	default:
		s.text(r)
	}
	s.buffer = append(s.buffer, '\n')
}

// text appends TEXT, wrapped where it is too long for the screen.
func (s *sheet) text(r *row) {
	line := paint{}
	switch {
	case r.bad:
		line = s.style.bad
	case r.kind == http1.RequestLine || r.kind == http1.StatusLine:
		line = s.style.start
	}
	b := r.shown()
	if room := s.wrapAt(b); room > 0 {
		s.wrapped(b, room, line)
		return
	}
	if s.style.escape.on == "" {
		s.buffer = appendEscaped(s.buffer, b, s.ascii)
		return
	}
	s.colored(b, line)
}

// colored appends TEXT with its escapes set off.
func (s *sheet) colored(b []byte, line paint) {
	in, based := paint{}, false
	s.buffer = append(s.buffer, line.on...)
	for i := 0; i < len(b); {
		start := i
		for i < len(b) && plain[b[i]] && (i+1 < len(b) || b[i] != ' ') {
			i++
		}
		if i > start {
			s.switchTo(&in, paint{}, line)
			s.buffer = append(s.buffer, b[start:i]...)
			based = true
			continue
		}
		u := nextUnit(b[i:], based, s.ascii)
		s.switchUnit(&in, u, line)
		s.buffer = appendUnit(s.buffer, b[i:], u)
		based = !u.escaped
		i += u.size
	}
	s.switchTo(&in, paint{}, line)
	s.buffer = append(s.buffer, line.off...)
}

func (s *sheet) switchUnit(in *paint, u unit, line paint) {
	if u.escaped {
		s.switchTo(in, s.style.escape, line)
	} else {
		s.switchTo(in, paint{}, line)
	}
}

// switchTo goes from one paint inside a line's paint to another. The sequences
// that end a paint end the line's too, so that is begun again.
func (s *sheet) switchTo(in *paint, next, line paint) {
	if *in == next {
		return
	}
	if in.off != "" {
		s.buffer = append(s.buffer, in.off...)
		s.buffer = append(s.buffer, line.on...)
	}
	s.buffer = append(s.buffer, next.on...)
	*in = next
}

// wrapAt returns the columns at which TEXT is wrapped, or 0 when it fits.
func (s *sheet) wrapAt(b []byte) int {
	if room := s.textColumns(); room > 0 && columns(b, s.ascii, room) > room {
		return room
	}
	return 0
}

// wrapped appends TEXT in lines that end in a backslash, which -e joins again.
// A continued line never begins with a space, which -e would drop.
func (s *sheet) wrapped(b []byte, room int, line paint) {
	in := paint{}
	s.buffer = append(s.buffer, line.on...)
	layOut(b, room, s.ascii, func(i int, u unit, cut bool) {
		if cut {
			s.switchTo(&in, paint{}, line)
			s.buffer = append(s.buffer, line.off...)
			s.buffer = append(s.buffer, '\\', '\n')
			s.buffer = appendPadding(s.buffer, len(s.prefix)+gutterWidth)
			s.buffer = append(s.buffer, line.on...)
		}
		s.switchUnit(&in, u, line)
		s.buffer = appendUnit(s.buffer, b[i:], u)
	})
	s.switchTo(&in, paint{}, line)
	s.buffer = append(s.buffer, line.off...)
}

// layOut calls f for each unit of TEXT with where it begins in b, and whether it
// is the first of a further line; room 0 is one line without an end.
func layOut(b []byte, room int, ascii bool, f func(i int, u unit, cut bool)) {
	column, based := 0, false
	for i := 0; i < len(b); {
		u := nextUnit(b[i:], based, ascii)
		cut := room > 0 && column+u.columns > room-1 && column > 0
		if cut {
			column = 0
			u = nextUnit(b[i:], false, ascii)
			if b[i] == ' ' {
				u = unit{1, 4, true}
			}
		}
		f(i, u, cut)
		column += u.columns
		based = !u.escaped
		i += u.size
	}
}
