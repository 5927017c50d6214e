package session

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// stage is one conversation under test.
type stage struct {
	t      *testing.T
	peer   *memoryConn
	keys   *keyboard
	toy    *toy
	cancel context.CancelCauseFunc
	result Result
	over   atomic.Bool
}

// pass lets the bubble's clock run.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

// start runs a conversation in the bubble; input nil is the stage's keyboard.
func start(t *testing.T, input Input, o Options) *stage {
	ours, peer := memoryPair()
	s := &stage{t: t, peer: peer, keys: newKeyboard(), toy: newToy(o.Role)}
	if input == nil {
		input = s.keys
	}
	if o.Pause == 0 {
		o.Pause = 50 * time.Millisecond
	}
	var ctx context.Context
	ctx, s.cancel = context.WithCancelCause(context.Background())
	go func() {
		s.result = Run(ctx, ours, input, s.toy, o)
		s.over.Store(true)
	}()
	synctest.Wait()
	t.Cleanup(func() { s.cancel(nil) })
	return s
}

// wrote returns what has reached the peer since it was last asked.
func (s *stage) wrote() string {
	synctest.Wait()
	s.peer.in.mu.Lock()
	defer s.peer.in.mu.Unlock()
	text := string(s.peer.in.data)
	s.peer.in.data = nil
	return text
}

// sendingEnded reports whether the peer sees the end of the stream.
func (s *stage) sendingEnded() bool {
	synctest.Wait()
	s.peer.in.mu.Lock()
	defer s.peer.in.mu.Unlock()
	return s.peer.in.err != nil
}

func (s *stage) says(text string) {
	s.peer.Write([]byte(text))
	synctest.Wait()
}

func (s *stage) types(text string) {
	s.keys.typeLine(text)
	synctest.Wait()
}

func (s *stage) wantOpen() {
	s.t.Helper()
	if synctest.Wait(); s.over.Load() {
		s.t.Fatalf("over: %+v", s.result)
	}
}

func (s *stage) wantOver(reason Reason) {
	s.t.Helper()
	synctest.Wait()
	if !s.over.Load() {
		s.cancel(nil)
		s.t.Fatal("still going on")
	}
	if s.result.Reason != reason {
		s.t.Fatalf("ended for reason %d (%v), want %d", s.result.Reason, s.result.Err, reason)
	}
}

func bubble(t *testing.T, name string, f func(t *testing.T)) {
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}

