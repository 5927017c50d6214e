package serve

import (
	"context"
	"net"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// exhausted is a listener that has a descriptor for one more connection when one
// that was open is closed.
type exhausted struct {
	*handed
	left atomic.Int32
	want chan net.Conn // who waits to be accepted
}

func (l *exhausted) Accept() (net.Conn, error) {
	for {
		select {
		case <-l.over:
			return nil, net.ErrClosed
		case c := <-l.want:
			if l.left.Add(-1) >= 0 {
				return counted{c, &l.left}, nil
			}
			l.left.Add(1)
			go func() { l.want <- c }()
			return nil, syscall.EMFILE
		}
	}
}

type counted struct {
	net.Conn
	left *atomic.Int32
}

func (c counted) Close() error {
	time.Sleep(time.Millisecond) // of the bubble: a close takes a moment
	c.left.Add(1)
	return c.Conn.Close()
}

// TestOneGivesWay: where there is no descriptor for a connection, one that is idle
// is closed, not all; and that is told of once.
func TestOneGivesWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var closed, told atomic.Int32
		l := &exhausted{handed: newHanded(), want: make(chan net.Conn)}
		l.left.Store(20)
		s := New(Options{Handler: Site(nil), Trouble: func(Trouble) { told.Add(1) }, Open: func(int, net.Conn) Watcher {
			return Watcher{Closed: func(c Closing) error {
				if c.Reason == GaveWay {
					closed.Add(1)
				}
				return nil
			}}
		}})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Serve(ctx, nil, l) }()
		for range 22 {
			_, theirs := net.Pipe()
			l.want <- theirs
			synctest.Wait()
			time.Sleep(time.Second)
		}
		if closed.Load() != 2 || told.Load() != 1 {
			t.Errorf("for two connections %d gave way, told of %d times", closed.Load(), told.Load())
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// TestNewOnesDoNotGiveWay: who has only just come is not closed for want of a
// descriptor, and is when it stays silent.
func TestNewOnesDoNotGiveWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var closed atomic.Int32
		l := &exhausted{handed: newHanded(), want: make(chan net.Conn)}
		l.left.Store(20)
		s := New(Options{Handler: Site(nil), Open: func(int, net.Conn) Watcher {
			return Watcher{Closed: func(Closing) error { closed.Add(1); return nil }}
		}})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Serve(ctx, nil, l) }()
		for range 21 {
			_, theirs := net.Pipe()
			l.want <- theirs
			synctest.Wait()
		}
		time.Sleep(retryPause / 2)
		if n := closed.Load(); n != 0 {
			t.Errorf("%d gave way at once", n)
		}
		time.Sleep(2 * retryPause)
		if n := closed.Load(); n != 1 {
			t.Errorf("%d gave way", n)
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// TestIdleFromHandshake: a connection is idle since its handshake ended: who took long
// for it does not give way before the request can come.
func TestIdleFromHandshake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newHanded()
		s := New(Options{Handler: Site(nil), Secure: func(conn net.Conn) (net.Conn, error) {
			time.Sleep(time.Second) // of the bubble
			return conn, nil
		}})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Serve(ctx, nil, l) }()
		ours, theirs := net.Pipe()
		l.conns <- theirs
		time.Sleep(time.Second + retryPause/2)
		synctest.Wait()
		if s.makeRoom(retryPause) {
			t.Error("it gives way though it is new")
		}
		time.Sleep(retryPause)
		if !s.makeRoom(retryPause) {
			t.Error("it does not give way though it is idle")
		}
		ours.Close()
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
