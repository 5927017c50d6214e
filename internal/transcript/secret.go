package transcript

import "bytes"

// secretFields are the fields whose values --redact hides (redact.go).
var secretFields = map[string]bool{
	"authorization": true, "proxy-authorization": true, "cookie": true, "set-cookie": true,
}

type fieldState uint8

const (
	fieldLineStart fieldState = iota
	fieldName
	fieldRest       // of a line that hides nothing
	fieldEscape     // behind a backslash: \n written out begins a line, too
	fieldValueStart // blanks before a value to hide
	fieldValue      // to hide
)

// fieldReader follows lines and finds what is to be hidden in them. The zero
// value stands at the beginning of a line.
type fieldReader struct {
	state  fieldState
	name   [20]byte // in lower case
	n      int
	gap    bool // blanks followed the name
	cr     bool // a CR was the last of them: a new line may have begun
	secret bool // the line above hides its value, so a fold does too
}

// take reads the bytes that stand at offset and appends the spans to hide.
func (f *fieldReader) take(spans []span, p []byte, offset int64) []span {
	for i := 0; i < len(p); i++ {
		switch c := p[i]; f.state {
		case fieldLineStart:
			f.begin(c)
		case fieldName:
			f.readName(c)
		case fieldRest:
			n := bytes.IndexAny(p[i:], "\r\n\\")
			if n < 0 {
				return spans
			}
			i += n
			f.rest(p[i])
		case fieldEscape:
			f.rest(c)
		default:
			if f.hides(c) {
				n := bytes.IndexAny(p[i:], "\r\n")
				if n < 0 {
					n = len(p) - i
				}
				at := offset + int64(i)
				spans = appendSpan(spans, span{at, at + int64(n)})
				i += n - 1
			}
		}
	}
	return spans
}

// appendSpan appends a span, or lengthens the last one.
func appendSpan(spans []span, s span) []span {
	if last := len(spans) - 1; last >= 0 && spans[last].to == s.from {
		spans[last].to = s.to
		return spans
	}
	return append(spans, s)
}

func (f *fieldReader) begin(c byte) {
	switch {
	case c == '\n':
		*f = fieldReader{}
	case f.secret && (c == ' ' || c == '\t'):
		f.state = fieldValueStart
	case !isBesideName(c):
		*f = fieldReader{state: fieldName}
		f.readName(c)
	}
}

// rest takes a byte of a line that hides nothing.
func (f *fieldReader) rest(c byte) {
	switch {
	case c == '\r', c == '\n', c == 'n' && f.state == fieldEscape:
		*f = fieldReader{}
	case c == '\\':
		f.state = fieldEscape
	default:
		f.state = fieldRest
	}
}

func (f *fieldReader) readName(c byte) {
	switch {
	case c == '\\':
		f.state = fieldEscape
	case c == '\n':
		*f = fieldReader{}
	case c == ':':
		if f.state = fieldRest; secretFields[string(f.name[:f.n])] {
			f.state = fieldValueStart
		}
	case isBesideName(c):
		f.gap, f.cr = true, c == '\r'
	case f.cr:
		*f = fieldReader{state: fieldName}
		f.readName(c)
	case f.gap || f.n == len(f.name):
		f.state = fieldRest
	default:
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		f.name[f.n] = c
		f.n++
	}
}

// hides takes a byte of a value and reports whether it is to be hidden.
func (f *fieldReader) hides(c byte) bool {
	switch {
	case c == '\n':
		*f = fieldReader{secret: true}
		return false
	case c == '\r', f.state == fieldValueStart && (c == ' ' || c == '\t'):
		return false
	}
	f.state = fieldValue
	return true
}

// isBesideName reports whether a byte is no part of a field's name, however
// carelessly the line is read.
func isBesideName(c byte) bool { return c <= ' ' || c >= 0x7f }
