package session

import (
	"context"
	"runtime/debug"
	"sync"
	"time"
)

// stop is the cause with which a conversation is cancelled.
type stop struct {
	reason Reason
	err    error
}

func (s *stop) Error() string { return "conversation over" }

// conversation is one Run.
type conversation struct {
	options  Options
	conn     Conn
	input    Input
	observer Observer
	ctx      context.Context
	cancel   context.CancelCauseFunc
	started  time.Time
	lineSent bool          // send has just sent a whole line
	turn     chan struct{} // wakes send while it waits for its turn
	kick     chan struct{} // wakes tick when a deadline may have come nearer
	wrote    chan struct{} // wakes receive while it waits for the end of a write

	mu         sync.Mutex
	state      State
	situation  situation
	result     Result
	waiting    bool      // send waits for the input, or holds it back
	held       bool      // bytes were shown since the last Pause
	lastBytes  time.Time // of either direction
	quietSince time.Time // since when it is silent: bytes, or what makes the silence another one
	silences   int       // calls of Observer.Silence since then
	sleeping   bool      // send waits for Options.Interval
	writing    bool      // send is in a write of the connection
	lastPeer   time.Time // since when the peer is waited for
	closedAt   time.Time // of the half-close
	lineStarts bool
	textLine   bool
	lastCR     bool
	buffer     []byte
	shown      int64 // bytes shown as sent
}

// Run carries the conversation on conn, which it closes, until it is over or
// ctx ends. The Input is left where it stands.
func Run(ctx context.Context, conn Conn, input Input, observer Observer, options Options) Result {
	c := &conversation{
		options: options, conn: conn, input: input, observer: observer, started: time.Now(),
		turn: make(chan struct{}, 1), kick: make(chan struct{}, 1), wrote: make(chan struct{}, 1), lineStarts: true,
		state: State{Sent: Stand{TextLine: true, Framed: true}, Received: Stand{TextLine: true, Framed: true}},
	}
	c.ctx, c.cancel = context.WithCancelCause(ctx)
	c.lastBytes, c.lastPeer, c.quietSince = c.started, c.started, c.started
	stopClosing := context.AfterFunc(c.ctx, func() { conn.Close() })
	var group sync.WaitGroup
	for _, part := range []func(){c.send, c.receive, c.tick} {
		group.Go(func() {
			defer c.crashed()
			part()
		})
	}
	group.Wait()
	stopClosing()
	conn.Close()
	return c.finish()
}

// crashed tells of a panic.
func (c *conversation) crashed() {
	if c.options.Crash == nil {
		return
	}
	if v := recover(); v != nil {
		c.options.Crash(v, debug.Stack())
	}
}

// finish shows what is held and tells why it ended.
func (c *conversation) finish() Result {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := &c.result
	if s, ok := context.Cause(c.ctx).(*stop); ok {
		r.Reason, r.Err = s.reason, s.err
	} else {
		r.Reason, r.Err = Interrupted, context.Cause(c.ctx)
	}
	if r.Reason == Answered && !c.situation.peerEnded {
		if state, err := c.observer.EndReceived(EndLocal); err == nil {
			c.state = state
		} else {
			r.Reason, r.Err = OutputFailed, err
		}
	}
	if r.Reason != OutputFailed {
		if err := c.observer.Pause(); err != nil && r.Reason != Interrupted {
			r.Reason, r.Err = OutputFailed, err
		}
	}
	r.State, r.Duration = c.state, time.Since(c.started)
	r.Unsent = r.Unsent || c.shown > r.Sent
	r.InputEnded, r.PeerEnded = c.situation.inputEnded, c.situation.peerEnded
	return *r
}

// end cancels the conversation for a reason; the first one counts.
func (c *conversation) end(reason Reason, err error) { c.cancel(&stop{reason, err}) }

// observed takes in what the Observer returned. The time since it was asked is
// no time of waiting for the peer: its output may have been blocked. c.mu is held.
func (c *conversation) observed(asked time.Time, state State, err error) bool {
	c.excuse(time.Since(asked))
	if err != nil {
		c.end(OutputFailed, err)
		return false
	}
	c.state = state
	return true
}

// event tells the Observer of something. c.mu is held.
func (c *conversation) event(e Event, detail error) {
	asked := time.Now()
	if err := c.observer.Event(e, detail); err != nil {
		c.end(OutputFailed, err)
	}
	c.excuse(time.Since(asked))
}

// wake wakes a goroutine that waits on a channel of capacity one.
func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
