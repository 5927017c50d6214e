package session

import "time"

// When it ends (docs/design.md says why):
//
//   - A client goes on after the end of its input until every request it began
//     has its complete final response, or the peer closes. It does not
//     half-close: that makes servers drop slow answers. Where the framing cannot
//     tell (bytes that are not HTTP, a tunnel, a request that is incomplete) it
//     half-closes, once every complete request is answered, and goes on until the
//     peer closes. In a tunnel the half-close waits for Options.TunnelPause without
//     a byte, because proxies end the tunnel with it.
//   - A server half-closes at the end of its input and goes on until the client
//     closes, or has been silent for Options.Linger.
//   - A peer that closes ends the conversation, but a server still answers what
//     was asked, and bytes that are not HTTP are still sent to the pipe's end.
//   - While the input is open nothing else ends it, but for a final response
//     that comes in the middle of a request and says that the server closes.

// situation is what a verdict depends on, besides State and Options.
type situation struct {
	inputEnded  bool
	writeFailed bool
	halfClosed  bool
	peerEnded   bool
	quiet       bool // a tunnel has been, for Options.TunnelPause
}

// verdict is what is to be done now.
type verdict struct {
	halfClose bool
	end       bool
	reason    Reason // when end
}

// judge decides; it is called after everything that happens.
func judge(o *Options, s *State, at situation) verdict {
	if o.Role == Client {
		return judgeClient(o, s, at)
	}
	return judgeServer(o, s, at)
}

func judgeClient(o *Options, s *State, at situation) verdict {
	sending := !at.inputEnded && !at.writeFailed && !o.noInput()
	if at.peerEnded {
		if sending && !o.Interactive && s.Sent.Bytes && (!s.Sent.Framed || s.Sent.Begun == 0) {
			return verdict{}
		}
		return verdict{end: true, reason: PeerClosed}
	}
	answered := s.Sent.Framed && s.Sent.Begun > 0 && s.Received.Answered >= s.Sent.Begun
	if !at.inputEnded {
		// A server that has answered in the middle of a request and will close
		// may have stopped reading.
		early := answered && s.Sent.Middle && s.Received.Closes && !o.Interactive
		return verdict{end: early, reason: Answered}
	}
	if !s.Sent.Bytes {
		return verdict{end: true, reason: Answered}
	}
	if answered {
		return verdict{halfClose: o.HalfClose && !at.halfClosed, end: true, reason: Answered}
	}
	cannotTell := !s.Sent.Framed || !s.Received.Framed || s.Sent.Begun == 0 || cut(&s.Sent)
	if s.Received.Framed && s.Received.Answered < s.Sent.Complete {
		cannotTell = false // not while a complete request waits for its answer
	}
	if waitsForQuiet(o, s, at) && !at.quiet {
		cannotTell = false
	}
	return verdict{halfClose: (o.HalfClose || cannotTell) && !at.halfClosed && !at.writeFailed}
}

// waitsForQuiet reports whether the half-close of a tunnel waits until it is quiet.
// A person who ends the input means it.
func waitsForQuiet(o *Options, s *State, at situation) bool {
	return o.Role == Client && s.Received.Tunnel && o.TunnelPause > 0 && !o.Interactive &&
		at.inputEnded && !at.halfClosed && !at.peerEnded
}

func judgeServer(o *Options, s *State, at situation) verdict {
	sending := !at.inputEnded && !at.writeFailed && !o.noInput()
	open := !at.halfClosed && !at.writeFailed
	if at.peerEnded {
		owed := s.Received.Complete > s.Sent.Answered || s.Received.Bytes && s.Sent.Begun == 0
		foreign := (!s.Received.Framed || !s.Sent.Framed) && !o.Interactive
		if sending && (owed || foreign) {
			return verdict{}
		}
		// The half-close completes an answer that has no length.
		return verdict{halfClose: at.inputEnded && open, end: true, reason: PeerClosed}
	}
	return verdict{halfClose: at.inputEnded && open}
}

// cut reports whether the end of what is sent cuts a message: also one whose
// start line was cut, which is in the middle of nothing any more.
func cut(s *Stand) bool { return s.Middle || s.Begun > s.Complete }

// owes reports whether the peer has still to send something, or to take it: for
// a server that has answered everything it was asked it has not.
func owes(o *Options, s *State) bool {
	if o.Role == Client {
		return true
	}
	return s.Received.Middle || !s.Received.Framed || s.Received.Complete == 0 || s.Sent.Answered < s.Received.Complete
}

func (o *Options) noInput() bool { return o.NoInput != nil && o.NoInput() }

// decide carries out the verdict. c.mu is held.
func (c *conversation) decide() {
	v := judge(&c.options, &c.state, c.situation)
	if waitsForQuiet(&c.options, &c.state, c.situation) {
		wake(c.kick)
	}
	if v.halfClose {
		c.halfClose()
	}
	if v.end {
		c.end(v.reason, nil)
	}
}

// halfClose ends the sending side. c.mu is held.
func (c *conversation) halfClose() {
	c.situation.halfClosed = true
	c.result.ClosedFirst = !c.situation.peerEnded
	inRequest := c.options.Role == Client && cut(&c.state.Sent)
	asked := time.Now()
	if state, err := c.observer.EndSent(); !c.observed(asked, state, err) {
		return
	}
	c.closedAt = time.Now()
	if err := c.conn.CloseWrite(); err != nil {
		return // the peer is gone; receive will find out
	}
	switch {
	case inRequest:
		c.event(HalfClosedCut, nil)
	case c.situation.quiet:
		c.event(HalfClosedQuiet, nil)
	default:
		c.event(HalfClosed, nil)
	}
	wake(c.kick)
	wake(c.turn)
}

// endOfLeftover tells the Observer of the end of what is sent already when the
// input ends, where that shows what its last bytes are: bytes after a complete
// request. The half-close may wait for the answers of others. c.mu is held.
func (c *conversation) endOfLeftover() {
	s := &c.state.Sent
	leftover := !s.Framed || s.Middle && s.Begun == s.Complete
	if c.options.Role != Client || s.Begun == 0 || !leftover || c.situation.halfClosed {
		return
	}
	asked := time.Now()
	state, err := c.observer.EndSent()
	c.observed(asked, state, err)
}
