package transcript

import (
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
	alone      bool // of one side: its Scanner is of another kind, and stays
	builders   [2]rowBuilder
	shown      [2]early
	hidden     [2]hidden
	counts     [2]map[http1.Code]int // in the message at hand
	found      Tally
	added      bool     // the bytes at hand are a line end that the input had without its CR
	over       [2]bool  // nothing more comes
	broken     End      // why the stream received is over though not ended
	left       bool     // the stream that is being ended may go on
	closing    bool     // Close is at work: nothing is counted any more
	ended      [2]int64 // the Content-Length of the message that has just ended, or lineEndSaid; 0: something else came since
	measures   [2]measure
	before     before
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

// SentLineEnd is Sent for a CR LF of which the input had the LF alone, and whose CR
// would not be sent in a body: what is said of a length that is wrong counts with that.
func (c *Conversation) SentLineEnd() error {
	c.begin()
	defer c.end()
	c.added = true
	c.scanNext(c.ours, []byte("\r\n"))
	c.added = false
	return c.flush()
}

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

// Unseen returns how many of the next bytes of both streams, what rawhttp sends and
// what it receives, need not be seen, because nothing would be shown or said of them:
// with a Skip in the place of Sent or Received all else stays the same.
func (c *Conversation) Unseen() (sent, received int64) {
	s := c.screen
	if s.rows || len(s.books) > 0 {
		return 0, 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if sent = c.unseen(c.ours); s.content == nil {
		received = c.unseen(c.theirs())
	}
	return sent, received
}

func (c *Conversation) unseen(side http1.Side) int64 {
	if !c.measures[side].unseen(c.scan().State(side).Next) {
		return 0
	}
	return c.scan().Opaque(side)
}

// SkipSent is Sent for n bytes that are not seen; n is at most what Unseen says.
func (c *Conversation) SkipSent(n int64) error { return c.skip(c.ours, n) }

// SkipReceived is Received for n bytes that are not seen; n is at most what Unseen
// says.
func (c *Conversation) SkipReceived(n int64) error { return c.skip(c.theirs(), n) }

func (c *Conversation) skip(side http1.Side, n int64) error {
	c.begin()
	defer c.end()
	c.measures[side].skip(c.scan().State(side).Next, n)
	c.scan().Skip(side, n)
	c.rest()
	return c.flush()
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

// screenNote shows a note in a call that has begun.
func (c *Conversation) screenNote(code, text string) {
	if !c.screen.options.Quiet {
		c.page.note(c.number, code, text)
	}
}
