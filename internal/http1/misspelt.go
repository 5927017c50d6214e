package http1

import (
	"bytes"
	"strconv"
)

// What is written nearly like a version or like a field that frames. It decides
// what is said of a line, never how the line is framed.

// misspeltVersion finds what was meant for a version at the end of a request line
// without one: the last word, behind the target, when it looksLikeVersion, with
// the word before it in HTTP 1.1.
func (w *requestWords) misspeltVersion(text []byte) span {
	if !w.version.empty() || w.count < 3 {
		return span{}
	}
	last, before := w.last, w.wordBefore(text, w.last)
	letters := lettersOf(last.of(text))
	if letters == 0 && w.count > 3 && isNear(before.of(text), "http") {
		last.start = before.start
	}
	if !looksLikeVersion(last.of(text)) {
		return span{}
	}
	return last
}

// wordBefore returns the word before one that is not the first.
func (w *requestWords) wordBefore(text []byte, word span) span {
	end := word.start
	for end > 0 && isBlank(text[end-1]) {
		end--
	}
	start := end
	for start > 0 && !isBlank(text[start-1]) {
		start--
	}
	return span{start, end}
}

// gluedVersion finds the HTTP/1.1 that the target of a request line ends with.
func (w *requestWords) gluedVersion(text []byte) span {
	const size = len("HTTP/1.1")
	start := w.last.end - size
	if !w.version.empty() || w.count < 2 || start <= w.last.start {
		return span{}
	}
	end := text[start:w.last.end]
	if !hasVersionPrefix(end) || !isDigit(end[5]) || end[6] != '.' || !isDigit(end[7]) {
		return span{}
	}
	return span{start, w.last.end}
}

// NearStatusLine reports whether line, which does not begin with HTTP/, was meant
// for a status line: its version is missing or misspelt.
func NearStatusLine(line []byte) bool {
	_, _, ok := nearStatusLine(content(line))
	return ok
}

// nearStatusLine says what is wrong with such a line's version, and where: before
// a status code stands a word, or HTTP 1.1 in two, that looksLikeVersion; or
// nothing, and behind it its own reason phrase. Other protocols have codes, too.
func nearStatusLine(text []byte) (code Code, at span, ok bool) {
	at.start, at.end = nextWord(text, 0)
	if isStatusCode(at.of(text)) {
		code, _ := strconv.Atoi(string(at.of(text)))
		phrase := bytes.TrimSpace(text[at.end:])
		return HTTPVersionMissing, at, len(phrase) > 0 && equalFold(phrase, ReasonPhrase(code))
	}
	if hasVersionPrefix(at.of(text)) {
		return 0, span{}, false
	}
	start, end := nextWord(text, at.end)
	if isNear(at.of(text), "http") && !isStatusCode(text[start:end]) {
		at.end = end
		start, end = nextWord(text, end)
	}
	return HTTPVersionInvalid, at, looksLikeVersion(at.of(text)) && isStatusCode(text[start:end])
}

// isStatusCode reports whether word is a number from 100 to 599.
func isStatusCode(word []byte) bool {
	return len(word) == 3 && '1' <= word[0] && word[0] <= '5' && isDigit(word[1]) && isDigit(word[2])
}

// looksLikeVersion reports whether word may be meant for HTTP/1.1: letters near
// HTTP, or none before a number with a dot; up to three bytes that are no letters
// or digits; up to four digits, dots and commas.
func looksLikeVersion(word []byte) bool {
	n := lettersOf(word)
	if n > 0 && !isNear(word[:n], "http") {
		return false
	}
	i := n
	for i < len(word) && i < n+3 && !isLetter(word[i]) && !isDigit(word[i]) {
		i++
	}
	number, dots := word[i:], 0
	for _, c := range number {
		if c == '.' || c == ',' {
			dots++
		} else if !isDigit(c) {
			return false
		}
	}
	return len(number) <= 4 && (n > 0 || dots == 1 && len(number) == 3)
}

// lettersOf counts the letters that word begins with.
func lettersOf(word []byte) (n int) {
	for n < len(word) && isLetter(word[n]) {
		n++
	}
	return n
}

// isMisspelt reports whether a name that is not known is one slip away from a
// field that frames, or from Host in a request: that one is so short that its
// first letter must be right.
func isMisspelt(name []byte, side Side) bool {
	switch len(name) {
	case 3, 4, 5:
		return side == Request && lowerCase(name[0]) == 'h' && isNear(name, "host")
	case 9, 10, 11:
		return isNear(name, "connection")
	case 13, 14, 15:
		return isNear(name, "content-length")
	case 16, 17, 18:
		return isNear(name, "transfer-encoding")
	}
	return false
}

// isNear reports whether word becomes lower, without case, when at most one byte
// is put in, left out or changed, or two neighbours change places.
func isNear(word []byte, lower string) bool {
	if d := len(word) - len(lower); d < -1 || d > 1 {
		return false
	}
	i := 0
	for i < len(word) && i < len(lower) && lowerCase(word[i]) == lower[i] {
		i++
	}
	rest, want := word[i:], lower[i:]
	switch len(word) - len(lower) {
	case 1:
		return equalFold(rest[1:], want)
	case -1:
		return equalFold(rest, want[1:])
	}
	return len(rest) == 0 || equalFold(rest[1:], want[1:]) ||
		len(rest) > 1 && lowerCase(rest[0]) == want[1] && lowerCase(rest[1]) == want[0] && equalFold(rest[2:], want[2:])
}
