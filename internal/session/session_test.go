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

func TestTimeout(t *testing.T) {
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
	})
}

func answers(text string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
}

func TestServer(t *testing.T) {
	bubble(t, "holds a pipe until a request is complete, sends it once, half-closes and waits", func(t *testing.T) {
		s := start(t, &piped{pieces: []string{"answer\n"}}, Options{Role: Server, Hold: 3 * time.Second, Linger: 5 * time.Second})
		s.says("on")
		if got := s.wrote(); got != "" {
			t.Errorf("sent %q before the request was complete", got)
		}
		s.says("e\n")
		if got := s.wrote(); got != "answer\n" || !s.sendingEnded() {
			t.Errorf("sent %q, half-closed %v", got, s.sendingEnded())
		}
		s.says("two\n")
		s.wantOpen()
		s.peer.CloseWrite()
		s.wantOver(PeerClosed)
	})
	bubble(t, "speaks first after three seconds of silence", func(t *testing.T) {
		s := start(t, &piped{pieces: []string{"220 hello\n"}}, Options{Role: Server, Hold: 3 * time.Second, Linger: 5 * time.Second})
		pass(2 * time.Second)
		s.says("o")
		pass(2 * time.Second)
		if got := s.wrote(); got != "" {
			t.Errorf("sent %q", got)
		}
		pass(time.Second)
		if got := s.wrote(); got != "220 hello\n" || s.toy.events[0] != HeldUntilSilence {
			t.Errorf("sent %q", got)
		}
		pass(5 * time.Second)
		s.wantOver(Lingered)
	})
	bubble(t, "answers a client that has half-closed", func(t *testing.T) {
		s := start(t, &piped{pieces: []string{"answer\n"}}, Options{Role: Server, Hold: 3 * time.Second})
		s.says("on") // incomplete
		s.peer.CloseWrite()
		s.wantOver(PeerClosed)
		if got := s.wrote(); got != "answer\n" {
			t.Errorf("sent %q", got)
		}
	})
	bubble(t, "a person answers a client that has half-closed", func(t *testing.T) {
		s := start(t, nil, Options{Role: Server, Interactive: true})
		s.says("one\n")
		s.peer.CloseWrite()
		s.wantOpen()
		if !slices.Contains(s.toy.events, PeerHalfClosed) {
			t.Error("not said")
		}
		s.types("answer\n")
		s.wantOver(PeerClosed)
	})
	bubble(t, "a person is not thrown out when the client has its answer and closes", func(t *testing.T) {
		s := start(t, nil, Options{Role: Server, Interactive: true})
		s.says("one\n")
		s.types("answer\n")
		s.wantOpen()
		s.peer.CloseWrite()
		s.wantOver(PeerClosed)
		if s.result.InputEnded {
			t.Error("the input is said to have ended")
		}
	})
	bubble(t, "files answer each request", func(t *testing.T) {
		s := start(t, nil, Options{Role: Server, Answers: answers("answer\n"), Linger: 5 * time.Second})
		s.says("one\ntwo\n")
		if got := s.wrote(); got != "answer\nanswer\n" || s.sendingEnded() {
			t.Errorf("sent %q, half-closed %v", got, s.sendingEnded())
		}
		s.says("three\n")
		if got := s.wrote(); got != "answer\n" {
			t.Errorf("sent %q", got)
		}
		s.peer.CloseWrite()
		s.wantOver(PeerClosed)
	})
	bubble(t, "a file that closes the connection is sent once", func(t *testing.T) {
		s := start(t, nil, Options{Role: Server, Answers: answers("C\n"), Linger: 5 * time.Second})
		s.says("one\ntwo\n")
		if got := s.wrote(); got != "C\n" || !s.sendingEnded() {
			t.Errorf("sent %q, half-closed %v", got, s.sendingEnded())
		}
	})
	bubble(t, "an empty input waits for the request", func(t *testing.T) {
		s := start(t, &piped{}, Options{Role: Server, Hold: 3 * time.Second, Linger: 5 * time.Second})
		pass(10 * time.Second)
		if s.sendingEnded() {
			t.Error("half-closed before the request")
		}
		s.says("one\n")
		if !s.sendingEnded() || !slices.Contains(s.toy.events, NothingToAnswer) {
			t.Error("not half-closed after it")
		}
		s.peer.CloseWrite()
		s.wantOver(PeerClosed)
	})
	bubble(t, "without an input the client is held until it closes", func(t *testing.T) {
		s := start(t, nil, Options{Role: Server, NoInput: true, Timeout: time.Second})
		s.says("one\n")
		pass(time.Minute)
		s.wantOpen()
		s.peer.CloseWrite()
		s.wantOver(PeerClosed)
	})
}

func TestConvert(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a\nb\r\n\n", "a\r\nb\r\n\r\n"},
		{"B\nx\ny\nz\n", "B\r\nx\ny\nz\r\n"}, // the body x LF y: its last line began in it
		{"B\nxy\nz\n", "B\r\nxy\nz\r\n"},     // the body xy LF
		{"B\nxyz\n", "B\r\nxyz\n"},           // the line began in the body: one LF too many stays one byte
		{"D\nxyz\na\n", "D\r\nxyz\r\na\r\n"},
		{"a\r\nb\r\r\n", "a\r\nb\r\r\n"},
	} {
		for cut := 1; cut <= len(c.in); cut++ {
			synctest.Test(t, func(t *testing.T) {
				var pieces []string
				for in := c.in; in != ""; {
					n := min(cut, len(in))
					pieces = append(pieces, in[:n])
					in = in[n:]
				}
				s := start(t, &piped{pieces: pieces}, Options{CRLF: true})
				if got := s.wrote(); got != c.want {
					t.Errorf("%q cut at %d: sent %q, want %q", c.in, cut, got, c.want)
				}
				if told := strings.ReplaceAll(s.toy.log.String(), "sent ", ""); strings.Count(told, "\r") != strings.Count(c.want, "\r") {
					t.Errorf("%q: the Observer was told %q", c.in, told)
				}
			})
		}
	}
}

func TestInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, &piped{pieces: []string{"a\nb\nc", "d\n"}}, Options{Interval: time.Second, Timeout: 100 * time.Millisecond})
		if got := s.wrote(); got != "a\n" {
			t.Errorf("at once %q", got)
		}
		pass(time.Second)
		if got := s.wrote(); got != "b\n" {
			t.Errorf("after one second %q", got)
		}
		pass(time.Second)
		if got := s.wrote(); got != "cd\n" {
			t.Errorf("after two seconds %q", got)
		}
		s.wantOpen() // the time between lines is not the peer's
		pass(100 * time.Millisecond)
		s.wantOver(TimedOut)
	})
}

// TestRecordedBeforeWritten: what the peer can see was shown already.
func TestRecordedBeforeWritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, &piped{pieces: []string{"one\n"}}, Options{})
		if got := s.wrote(); !strings.Contains(s.toy.log.String(), "sent "+got) {
			t.Errorf("the peer has %q, shown is %q", got, s.toy.log.String())
		}
	})
}
