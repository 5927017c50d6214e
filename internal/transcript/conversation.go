package transcript

import (
	"bytes"
	"strconv"
	"time"

	"rawhttp/internal/http1"
)

// Conversation shows what crosses one connection. Its methods may be called
// concurrently; the order of the calls is the order of the rows.
type Conversation struct {
	screen   *Screen
	number   int
	ours     http1.Side // the side whose bytes are sent by rawhttp
	scanner  *http1.Scanner
	builders [2]rowBuilder
	shown    [2]early
	hidden   [2]hidden
	counts   [2]map[http1.Code]int // in the message at hand
}

// early is what was shown of a line before it ended.
type early struct {
	until int64 // offset after the last byte shown
	from  int64
	kind  http1.Kind
}

// hidden counts the bytes of a body beyond the limit.
type hidden struct {
	run   run
	shown int64
	bytes int64
	said  time.Time // when they were last spoken of
}

// Conversation begins a connection. ours is the side that rawhttp sends:
// http1.Request for a client. Notes of the Screen are from now on put behind
// this Conversation's held bytes.
func (s *Screen) Conversation(number int, ours http1.Side) *Conversation {
	c := &Conversation{screen: s, number: number, ours: ours}
	c.scanner = http1.New((*sink)(c))
	for side := range c.builders {
		m := markReceived
		if http1.Side(side) == ours {
			m = markSent
		}
		c.builders[side] = rowBuilder{conversation: c, mark: m}
		c.counts[side] = map[http1.Code]int{}
	}
	s.mu.Lock()
	s.current = c
	s.mu.Unlock()
	return c
}

func (c *Conversation) theirs() http1.Side { return 1 - c.ours }

// Sent shows bytes that rawhttp is about to send. The error is the output's.
func (c *Conversation) Sent(p []byte) error { return c.feed(c.ours, p) }

// Received shows bytes that have come. The error is the output's.
func (c *Conversation) Received(p []byte) error { return c.feed(c.theirs(), p) }

func (c *Conversation) feed(side http1.Side, p []byte) error {
	c.screen.mu.Lock()
	defer c.screen.mu.Unlock()
	c.showSide(1 - side)
	c.scanner.Feed(side, p)
	return c.screen.flush()
}

// EndSent says that nothing more will be sent.
func (c *Conversation) EndSent() error { return c.end(c.ours) }

// EndReceived says that nothing more will come.
func (c *Conversation) EndReceived() error { return c.end(c.theirs()) }

// LeaveReceived says that nothing more will be read, though more may come: what
// is held is shown for what it is, and nothing is called cut.
func (c *Conversation) LeaveReceived() error {
	return c.finish(c.theirs(), c.scanner.Leave)
}

func (c *Conversation) end(side http1.Side) error { return c.finish(side, c.scanner.End) }

func (c *Conversation) finish(side http1.Side, end func(http1.Side)) error {
	c.screen.mu.Lock()
	defer c.screen.mu.Unlock()
	c.showSide(1 - side)
	c.builders[side].show()
	end(side)
	c.builders[side].show()
	c.sayHidden(side)
	return c.screen.flush()
}

// Pause says that bytes have stopped coming: rows that have not ended are shown
// as far as they go.
func (c *Conversation) Pause() error {
	c.screen.mu.Lock()
	defer c.screen.mu.Unlock()
	c.showHeld()
	return c.screen.flush()
}

// Note shows a `*` line of this connection, unless the Screen is quiet.
func (c *Conversation) Note(text string) error {
	if c.screen.options.Quiet {
		return nil
	}
	return c.Always(text)
}

// Always shows a `*` line of this connection even on a quiet Screen.
func (c *Conversation) Always(text string) error {
	c.screen.mu.Lock()
	defer c.screen.mu.Unlock()
	c.showHeld()
	c.screen.note(c.number, text)
	return c.screen.flush()
}

// State returns where the two streams stand: what rawhttp sends, and what it
// receives.
func (c *Conversation) State() (sent, received http1.State) {
	c.screen.mu.Lock()
	defer c.screen.mu.Unlock()
	return c.scanner.State(c.ours), c.scanner.State(c.theirs())
}

// showHeld shows what both directions hold.
func (c *Conversation) showHeld() {
	c.showSide(http1.Request)
	c.showSide(http1.Response)
}

