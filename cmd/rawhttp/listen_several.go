package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"rawhttp/internal/listen"
)

// Several connections at once:
//
//   - Each has a goroutine and a session.Run of its own; all are joined before
//     serveSeveral returns.
//   - The listener's seats bound how many there are. A connection that has sent
//     nothing has no seat, so it is in nobody's way.
//   - An error of one is reported and ends that one. An error of this program's
//     own output ends all, as Ctrl-C does: by the context they share.

// serveSeveral serves connections until ctx ends or nothing more can be shown.
func (h *host) serveSeveral(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s := &several{host: h, cancel: cancel, ended: make(chan struct{}, 1)}
	for {
		conn, err := s.next(ctx)
		if err != nil {
			cancel(err) // the first cause counts
			break
		}
		s.begin()
		s.group.Go(func() { s.serve(ctx, conn) })
	}
	s.group.Wait()
	h.outputs.conn = s.fatal
	return h.endOf(context.Cause(ctx))
}

// several is what the conversations of one host share.
type several struct {
	*host
	cancel context.CancelCauseFunc
	group  sync.WaitGroup
	ended  chan struct{} // holds one when a conversation has ended

	mu    sync.Mutex
	busy  int // conversations
	fatal int // the number of the one whose error ended all; 0: none
}

func (s *several) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy++
}

// serve carries one conversation and reports what it came to.
func (s *several) serve(ctx context.Context, conn *listen.Conn) {
	defer s.program.guard()
	err := s.host.serve(ctx, conn)
	if ctx.Err() == nil && err != nil {
		err = s.report(conn.Number, err)
	} else {
		err = nil // whatever ended all is known
	}
	s.mu.Lock()
	s.busy--
	if err != nil && s.fatal == 0 {
		s.fatal = conn.Number
	}
	s.mu.Unlock()
	if err != nil {
		s.cancel(err)
	}
	s.listener.Free()
	select {
	case s.ended <- struct{}{}:
	default:
	}
}

// next waits for the next connection; the time that --connect-timeout gives a
// client to come is counted while nobody else is served.
func (s *several) next(ctx context.Context) (*listen.Conn, error) {
	for {
		limited, stop := ctx, context.CancelFunc(func() {})
		if limit := s.clientLimit(); limit > 0 && s.idle() {
			limited, stop = context.WithTimeoutCause(ctx, limit, errNoClient)
		}
		conn, err := s.listener.Next(limited, s.ended)
		stop()
		switch {
		case err == nil:
			return conn, nil
		case errors.Is(err, errNoClient):
			return nil, s.noClient()
		case !errors.Is(err, listen.ErrWoken):
			return nil, err
		}
	}
}

func (s *several) idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.busy == 0
}

// clientLimit is how long a client may take to come; 0 is for ever.
func (h *host) clientLimit() time.Duration {
	if !h.set.Changed("connect-timeout") {
		return 0
	}
	return time.Duration(h.connect)
}

func (h *host) noClient() error {
	return &failure{
		status: statusFailed, problem: "no client came within " + spent(h.clientLimit()),
		hint: "--connect-timeout gives them longer", code: "no-client",
	}
}
