package session

import (
	"errors"
	"syscall"
	"time"
)

// A system tells of a reset once, to the read or the write that asks first: on
// Linux a write that got ECONNRESET leaves an end of the stream to the read, which
// looks as if the peer had closed in good order.

// writeTime is how long a write that the peer's end finds under way may take to
// fail for the same reason. One that was reset returns at once.
const writeTime = 100 * time.Millisecond

// resetByWrite returns the error of the write that was told of a reset; nil: the
// peer's end is what the read says. c.mu is held, but not all the time.
func (c *conversation) resetByWrite() error {
	late := time.NewTimer(writeTime)
	defer late.Stop()
	for waits := true; waits && c.writing; {
		c.mu.Unlock()
		select {
		case <-c.wrote:
		case <-late.C:
			waits = false
		case <-c.ctx.Done():
			waits = false
		}
		c.mu.Lock()
	}
	if errors.Is(c.result.WriteErr, syscall.ECONNRESET) {
		return c.result.WriteErr
	}
	return nil
}
