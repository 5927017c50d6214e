package session

import "bytes"

// -C: a bare LF becomes CR LF when the line it ends began in a head, an empty
// line, a chunk-size line, a trailer, or in non-http or unframed bytes, and
// directly after chunk data; never when the line began in a body, inside chunk
// data or in a tunnel. CR LF stays, also when it is cut between two reads.
// The Observer is shown each line end by itself: CR LF is one that was completed,
// LF one that was not.

// convert shows p to the Observer line by line and returns the bytes to write.
// c.mu is held.
func (c *conversation) convert(p []byte) ([]byte, bool) {
	out := c.buffer[:0]
	for len(p) > 0 {
		if c.lineStarts {
			c.lineStarts, c.textLine = false, c.state.Sent.TextLine
		}
		i := bytes.IndexByte(p, '\n')
		text := p
		if i >= 0 {
			text = p[:i]
		}
		if len(text) > 0 {
			c.lastCR = text[len(text)-1] == '\r'
			out = append(out, text...)
			if !c.show(text) {
				return nil, false
			}
		}
		if i < 0 {
			break
		}
		end := []byte("\n")
		if !c.lastCR && (c.textLine || c.state.Sent.AfterChunk) {
			end = []byte("\r\n")
		}
		out = append(out, end...)
		if !c.show(end) {
			return nil, false
		}
		c.lastCR, c.lineStarts = false, true
		p = p[i+1:]
	}
	c.buffer = out
	return out, true
}