func TestClientEnds(t *testing.T) {
	bubble(t, "when every request is answered", func(t *testing.T) {
		s := start(t, &piped{pieces: []string{"one\n", "two\n"}}, Options{})
		s.says("answer 1\n")
		s.wantOpen()
		if s.sendingEnded() {
			t.Error("half-closed")
		}
		s.says("answer 2\nmore")
		s.wantOver(Answered)
		if !strings.Contains(s.toy.log.String(), "more") {
			t.Error("bytes that came with the last answer are not shown")
		}
	})
	bubble(t, "not before the end of the input", func(t *testing.T) {
		s := start(t, nil, Options{})
		s.types("one\n")
		s.says("answer\n")
		s.wantOpen()
		close(s.keys.end)
		s.wantOver(Answered)
	})
	bubble(t, "at once when nothing was sent", func(t *testing.T) {
		s := start(t, &piped{}, Options{})
		s.wantOver(Answered)
	})
	bubble(t, "when the peer closes", func(t *testing.T) {
		s := start(t, nil, Options{Interactive: true})
		s.types("one\n")
		s.peer.Close()
		s.wantOver(PeerClosed)
		if s.result.InputEnded || !s.result.PeerEnded {
			t.Errorf("%+v", s.result)
		}
	})
	bubble(t, "an incomplete request is half-closed", func(t *testing.T) {
		s := start(t, &piped{pieces: []string{"on"}}, Options{})
		if !s.sendingEnded() || !slices.Contains(s.toy.events, HalfClosedCut) {
			t.Error("not half-closed")
		}
		s.wantOpen()
		s.peer.Close()
		s.wantOver(PeerClosed)
	})
	bubble(t, "what is no HTTP goes on until the peer closes", func(t *testing.T) {
		s := start(t, nil, Options{})
		s.types("X\n")
		s.peer.CloseWrite()
		s.wantOpen() // the peer may still take bytes
		s.types("more\n")
		close(s.keys.end)
		s.wantOver(PeerClosed)
		if got := s.wrote(); got != "X\nmore\n" {
			t.Errorf("sent %q", got)
		}
	})
	bubble(t, "what comes after a complete request waits for its answer", func(t *testing.T) {
		s := start(t, &piped{pieces: []string{"one\nX\n"}}, Options{})
		s.wantOpen()
		if s.sendingEnded() {
			t.Error("half-closed before the answer")
		}
		s.says("answer\n")
		s.wantOpen()
		if !s.sendingEnded() {
			t.Error("not half-closed after the answer")
		}
		s.peer.Close()
		s.wantOver(PeerClosed)
	})
	bubble(t, "half-close on request", func(t *testing.T) {
		s := start(t, &piped{pieces: []string{"one\n"}}, Options{HalfClose: true})
		if !s.sendingEnded() {
			t.Error("not half-closed")
		}
		s.wantOpen()
		s.says("answer\n")
		s.wantOver(Answered)
	})
	bubble(t, "a reset is an error", func(t *testing.T) {
		s := start(t, &piped{pieces: []string{"one\n"}}, Options{})
		s.peer.reset()
		s.wantOver(Reset)
		if !errors.Is(s.result.Err, syscall.ECONNRESET) {
			t.Error(s.result.Err)
		}
	})
	bubble(t, "a failed write ends only the sending", func(t *testing.T) {
		s := start(t, nil, Options{})
		s.peer.in.mu.Lock()
		s.peer.in.broken = syscall.EPIPE
		s.peer.in.mu.Unlock()
		s.types("one\n")
		s.wantOpen()
		s.says("413\n")
		s.peer.CloseWrite()
		s.wantOver(PeerClosed)
		if s.result.WriteErr == nil || !strings.Contains(s.toy.log.String(), "413") {
			t.Errorf("%+v %s", s.result, s.toy.log.String())
		}
	})
	bubble(t, "when its own output fails", func(t *testing.T) {
		s := start(t, nil, Options{})
		s.toy.fail = io.ErrClosedPipe
		s.says("x\n")
		s.wantOver(OutputFailed)
	})
	bubble(t, "when the input fails", func(t *testing.T) {
		s := start(t, &piped{err: io.ErrNoProgress}, Options{})
		s.wantOver(InputFailed)
	})
	bubble(t, "when it is interrupted", func(t *testing.T) {
		s := start(t, nil, Options{})
		s.cancel(syscall.EINTR)
		s.wantOver(Interrupted)
		if !errors.Is(s.result.Err, syscall.EINTR) {
			t.Error(s.result.Err)
		}
	})
}

