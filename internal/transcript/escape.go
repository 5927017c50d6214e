package transcript

import (
	"encoding/binary"
	"math/bits"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Rules of the TEXT column (docs/transcript.md):
//
//   - Every byte can be read back: CR is \r, LF is \n, HTAB is \t, a backslash
//     is \\, and \xHH stands for every other byte that is not shown as itself.
//   - Printable ASCII stands as itself, but a space that ends a row or begins a
//     wrapped line is \x20.
//   - Other UTF-8 stands as itself only if it is printable, is not a filler or
//     another default-ignorable character, and if a combining mark has a
//     character of the same row to combine with.
//   - So no control character, and nothing that moves, hides or reorders what
//     stands around it, ever reaches a terminal.

const hexDigits = "0123456789abcdef"

// plain marks the bytes that stand for themselves: printable ASCII but the
// backslash.
var plain = func() (t [256]bool) {
	for c := 0x20; c < 0x7f; c++ {
		t[c] = c != '\\'
	}
	return t
}()

// plainRun returns how many bytes at the beginning of b stand for themselves.
// Most of what is shown does, so they are read eight at a time.
func plainRun(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		if odd := notPlain(binary.LittleEndian.Uint64(b[i:])); odd != 0 {
			return i + bits.TrailingZeros64(odd)/8
		}
	}
	for i < len(b) && plain[b[i]] {
		i++
	}
	return i
}

// notPlain sets the highest bit of the first of eight bytes that plain is false
// for, and none when there is none; of the bytes after it nothing is said, since
// they may have got its carry.
func notPlain(x uint64) uint64 {
	const each = 0x0101010101010101
	control, beyond, backslash := x-0x20*each, x|(x+each), (x^('\\'*each))-each
	return (control | beyond | backslash) & (0x80 * each)
}

// appendByte appends one byte's escape.
func appendByte(dst []byte, c byte) []byte {
	switch c {
	case '\r':
		return append(dst, '\\', 'r')
	case '\n':
		return append(dst, '\\', 'n')
	case '\t':
		return append(dst, '\\', 't')
	case '\\':
		return append(dst, '\\', '\\')
	}
	return append(dst, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
}

// lettersEnd is behind the alphabets of Europe and the Near East, which are two
// bytes of UTF-8 a character.
const lettersEnd = 0x800

// letters is what judge says of them, in a table that is made when the first is
// shown: for each the columns and 1, or 0.
var letters = sync.OnceValue(func() *[lettersEnd]uint8 {
	var t [lettersEnd]uint8
	for r := range t {
		if columns, ok := judge(rune(r)); ok {
			t[r] = uint8(columns) + 1
		}
	}
	return &t
})

// showable reports whether r stands for itself, and how many columns it takes.
// 0 columns means a combining mark.
func showable(r rune) (columns int, ok bool) {
	switch {
	case r < lettersEnd:
		look := letters()[r]
		return int(look) - 1, look > 0
	case 0x4E00 <= r && r <= 0x9FFF, 0xAC00 <= r && r <= 0xD7A3: // ideographs, Hangul
		return 2, true
	}
	return judge(r)
}

// judge looks everything up, which takes long.
func judge(r rune) (columns int, ok bool) {
	if !unicode.IsPrint(r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) ||
		unicode.Is(unicode.Variation_Selector, r) || r == brailleBlank {
		return 0, false
	}
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return 0, true
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2, true
	}
	return 1, true
}

// brailleBlank is a printable character that looks like a space.
const brailleBlank = 0x2800

// unit is the smallest thing that is not cut when a row is wrapped: one
// character standing for itself, or one escape.
type unit struct {
	size    int  // bytes of the input
	columns int  // on the screen
	escaped bool // every byte of it is written as an escape
}

// nextUnit reads the unit at the beginning of b. based says that a character
// standing for itself comes before it in the row; ascii that nothing but ASCII
// may stand for itself.
func nextUnit(b []byte, based, ascii bool) unit {
	c := b[0]
	if c < utf8.RuneSelf {
		switch {
		case c == ' ' && len(b) == 1:
			return unit{1, 4, true}
		case plain[c]:
			return unit{1, 1, false}
		case c == '\r', c == '\n', c == '\t', c == '\\':
			return unit{1, 2, true}
		}
		return unit{1, 4, true}
	}
	if ascii {
		return unit{1, 4, true}
	}
	r, size := utf8.DecodeRune(b) // of invalid UTF-8: RuneError and 1, which is escaped below
	if r == utf8.RuneError && size == 1 {
		return unit{1, 4, true}
	}
	if columns, ok := showable(r); ok && (columns > 0 || based) {
		return unit{size, columns, false}
	}
	return unit{1, 4, true} // the bytes after it are no rune by themselves, so they follow one by one
}

// appendUnit appends what a unit looks like.
func appendUnit(dst, b []byte, u unit) []byte {
	if !u.escaped {
		return append(dst, b[:u.size]...)
	}
	for _, c := range b[:u.size] {
		if c == ' ' {
			dst = append(dst, `\x20`...)
		} else {
			dst = appendByte(dst, c)
		}
	}
	return dst
}

// appendEscaped appends the whole of b as TEXT.
func appendEscaped(dst, b []byte, ascii bool) []byte {
	based := false
	for i := 0; i < len(b); {
		n := plainRun(b[i:])
		if n > 0 && i+n == len(b) && b[i+n-1] == ' ' {
			n--
		}
		dst = append(dst, b[i:i+n]...)
		if i += n; i == len(b) {
			break
		}
		if b[i] == '\r' && i+2 == len(b) && b[i+1] == '\n' {
			return append(dst, `\r\n`...) // as most rows end
		}
		u := nextUnit(b[i:], n > 0 || based, ascii)
		dst = appendUnit(dst, b[i:], u)
		based = !u.escaped
		i += u.size
	}
	return dst
}

// columns returns how wide b is as TEXT, counting from the row's beginning and
// stopping once it is beyond limit.
func columns(b []byte, ascii bool, limit int) int {
	n, based := 0, false
	for i := 0; i < len(b) && n <= limit; {
		u := nextUnit(b[i:], based, ascii)
		n += u.columns
		based = !u.escaped
		i += u.size
	}
	return n
}

// appendSafe appends a note's text: what could move or hide things is escaped,
// a backslash stands for itself.
func appendSafe(dst, b []byte, ascii bool) []byte {
	based := false
	for i := 0; i < len(b); {
		if n := plainRun(b[i:]); n > 0 {
			dst = append(dst, b[i:i+n]...)
			i, based = i+n, true
			continue
		}
		u := nextUnit(b[i:], based, ascii)
		if b[i] == '\\' {
			u = unit{1, 1, false}
		}
		dst = appendUnit(dst, b[i:], u)
		based = !u.escaped
		i += u.size
	}
	return dst
}

// Character appends how the first character of b stands in TEXT, and returns how
// many bytes that is and how many columns it takes. based says that a character
// standing for itself comes before it. A space is a space: whether it will end a
// row, nobody knows while the row is being typed. b is not empty.
func Character(dst, b []byte, based, ascii bool) (shown []byte, size, columns int) {
	if b[0] == ' ' {
		return append(dst, ' '), 1, 1
	}
	u := nextUnit(b, based, ascii)
	return appendUnit(dst, b, u), u.size, u.columns
}
