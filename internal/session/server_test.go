package session

import (
	"context"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func answers(text string) func(context.Context) (io.ReadCloser, error) {
	return func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
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
	bubble(t, "a file is sent once to a request that closes", func(t *testing.T) {
		s := start(t, nil, Options{Role: Server, Answers: answers("answer\n"), Linger: 5 * time.Second})
		s.says("C\n")
		if got := s.wrote(); got != "answer\n" || !s.sendingEnded() {
			t.Errorf("sent %q, half-closed %v", got, s.sendingEnded())
		}
	})
	bubble(t, "holding an answer back is no time of waiting for the client", func(t *testing.T) {
		s := start(t, &piped{pieces: []string{"220 hello\n"}}, Options{Role: Server, Hold: 3 * time.Second, Timeout: time.Second, Linger: 5 * time.Second})
		pass(3 * time.Second)
		if got := s.wrote(); got != "220 hello\n" {
			t.Errorf("sent %q", got)
		}
	})
	bubble(t, "an answer that cannot be opened ends it", func(t *testing.T) {
		s := start(t, nil, Options{Role: Server, Answers: func(context.Context) (io.ReadCloser, error) { return nil, io.ErrNoProgress }})
		s.says("one\n")
		s.wantOver(InputFailed)
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
		s := start(t, nil, Options{Role: Server, NoInput: func() bool { return true }, Timeout: time.Second})
		s.says("one\n")
		pass(time.Minute)
		s.wantOpen()
		s.peer.CloseWrite()
		s.wantOver(PeerClosed)
	})
	bubble(t, "an input that comes later answers a client that has closed its side", func(t *testing.T) {
		var here atomic.Bool
		s := start(t, nil, Options{Role: Server, Interactive: true, NoInput: func() bool { return !here.Load() }})
		s.says("one\n")
		here.Store(true)
		s.peer.CloseWrite()
		s.wantOpen()
		s.types("answer\n")
		s.wantOver(PeerClosed)
		if got := s.wrote(); got != "answer\n" {
			t.Errorf("sent %q", got)
		}
	})
}
