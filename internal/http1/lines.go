package http1

// content returns a line without its line end (rule 1): LF, and a CR directly
// before it.
func content(line []byte) []byte {
	n := len(line)
	if n > 0 && line[n-1] == '\n' {
		n--
		if n > 0 && line[n-1] == '\r' {
			n--
		}
	}
	return line[:n]
}

// isBlank reports whether c separates words (rule 3).
func isBlank(c byte) bool {
	return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r'
}

// isOptionalSpace reports whether c may surround a value: SP, HTAB, and a lone
// CR, which counts as a space (rule 1).
func isOptionalSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }

// nextWord returns the bounds of the word at or after i; start == len(line)
// when there is none.
func nextWord(line []byte, i int) (start, end int) {
	for i < len(line) && isBlank(line[i]) {
		i++
	}
	start = i
	for i < len(line) && !isBlank(line[i]) {
		i++
	}
	return start, i
}

const versionPrefix = "HTTP/"

func hasVersionPrefix(word []byte) bool {
	return len(word) >= len(versionPrefix) && equalFold(word[:len(versionPrefix)], "http/")
}

// equalFold compares ASCII without case; lower is in lower case already.
func equalFold(b []byte, lower string) bool {
	if len(b) != len(lower) {
		return false
	}
	for i := range b {
		if lowerCase(b[i]) != lower[i] {
			return false
		}
	}
	return true
}

func lowerCase(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// requestWords is what rule 3 and rule 5 need to know of a line.
type requestWords struct {
	method  []byte
	version []byte // the last word, after the first, that begins HTTP/; nil if none does
	count   int    // words
}

func readRequestWords(text []byte) requestWords {
	var w requestWords
	for i := 0; ; {
		start, end := nextWord(text, i)
		if start == end {
			return w
		}
		word := text[start:end]
		if w.count == 0 {
			w.method = word
		} else if hasVersionPrefix(word) {
			w.version = word
		}
		w.count++
		i = end
	}
}

// http09 reports whether the line is a complete HTTP/0.9 request (rule 5).
func (w requestWords) http09() bool {
	return w.version == nil && w.count == 2 && string(w.method) == "GET"
}

// isRequestLine applies rule 3 to a line's text. unfinished says that the
// stream may end, or has ended, before the line did.
func isRequestLine(text []byte, unfinished bool) bool {
	w := readRequestWords(text)
	if w.count == 0 {
		return false
	}
	if w.version != nil || methods[string(w.method)] {
		return true
	}
	if !unfinished || w.count > 1 || len(w.method) != len(text) {
		return false
	}
	for m := range methods {
		if len(m) > len(text) && m[:len(text)] == string(text) {
			return true
		}
	}
	return false
}

// isStatusLine applies rule 3 on the response side.
func isStatusLine(text []byte, unfinished bool) bool {
	if hasVersionPrefix(text) {
		return true
	}
	return unfinished && len(text) > 0 && len(text) < len(versionPrefix) &&
		equalFold(text, "http/"[:len(text)])
}

// version reads HTTP-version (RFC 9112 section 2.3): exactly HTTP/ DIGIT . DIGIT.
func version(word []byte) (major, minor int, ok bool) {
	if len(word) != 8 || string(word[:5]) != versionPrefix || word[6] != '.' ||
		!isDigit(word[5]) || !isDigit(word[7]) {
		return 0, 0, false
	}
	return int(word[5] - '0'), int(word[7] - '0'), true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// statusCode reads the second word of a status line; 0 if it is not three digits.
func statusCode(text []byte) int {
	_, end := nextWord(text, 0)
	start, end := nextWord(text, end)
	word := text[start:end]
	if len(word) != 3 || !isDigit(word[0]) || !isDigit(word[1]) || !isDigit(word[2]) {
		return 0
	}
	return int(word[0]-'0')*100 + int(word[1]-'0')*10 + int(word[2]-'0')
}

// methods is the IANA registry of HTTP methods, without "*", which is reserved
// there and which begins every line of an IMAP server.
var methods = map[string]bool{
	"ACL": true, "BASELINE-CONTROL": true, "BIND": true, "CHECKIN": true, "CHECKOUT": true,
	"CONNECT": true, "COPY": true, "DELETE": true, "GET": true, "HEAD": true, "LABEL": true,
	"LINK": true, "LOCK": true, "MERGE": true, "MKACTIVITY": true, "MKCALENDAR": true,
	"MKCOL": true, "MKREDIRECTREF": true, "MKWORKSPACE": true, "MOVE": true, "OPTIONS": true,
	"ORDERPATCH": true, "PATCH": true, "POST": true, "PRI": true, "PROPFIND": true,
	"PROPPATCH": true, "PUT": true, "QUERY": true, "REBIND": true, "REPORT": true,
	"SEARCH": true, "TRACE": true, "UNBIND": true, "UNCHECKOUT": true, "UNLINK": true,
	"UNLOCK": true, "UPDATE": true, "UPDATEREDIRECTREF": true, "VERSION-CONTROL": true,
}
