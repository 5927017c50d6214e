package transcript

import (
	"sync"

	"rawhttp/internal/http1"
)

// A connection is idle most of its life, and a server may have ten thousand of
// them. So between messages a Conversation keeps what it has to know (http1.Resting)
// and gives the rest, 4 KiB of it, to others.

var (
	scanners sync.Pool
	rowLists sync.Pool
)

// scan returns the Scanner at work.
func (c *Conversation) scan() *http1.Scanner {
	if c.scanner == nil {
		var ok bool
		if c.scanner, ok = scanners.Get().(*http1.Scanner); !ok {
			c.scanner = http1.New((*sink)(c))
		}
		c.scanner.Resume((*sink)(c), &c.resting)
	}
	return c.scanner
}

// rest gives up what only a message at hand needs, if there is none.
func (c *Conversation) rest() {
	if c.alone || !c.scanner.Rest(&c.resting) {
		return
	}
	scanners.Put(c.scanner)
	c.scanner = nil
	for side := range c.builders {
		if b := &c.builders[side]; b.rows != nil {
			b.rows.forget()
			rowLists.Put(b.rows)
			b.rows = nil
		}
	}
}
