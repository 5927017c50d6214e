package transcript

import (
	"time"

	"rawhttp/internal/http1"
)

// End is why one direction of a connection ended.
type End string

// The ends of a direction.
const (
	EndEOF         End = "eof"          // orderly
	EndCloseNotify End = "close-notify" // orderly, in TLS
	EndTruncated   End = "truncated"    // TLS without close_notify
	EndReset       End = "reset"        // the network ended it
	EndTimeout     End = "timeout"      // it was not waited for any longer
	EndLocal       End = "local"        // rawhttp ended it
)

// Closed is how a connection came to its end.
type Closed struct {
	Sent, Received int64 // bytes that crossed
	Seconds        float64
	Reason         string // peer, local, answered, timeout, interrupt, reset or error
}

// finishSide ends a side's stream, shows what is held, and tells the JSON view.
// left says that the stream may go on: then nothing is called cut, and a message
// that only its end would complete stays incomplete.
func (c *Conversation) finishSide(side http1.Side, why End, left bool) {
	if c.over[side] {
		return
	}
	c.over[side] = true
	before := c.scan().State(side)
	c.showSide(1 - side)
	c.builders[side].show()
	c.left = left
	c.scan().End(side)
	c.left = false
	c.builders[side].show()
	complete := !before.Middle || !left && c.scan().State(side).Complete > before.Complete
	c.page.event("end", c.number, func(j *journal) {
		j.word("dir", c.direction(side))
		j.word("reason", string(why))
		j.bool("complete", complete)
	})
}

// Close tells the JSON view that the connection is over: what is held, what was
// not complete, the ends of directions that had none, and how it closed. The
// other views are told by a Note. Nothing but notes of the connection may follow.
func (c *Conversation) Close(how Closed) error {
	c.screen.closed(c)
	if len(c.screen.books) == 0 {
		return nil
	}
	c.begin()
	defer c.end()
	why := EndLocal
	switch how.Reason {
	case "timeout":
		why = EndTimeout
	case "reset":
		why = EndReset
	}
	// The other views have had their end.
	sheets, rows := c.page.sheets, c.page.rows
	c.page.sheets, c.page.rows = nil, false
	c.closing = true
	if c.broken != "" {
		c.finishSide(c.theirs(), c.broken, true)
	}
	c.finishSide(c.theirs(), why, true)
	c.finishSide(c.ours, why, true)
	c.page.event("close", c.number, func(j *journal) {
		j.int("sent", how.Sent)
		j.int("received", how.Received)
		j.float("seconds", how.Seconds)
		j.string("reason", how.Reason)
	})
	c.page.sheets, c.page.rows = sheets, rows
	return c.flush()
}

// time is the moment of an event, counted from the Screen's beginning.
func (s *Screen) time() time.Duration { return s.options.Now().Sub(s.started) }
