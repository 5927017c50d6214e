package session

import "os"

// Passer is an Observer whose State may say that the next bytes are Unseen.
type Passer interface {
	// PassSent is Sent for n bytes that it does not see.
	PassSent(n int64) (State, error)
	// PassReceived is Received for n bytes that it does not see. It calls move
	// once, with the file that the bytes are for, and returns the error that comes
	// of it.
	PassReceived(n int64, move func(to *os.File) error) (State, error)
}

// receiveUnseen hands on what need not be seen, as long as there is enough of it,
// and reports whether the conversation goes on.
//
// Why it is here: most bytes of a big response are a body, of which framing knows
// how many there are and nothing else. The kernel moves them from the socket to the
// file without copying them into this program and out of it again. So a duct takes
// the place of the buffer of receive, and all else is as if the bytes had been read:
//
//   - It waits for the connection alone, like a read, and closing ends it. Only then
//     the file is written, in the Observer's turn, like a row. So no deadline is
//     needed, and one cause does not come back as another's error.
//   - The last bytes are left to reads: with them may come what follows a message and
//     belongs to none, which is to be seen before the conversation ends. A read takes
//     more than that, or it would end where the message does.
//   - What the kernel does not do is done by reads and writes, from then on.
func (c *conversation) receiveUnseen(d *duct) bool {
	for {
		most := c.unseen(&c.state.Received)
		if most < readSize || !d.open(c.conn) {
			return true
		}
		n, err := d.fill(most)
		if err != nil {
			c.peerEnded(err)
			return false
		}
		if n == 0 {
			return true
		}
		goesOn := c.took(n, func() (State, error) {
			return c.observer.(Passer).PassReceived(n, func(to *os.File) error { return d.pour(n, to) })
		})
		if !goesOn || c.ctx.Err() != nil {
			return false
		}
	}
}

// FileInput is an Input whose next bytes may stand in a file.
type FileInput interface {
	// File returns the regular file, or the pipe, at whose offset they stand, or nil.
	// It is the caller's until the next call of Next.
	File() *os.File
}

// sendSize is how much is sent unseen at once: what a piece of an Input has, so that
// a slow peer is seen to take bytes as often.
const sendSize = 64 << 10

// sendUnseen sends from a file what need not be seen, for the reason of
// receiveUnseen: a duct takes the place of what Next would have returned.
//
//   - How many bytes there are is known when they are in the duct, so they are shown
//     before they are sent, and a file that becomes shorter meanwhile is no matter.
//   - A pipe is not waited for here: that, and the end of a file, is left to Next.
//   - The last bytes are left to it, too: with them the request is complete.
func (c *conversation) sendUnseen(input Input, d *duct) error {
	files, ok := input.(FileInput)
	var from *os.File
	for ok && !c.options.CRLF && c.options.Interval <= 0 {
		most := c.unseen(&c.state.Sent)
		if most < readSize || !d.open(c.conn) {
			return nil
		}
		if from == nil {
			from = files.File()
		}
		if from == nil {
			return nil
		}
		c.setWaiting(true)
		all := d.fillFrom(from, most)
		c.setWaiting(false)
		if all == 0 {
			return nil
		}
		for ; all > 0; all -= min(all, sendSize) {
			n := min(all, sendSize)
			show := func() bool {
				return c.showing(n, func() (State, error) { return c.observer.(Passer).PassSent(n) })
			}
			if err := c.showThenWrite(show, func() (int64, error) { return d.send(n) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// lastSize is how many bytes of a message are left to be seen.
const lastSize = readSize / 2

// unseen is how many bytes may pass unseen in one direction, but for the last.
func (c *conversation) unseen(s *Stand) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return s.Unseen - lastSize
}
