package transcript

import (
	"bytes"
	"strconv"

	"rawhttp/internal/http1"
)

// Mistakes about length, explained in the terms of whoever made them:
// characters for bytes, a final newline forgotten or not counted, CR LF counted
// as one, a chunk size written in decimal, and what becomes of bytes beyond the
// length.
//
// Rules:
//
//   - Content is counted as it passes and never kept.
//   - A reason is given only when it fits to the byte, and once a message.
//   - What only the end of the stream could show is said at its end.
//   - A length that is advised is the one that is right when the same input is
//     given again: of a line end that -C has completed a body has the LF alone.

// measure is what is counted of one side.
type measure struct {
	length   int64   // Content-Length of the message at hand, or of the one that is over; -1: none
	over     bool    // it is complete
	closes   bool    // and ends the connection
	unlisted bool    // a request with a body and no length came before
	text     counted // the body, and then what follows it
	lost     excess
	chunk    chunkMeasure
}

// excess is what follows a complete message and is no message.
type excess struct {
	bytes int64
	line  []byte  // the beginning of the line at hand, while it may be a start line
	lines bool    // a line of it begins a message: only what stands before that is lost
	at    int64   // bytes before the line at hand
	text  counted // at that point
}

// measureToken counts a finished token.
func (c *Conversation) measureToken(t *http1.Token) {
	m := &c.measures[t.Side]
	switch t.Kind {
	case http1.Body:
		m.text.take(t.Bytes)
	case http1.ChunkSize:
		m.chunk.begin(t.Bytes)
	case http1.ChunkData:
		m.chunk.take(t.Bytes)
	case http1.EmptyLine, http1.NonHTTP:
		if m.over {
			m.lost.take(&m.text, t.Bytes)
			if c.added && !m.lost.lines && bytes.HasSuffix(t.Bytes, []byte("\r\n")) {
				m.text.addedCR()
			}
		}
	}
}

// unseen reports whether the bytes of an opaque kind that come next would only be
// counted, whatever they are.
func (m *measure) unseen(next http1.Kind) bool {
	switch next {
	case http1.Body:
		return m.text.tooLong
	case http1.ChunkData:
		return m.chunk.decided()
	case http1.Tunnel, http1.Unframed:
		return true
	case http1.NonHTTP:
		return !m.over
	}
	return false
}

// skip is measureToken for n bytes of which unseen is true. Of chunk data that is
// decided nothing is counted any more.
func (m *measure) skip(next http1.Kind, n int64) {
	if next == http1.Body {
		m.text.bytes += n
	}
}

// measureHead begins the count of a body.
func (c *Conversation) measureHead(h *http1.Message) {
	c.measures[h.Side] = measure{length: -1}
	if h.Delimiter == http1.DelimiterLength {
		c.measures[h.Side].length = h.Length
	}
}

// measureMessage says what the end of a message shows.
func (c *Conversation) measureMessage(h *http1.Message) {
	m := &c.measures[h.Side]
	if !h.Complete {
		if h.Delimiter == http1.DelimiterLength {
			c.sayShort(h, m)
		}
		c.sayDecimal(h.Side)
		return
	}
	if h.Delimiter == http1.DelimiterNone || h.Length == 0 && h.Delimiter == http1.DelimiterLength {
		*m = measure{length: -1} // there was no measureHead
	}
	if h.Delimiter == http1.DelimiterLength {
		m.length = h.Length
	}
	m.over, m.closes = true, !h.KeepsAlive
}

// take counts bytes that follow a complete message. A start line among them is
// where what is lost ends.
func (e *excess) take(text *counted, p []byte) {
	for len(p) > 0 && !e.lines {
		n := len(p)
		if i := bytes.IndexByte(p, '\n'); i >= 0 {
			n = i + 1
		}
		if len(e.line) == 0 {
			e.at, e.text = e.bytes, *text
		}
		if room := longestStart - len(e.line); room > 0 {
			e.line = append(e.line, p[:min(room, n)]...)
		}
		if e.at > 0 && beginsMessage(e.line) {
			e.lines, e.bytes, *text = true, e.at, e.text
			return
		}
		text.take(p[:n])
		e.bytes += int64(n)
		if p[n-1] == '\n' {
			e.line = e.line[:0]
		}
		p = p[n:]
	}
}

// starts are the words with which the start lines that people write begin.
var starts = []string{"GET ", "HEAD ", "POST ", "PUT ", "PATCH ", "DELETE ", "OPTIONS ", "HTTP/1."}

const longestStart = len("OPTIONS ")

func beginsMessage(line []byte) bool {
	for _, word := range starts {
		if len(line) >= len(word) && string(line[:len(word)]) == word {
			return true
		}
	}
	return false
}

