package listen

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// inBubble runs a test against a listener in memory. The bubble fails if Close leaves a goroutine behind.
func inBubble(t *testing.T, o Options, test func(t *testing.T, l *Listener, m *memoryListener, r *recorder)) {
	synctest.Test(t, func(t *testing.T) {
		m, r := newMemoryListener(), newRecorder()
		o.Event = r.event
		switch o.MaxWaiting {
		case 0:
			o.MaxWaiting = plenty
		case nobody:
			o.MaxWaiting = 0
		}
		l := start(newSockets([]net.Listener{m}, nil, nil), o)
		defer l.Close()
		test(t, l, m, r)
	})
}

// becomeQuiet passes the time after which a connection without a byte is known for silent.
func becomeQuiet() {
	<-time.After(silence)
	synctest.Wait()
}

func TestSeatBelongsToTheFirstByte(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		spare, speaker := m.dial(), m.dial()
		write(t, speaker, "GET / HTTP/1.1\r\n")
		conn := mustNext(t, l, 2)
		if conn.HandedSilent {
			t.Error("a connection that has spoken was handed on as silent")
		}
		readExactly(t, conn, "GET /") // in pieces, so that nothing behind a short read is lost
		go speaker.Write([]byte("more"))
		readExactly(t, conn, " HTTP/1.1\r\nmore")
		r.expect(t)
		becomeQuiet()
		r.expect(t, Event{Kind: Waiting, Number: 1})

		write(t, spare, "x")
		synctest.Wait()
		r.expect(t) // it has been named already
		readExactly(t, mustNext(t, l, 1), "x")
	})
}

func TestOrderOfFirstBytes(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, _ *recorder) {
		clients := []net.Conn{m.dial(), m.dial(), m.dial(), m.dial()}
		for _, i := range []int{2, 0, 3, 1} {
			write(t, clients[i], "x")
			synctest.Wait()
		}
		for _, number := range []int{3, 1, 4, 2} {
			mustNext(t, l, number)
		}
	})
}

func TestSilentIsToldOnce(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		m.dial()
		pass(t, l, silence-1)
		r.expect(t)
		pass(t, l, 2)
		r.expect(t, Event{Kind: Silent, Number: 1})
		m.dial()
		pass(t, l, time.Hour)
		r.expect(t, Event{Kind: Silent, Number: 2})
	})
}

func TestSilentOnlyWhileTheSeatIsFree(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		write(t, m.dial(), "x")
		mustNext(t, l, 1)
		m.dial()
		<-time.After(time.Minute)
		r.expect(t, Event{Kind: Waiting, Number: 2})
		pass(t, l, 1)
		r.expect(t, Event{Kind: Silent, Number: 2})
	})
}

func TestPatience(t *testing.T) {
	inBubble(t, Options{Patience: 3 * time.Second}, func(t *testing.T, l *Listener, m *memoryListener, _ *recorder) {
		begin := time.Now()
		client := m.dial()
		conn := mustNext(t, l, 1)
		if waited := time.Since(begin); waited != 3*time.Second || !conn.HandedSilent {
			t.Errorf("handed on after %v, silent %v", waited, conn.HandedSilent)
		}
		go client.Write([]byte("late"))
		readExactly(t, conn, "late") // the reader's deadline is gone
	})
}

func TestOldest(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		if conn := l.Oldest(); conn != nil {
			t.Fatalf("#%d from nowhere", conn.Number)
		}
		first, second, _ := m.dial(), m.dial(), m.dial()
		first.Close()
		synctest.Wait()
		conn := l.Oldest()
		if conn == nil || conn.Number != 2 || !conn.HandedSilent {
			t.Fatalf("oldest is %+v", conn)
		}
		defer conn.Close()
		if !conn.Accepted.Equal(time.Now()) || conn.Remote == "" {
			t.Errorf("accepted %v, from %q", conn.Accepted, conn.Remote)
		}
		becomeQuiet()
		r.expect(t, Event{Kind: Vanished, Number: 1}, Event{Kind: Waiting, Number: 3})
		go second.Write([]byte("hello"))
		readExactly(t, conn, "hello")
	})
}

func TestOldestPrefersOneThatHasSpoken(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, _ *recorder) {
		m.dial()
		write(t, m.dial(), "x")
		synctest.Wait()
		conn := l.Oldest()
		defer conn.Close()
		if conn.Number != 2 || conn.HandedSilent {
			t.Fatalf("#%d, silent %v", conn.Number, conn.HandedSilent)
		}
	})
}

