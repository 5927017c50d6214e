package serve

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Server answers the connections of listeners. It is made by New.
type Server struct {
	options Options
	limits  Limits
	times   Times
	bodies  atomic.Int64 // bytes of unfinished requests, beyond what each may hold anyway
	date    date

	stopping atomic.Bool
	halt     chan struct{} // closed when nothing is finished any more
	failed   chan error    // the first error of a Watcher
	freed    chan struct{} // has one when a connection was closed
	serving  sync.WaitGroup

	mu     sync.Mutex
	number int
	conns  map[*conn]struct{}
}

// New makes a Server.
func New(o Options) *Server {
	return &Server{
		options: o, limits: o.Limits.orDefault(), times: o.Times.orDefault(),
		halt: make(chan struct{}), failed: make(chan error, 1), freed: make(chan struct{}, 1), conns: map[*conn]struct{}{},
	}
}

// Serve accepts and answers until ctx ends. Then it closes the listeners, finishes
// what is being answered, for at most Times.Grace, closes every connection and
// returns nil; when now is closed (nil: never) the finishing is cut short. It returns early
// with the error of a Watcher, or of a listener that fails for good. It is
// called once.
func (s *Server) Serve(ctx context.Context, now <-chan struct{}, listeners ...net.Listener) error {
	ended := make(chan error, len(listeners))
	for _, l := range listeners {
		s.serving.Add(1)
		go s.accept(ctx, l, ended)
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-s.failed:
	case err = <-ended:
	}
	s.stop(now, listeners)
	select {
	case failed := <-s.failed:
		err = errors.Join(err, failed)
	default:
	}
	return err
}

// stop closes what is idle, waits for the rest and joins all goroutines.
func (s *Server) stop(now <-chan struct{}, listeners []net.Listener) {
	s.stopping.Store(true)
	for _, l := range listeners {
		_ = l.Close()
	}
	s.each(func(c *conn) { _ = c.plain.SetReadDeadline(past) }) // a read is waiting for what will not be answered
	done := make(chan struct{})
	go func() {
		s.serving.Wait()
		close(done)
	}()
	grace := time.NewTimer(s.times.Grace)
	defer grace.Stop()
	select {
	case <-done:
		return
	case <-grace.C:
	case <-now:
	}
	close(s.halt)
	s.each((*conn).abandon)
	<-done
}

var past = time.Unix(1, 0)

// Busy is how many connections are in the middle of a request or an answer.
func (s *Server) Busy() (n int) {
	s.each(func(c *conn) {
		if c.idleSince.Load() == busy {
			n++
		}
	})
	return n
}

func (s *Server) each(do func(*conn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		do(c)
	}
}

// fail ends the server with the error of a Watcher.
func (s *Server) fail(err error) {
	select {
	case s.failed <- err:
	default:
	}
}

// retryPause is how long accept waits when there are no file descriptors left, and
// how long a connection is idle before it gives way to one that waits: of one that
// is new the request is on its way.
const retryPause = 50 * time.Millisecond

// quietTime is how long accept must have worked for its next failure to be told:
// at the limit it works and fails by turns.
const quietTime = 10 * time.Second

// accept accepts connections of one listener until it is closed.
func (s *Server) accept(ctx context.Context, l net.Listener, ended chan<- error) {
	defer s.serving.Done()
	var failing time.Time // when it failed last
	for {
		plain, err := l.Accept()
		switch {
		case err == nil:
			s.begin(plain)
		case ctx.Err() != nil || s.stopping.Load():
			return
		case !isTemporary(err):
			ended <- err
			return
		default:
			if time.Since(failing) > quietTime {
				s.trouble(Trouble{Retry: true, Err: err})
			}
			failing = time.Now()
			select { // what became free before did not help
			case <-s.freed:
			default:
			}
			s.makeRoom(retryPause)
			select {
			case <-ctx.Done():
			case <-s.freed:
			case <-time.After(retryPause):
			}
		}
	}
}

func (s *Server) trouble(t Trouble) {
	if s.options.Trouble != nil {
		s.options.Trouble(t)
	}
}

// begin gives a connection its goroutine.
func (s *Server) begin(plain net.Conn) {
	s.mu.Lock()
	s.number++
	c := newConn(s, s.number, plain)
	full := len(s.conns) >= s.limits.Connections
	s.conns[c] = struct{}{}
	s.serving.Add(1)
	s.mu.Unlock()
	if s.stopping.Load() {
		_ = plain.SetReadDeadline(past)
	}
	c.full = full && !s.makeRoom(0)
	go c.run()
}

// makeRoom closes the connection that has been idle longest, if there is one that
// has been for so long.
func (s *Server) makeRoom(least time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	var oldest *conn
	since := int64(handshaking)
	if least > 0 {
		since = time.Now().Add(-least).UnixNano() + 1
	}
	for c := range s.conns {
		if at := c.idleSince.Load(); at != gaveWay && at < since {
			oldest, since = c, at
		}
	}
	return oldest != nil && oldest.giveWay(since)
}

// over takes a connection out of the list.
func (s *Server) over(c *conn) {
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
	select {
	case s.freed <- struct{}{}:
	default:
	}
	s.serving.Done()
}
