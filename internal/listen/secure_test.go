package listen

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

var errNotThisOne = errors.New("not this one")

// upper stands in for TLS: the handshake is the byte H, anything else is refused, and what follows is used as it is.
func upper(conn net.Conn) (net.Conn, error) {
	var hello [1]byte
	if _, err := io.ReadFull(conn, hello[:]); err != nil {
		return nil, err
	}
	if hello[0] != 'H' {
		return nil, errNotThisOne
	}
	return &secured{conn}, nil
}

type secured struct{ net.Conn }

func TestSeatNeedsAHandshakeAndAByte(t *testing.T) {
	inBubble(t, Options{Secure: upper}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		stalled := m.dial()
		<-time.After(time.Millisecond)
		spare, speaker := m.dial(), m.dial()
		write(t, spare, "H") // a browser's: it shook hands and is silent
		write(t, speaker, "H")
		write(t, speaker, "G")
		conn := mustNext(t, l, 3)
		if _, ok := conn.Conn.(*secured); !ok {
			t.Errorf("handed on is a %T", conn.Conn)
		}
		readExactly(t, conn, "G")
		r.expect(t)
		becomeQuiet()
		r.expect(t, Event{Kind: Securing, Number: 1}, Event{Kind: Waiting, Number: 2})

		write(t, stalled, "H") // late, but in time
		write(t, stalled, "x")
		readExactly(t, mustNext(t, l, 1), "x")
	})
}

func TestHandshakeThatFailsIsRefused(t *testing.T) {
	inBubble(t, Options{Secure: upper}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		plain := m.dial()
		write(t, plain, "G")
		wantsEnd(t, plain)
		speaker := m.dial()
		write(t, speaker, "H")
		write(t, speaker, "x")
		mustNext(t, l, 2)
		r.expect(t, Event{Kind: Refused, Number: 1, Err: errNotThisOne})
	})
}

func TestHandshakeIsBoundedInTime(t *testing.T) {
	inBubble(t, Options{Secure: upper}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		stalled := m.dial()
		<-time.After(securingTime)
		wantsEnd(t, stalled)
		events := r.take()
		if len(events) != 2 || events[1].Kind != Refused || !errors.Is(events[1].Err, os.ErrDeadlineExceeded) {
			t.Errorf("events are %+v", events)
		}
		late := m.dial()
		write(t, late, "H")
		synctest.Wait()
		<-time.After(2 * securingTime) // the deadline was the handshake's alone
		write(t, late, "x")
		readExactly(t, mustNext(t, l, 2), "x")
	})
}

func TestStalledHandshakesGiveWay(t *testing.T) {
	inBubble(t, Options{Secure: upper}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		var stalled []net.Conn
		for range maxSecuring {
			stalled = append(stalled, m.dial())
		}
		becomeQuiet()
		r.take()
		speaker := m.dial()
		wantsEnd(t, stalled[0])
		write(t, speaker, "H")
		write(t, speaker, "x")
		mustNext(t, l, maxSecuring+1)
		r.expect(t, Event{Kind: Refused, Number: 1, Err: ErrGaveWay})
		if l.Waiting() != maxSecuring-1 {
			t.Errorf("%d are waiting", l.Waiting())
		}
	})
}

// A crowd that had no time for its handshakes stays in the kernel's queue, and then is served.
func TestACrowdOfHandshakesWaitsOutside(t *testing.T) {
	inBubble(t, Options{Secure: upper}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		for range maxSecuring {
			m.dial()
		}
		came := make(chan net.Conn)
		go func() { came <- m.dial() }()
		synctest.Wait()
		select {
		case <-came:
			t.Error("more handshakes than may be")
		default:
		}
		if len(r.take()) != 0 {
			t.Error("somebody was turned away at once")
		}
		becomeQuiet()
		late := <-came
		write(t, late, "H")
		write(t, late, "x")
		mustNext(t, l, maxSecuring+1)
	})
}

// An eager listener hands on what has shaken hands, and no earlier.
func TestEagerAfterTheHandshake(t *testing.T) {
	inBubble(t, Options{Secure: upper, Eager: true}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		stalled, first := m.dial(), m.dial()
		write(t, first, "H")
		if conn := mustNext(t, l, 2); !conn.HandedSilent {
			t.Error("it had said nothing")
		}
		if l.Oldest() != nil {
			t.Error("somebody without a handshake got a seat")
		}
		write(t, stalled, "H")
		mustNext(t, l, 1)
	})
}

// The time of a piped answer's patience counts from the handshake's end.
func TestPatienceAfterTheHandshake(t *testing.T) {
	inBubble(t, Options{Secure: upper, Patience: 3 * time.Second}, func(t *testing.T, l *Listener, m *memoryListener, _ *recorder) {
		conn := m.dial()
		pass(t, l, 5*time.Second)
		write(t, conn, "H")
		pass(t, l, 3*time.Second-1)
		if conn, err := l.Next(context.Background(), nil); err != nil || !conn.HandedSilent {
			t.Errorf("%+v, %v", conn, err)
		}
	})
}

// answering stands in for a TLS connection whose peer asks for answers that it does not read.
type answering struct {
	net.Conn
	reads int
}

func (a *answering) Read(p []byte) (int, error) {
	a.reads++
	if a.reads == 1 {
		return a.Conn.Read(p)
	}
	if _, err := a.Write([]byte("an answer")); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		return 0, err
	}
	return a.Conn.Read(p)
}

func TestReaderThatWritesIsEndedToo(t *testing.T) {
	secure := func(conn net.Conn) (net.Conn, error) { return &answering{Conn: conn}, nil }
	inBubble(t, Options{Secure: secure}, func(t *testing.T, l *Listener, m *memoryListener, _ *recorder) {
		first, second := m.dial(), m.dial()
		write(t, first, "x")
		synctest.Wait()
		write(t, second, "x")
		synctest.Wait()
		readExactly(t, mustNext(t, l, 1), "x")
		if l.Waiting() != 1 { // Close ends the other
			t.Errorf("%d are waiting", l.Waiting())
		}
	})
}

func TestCloseEndsHandshakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, r := newMemoryListener(), newRecorder()
		l := start(newSockets([]net.Listener{m}, nil, nil), Options{Secure: upper, Event: r.event, MaxWaiting: plenty})
		stalled := m.dial()
		synctest.Wait()
		l.Close()
		wantsEnd(t, stalled)
		r.expect(t, Event{Kind: Unserved, Number: 1, Err: io.ErrClosedPipe})
	})
}

// unnotified stands in for a TLS connection that ends without close_notify.
type unnotified struct{ net.Conn }

func (u unnotified) Read(p []byte) (int, error) {
	n, err := u.Conn.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Many clients close so. What they asked is shown all the same, and how they ended.
func TestEndWithoutCloseNotifyWaitsOn(t *testing.T) {
	secure := func(conn net.Conn) (net.Conn, error) { return unnotified{conn}, nil }
	inBubble(t, Options{Secure: secure}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		client := m.dial()
		write(t, client, "x")
		client.Close()
		synctest.Wait()
		conn := mustNext(t, l, 1)
		readExactly(t, conn, "x")
		if _, err := conn.Read(make([]byte, 1)); err != io.ErrUnexpectedEOF {
			t.Error(err)
		}
		r.expect(t)
	})
}