func TestWaitingIsToldOnceASecond(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		write(t, m.dial(), "x")
		mustNext(t, l, 1)
		m.dial()
		becomeQuiet()
		for range 29 {
			m.dial()
		}
		gone := m.dial()
		becomeQuiet()
		gone.Close()
		<-time.After(waitingPause - silence - 1)
		r.expect(t, Event{Kind: Waiting, Number: 2}, Event{Kind: Vanished, Number: 32})
		<-time.After(2)
		r.expect(t, Event{Kind: WaitingMore, Count: 29})
		write(t, m.dial(), "x")
		<-time.After(waitingPause)
		r.expect(t, Event{Kind: Waiting, Number: 33, Sent: true}) // one alone is named
		<-time.After(2 * waitingPause)
		r.expect(t)
		write(t, m.dial(), "x")
		synctest.Wait()
		r.expect(t, Event{Kind: Waiting, Number: 34, Sent: true}) // at once after a pause
		if l.Waiting() != 32 {
			t.Errorf("%d are waiting", l.Waiting())
		}
	})
}

func TestVanishedLeavesTheLine(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		write(t, m.dial(), "x")
		mustNext(t, l, 1)
		client := m.dial()
		becomeQuiet()
		client.Close()
		synctest.Wait()
		r.expect(t, Event{Kind: Waiting, Number: 2}, Event{Kind: Vanished, Number: 2})
		pass(t, l, time.Hour)
		if l.Waiting() != 0 {
			t.Errorf("%d are waiting", l.Waiting())
		}
		m.dial()
		synctest.Wait()
		r.expect(t) // with the seat free nobody waits for it
	})
}

func TestWakeAndContext(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, _ *recorder) {
		wake := make(chan struct{}, 1)
		wake <- struct{}{}
		if _, err := l.Next(t.Context(), wake); err != ErrWoken || len(wake) != 0 {
			t.Fatalf("error is %v", err)
		}
		cause := errors.New("no client came")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(cause)
		write(t, m.dial(), "x")
		synctest.Wait()
		if conn, err := l.Next(ctx, nil); conn != nil || err != cause {
			t.Fatalf("got %v, %v", conn, err)
		}
		wake <- struct{}{}
		if conn, err := l.Next(t.Context(), wake); err != nil || len(wake) != 1 {
			t.Fatalf("a ready connection lost to a wake: %v, %v", conn, err)
		}
	})
}

func TestTLSClientIsReadBeforeTheClose(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		client := m.dial()
		write(t, client, "\x16"+strings.Repeat("x", firstRead+1000)) // fails unless all of it is read
		begin := time.Now()
		if _, err := client.Read(make([]byte, 1)); err != io.EOF || time.Since(begin) != partingTime {
			t.Errorf("closed with %v after %v", err, time.Since(begin))
		}
		r.expect(t, Event{Kind: TLS, Number: 1, Sent: true})
	})
}

// lastWords is a connection whose one Read gives bytes and their end at once.
type lastWords struct{ net.Conn }

func (lastWords) Read(p []byte) (int, error) { return copy(p, "last words"), io.EOF }

func TestEndThatComesWithTheBytesIsKept(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		_, server := net.Pipe()
		m.conns <- lastWords{server}
		if text, err := io.ReadAll(mustNext(t, l, 1)); string(text) != "last words" || err != nil {
			t.Errorf("read %q, %v", text, err)
		}
		r.expect(t)
	})
}

// With several seats nobody waits until all are taken, and a silent connection takes none.
func TestSeveralSeats(t *testing.T) {
	inBubble(t, Options{Seats: 3}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		var clients []net.Conn
		for range 5 {
			clients = append(clients, m.dial())
			<-time.After(1) // so that #1 is the first to be known for silent
		}
		for _, i := range []int{4, 1, 3} {
			write(t, clients[i], "x")
			mustNext(t, l, i+1)
		}
		becomeQuiet()
		r.expect(t, Event{Kind: Waiting, Number: 1})
		<-time.After(waitingPause + 1)
		r.expect(t, Event{Kind: Waiting, Number: 3})
		write(t, clients[0], "x")
		synctest.Wait()
		if conn := l.Oldest(); conn != nil {
			t.Fatalf("a fourth seat went to #%d", conn.Number)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if conn, err := l.Next(ctx, nil); err != context.DeadlineExceeded {
			t.Fatalf("Next gave %v, %v", conn, err)
		}
		r.expect(t) // what was said to wait is not said to be silent too

		go func() {
			<-time.After(time.Second)
			l.Free()
		}()
		begin := time.Now()
		mustNext(t, l, 1)
		if waited := time.Since(begin); waited != time.Second {
			t.Errorf("the seat that was given back was taken after %v", waited)
		}
	})
}

// A seat that is given back twice is one seat.
func TestFreeWithoutASeatTaken(t *testing.T) {
	inBubble(t, Options{Seats: 1}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		l.Free()
		for range 2 {
			write(t, m.dial(), "x")
			synctest.Wait()
		}
		mustNext(t, l, 1)
		if conn := l.Oldest(); conn != nil {
			t.Fatalf("#%d has a seat too many", conn.Number)
		}
	})
}
