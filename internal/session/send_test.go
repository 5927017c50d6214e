package session

import (
	"context"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

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
				completed := strings.Count(c.want, "\r") - strings.Count(c.in, "\r")
				if log := s.toy.log.String(); strings.Count(log, "sent \r\n\n") != completed {
					t.Errorf("%q cut at %d: %d line ends were completed, and the Observer was told %q", c.in, cut, completed, log)
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

// TestUnsent: whether it was the input that ended the sending.
func TestUnsent(t *testing.T) {
	bubble(t, "not while the input is waited for", func(t *testing.T) {
		s := start(t, nil, Options{})
		s.types("one\n")
		s.peer.Close()
		s.wantOver(PeerClosed)
		if s.result.Unsent {
			t.Error("it has more")
		}
	})
	bubble(t, "when a write fails", func(t *testing.T) {
		s := start(t, nil, Options{})
		s.breaks(syscall.EPIPE)
		s.types("one\n")
		s.peer.Close()
		s.wantOver(PeerClosed)
		if s.result.Sent > 0 || !s.result.Unsent {
			t.Errorf("sent %d, unsent %v", s.result.Sent, s.result.Unsent)
		}
	})
	bubble(t, "when a piece is refused that was never shown", func(t *testing.T) {
		late := &lateInput{make(chan struct{})}
		s := start(t, late, Options{})
		s.peer.Close()
		close(late.come)
		s.wantOver(PeerClosed)
		if s.result.Sent > 0 || !s.result.Unsent {
			t.Errorf("sent %d, unsent %v", s.result.Sent, s.result.Unsent)
		}
	})
}

// lateInput has a piece in hand that it gives when the conversation may be over.
type lateInput struct{ come chan struct{} }

func (l *lateInput) Next(context.Context) ([]byte, error) {
	<-l.come
	return []byte("one\n"), nil
}
