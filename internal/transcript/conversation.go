package transcript

import (
	"bytes"
	"strconv"
	"sync"

	"rawhttp/internal/http1"
)

// Conversation shows what crosses one connection. Its methods may be called
// concurrently; the order of the calls is the order of the rows. The error that
// they return is the first one of any output so far: where several Conversations
// are at work, that of another's call, and one's own with the next call at the latest.
type Conversation struct {
	screen     *Screen
	mu         sync.Mutex // of all that follows
	page       *page      // of the call at hand
	kept       *page      // of a Take, to be handed over by the next call
	number     int
	ours       http1.Side     // the side whose bytes are sent by rawhttp
	scanner    *http1.Scanner // nil while it rests; see scan
	resting    http1.Resting
	builders   [2]rowBuilder
	shown      [2]early
	hidden     [2]hidden
	counts     [2]map[http1.Code]int // in the message at hand
	found      Tally
	over       [2]bool  // nothing more comes
	broken     End      // why the stream received is over though not ended
	left       bool     // the stream that is being ended may go on
	closing    bool     // Close is at work: nothing is counted any more
	ended      [2]int64 // the Content-Length of the message that has just ended, or lineEndSaid; 0: something else came since
	measures   [2]measure
	secrets    [2]secrets
	secretSeen bool   // a field that SecretNote is about
	mask       []byte // backs a token with hidden bytes
	known      []http1.Code
	words      []byte // backs the closing note of a message
}

// early is what was shown of a line before it ended.
type early struct {
	until int64 // offset after the last byte shown
	from  int64
	kind  http1.Kind
}

// Conversation begins a connection. ours is the side that rawhttp sends:
// http1.Request for a client. It is open until Close.
func (s *Screen) Conversation(number int, ours http1.Side) *Conversation {
	c := &Conversation{screen: s, number: number, ours: ours}
	return s.begun(c)
}

// begun opens c.
func (s *Screen) begun(c *Conversation) *Conversation {
	for side := range c.builders {
		m := markReceived
		if http1.Side(side) == c.ours {
			m = markSent
		}
		c.builders[side] = rowBuilder{conversation: c, mark: m}
		c.counts[side] = map[http1.Code]int{}
	}
	s.opened(c)
	return c
}

// begin begins a call that shows something, flush has it shown, and end, which is
// deferred, ends the call.
func (c *Conversation) begin() {
	c.mu.Lock()
	if c.page = c.kept; c.page == nil {
		c.page = c.screen.page()
	} else {
		c.kept, c.page.timed = nil, false
	}
}

func (c *Conversation) flush() error {
	p := c.page
	c.page = nil
	return p.flush()
}

func (c *Conversation) end() {
	if c.page != nil {
		c.page.drop()
		c.page = nil
	}
	c.mu.Unlock()
}

func (c *Conversation) theirs() http1.Side { return 1 - c.ours }

// Sent shows bytes that rawhttp is about to send. The error is the output's.
func (c *Conversation) Sent(p []byte) error { return c.feed(c.ours, p) }

// Received shows bytes that have come. The error is the output's.
func (c *Conversation) Received(p []byte) error { return c.feed(c.theirs(), p) }

// Take is Received, but what it shows may come with the next call of any method:
// a server that answers at once has both written together. Show makes sure of it.
func (c *Conversation) Take(p []byte) error {
	c.begin()
	defer c.end()
	c.scanNext(c.theirs(), p)
	if c.page.held || c.page.size() > holdAt {
		return c.flush()
	}
	c.kept, c.page = c.page, nil
	return nil
}

// Show shows what Take has left.
func (c *Conversation) Show() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.kept
	if p == nil {
		return nil
	}
	c.kept = nil
	return p.flush()
}

func (c *Conversation) feed(side http1.Side, p []byte) error {
	c.begin()
	defer c.end()
	c.scanNext(side, p)
	return c.flush()
}

func (c *Conversation) scanNext(side http1.Side, p []byte) {
	c.showSide(1 - side)
	c.scan().Feed(side, p)
	c.rest()
}

// EndSent says that nothing more will be sent.
func (c *Conversation) EndSent() error { return c.finish(c.ours, EndLocal, false) }

// EndReceived says that nothing more will come, and why.
func (c *Conversation) EndReceived(why End) error { return c.finish(c.theirs(), why, false) }

// LeaveReceived says that nothing more will be read, though more may come: what
// is held is shown for what it is, and nothing is called cut.
func (c *Conversation) LeaveReceived() error { return c.finish(c.theirs(), EndLocal, true) }

// BreakReceived says that nothing more will come, and that nobody can tell
// whether that was all: what is held is shown, and the message is left open.
func (c *Conversation) BreakReceived(why End) error {
	c.begin()
	defer c.end()
	c.broken = why
	c.showHeld()
	return c.flush()
}

func (c *Conversation) finish(side http1.Side, why End, left bool) error {
	c.begin()
	defer c.end()
	c.finishSide(side, why, left)
	c.sayHidden(side)
	c.sayExcess(side)
	return c.flush()
}

// Pause says that bytes have stopped coming: rows that have not ended are shown
// as far as they go.
func (c *Conversation) Pause() error {
	c.begin()
	defer c.end()
	c.showHeld()
	return c.flush()
}

// Note shows a `*` line of this connection, unless the Screen is quiet; see
// Screen.Note.
func (c *Conversation) Note(code, text string) error {
	if c.screen.options.Quiet {
		return nil
	}
	return c.Always(code, text)
}

// Always shows a `*` line of this connection even on a quiet Screen.
func (c *Conversation) Always(code, text string) error {
	c.begin()
	defer c.end()
	c.showHeld()
	c.page.note(c.number, code, text)
	return c.flush()
}

// State returns where the two streams stand: what rawhttp sends, and what it
// receives.
func (c *Conversation) State() (sent, received http1.State) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.scan().State(c.ours), c.scan().State(c.theirs())
}

// Known says that the reason is known of what these codes say: their sentences,
// which guess at it, are left out from now on. Their titles and carets are not.
func (c *Conversation) Known(codes ...http1.Code) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known = append(c.known, codes...)
}

// showHeld shows what both directions hold.
func (c *Conversation) showHeld() {
	c.showSide(http1.Request)
	c.showSide(http1.Response)
}

// showSide shows what one direction holds: a row that has not ended, and a line
// whose kind is provisional.
func (c *Conversation) showSide(side http1.Side) {
	if !c.page.rows {
		return
	}
	b := &c.builders[side]
	b.show()
	if c.scanner == nil {
		return
	}
	kind, pending, offset := c.scanner.Pending(side)
	if c.screen.options.Redact && len(pending) > 0 {
		var spans []span
		pending, spans = c.redactPending(side, kind, pending, offset)
		b.hide(spans, offset+int64(len(pending)))
	}
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

// screenNote shows a note in a call that has begun.
func (c *Conversation) screenNote(code, text string) {
	if !c.screen.options.Quiet {
		c.page.note(c.number, code, text)
	}
}