// TestTunnelPause: the end of the input does not end a tunnel while something comes.
func TestTunnelPause(t *testing.T) {
	tunnel := func(t *testing.T, o Options) *stage {
		o.TunnelPause = 3 * time.Second
		s := start(t, nil, o)
		s.types("one\n")
		s.says("T\n")
		return s
	}
	for what, o := range map[string]Options{"-N": {HalfClose: true}, "a person who ends the input": {Interactive: true}} {
		bubble(t, what, func(t *testing.T) {
			s := tunnel(t, o)
			if close(s.keys.end); !s.sendingEnded() {
				t.Error("not half-closed at once")
			}
		})
	}
	bubble(t, "while something comes", func(t *testing.T) {
		s := tunnel(t, Options{})
		close(s.keys.end)
		for range 10 {
			pass(2 * time.Second)
			s.says("frame")
		}
		if pass(2900 * time.Millisecond); s.sendingEnded() {
			t.Error("half-closed before it was quiet")
		}
		if pass(200 * time.Millisecond); !s.sendingEnded() || !slices.Contains(s.toy.events, HalfClosedQuiet) {
			t.Error("not half-closed when it was quiet")
		}
		s.wantOpen()
		s.says("the rest")
		s.peer.Close()
		if s.wantOver(PeerClosed); !strings.Contains(s.toy.log.String(), "the rest") || !s.result.ClosedFirst {
			t.Errorf("%+v %s", s.result, s.toy.log.String())
		}
	})
	bubble(t, "quiet before", func(t *testing.T) {
		s := tunnel(t, Options{})
		pass(4 * time.Second)
		if close(s.keys.end); !s.sendingEnded() {
			t.Error("not half-closed at once")
		}
	})
	bubble(t, "the peer ends it", func(t *testing.T) {
		s := tunnel(t, Options{})
		close(s.keys.end)
		s.peer.Close()
		if s.wantOver(PeerClosed); s.result.ClosedFirst {
			t.Error("said to have been closed by this side first")
		}
	})
}

func TestTimeout(t *testing.T) {
	t.Run("does not count a blocked output", func(t *testing.T) {
		c := &conversation{lastPeer: time.Unix(100, 0)}
		if !c.observed(time.Now().Add(-time.Hour), State{}, nil) || c.lastPeer.Before(time.Unix(3700, 0)) {
			t.Errorf("an hour of output later the peer is waited for since %v", c.lastPeer)
		}
	})
	bubble(t, "waits for the peer only", func(t *testing.T) {
		s := start(t, nil, Options{Timeout: 10 * time.Second})
		pass(time.Minute) // input is still to come
		s.types("one\n")
		pass(time.Minute)
		s.wantOpen()
		close(s.keys.end)
		pass(9 * time.Second)
		s.wantOpen()
		s.says("x")
		pass(9 * time.Second)
		s.wantOpen()
		pass(time.Second)
		s.wantOver(TimedOut)
	})
	bubble(t, "says whether the peer had stopped taking bytes", func(t *testing.T) {
		for _, holds := range []bool{false, true} {
			s := start(t, nil, Options{Timeout: 10 * time.Second})
			if holds {
				s.peer.in.hold()
			}
			s.types("one\n")
			close(s.keys.end)
			pass(10 * time.Second)
			if holds {
				s.peer.in.release() // as closing a connection does
			}
			s.wantOver(TimedOut)
			if s.result.Blocked != holds {
				t.Errorf("blocked: %v, want %v", s.result.Blocked, holds)
			}
		}
	})
	bubble(t, "a server that owes nothing is idle", func(t *testing.T) {
		s := start(t, nil, Options{Role: Server, Timeout: 10 * time.Second, Answers: answers("answer\n")})
		s.says("one\n")
		pass(10 * time.Second)
		s.wantOver(Idle)
	})
	bubble(t, "a server whose client is silent has timed out", func(t *testing.T) {
		s := start(t, nil, Options{Role: Server, Timeout: 10 * time.Second, Answers: answers("answer\n")})
		pass(10 * time.Second)
		s.wantOver(TimedOut)
	})
}

func TestPause(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, nil, Options{Pause: time.Second})
		s.says("par")
		pass(900 * time.Millisecond)
		s.says("tial")
		pass(900 * time.Millisecond)
		synctest.Wait()
		if s.toy.paused() != 0 {
			t.Error("paused while bytes were coming")
		}
		pass(200 * time.Millisecond)
		synctest.Wait()
		if s.toy.paused() != 1 {
			t.Errorf("%d pauses", s.toy.paused())
		}
		pass(time.Minute)
		synctest.Wait()
		if s.toy.paused() != 1 {
			t.Errorf("%d pauses in one silence", s.toy.paused())
		}
		s.says("more")
		pass(time.Second)
		if s.toy.paused() != 2 {
			t.Errorf("%d pauses in two silences", s.toy.paused())
		}
	})
}
