package listen

import (
	"io"
	"testing"
	"testing/synctest"
)

func TestEagerHandsOnAtAccept(t *testing.T) {
	inBubble(t, Options{Eager: true}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		first, second := m.dial(), m.dial()
		go second.Write([]byte("\x16 is a byte like any other"))
		conn := mustNext(t, l, 1) // although the second has something to say
		if !conn.HandedSilent {
			t.Error("not handed on as silent")
		}
		go first.Write([]byte("x"))
		readExactly(t, conn, "x")
		becomeQuiet()
		gone := m.dial()
		synctest.Wait()
		gone.Close()
		synctest.Wait()
		r.expect(t, Event{Kind: Waiting, Number: 2, Sent: true}, Event{Kind: Vanished, Number: 3})
		readExactly(t, mustNext(t, l, 2), "\x16 is a byte")
	})
}

func TestEagerWatchesThoseBehindTheSeat(t *testing.T) {
	inBubble(t, Options{Eager: true}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		m.dial()
		second := m.dial()
		synctest.Wait() // both are in the list
		mustNext(t, l, 1)
		becomeQuiet()
		second.Close()
		synctest.Wait()
		r.expect(t, Event{Kind: Waiting, Number: 2}, Event{Kind: Vanished, Number: 2})
	})
}

// A client that ends its sending at once, as nc -N with no input does, is still served at once by an eager listener.
func TestEagerKeepsAnEarlyEnd(t *testing.T) {
	inBubble(t, Options{Eager: true}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		m.dial().Close()
		synctest.Wait()
		conn := mustNext(t, l, 1)
		if n, err := conn.Read(make([]byte, 1)); n != 0 || err != io.EOF {
			t.Errorf("read %d, %v", n, err)
		}
		r.expect(t)
	})
}
