package session

import (
	"slices"
	"testing"
)

func TestClientEndsEarly(t *testing.T) {
	bubble(t, "bytes beyond the last answer do not keep it", func(t *testing.T) {
		s := start(t, &piped{pieces: []string{"one\n"}}, Options{})
		s.says("answer\nX\n") // in one read: the rest is no HTTP
		s.wantOver(Answered)
		if !slices.Contains(s.toy.ended, EndLocal) {
			t.Error("what is left is not handed on")
		}
	})
	bubble(t, "an answer in the middle of a request, and the server closes", func(t *testing.T) {
		s := start(t, newKeyboard(), Options{})
		s.toy.mu.Lock()
		s.toy.state.Sent = Stand{Bytes: true, Framed: true, Middle: true, Begun: 1}
		s.toy.mu.Unlock()
		s.says("C\n")
		s.wantOver(Answered)
	})
	bubble(t, "the same while a person types", func(t *testing.T) {
		s := start(t, nil, Options{Interactive: true})
		s.toy.mu.Lock()
		s.toy.state.Sent = Stand{Bytes: true, Framed: true, Middle: true, Begun: 1}
		s.toy.mu.Unlock()
		s.says("C\n")
		s.wantOpen()
	})
	bubble(t, "a person is told when a peer that speaks no HTTP closes", func(t *testing.T) {
		s := start(t, nil, Options{Interactive: true})
		s.types("X\n")
		s.peer.CloseWrite()
		s.wantOver(PeerClosed)
	})
	bubble(t, "with a pipe it is said, and the pipe goes on", func(t *testing.T) {
		s := start(t, nil, Options{})
		s.types("X\n")
		s.peer.CloseWrite()
		s.wantOpen()
		if !slices.Contains(s.toy.events, PeerHalfClosed) {
			t.Error("not said")
		}
	})
}
