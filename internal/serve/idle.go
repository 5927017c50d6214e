package serve

import (
	"sync"

	"rawhttp/internal/http1"
)

// release gives back what an idle connection does not need.
func (c *conn) release() {
	c.server.bodies.Add(-c.kept)
	c.kept = 0
	c.request.release()
	if c.scanner != nil {
		var of http1.Resting // of no use: each message is judged by itself
		if c.scanner.Rest(&of) {
			scanners.Put(c.scanner)
		}
		c.scanner = nil
	}
	if c.out != nil && len(c.out) == 0 {
		giveOut(c.out)
		c.out = nil
	}
}

// scanners are those that no message needs: with 2 KiB each they would be most of
// what an idle connection holds.
var scanners sync.Pool

func (c *conn) borrowScanner() {
	if c.scanner != nil {
		return
	}
	kept, ok := scanners.Get().(*http1.Scanner)
	if !ok {
		kept = http1.NewAlone((*sink)(c), http1.Request, http1.Known{})
	}
	kept.Resume((*sink)(c), &http1.Resting{})
	c.scanner = kept
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