// showSide shows what one direction holds: a row that has not ended, and a line
// whose kind is provisional.
func (c *Conversation) showSide(side http1.Side) {
	if !c.screen.rows {
		return
	}
	b := &c.builders[side]
	b.show()
	kind, pending, offset := c.scanner.Pending(side)
	from := max(c.shown[side].until, offset)
	rest := pending[min(int(from-offset), len(pending)):]
	if len(rest) == 0 {
		return
	}
	if c.shown[side].until <= offset {
		c.shown[side].from = offset
	}
	c.shown[side].kind = kind
	c.shown[side].until = from + int64(len(rest))
	b.take(kind, 0, from, rest, true)
}

// token takes a finished token: what was shown of it early is left out.
func (c *Conversation) token(t http1.Token) {
	b := &c.builders[t.Side]
	if c.screen.content != nil && t.Side != c.ours && (t.Kind == http1.Body || t.Kind == http1.ChunkData) {
		c.screen.content.write(t.Bytes)
	}
	if !c.screen.rows {
		return
	}
	c.learn(b, &t)
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
		shown = c.limit(&t, limit)
	}
	whole := !t.Kind.Opaque() && !t.More
	if shown > 0 {
		b.take(t.Kind, t.Message, t.Offset, t.Bytes[:shown], whole)
	}
	if rest := t.Bytes[shown:]; len(rest) > 0 && c.screen.options.Save != nil {
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
		const name = "content-type:"
		if len(t.Bytes) > len(name) && bytes.EqualFold(t.Bytes[:len(name)], []byte(name)) {
			value := bytes.TrimLeft(t.Bytes[len(name):], " \t")
			b.declaredText = len(value) >= 5 && bytes.EqualFold(value[:5], []byte("text/"))
		}
	}
}

func (c *Conversation) sayMistaken(e *early, came http1.Kind) {
	if !c.screen.options.Quiet {
		c.screen.note(c.number, "the "+count(e.until-e.from, "byte")+" above, shown early as "+e.kind.String()+
			", turned out to begin a "+came.String())
	}
}

// progressEvery is how often the bytes of a long body are spoken of.
const progressEvery = 5 * time.Second

// limit returns how many bytes of a token are to be shown on the screen.
func (c *Conversation) limit(t *http1.Token, limit int64) int {
	h := &c.hidden[t.Side]
	if !t.Kind.Opaque() {
		switch t.Kind {
		case http1.ChunkSize, http1.ChunkEnd:
			if h.bytes > 0 {
				h.bytes += int64(len(t.Bytes))
				return 0
			}
		default:
			c.sayHidden(t.Side)
		}
		return len(t.Bytes)
	}
	if next := (run{t.Kind, t.Message}); h.run != next {
		*h = hidden{run: next}
	}
	n := max(0, min(limit-h.shown, int64(len(t.Bytes))))
	h.shown += n
	if rest := int64(len(t.Bytes)) - n; rest > 0 {
		now := c.screen.options.Now()
		if h.bytes == 0 {
			h.said = now
		}
		h.bytes += rest
		if now.Sub(h.said) >= progressEvery {
			h.said = now
			c.builders[t.Side].show()
			c.limitNote(strconv.FormatInt(h.shown+h.bytes, 10) + " bytes of this body so far")
		}
	}
	return int(n)
}

// sayHidden says how much was counted and not shown, once.
func (c *Conversation) sayHidden(side http1.Side) {
	h := &c.hidden[side]
	if h.bytes == 0 {
		return
	}
	n := h.bytes
	h.bytes = 0
	c.builders[side].show()
	c.builders[side].beyond = false
	c.limitNote(strconv.FormatInt(n, 10) + " more bytes of this body counted, not shown (--body-limit 0 shows all)")
}

// limitNote shows a note about what the limit hides, where it hides something.
func (c *Conversation) limitNote(text string) {
	c.screen.last.valid = false
	sh := c.screen.sheets[0]
	c.screen.begin(sh, c.number)
	sh.paragraph(markNote, 2, paint{}, text)
}

// screenNote shows a note while the lock is held.
func (c *Conversation) screenNote(text string) {
	if !c.screen.options.Quiet {
		c.screen.note(c.number, text)
	}
}
