package serve

import "bytes"

// path returns the path of a request target, decoded, and the query behind it as
// it was sent. wrong says why the path cannot be one of this server's, "" if it can: a "%"
// that escapes nothing, a control character, or a "." or ".." segment, however
// it is written, since a client has removed those before it sends (RFC 3986
// section 5.2.4).
func path(target []byte) (decoded string, query []byte, wrong string) {
	if !bytes.HasPrefix(target, []byte("/")) { // absolute-form: RFC 9112 section 3.2.2
		_, rest, found := bytes.Cut(target, []byte("://"))
		slash := bytes.IndexAny(rest, "/?")
		switch {
		case !found:
			return "", nil, "this target is no path"
		case slash < 0:
			target = []byte("/")
		case rest[slash] == '?':
			target = append([]byte("/"), rest[slash:]...)
		default:
			target = rest[slash:]
		}
	}
	target, query, _ = bytes.Cut(target, []byte("?"))
	if bytes.IndexByte(target, '%') < 0 && bytes.IndexByte(target, '.') < 0 {
		return string(target), query, unclean(target)
	}
	b := make([]byte, 0, len(target))
	for i := 0; i < len(target); i++ {
		if target[i] != '%' {
			b = append(b, target[i])
			continue
		}
		if i+2 >= len(target) {
			return "", query, badEscape
		}
		high, low := unhex(target[i+1]), unhex(target[i+2])
		if high < 0 || low < 0 {
			return "", query, badEscape
		}
		b = append(b, byte(high<<4|low))
		i += 2
	}
	if hasDotSegment(b) {
		return "", query, ". and .. in a path are refused: a client takes them out before it sends"
	}
	return string(b), query, unclean(b)
}

const badEscape = "a % in the path without two hexadecimal digits; a percent sign is written %25"

// unclean names a control character, or a backslash, which some systems take for a
// slash.
func unclean(p []byte) string {
	for _, b := range p {
		switch {
		case b < ' ' || b == 0x7f:
			return "a control character in the path"
		case b == '\\':
			return "a backslash in the path"
		}
	}
	return ""
}

func hasDotSegment(p []byte) bool {
	for segment := range bytes.SplitSeq(p, []byte("/")) {
		if string(segment) == "." || string(segment) == ".." {
			return true
		}
	}
	return false
}

func unhex(b byte) int {
	switch {
	case '0' <= b && b <= '9':
		return int(b - '0')
	case 'a' <= b && b <= 'f':
		return int(b-'a') + 10
	case 'A' <= b && b <= 'F':
		return int(b-'A') + 10
	}
	return -1
}
