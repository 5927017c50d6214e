package http1

import "bytes"

// checkTarget judges the request target: its bytes, then its form (RFC 9112
// section 3.2).
func (s *Scanner) checkTarget(st *stream, offset int64, text []byte, w *requestWords) {
	if w.targets == 0 {
		return
	}
	if w.plain {
		if isMethodConnect(w.method.of(text)) {
			s.reportSpan(st, ConnectTargetInvalid, offset, w.target)
		}
		return
	}
	target := w.target.of(text)
	offset += int64(w.target.start)
	if w.targets > 1 {
		_, end := nextWord(target, 0)
		start, _ := nextWord(target, end)
		s.reportSpan(st, RequestTargetSpace, offset, span{end, start})
	}
	s.checkRun(st, RequestTargetNonASCII, offset, target, highChar)
	s.checkRun(st, RequestTargetControlChar, offset, target, targetControlChar)
	s.checkRun(st, RequestTargetUnsafeChar, offset, target, unsafeChar)
	s.checkTargetEscapes(st, offset, target)
	if i := bytes.IndexByte(target, '#'); i >= 0 {
		s.reportSpan(st, RequestTargetFragment, offset, span{i, len(target)})
	}
	s.checkTargetForm(st, offset, target, w.method.of(text))
}

func isMethodConnect(method []byte) bool { return string(method) == "CONNECT" }

// checkTargetEscapes judges percent-escapes: the first bad one, and the first
// that hides a control character.
func (s *Scanner) checkTargetEscapes(st *stream, offset int64, target []byte) {
	bad, control := false, false
	for i := 0; i < len(target); i++ {
		if target[i] != '%' {
			continue
		}
		value, ok := escaped(target[i:])
		switch {
		case !ok && !bad:
			bad = true
			s.reportSpan(st, RequestTargetBadEscape, offset, span{i, min(i+3, len(target))})
		case ok && !control && (value < ' ' || value == 0x7f):
			control = true
			s.reportSpan(st, RequestTargetEncodedControl, offset, span{i, i + 3})
		}
	}
}

// escaped reads the percent-escape that text begins with.
func escaped(text []byte) (value byte, ok bool) {
	if len(text) < 3 {
		return 0, false
	}
	high, ok1 := hexDigit(text[1])
	low, ok2 := hexDigit(text[2])
	return byte(high<<4 | low), ok1 && ok2
}

func (s *Scanner) checkTargetForm(st *stream, offset int64, target, method []byte) {
	whole := span{0, len(target)}
	authority, absolute := absoluteAuthority(target)
	switch {
	case isMethodConnect(method):
		if !isHostPort(target) {
			s.reportSpan(st, ConnectTargetInvalid, offset, whole)
		}
		return
	case target[0] == '/':
		s.checkDotSegments(st, offset, target, 0)
	case string(target) == "*":
		if string(method) != "OPTIONS" {
			s.reportSpan(st, AsteriskTargetMisuse, offset, whole)
		}
	case absolute:
		s.reportSpan(st, AbsoluteFormTarget, offset, whole)
		if at := bytes.LastIndexByte(authority.of(target), '@'); at >= 0 {
			s.reportSpan(st, TargetUserinfo, offset, span{authority.start, authority.start + at + 1})
			authority.start += at + 1
		}
		st.head.said.absolute = true
		st.authority = append(st.authority[:0], authority.of(target)...)
		s.checkDotSegments(st, offset, target, authority.end)
	case isHostPort(target):
		s.reportSpan(st, AuthorityFormMisuse, offset, whole)
	default:
		s.reportSpan(st, RelativeTarget, offset, whole)
	}
}

// absoluteAuthority finds the authority of a target in absolute-form, which
// begins with scheme "://"; it may be empty.
func absoluteAuthority(target []byte) (authority span, ok bool) {
	i := bytes.Index(target, []byte("://"))
	if i <= 0 || !isLetter(target[0]) {
		return span{}, false
	}
	for _, c := range target[:i] {
		if !isLetter(c) && !isDigit(c) && c != '+' && c != '-' && c != '.' {
			return span{}, false
		}
	}
	start := i + len("://")
	end := start
	for end < len(target) && !contains("/?#", target[end]) {
		end++
	}
	return span{start, end}, true
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// checkDotSegments finds the first path segment . or .., which may be written
// with %2e, at or after from.
func (s *Scanner) checkDotSegments(st *stream, offset int64, target []byte, from int) {
	end := len(target)
	if i := bytes.IndexAny(target[from:], "?#"); i >= 0 {
		end = from + i
	}
	for i := from; i < end; {
		if target[i] != '/' {
			i++
			continue
		}
		start := i + 1
		stop := start
		for stop < end && target[stop] != '/' {
			stop++
		}
		if isDots(target[start:stop]) {
			s.reportSpan(st, RequestTargetDotSegments, offset, span{start, stop})
			return
		}
		i = stop
	}
}

func isDots(segment []byte) bool {
	dots := 0
	for len(segment) > 0 {
		switch {
		case segment[0] == '.':
			segment = segment[1:]
		case len(segment) >= 3 && equalFold(segment[:3], "%2e"):
			segment = segment[3:]
		default:
			return false
		}
		dots++
	}
	return dots == 1 || dots == 2
}

// isHostPort reports whether text is a host, a colon and a port of one or more
// digits.
func isHostPort(text []byte) bool {
	i := bytes.LastIndexByte(text, ':')
	return i > 0 && i+1 < len(text) && text[len(text)-1] != ']' && isHost(text)
}

// isHost reports whether text is uri-host [ ":" port ] with a host that is not
// empty (RFC 9110 section 7.2, RFC 3986 section 3.2).
func isHost(text []byte) bool {
	if len(text) > 0 && text[0] == '[' {
		end := bytes.IndexByte(text, ']')
		if end < 2 {
			return false
		}
		for _, c := range text[1:end] {
			if classes[c]&hostChar == 0 && c != ':' {
				return false
			}
		}
		rest := text[end+1:]
		return len(rest) == 0 || rest[0] == ':' && allDigits(rest[1:])
	}
	i := 0
	for i < len(text) && text[i] != ':' {
		if text[i] == '%' {
			if _, ok := escaped(text[i:]); !ok {
				return false
			}
		} else if classes[text[i]]&hostChar == 0 {
			return false
		}
		i++
	}
	return i > 0 && (i == len(text) || allDigits(text[i+1:]))
}

func allDigits(text []byte) bool {
	for _, c := range text {
		if !isDigit(c) {
			return false
		}
	}
	return true
}
