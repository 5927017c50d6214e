package transcript

import (
	"bytes"
	"strconv"

	"rawhttp/internal/http1"
)

// token takes a finished token: what was shown of it early is left out.
func (c *Conversation) token(t http1.Token) {
	b := &c.builders[t.Side]
	if c.screen.content != nil && t.Side != c.ours && (t.Kind == http1.Body || t.Kind == http1.ChunkData) {
		c.page.hold()
		c.screen.content.write(t.Bytes)
	}
	c.measureToken(&t)
	line := t.Bytes // before anything is hidden or left out of it
	var hide []span
	if c.screen.options.Redact {
		hide = c.redact(&t)
	}
	c.record(&t, hide)
	if c.page.rows {
		c.showToken(b, &t, hide)
	}
	if length := c.ended[t.Side]; length != 0 {
		c.sayLineEndAfterBody(t.Side, t.Kind, int64(len(line)), length)
	}
	if t.Kind == http1.RequestLine {
		c.sayGlued(t.Side, line)
	}
}

// showToken makes rows of a finished token, in which hide is overwritten; what was
// shown early is left out of t.
func (c *Conversation) showToken(b *rowBuilder, t *http1.Token, hide []span) {
	c.learn(b, t)
	if e := &c.shown[t.Side]; t.Offset < e.until {
		n := min(e.until-t.Offset, int64(len(t.Bytes)))
		if t.Kind != e.kind {
			c.sayMistaken(e, t.Kind)
			e.kind = t.Kind
		}
		t.Offset += n
		if t.Bytes = t.Bytes[n:]; len(t.Bytes) == 0 {
			return
		}
	}
	shown := len(t.Bytes)
	if limit := c.screen.options.BodyLimit; limit > 0 {
		shown = c.limit(t, limit)
	}
	taken := len(t.Bytes)
	if !c.screen.unlimited {
		taken = shown
	}
	b.hide(hide, t.Offset+int64(taken))
	whole := !t.Kind.Opaque() && !t.More
	if shown > 0 {
		b.take(t.Kind, t.Message, t.Offset, t.Bytes[:shown], whole)
	}
	if rest := t.Bytes[shown:]; len(rest) > 0 && c.screen.unlimited {
		// The saved copy has no limit. Rows do not mix what is shown and what is not.
		if !b.beyond {
			b.show()
		}
		b.beyond = true
		b.take(t.Kind, t.Message, t.Offset+int64(shown), rest, whole)
		if whole {
			b.beyond = false
		}
	}
}

// sayLineEndAfterBody names a line end that Content-Length did not count: the most
// common way of being off by one. Anything else that follows a body has its own
// diagnostics.
func (c *Conversation) sayLineEndAfterBody(side http1.Side, kind http1.Kind, size, length int64) {
	if kind != http1.EmptyLine {
		c.ended[side] = 0
		return
	}
	if length == lineEndSaid {
		return
	}
	c.ended[side] = lineEndSaid
	if c.added {
		size--
	}
	if m := &c.measures[side]; m.lost.bytes == 1 && m.text.lineEnd() == 2 {
		c.screenNote("line-end-after-body", "that LF came after the body: Content-Length "+strconv.FormatInt(length, 10)+
			" counts the CR LF at its end as one byte ("+strconv.FormatInt(length+1, 10)+" counts both)")
		return
	}
	c.screenNote("line-end-after-body", "that line end came after the body: Content-Length "+strconv.FormatInt(length, 10)+
		" did not count it ("+strconv.FormatInt(length+size, 10)+" would have)")
}

const lineEndSaid = -1

// learn reads what the view depends on.
func (c *Conversation) learn(b *rowBuilder, t *http1.Token) {
	switch t.Kind {
	case http1.RequestLine, http1.StatusLine:
		b.declaredText = false
		b.bad = false
		if i := bytes.IndexByte(t.Bytes, ' '); t.Kind == http1.StatusLine && i >= 0 && i+1 < len(t.Bytes) {
			b.bad = t.Bytes[i+1] == '4' || t.Bytes[i+1] == '5'
		}
	case http1.HeaderLine:
		c.lookForSecret(t)
		const name = "content-type:"
		if len(t.Bytes) > len(name) && bytes.EqualFold(t.Bytes[:len(name)], []byte(name)) {
			value := bytes.TrimLeft(t.Bytes[len(name):], " \t")
			b.declaredText = len(value) >= 5 && bytes.EqualFold(value[:5], []byte("text/"))
		}
	}
}

func (c *Conversation) sayMistaken(e *early, came http1.Kind) {
	if !c.screen.options.Quiet {
		c.page.note(c.number, "shown-early", "the "+count(e.until-e.from, "byte")+" above, shown early as "+e.kind.String()+
			", turned out to begin a "+came.String())
	}
}
