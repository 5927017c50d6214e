package serve

import (
	"sync"

	"rawhttp/internal/http1"
)

// desk is what a connection needs while it is not idle: with it an idle one would
// cost three times as much.
type desk struct {
	scanner      *http1.Scanner
	raw, content []byte
	fields       []field
	out          []byte
}

var desks sync.Pool

// most that a desk keeps of answers; of a request it keeps what is free.
const outKept = 16 << 10

// borrow sees to it that c has a desk.
func (c *conn) borrow() {
	if c.desk != nil {
		return
	}
	d, ok := desks.Get().(*desk)
	if !ok {
		d = &desk{scanner: http1.NewAlone((*sink)(c), http1.Request, http1.Known{})}
	}
	d.scanner.Resume((*sink)(c), &c.resting)
	r := &c.request
	c.desk, c.scanner, c.out = d, d.scanner, d.out[:0]
	r.raw, r.content, r.fields = d.raw[:0], d.content[:0], d.fields[:0]
}

// release gives back what an idle connection does not need.
func (c *conn) release() {
	d, r := c.desk, &c.request
	if d == nil {
		return
	}
	c.server.bodies.Add(-c.kept)
	c.kept = 0
	d.raw, d.content, d.fields, d.out = nil, nil, nil, nil
	if r.held() <= free {
		d.raw, d.content, d.fields = r.raw, r.content, r.fields
	}
	if cap(c.out) <= outKept {
		d.out = c.out
	}
	c.desk, c.scanner, c.out = nil, nil, nil
	r.raw, r.content, r.fields = nil, nil, nil
	if d.scanner.Rest(&c.resting) {
		desks.Put(d)
	}
}

// giveWay closes a connection that has been idle since then, unless something
// has come.
func (c *conn) giveWay(since int64) bool {
	if !c.idleSince.CompareAndSwap(since, gaveWay) {
		return false
	}
	_ = c.net.SetReadDeadline(past)
	return true
}
