package http1

import (
	"encoding/binary"
	"unicode/utf8"
)

// class says what a byte may be.
type class uint16

const (
	tokenChar   class = 1 << iota // RFC 9110 section 5.6.2
	hexChar                       // HEXDIG
	targetChar                    // may stand in a request target and means nothing there by itself
	unsafeChar                    // may not stand raw in a URI (RFC 3986 section 2)
	controlChar                   // a control byte without a code of its own: not NUL, HTAB, LF, CR
	highChar                      // 0x80 to 0xFF
	nulChar
	underscoreChar
	targetControlChar // controlChar, but not VT and FF, which separate words
	hostChar          // may stand in a reg-name (RFC 3986 section 3.2.2)
	quotedChar        // qdtext (RFC 9110 section 5.6.4)
)

var classes = classify()

func classify() (table [256]class) {
	for c := range table {
		switch {
		case c >= 0x80:
			table[c] = highChar | quotedChar
		case c < ' ' || c == 0x7f:
			table[c] = controlChar | targetControlChar
		case isDigit(byte(c)), 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
			table[c] = tokenChar | targetChar | hostChar | quotedChar
		default:
			table[c] = quotedChar
		}
	}
	add := func(k class, set string) {
		for i := range len(set) {
			table[set[i]] |= k
		}
	}
	remove := func(k class, set string) {
		for i := range len(set) {
			table[set[i]] &^= k
		}
	}
	add(tokenChar, "!#$%&'*+-.^_`|~")
	add(hexChar, "0123456789abcdefABCDEF")
	add(targetChar, "/-_~!$&'()*+,;=:@?[]")
	add(hostChar, "-._~!$&'()*+,;=")
	add(unsafeChar, "\"<>\\^`{|}")
	add(nulChar, "\x00")
	add(underscoreChar, "_")
	add(quotedChar, "\t")
	remove(quotedChar, "\"\\")
	remove(controlChar|targetControlChar, "\x00\t\n\r")
	remove(targetControlChar, "\v\f")
	return table
}

// IsToken reports whether word is a token (RFC 9110 section 5.6.2): what a method
// or a field name may be.
func IsToken(word string) bool {
	for i := range len(word) {
		if classes[word[i]]&tokenChar == 0 {
			return false
		}
	}
	return word != ""
}

func contains(set string, c byte) bool {
	for i := range len(set) {
		if set[i] == c {
			return true
		}
	}
	return false
}

// isPlain reports whether text holds nothing but printable ASCII without a
// backslash: then no check of single bytes has anything to find. It may be
// wrong by saying no.
func isPlain(text []byte) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	var odd uint64
	test := func(x uint64) uint64 {
		// A byte below 0x20, one that is 0x7f or a backslash, or one above 0x7f.
		del, slash := x^(0x7f*ones), x^('\\'*ones)
		return (x - 0x20*ones) | (del - ones) | (slash - ones) | x
	}
	if n := len(text); n >= 8 {
		for i := 0; i < n-8; i += 8 {
			odd |= test(binary.LittleEndian.Uint64(text[i:]))
		}
		odd |= test(binary.LittleEndian.Uint64(text[n-8:])) // some bytes twice
		return odd&high == 0
	}
	for _, c := range text {
		if c < ' ' || c >= 0x7f || c == '\\' {
			return false
		}
	}
	return true
}

// run returns the first run of bytes of a class; start == end when there is none.
func run(text []byte, k class) (start, end int) {
	for start < len(text) && classes[text[start]]&k == 0 {
		start++
	}
	end = start
	for end < len(text) && classes[text[end]]&k != 0 {
		end++
	}
	return start, end
}

// runOther returns the first run of bytes that are not of a class.
func runOther(text []byte, k class) (start, end int) {
	for start < len(text) && classes[text[start]]&k != 0 {
		start++
	}
	end = start
	for end < len(text) && classes[text[end]]&k == 0 {
		end++
	}
	return start, end
}

// trim cuts the white space that may surround a value off both ends and returns
// where what is left begins.
func trim(text []byte) (start int, rest []byte) {
	end := len(text)
	for start < end && isOptionalSpace(text[start]) {
		start++
	}
	for end > start && isOptionalSpace(text[end-1]) {
		end--
	}
	return start, text[start:end]
}

// oddSpace finds the first space that is no ASCII space; start == end when there
// is none. A lone 0xA0 is the no-break space of Latin-1.
func oddSpace(text []byte) (start, end int) {
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if isOddSpace(r) || r == utf8.RuneError && size == 1 && text[i] == 0xa0 {
			return i, i + size
		}
		i += size
	}
	return 0, 0
}

// oddSpaceAround finds such a space at the beginning of text or at its end.
func oddSpaceAround(text []byte) span {
	if start, end := oddSpace(text); start == 0 && end > 0 {
		return span{0, end}
	}
	r, size := utf8.DecodeLastRune(text)
	if isOddSpace(r) || r == utf8.RuneError && size == 1 && text[len(text)-1] == 0xa0 {
		return span{len(text) - size, len(text)}
	}
	return span{}
}

func isOddSpace(r rune) bool {
	switch r {
	case 0x00a0, 0x1680, 0x202f, 0x205f, 0x2060, 0x3000:
		return true
	}
	return 0x2000 <= r && r <= 0x200b
}
