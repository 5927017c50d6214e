package serve

import "bytes"

// path returns the path of a request target, decoded, and the query behind it as
// it was sent. ok is false where the path cannot be one of this server's: a "%"
// that escapes nothing, a control character, or a "." or ".." segment, however
// it is written, since a client has removed those before it sends (RFC 3986
// section 5.2.4).
func path(target []byte) (decoded string, query []byte, ok bool) {
	if !bytes.HasPrefix(target, []byte("/")) { // absolute-form: RFC 9112 section 3.2.2
		_, rest, found := bytes.Cut(target, []byte("://"))
		slash := bytes.IndexAny(rest, "/?")
		switch {
		case !found:
			return "", nil, false
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
		return string(target), query, clean(target)
	}
	b := make([]byte, 0, len(target))
	for i := 0; i < len(target); i++ {
		if target[i] != '%' {
			b = append(b, target[i])
			continue
		}
		if i+2 >= len(target) {
			return "", query, false
		}
		high, low := unhex(target[i+1]), unhex(target[i+2])
		if high < 0 || low < 0 {
			return "", query, false
		}
		b = append(b, byte(high<<4|low))
		i += 2
	}
	return string(b), query, clean(b) && !hasDotSegment(b)
}

// clean tells that there is no control character and no backslash, which some
// systems take for a slash.
func clean(p []byte) bool {
	for _, b := range p {
		if b < ' ' || b == 0x7f || b == '\\' {
			return false
		}
	}
	return true
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