// sayExcess names lost bytes at the end of a stream.
func (c *Conversation) sayExcess(side http1.Side) {
	m := &c.measures[side]
	n := m.lost.bytes
	if !m.over || n == 0 || c.ended[side] == lineEndSaid || side == http1.Response && !c.allAnswered() {
		return
	}
	m.over = false
	text := lastBytes(n)
	if m.lost.lines {
		text = "the " + count(n, "byte") + " after the body"
	}
	text += isOrAre(n)
	if m.closes {
		text += " part of no " + side.String()
	} else {
		text += " read as the start of the next " + side.String()
	}
	switch {
	case m.unlisted:
		text += "; with Content-Length: " + strconv.FormatInt(n-m.text.added, 10) + " they would be the body"
		if m.text.added > 0 {
			text += lineEndsInBody
		}
	case m.length >= 0:
		text += ": Content-Length " + strconv.FormatInt(m.length, 10) + m.text.tooSmall(m.length)
	}
	c.screenNote("lost-bytes", text)
}

func lastBytes(n int64) string {
	if n == 1 {
		return "the last byte"
	}
	return "the last " + count(n, "byte")
}

func isOrAre(n int64) string {
	if n == 1 {
		return " is"
	}
	return " are"
}

// allAnswered reports whether nothing was asked that a response without a head
// may be the answer to: servers answer so what they take for HTTP/0.9.
func (c *Conversation) allAnswered() bool {
	asked := c.scan().State(http1.Request)
	return asked.Next == http1.RequestLine && !asked.Middle && asked.Begun == asked.Complete &&
		asked.Complete <= c.scan().State(http1.Response).Answered
}

// sayGlued names lost bytes that stand before the method of the next request.
func (c *Conversation) sayGlued(side http1.Side, line []byte) {
	m := &c.measures[side]
	if !m.over || m.length < 0 || m.lost.bytes > 0 {
		return
	}
	for end := 1; end < len(line) && line[end] > ' '; end++ {
		if !beginsMessage(line[end:]) {
			continue
		}
		all := m.text
		all.take(line[:end])
		c.screenNote("lost-bytes", lastBytes(int64(end))+" of the body before"+isOrAre(int64(end))+" read as the start of this "+side.String()+
			": Content-Length "+strconv.FormatInt(m.length, 10)+all.tooSmall(m.length))
		return
	}
}

// sayShort explains a Content-Length of more bytes than there are. That a
// received body was cut needs no explanation but one that fits to the byte.
func (c *Conversation) sayShort(h *http1.Message, m *measure) {
	reason := m.text.tooLarge(h.Length)
	if h.Body == 0 || reason == "" && h.Side != c.ours {
		return
	}
	if reason != "" {
		reason = "; " + strconv.FormatInt(h.Length, 10) + reason
	}
	came := "was sent"
	if h.Side != c.ours {
		came = "came"
	}
	c.screenNote("length", "Content-Length "+strconv.FormatInt(h.Body, 10)+" would fit what "+came+reason)
}

// sayDecimal explains a chunk size that was written in decimal.
func (c *Conversation) sayDecimal(side http1.Side) {
	k := &c.measures[side].chunk
	if k.told || !k.fits() {
		return
	}
	k.told = true
	c.builders[side].show() // what it is about stands above it
	text := "chunk size " + k.digits() + " is hexadecimal for " + strconv.FormatInt(k.size, 10) + "; "
	right := strconv.FormatInt(k.decimal, 16)
	switch {
	case k.follows():
		text += "the text is " + count(k.decimal, "byte") + ", whose chunk size is " + right + ": what follows it was taken for data too"
	case side == c.ours:
		text += count(k.decimal, "byte") + " were sent: their chunk size is " + right
	default:
		text += count(k.decimal, "byte") + " came: their chunk size is " + right
	}
	c.screenNote("chunk-size-decimal", text)
}

// Chunk is what is known of the sizes of a message's chunks.
type Chunk struct {
	Digits  string // the size of the chunk at hand as it was written; empty if it was too long
	Decimal int64  // what that is if it is read as a decimal number, and another number; or 0
	Found   bool   // the data of a chunk with these digits ended, or stands, there
	Follows bool   // and more was taken for its data
	Before  bool   // it is one before the chunk at hand
}

// Chunks returns what is known of the chunks of both streams: what rawhttp
// sends, and what it receives.
func (c *Conversation) Chunks() (sent, received Chunk) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.measures[c.ours].chunk.known(), c.measures[c.theirs()].chunk.known()
}

// Over says that the conversation is over, whoever ended it: bytes that were
// lost behind a message are named if they have not been.
func (c *Conversation) Over() error {
	c.begin()
	defer c.end()
	c.showHeld()
	for _, side := range []http1.Side{c.ours, c.theirs()} {
		m := &c.measures[side]
		if kind, pending, _ := c.scan().Pending(side); m.over && kind == http1.NonHTTP {
			m.lost.take(&m.text, pending) // a line that nothing will end
		}
		c.sayExcess(side)
	}
	return c.flush()
}
