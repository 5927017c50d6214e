package listen

import (
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// slowToClose stands in for a TLS connection, which says close_notify to a peer that takes nothing.
type slowToClose struct{ net.Conn }

const timeToClose = 200 * time.Millisecond

func (s slowToClose) Close() error {
	<-time.After(timeToClose)
	return s.Conn.Close()
}

func beSlow(conn net.Conn) (net.Conn, error) { return slowToClose{conn}, nil }

// However many wait, closing takes as long as one of them does.
func TestCloseClosesAllAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemoryListener()
		l := start(newSockets([]net.Listener{m}, nil, nil), Options{Secure: beSlow, MaxWaiting: plenty})
		for range 64 {
			m.dial()
		}
		synctest.Wait()
		began := time.Now()
		l.Close()
		if took := time.Since(began); took > timeToClose {
			t.Errorf("64 connections took %v", took)
		}
	})
}

// While one that is gone is being closed, the others are not held up.
func TestNobodyWaitsForACloseThatTakesLong(t *testing.T) {
	inBubble(t, Options{Secure: beSlow}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		began := time.Now()
		m.dial().Close()
		synctest.Wait() // its reader has found the end
		speaker := m.dial()
		write(t, speaker, "x")
		mustNext(t, l, 2)
		if l.Waiting() != 0 || time.Since(began) != 0 {
			t.Errorf("%d are waiting, after %v", l.Waiting(), time.Since(began))
		}
		events := r.take()
		if len(events) != 1 || events[0].Kind != Vanished || events[0].Number != 1 || events[0].Sent {
			t.Fatalf("events are %v", events)
		}
		if _, ok := events[0].Secured.(slowToClose); !ok {
			t.Errorf("Secured is %T", events[0].Secured)
		}
	})
}
