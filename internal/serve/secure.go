package serve

import "time"

// handshakeTime bounds what Options.Secure does.
const handshakeTime = 10 * time.Second

// secure makes c.net of c.plain; false: it could not, and the connection is closed.
func (c *conn) secure() bool {
	s := c.server
	c.idleSince.Store(handshaking)
	_ = c.plain.SetDeadline(c.begun.Add(handshakeTime))
	if s.stopping.Load() {
		_ = c.plain.SetReadDeadline(past)
	}
	secured, err := s.options.Secure(c.plain)
	if err != nil {
		if !s.stopping.Load() { // otherwise it is the stop that has ended it
			s.trouble(Trouble{Number: c.number, Conn: c.plain, Err: err})
		}
		c.part()
		_ = c.plain.Close()
		return false
	}
	c.net, c.now = secured, time.Now()
	c.idleSince.Store(busy)
	_ = c.plain.SetDeadline(time.Time{})
	return true
}
