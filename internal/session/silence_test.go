package session

import (
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

const (
	short = 2 * time.Second
	long  = 20 * time.Second
)

var silent = Options{Silence: short, LongSilence: long}

// want checks how often the Observer was told, and whether of a long silence.
func (s *stage) wantSilences(t *testing.T, want ...bool) {
	t.Helper()
	var got []bool
	for _, q := range s.toy.silences() {
		got = append(got, q.Long)
	}
	if !slices.Equal(got, want) {
		t.Errorf("silences %v, want %v", got, want)
	}
}

func TestSilence(t *testing.T) {
	bubble(t, "is told once, and once when it is long", func(t *testing.T) {
		s := start(t, nil, silent)
		pass(short - time.Millisecond)
		s.wantSilences(t)
		pass(time.Millisecond)
		s.wantSilences(t, false)
		pass(long - short - time.Millisecond)
		s.wantSilences(t, false)
		pass(time.Millisecond)
		s.wantSilences(t, false, true)
		pass(time.Hour)
		s.wantSilences(t, false, true)
	})
	bubble(t, "is long once no key was pressed for so long", func(t *testing.T) {
		var pressed atomic.Pointer[time.Time]
		pressed.Store(&time.Time{})
		o := silent
		o.LastKey = func() time.Time { return *pressed.Load() }
		s := start(t, nil, o)
		pass(long - time.Millisecond)
		now := time.Now()
		pressed.Store(&now)
		pass(time.Millisecond)
		s.wantSilences(t, false)
		pass(long - 2*time.Millisecond)
		s.wantSilences(t, false)
		pass(time.Millisecond)
		s.wantSilences(t, false, true)
	})
	bubble(t, "begins anew with each byte received", func(t *testing.T) {
		s := start(t, nil, silent)
		pass(short - time.Millisecond)
		s.says("x")
		pass(short - time.Millisecond)
		s.wantSilences(t)
		pass(time.Millisecond)
		s.wantSilences(t, false)
		s.says("y")
		pass(short)
		s.wantSilences(t, false, false)
	})
	bubble(t, "begins anew with each byte sent", func(t *testing.T) {
		s := start(t, nil, silent)
		pass(short)
		s.types("one\n")
		pass(short - time.Millisecond)
		s.wantSilences(t, false)
		pass(time.Millisecond)
		s.wantSilences(t, false, false)
	})
	bubble(t, "begins anew at the end of the input", func(t *testing.T) {
		s := start(t, nil, silent)
		s.types("one\n")
		pass(short - time.Millisecond)
		close(s.keys.end)
		pass(short - time.Millisecond)
		s.wantSilences(t)
		pass(time.Millisecond)
		s.wantSilences(t, false)
		if q := s.toy.silences()[0]; !q.InputEnded || q.HalfClosed || q.PeerEnded || q.Writing {
			t.Errorf("%+v", q)
		}
	})
	bubble(t, "knows of a half-close", func(t *testing.T) {
		s := start(t, &piped{pieces: []string{"half a line"}}, silent)
		pass(short)
		if q := s.toy.silences(); len(q) != 1 || !q[0].HalfClosed {
			t.Errorf("%+v", q)
		}
	})
	bubble(t, "is none while the interval between lines passes", func(t *testing.T) {
		o := silent
		o.Interval = 3 * time.Second
		s := start(t, &piped{pieces: []string{"one\ntwo\nthree\n"}}, o)
		pass(6*time.Second + short - time.Millisecond)
		s.wantSilences(t)
		pass(time.Millisecond)
		s.wantSilences(t, false)
	})
	bubble(t, "is none while the output is blocked", func(t *testing.T) {
		s := start(t, nil, silent)
		s.toy.block = 10 * time.Second
		s.says("x")
		pass(10*time.Second + short - time.Millisecond)
		s.wantSilences(t)
		pass(time.Millisecond)
		s.wantSilences(t, false)
	})
	bubble(t, "of a connection that takes nothing", func(t *testing.T) {
		s := start(t, nil, silent)
		s.peer.in.hold()
		s.keys.typeLine("one\n")
		pass(short)
		if q := s.toy.silences(); len(q) != 1 || !q[0].Writing {
			t.Errorf("%+v", q)
		}
		s.peer.in.release()
		pass(short)
		if q := s.toy.silences(); len(q) != 2 || q[1].Writing {
			t.Errorf("%+v", q)
		}
	})
	bubble(t, "is not told after the end", func(t *testing.T) {
		s := start(t, &piped{pieces: []string{"one\n"}}, silent)
		s.says("answer\n")
		s.wantOver(Answered)
		pass(time.Minute)
		s.wantSilences(t)
	})
	bubble(t, "is told before the timeout, never at once with it", func(t *testing.T) {
		o := silent
		o.Timeout = short
		s := start(t, &piped{pieces: []string{"one\n"}}, o)
		pass(short)
		s.wantOver(TimedOut)
		s.wantSilences(t)
	})
	bubble(t, "an error of the output ends it", func(t *testing.T) {
		s := start(t, nil, silent)
		s.toy.mu.Lock()
		s.toy.fail = errors.New("full")
		s.toy.mu.Unlock()
		pass(short)
		s.wantOver(OutputFailed)
	})
	bubble(t, "is told to nobody who did not ask", func(t *testing.T) {
		s := start(t, nil, Options{})
		pass(time.Minute)
		s.wantSilences(t)
	})
}

// TestLeftover: what a client sent behind a complete request is known for what
// it is when the input ends, and half-closed when the request is answered.
func TestLeftover(t *testing.T) {
	bubble(t, "", func(t *testing.T) {
		s := start(t, &piped{pieces: []string{"one\nrest"}}, Options{})
		if s.toy.endSent != 1 || s.sendingEnded() {
			t.Errorf("told %d times of the end, half-closed %v", s.toy.endSent, s.sendingEnded())
		}
		s.says("answer\n")
		s.wantOpen()
		if !s.sendingEnded() {
			t.Error("not half-closed")
		}
		s.peer.Close()
		s.wantOver(PeerClosed)
	})
}

// TestCutStartLine: a second start line that the end of the input cut is in the
// middle of nothing, and still nothing that a server would answer.
func TestCutStartLine(t *testing.T) {
	s := State{Sent: Stand{Bytes: true, Framed: true, Begun: 2, Complete: 1}, Received: Stand{Bytes: true, Framed: true, Begun: 1, Complete: 1, Answered: 1}}
	if v := judge(&Options{}, &s, situation{inputEnded: true}); !v.halfClose || v.end {
		t.Errorf("%+v", v)
	}
}
