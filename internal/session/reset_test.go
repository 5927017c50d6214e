package session

import (
	"errors"
	"io"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// breaks makes the peer's reset known to the next write, or the one under way, as
// Linux does: the read sees what had come, and then an end.
func (s *stage) breaks(err error) {
	s.peer.in.mu.Lock()
	s.peer.in.broken = err
	s.peer.in.mu.Unlock()
}

func TestResetToldToWrite(t *testing.T) {
	for name, role := range map[string]Role{"client": Client, "server": Server} {
		bubble(t, name+": the write has failed before", func(t *testing.T) {
			s := start(t, nil, Options{Role: role})
			s.breaks(syscall.ECONNRESET)
			s.types("one\n")
			s.peer.Write([]byte("what had come\n"))
			s.wantOpen()
			s.peer.CloseWrite()
			s.wantReset()
		})
		bubble(t, name+": the write is under way", func(t *testing.T) {
			s := start(t, nil, Options{Role: role})
			s.peer.in.hold()
			s.types("one\n")
			s.breaks(syscall.ECONNRESET)
			s.peer.Write([]byte("what had come\n"))
			s.peer.CloseWrite()
			s.wantOpen()
			s.peer.in.release()
			s.wantReset()
		})
	}
	bubble(t, "a write that only waits does not hold up the end", func(t *testing.T) {
		s := start(t, nil, Options{})
		s.peer.in.hold()
		s.types("one\n")
		s.peer.CloseWrite()
		s.wantOpen()
		pass(writeTime - 1)
		if len(s.endings()) > 0 {
			t.Error("the end is told before the write had its time")
		}
		pass(1)
		if ended := s.endings(); len(ended) != 1 || ended[0] != EndClosed {
			t.Errorf("told of %v", ended)
		}
		s.peer.in.release()
		s.wantOver(PeerClosed)
	})
	bubble(t, "a write to a peer that had closed is no reset", func(t *testing.T) {
		s := start(t, nil, Options{})
		s.breaks(syscall.EPIPE)
		s.types("X\n")
		s.peer.CloseWrite()
		s.wantOver(PeerClosed)
	})
	bubble(t, "a stream that ends in TLS, too", func(t *testing.T) {
		s := start(t, nil, Options{})
		s.breaks(syscall.ECONNRESET)
		s.types("one\n")
		s.peer.out.end(io.ErrUnexpectedEOF)
		s.wantOver(Reset)
		if s.result.Truncated {
			t.Error("called truncated")
		}
	})
}

// endings are what the Observer was told.
func (s *stage) endings() []Ending {
	s.toy.mu.Lock()
	defer s.toy.mu.Unlock()
	return slices.Clone(s.toy.ended)
}

func (s *stage) wantReset() {
	s.t.Helper()
	s.wantOver(Reset)
	if !errors.Is(s.result.Err, syscall.ECONNRESET) || s.result.WriteErr == nil {
		s.t.Errorf("%+v", s.result)
	}
	if !strings.Contains(s.toy.log.String(), "what had come") {
		s.t.Errorf("what had come is not shown: %s", s.toy.log.String())
	}
}
