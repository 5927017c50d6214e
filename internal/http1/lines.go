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

// equalFold compares ASCII without case.
func equalFold[T string | []byte](b []byte, other T) bool {
	if len(b) != len(other) {
		return false
	}
	for i := range b {
		if lowerCase(b[i]) != lowerCase(other[i]) {
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

// isMethod reports whether word is a registered method.
func isMethod(word []byte) bool {
	switch string(word) {
	case "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS":
		return true
	}
	return methods[string(word)]
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
