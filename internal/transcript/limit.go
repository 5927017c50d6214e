package transcript

import (
	"strconv"
	"time"

	"rawhttp/internal/http1"
)

// hidden counts the bytes of a body beyond the limit.
type hidden struct {
	run   run
	shown int64
	bytes int64
	said  time.Time // when they were last spoken of
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
	c.page.last().valid = false
	for _, sh := range c.page.sheets {
		if sh.limited {
			c.page.begin(sh, c.number)
			sh.note([]byte(text))
		}
	}
}
