package transcript

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"
)

// Rules of the JSON view (docs/json.md):
//
//   - One object a line, written by the call that brought what it tells. Its
//     fields have a fixed order; the first object carries the version.
//   - It depends on no locale, width or timing, and shows no row early: a line's
//     bytes come when its kind is certain.
//   - `bytes` joined by direction are the stream. `text` is TEXT as in the
//     transcript, of the bytes of this object alone.
//   - Only printable characters and line ends are written, so that it may go to
//     a terminal.

// jsonVersion is raised when a program that reads the view would have to change.
const jsonVersion = 1

// jsonPiece is the most bytes that one object carries.
const jsonPiece = 64 << 10

// book is one output of the JSON view.
type book struct {
	output *output
	saved  bool // it is Options.Save
	begun  bool // the first object is written; under the Screen's lock
}

// journal is what a page has for one book.
type journal struct {
	*book
	buffer []byte
	field  bool // the object at hand has a field, so a comma is due
}

// flush writes what is held; the page must be held. Which object is the first,
// and carries the version, is known only here.
func (j *journal) flush() {
	if len(j.buffer) == 0 {
		return
	}
	if !j.begun {
		j.begun = true
		afterEvent := bytes.IndexByte(j.buffer, ',')
		j.buffer = slices.Insert(j.buffer, afterEvent, []byte(`,"version":`+strconv.Itoa(jsonVersion))...)
	}
	j.output.write(j.buffer)
	j.buffer = j.buffer[:0]
}

// open begins an object. t is the time as JSON, conn the number of the
// connection, 0 for none.
func (j *journal) open(event string, t []byte, conn int) {
	j.buffer = append(append(j.buffer, `{"event":"`...), event...)
	j.buffer = append(append(j.buffer, `","t":`...), t...)
	j.buffer = strconv.AppendInt(append(j.buffer, `,"conn":`...), int64(conn), 10)
	j.field = true
}

// close ends the object and its line.
func (j *journal) close() { j.buffer = append(j.buffer, '}', '\n') }

func (j *journal) name(name string) {
	if j.field {
		j.buffer = append(j.buffer, ',')
	}
	j.field = true
	j.buffer = append(append(append(j.buffer, '"'), name...), `":`...)
}

func (j *journal) int(name string, n int64) {
	j.name(name)
	j.buffer = strconv.AppendInt(j.buffer, n, 10)
}

func (j *journal) float(name string, f float64) {
	j.name(name)
	j.buffer = strconv.AppendFloat(j.buffer, f, 'f', -1, 64)
}

func (j *journal) bool(name string, b bool) {
	j.name(name)
	j.buffer = strconv.AppendBool(j.buffer, b)
}

func (j *journal) string(name, value string) {
	j.name(name)
	j.buffer = appendJSONString(j.buffer, value)
}

// word gives a word of this program that needs no escaping.
func (j *journal) word(name, value string) {
	j.name(name)
	j.buffer = append(append(append(j.buffer, '"'), value...), '"')
}

func (j *journal) strings(name string, values []string) {
	j.name(name)
	j.buffer = append(j.buffer, '[')
	for i, value := range values {
		if i > 0 {
			j.buffer = append(j.buffer, ',')
		}
		j.buffer = appendJSONString(j.buffer, value)
	}
	j.buffer = append(j.buffer, ']')
}

// text gives bytes as TEXT.
func (j *journal) text(name string, b []byte) {
	j.name(name)
	j.buffer = append(appendJSONText(append(j.buffer, '"'), b), '"')
}

func (j *journal) base64(name string, b []byte) {
	j.name(name)
	j.buffer = append(base64.StdEncoding.AppendEncode(append(j.buffer, '"'), b), '"')
}

// appendSeconds appends what AppendFloat gives for the seconds, in a tenth of its time.
func appendSeconds(dst []byte, t time.Duration) []byte {
	micros := t.Microseconds()
	if micros < 0 {
		return strconv.AppendFloat(dst, float64(micros)/1e6, 'f', -1, 64)
	}
	dst = strconv.AppendInt(dst, micros/1e6, 10)
	if micros %= 1e6; micros == 0 {
		return dst
	}
	dst = append(dst, '.')
	for unit := int64(1e5); micros > 0; unit /= 10 {
		dst = append(dst, '0'+byte(micros/unit))
		micros %= unit
	}
	return dst
}

// appendJSONText appends b as TEXT inside a JSON string: what appendEscaped
// gives, with its quotes and backslashes escaped once more.
func appendJSONText(dst, b []byte) []byte {
	based := false
	for i := 0; i < len(b); {
		n := plainRun(b[i:])
		if n > 0 && i+n == len(b) && b[i+n-1] == ' ' {
			n--
		}
		if n > 0 {
			dst, based = appendQuoted(dst, b[i:i+n]), true
		}
		if i += n; i == len(b) {
			break
		}
		if b[i] == '\r' && i+2 == len(b) && b[i+1] == '\n' {
			return append(dst, `\\r\\n`...) // as most lines end
		}
		u := nextUnit(b[i:], based, false)
		if u.escaped {
			dst = appendJSONEscape(dst, b[i:i+u.size])
		} else {
			dst = append(dst, b[i:i+u.size]...)
		}
		based = !u.escaped
		i += u.size
	}
	return dst
}

// appendQuoted appends plain bytes, with a backslash before quotes.
func appendQuoted(dst, b []byte) []byte {
	for {
		i := bytes.IndexByte(b, '"')
		if i < 0 {
			return append(dst, b...)
		}
		dst = append(append(dst, b[:i]...), '\\', '"')
		b = b[i+1:]
	}
}

// appendJSONEscape appends the escapes of bytes; their backslash is doubled.
func appendJSONEscape(dst, b []byte) []byte {
	for _, c := range b {
		switch c {
		case '\r':
			dst = append(dst, '\\', '\\', 'r')
		case '\n':
			dst = append(dst, '\\', '\\', 'n')
		case '\t':
			dst = append(dst, '\\', '\\', 't')
		case '\\':
			dst = append(dst, '\\', '\\', '\\', '\\')
		default:
			dst = append(dst, '\\', '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return dst
}

// appendJSONString appends words of this program, which may hold a peer's, as a
// JSON string: what does not print is \uXXXX, and invalid UTF-8 is U+FFFD.
func appendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	i := 0
	for i < len(s) && s[i] != '"' && plain[s[i]] {
		i++
	}
	dst = append(dst, s[:i]...)
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case unicode.IsPrint(r) && r != utf8.RuneError:
			dst = append(dst, s[i:i+size]...)
		case r > 0xffff:
			dst = appendUTF16(dst, 0xd800+(r-0x10000)>>10)
			dst = appendUTF16(dst, 0xdc00+(r-0x10000)&0x3ff)
		default:
			dst = appendUTF16(dst, r)
		}
		i += size
	}
	return append(dst, '"')
}

func appendUTF16(dst []byte, r rune) []byte {
	return append(dst, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}
