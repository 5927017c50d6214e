package transcript

import "rawhttp/internal/http1"

// Rules of --redact (docs/transcript.md):
//
//   - The values of the fields below are hidden wherever a line begins with one of
//     their names and a colon: in headers, trailers, folds, in bodies, and where
//     framing is lost. The name counts without case; blanks, control bytes and
//     bytes beyond ASCII around it change nothing; a lone CR may end a line, and so
//     may \n written out in letters.
//   - What a length cuts off a body, or a chunk, goes on with its last line.
//   - Bytes are overwritten as they come, before anything looks at them, so no view
//     can show them. CR, LF and the blanks before the value stay.
//   - A hidden run keeps its length: "[47 bytes hidden]".
//   - The state is kept byte by byte, so cutting the input elsewhere, or showing
//     the beginning of a line early, hides the same bytes.

// maskByte is what hidden bytes are overwritten with.
const maskByte = '*'

// span is a run of hidden bytes.
type span struct{ from, to int64 }

// secrets are the readers of one direction: of lines, and of content, which chunk
// lines interrupt. What a length cuts off a body goes on with its last line.
type secrets struct {
	lines, content fieldReader
	inContent      bool // the last token was content
}

// before returns the reader that stands where a token begins. Of a provisional
// kind a value's rest may still turn out to be: its first letter may begin a method.
func (s *secrets) before(kind http1.Kind, provisional bool) fieldReader {
	beyond := kind == http1.EmptyLine || kind == http1.NonHTTP || kind == http1.Unframed
	if s.inContent && (beyond || provisional && s.content.state >= fieldValueStart) {
		return s.content
	}
	return s.lines
}

// redact overwrites what is to be hidden in a token, in a copy that is valid until
// the next call, and returns where that is.
func (c *Conversation) redact(t *http1.Token) []span {
	s := &c.secrets[t.Side]
	s.lines = s.before(t.Kind, false)
	s.inContent = t.Kind == http1.Body || t.Kind == http1.ChunkData
	reader := &s.lines
	switch t.Kind {
	case http1.Body, http1.ChunkData:
		reader = &s.content
	case http1.RequestLine, http1.StatusLine:
		s.content = fieldReader{}
	}
	spans := reader.take(nil, t.Bytes, t.Offset)
	t.Bytes = c.masked(t.Bytes, t.Offset, spans)
	return spans
}

// redactPending does the same with a line that has not ended, of which nothing is
// remembered.
func (c *Conversation) redactPending(side http1.Side, kind http1.Kind, p []byte, offset int64) ([]byte, []span) {
	reader := c.secrets[side].before(kind, true)
	spans := reader.take(nil, p, offset)
	return c.masked(p, offset, spans), spans
}

func (c *Conversation) masked(p []byte, offset int64, spans []span) []byte {
	if len(spans) == 0 {
		return p
	}
	c.mask = append(c.mask[:0], p...)
	for _, s := range spans {
		for i := s.from; i < s.to; i++ {
			c.mask[i-offset] = maskByte
		}
	}
	return c.mask
}

// hide remembers spans of the bytes that come next, up to the offset end. Those
// of bytes that were shown are forgotten.
func (b *rowBuilder) hide(spans []span, end int64) {
	if len(b.held) == 0 {
		b.spans = b.spans[:0]
	}
	for _, s := range spans {
		if s.from >= end {
			return
		}
		b.spans = appendSpan(b.spans, s)
	}
}

// hiddenIn returns the spans in the row at hand, counted from its beginning, and
// forgets those that end in it.
func (b *rowBuilder) hiddenIn(length int) []span {
	end := b.offset + int64(length)
	hidden := within(b.spans, b.offset, end)
	for len(b.spans) > 0 && b.spans[0].to <= end {
		b.spans = b.spans[1:]
	}
	return hidden
}

// within returns the parts of spans between two offsets, counted from the first.
func within(spans []span, from, to int64) []span {
	var parts []span
	for _, s := range spans {
		if s.from >= to {
			break
		}
		if s.to > from {
			parts = append(parts, span{max(s.from, from) - from, min(s.to, to) - from})
		}
	}
	return parts
}

// inWords puts words for what is hidden of p, which stands at offset, and counts
// its bytes.
func inWords(p []byte, offset int64, spans []span) (shown []byte, hidden int64) {
	r := row{bytes: p, hidden: within(spans, offset, offset+int64(len(p)))}
	for _, s := range r.hidden {
		hidden += s.to - s.from
	}
	return r.shown(), hidden
}

// startLine is a message's start line as it may be shown.
func (c *Conversation) startLine(m *http1.Message) []byte {
	if !c.screen.options.Redact {
		return m.Start
	}
	var reader fieldReader
	shown, _ := inWords(m.Start, 0, reader.take(nil, m.Start, 0))
	return shown
}

// shown is the row's bytes with words for what is hidden.
func (r *row) shown() []byte {
	if len(r.hidden) == 0 {
		return r.bytes
	}
	var out []byte
	at := int64(0)
	for _, s := range r.hidden {
		out = append(append(out, r.bytes[at:s.from]...), hiddenWords(s)...)
		at = s.to
	}
	return append(out, r.bytes[at:]...)
}

func hiddenWords(s span) string { return "[" + count(s.to-s.from, "byte") + " hidden]" }

// shownAt returns where a run of the row's bytes stands in what is shown; what is
// hidden is pointed at as a whole.
func (r *row) shownAt(from, to int64) (int64, int64) {
	first, end, moved := from, to, int64(0)
	for _, s := range r.hidden {
		words := int64(len(hiddenWords(s)))
		start := s.from + moved
		grown := words - (s.to - s.from)
		switch {
		case from >= s.to:
			first += grown
		case from > s.from:
			first = start
		}
		switch {
		case to >= s.to:
			end += grown
		case to > s.from:
			end = start + words
		}
		moved += grown
	}
	return first, max(first, end)
}

// sayRedact tells once, where somebody may be looking over the shoulder, that
// secrets can be hidden.
func (c *Conversation) sayRedact() {
	if !c.secretSeen || !c.screen.secretTold.CompareAndSwap(false, true) {
		return
	}
	c.screenNote("redact-exists", c.screen.options.SecretNote)
}

// lookForSecret reads whole header lines until the note was shown.
func (c *Conversation) lookForSecret(t *http1.Token) {
	if c.screen.options.SecretNote == "" || c.screen.secretTold.Load() || c.secretSeen {
		return
	}
	var reader fieldReader
	c.secretSeen = len(reader.take(nil, t.Bytes, 0)) > 0
}
