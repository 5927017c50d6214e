package transcript

import (
	"math"
	"slices"
	"strconv"

	"rawhttp/internal/http1"
)

// sink is the Conversation as the scanner sees it, in a call that has begun.
type sink Conversation

// Token implements http1.Sink.
func (s *sink) Token(t http1.Token) { (*Conversation)(s).token(t) }

// Diagnostic implements http1.Sink. One about bytes of a row that has not ended
// waits for the row.
func (s *sink) Diagnostic(d http1.Diagnostic) {
	c := (*Conversation)(s)
	if c.left && d.Length == 0 {
		return // it is about an end that was not seen
	}
	ownSilence := d.Code == http1.UnansweredRequest && d.Side == c.ours
	if !c.closing && !ownSilence {
		c.found.add(d.Code)
		c.screen.foundOne(d.Code)
	}
	severity := d.Code.Entry().Severity
	if c.screen.options.JSONDiagnostics.shows(severity) {
		c.recordDiagnostic(&d)
	}
	// The notes about lengths depend on what was found, not on what is shown of it.
	switch d.Code {
	case http1.RequestBodyWithoutLength:
		c.measures[d.Side].unlisted = true
	case http1.UnsolicitedResponse:
		c.before.responded(c.scan().State(http1.Response).Answered + 1)
	case http1.ChunkDataUnterminated, http1.ChunkSizeInvalid:
		defer c.sayDecimal(d.Side)
	}
	if len(c.page.sheets) == 0 || !c.screen.options.Diagnostics.shows(severity) {
		return
	}
	switch d.Code {
	case http1.BareLF, http1.LeadingEmptyLine, http1.EmptyLineBeforeResponse:
		if c.ended[d.Side] != 0 {
			return // the note about the length says what that line end is
		}
	}
	if ownSilence {
		return // whoever closes without an answer knows it
	}
	counts := c.counts[d.Side]
	counts[d.Code]++
	if counts[d.Code] > 1 {
		return // counted in the closing note of the message, or of the one that follows
	}
	if b := &c.builders[d.Side]; len(b.held) > 0 && b.holds(&d) {
		b.waiting = append(b.waiting, d)
		return
	}
	c.showDiagnostic(&d)
}

// showDiagnostic shows one diagnostic, with the code's sentence the first time
// in this run of the program.
func (c *Conversation) showDiagnostic(d *http1.Diagnostic) {
	c.page.hold()
	s := c.screen
	sentence, advice, known := c.sentence(d)
	once := d.Code.Sentence(d.Side) // not sentence, which may have numbers in it: there is no end of those
	if s.told[once] || s.options.NoSentences || !known && slices.Contains(c.known, d.Code) {
		sentence = ""
	} else {
		s.told[once] = true
		sentence += advice
	}
	var above *row
	if s.last.valid && s.last.of == c && s.last.received == (d.Side != c.ours) {
		above = &s.last.row
	}
	place := func() string { return c.place(above, d) }
	for _, sh := range c.page.sheets {
		c.page.begin(sh, c.number)
		if sh.plain {
			sh.plainDiagnostic(d, c.spokenPlace(above, d), sentence)
		} else if sh.rows {
			sh.diagnostic(above, d, place, sentence)
		} else {
			sh.diagnostic(nil, d, place, sentence)
		}
	}
	s.last.valid = s.last.valid && above != nil
}

// Head implements http1.Sink.
func (s *sink) Head(m *http1.Message) {
	c := (*Conversation)(s)
	c.measureHead(m)
	received := m.Side != c.ours
	next := ""
	switch {
	case m.Tunnel:
		next = "the connection is a tunnel from here on"
	case m.Delimiter == http1.DelimiterUnframed:
		next = "nobody can tell where the body ends"
	case m.Delimiter == http1.DelimiterClose && received:
		next = "no length was given, so the body ends when the server closes"
	case m.Delimiter == http1.DelimiterClose:
		next = "no length was given, so the body ends when this connection is closed"
	case !received:
		return
	case m.ExpectContinue:
		next = "the client waits for HTTP/1.1 100 Continue before it sends the body (curl: one second)"
	case m.Delimiter == http1.DelimiterChunked:
		next = "a chunked body follows"
	default:
		next = "a body of " + lengthText(m.Length) + " follows"
	}
	c.sayRedact()
	c.screenNote("head-complete", "head complete: "+count(m.Head, "byte")+"; "+next)
	if m.Side == http1.Response && m.Tunnel {
		c.beginTunnel(m)
	}
}

