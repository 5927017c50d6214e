package http1

// checkChunkLine says what is odd about a chunk-size line (RFC 9112 section
// 7.1). more says that the line is longer than text.
func (s *Scanner) checkChunkLine(st *stream, offset int64, text []byte, more bool) {
	start, end := run(text, hexChar)
	if start == 0 && end == len(text) && end < 16 && (text[0] != '0' || end == 1) {
		return
	}
	blank := func(i int) int {
		for i < len(text) && isOptionalSpace(text[i]) {
			i++
		}
		return i
	}
	after := blank(end)
	if gap := (span{0, start}); !gap.empty() && hasSpace(gap.of(text)) {
		s.reportSpan(st, ChunkSizeWhitespace, offset, gap)
	} else if gap := (span{end, after}); !gap.empty() && hasSpace(gap.of(text)) {
		s.reportSpan(st, ChunkSizeWhitespace, offset, gap)
	}
	size := span{start, end}
	if end-start > 1 && text[start] == '0' {
		s.reportSpan(st, ChunkSizeLeadingZero, offset, size)
	}
	if isTooLarge(size.of(text)) {
		s.reportSpan(st, ChunkSizeTooLarge, offset, size)
	}
	if after < len(text) {
		extension := span{after, len(text)}
		s.reportSpan(st, ChunkExtension, offset, extension)
		if !more && !isChunkExtension(text[after:]) {
			s.reportSpan(st, ChunkExtensionMalformed, offset, extension)
		}
	}
	const limit = 4096
	if n := len(text); n > limit {
		s.reportSpan(st, ChunkLineTooLong, offset, span{limit, n})
	}
}

// hasSpace reports whether white space is more than a lone CR, which has its own
// code.
func hasSpace(text []byte) bool {
	for _, c := range text {
		if c != '\r' {
			return true
		}
	}
	return false
}

// isTooLarge reports whether hexadecimal digits are a number above 2^63-1.
func isTooLarge(digits []byte) bool {
	for len(digits) > 0 && digits[0] == '0' {
		digits = digits[1:]
	}
	return len(digits) > 16 || len(digits) == 16 && digits[0] >= '8'
}

// isChunkExtension matches one or more of BWS ";" BWS token [ BWS "=" BWS
// ( token / quoted-string ) ] to the end of text.
func isChunkExtension(text []byte) bool {
	blanks := func() {
		for len(text) > 0 && (text[0] == ' ' || text[0] == '\t') {
			text = text[1:]
		}
	}
	token := func() bool {
		_, end := run(text, tokenChar)
		if end == 0 || classes[text[0]]&tokenChar == 0 {
			return false
		}
		text = text[end:]
		return true
	}
	for len(text) > 0 {
		blanks()
		if len(text) == 0 || text[0] != ';' {
			return false
		}
		text = text[1:]
		if blanks(); !token() {
			return false
		}
		rest := text
		blanks()
		if len(text) == 0 || text[0] != '=' {
			text = rest
			continue
		}
		text = text[1:]
		blanks()
		if len(text) > 0 && text[0] == '"' {
			n := quotedString(text)
			if n == 0 {
				return false
			}
			text = text[n:]
		} else if !token() {
			return false
		}
	}
	return true
}

// quotedString returns the length of the quoted-string that text begins with
// (RFC 9110 section 5.6.4); 0 if there is none.
func quotedString(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return i + 1
		case c == '\\':
			if i++; i == len(text) || text[i] != '\t' && text[i] < ' ' || text[i] == 0x7f {
				return 0
			}
		case classes[c]&quotedChar == 0:
			return 0
		}
	}
	return 0
}