// beginTunnel says what was shown as something else and is the tunnel's: rows
// are not taken back. Nothing of it is lost behind a message.
func (c *Conversation) beginTunnel(m *http1.Message) {
	asked := &c.measures[http1.Request]
	asked.over, asked.lost = false, excess{}
	if m.Overtaken {
		c.screenNote("tunnel-overtaken", "what was sent behind request "+strconv.Itoa(m.Request)+
			" before this answer is no request: it is the beginning of the tunnel")
	}
}

// Message implements http1.Sink.
func (s *sink) Message(m *http1.Message) {
	c := (*Conversation)(s)
	c.recordMessage(m)
	c.builders[m.Side].show()
	c.sayHidden(m.Side)
	if !c.left && !m.Void {
		c.sayMessage(m)
		c.measureMessage(m)
		c.sayBefore(m)
	}
	clear(c.counts[m.Side])
	c.ended[m.Side] = 0
	if m.Complete && m.Delimiter == http1.DelimiterLength {
		c.ended[m.Side] = m.Length
	}
}

// sayMessage says what a message came to.
func (c *Conversation) sayMessage(m *http1.Message) {
	if len(c.page.sheets) == 0 {
		return // the JSON view has its own event
	}
	c.words = c.appendMessage(c.words[:0], m)
	c.sayRedact()
	if !c.screen.options.Quiet {
		c.page.show(c.number, c.words)
	}
}

// appendMessage appends the closing note of a message. There is one a message,
// so it is made without garbage.
func (c *Conversation) appendMessage(dst []byte, m *http1.Message) []byte {
	if m.Interim {
		dst = append(dst, "interim "...)
	}
	dst = append(dst, m.Side.String()...)
	if m.Complete {
		dst = append(dst, " complete: "...)
	} else {
		dst = append(dst, " incomplete: "...)
	}
	dst = append(appendCount(dst, m.Total(), "byte"), " (head "...)
	dst = strconv.AppendInt(dst, m.Head, 10)
	dst = append(appendBody(dst, m), ')')
	dst = append(dst, c.countText(m.Side)...)
	options := &c.screen.options
	if options.Ready != nil && m.Complete && m.Side != c.ours && m.Side == http1.Request && !c.before.has(m.Number) {
		dst = append(dst, options.Ready(m.Start)...)
	}
	if options.Further != nil && m.Complete && m.Side != c.ours && m.Side == http1.Response && !m.Interim && !m.Tunnel && c.allAnswered() {
		dst = append(dst, options.Further(m.KeepsAlive)...)
	}
	return dst
}

// appendBody says what the body came to.
func appendBody(dst []byte, m *http1.Message) []byte {
	switch m.Delimiter {
	case http1.DelimiterLength, http1.DelimiterChunked, http1.DelimiterClose:
		dst = append(dst, ", body "...)
	case http1.DelimiterUnframed:
		dst = append(dst, ", unframed "...)
	default:
		if m.Complete {
			dst = append(dst, ", no body"...)
		}
		return dst
	}
	body := m.Body
	if m.Delimiter == http1.DelimiterChunked {
		body -= m.Lost
	}
	dst = strconv.AppendInt(dst, body, 10)
	switch {
	case m.Delimiter == http1.DelimiterLength && !m.Complete:
		dst = append(append(dst, " of "...), lengthText(m.Length)...)
	case m.Delimiter == http1.DelimiterChunked:
		dst = appendCount(append(dst, " in "...), int64(m.Chunks), "chunk")
		dst = strconv.AppendInt(append(dst, ", chunk framing "...), m.Framing, 10)
		if m.Lost > 0 {
			dst = strconv.AppendInt(append(dst, ", unframed "...), m.Lost, 10)
		}
	case m.Delimiter == http1.DelimiterClose && m.Complete:
		dst = append(dst, ", ended by the close"...)
	}
	return dst
}

// lengthText writes a Content-Length; one beyond 63 bits is not known exactly.
func lengthText(n int64) string {
	if n == math.MaxInt64 {
		return "more bytes than any stream has"
	}
	return count(n, "byte")
}

// countText lists the diagnostics that the message had more than once.
func (c *Conversation) countText(side http1.Side) string {
	if len(c.counts[side]) == 0 {
		return ""
	}
	var codes []http1.Code
	for code, n := range c.counts[side] {
		if n > 1 {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	text := ""
	for _, code := range codes {
		text += "; " + code.String() + " " + strconv.Itoa(c.counts[side][code]) + " times"
	}
	return text
}

// count writes a number with its noun.
func count(n int64, noun string) string { return string(appendCount(nil, n, noun)) }

func appendCount(dst []byte, n int64, noun string) []byte {
	dst = append(append(strconv.AppendInt(dst, n, 10), ' '), noun...)
	if n != 1 {
		dst = append(dst, 's')
	}
	return dst
}
