package listen

import (
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

func readAll(t *testing.T, conn io.Reader, want string) {
	t.Helper()
	if got, err := io.ReadAll(conn); err != nil || string(got) != want {
		t.Fatalf("read %q, %v; want %q", got, err, want)
	}
}

// A client that has sent its request and ended its sending still wants the answer.
func TestHalfClosedClientKeepsItsPlace(t *testing.T) {
	r := newRecorder()
	l := mustOpen(t, "127.0.0.1:0", Options{Event: r.event})
	write(t, dial(t, "tcp", l.Addresses()[0]), "x")
	mustNext(t, l, 1)
	client := dial(t, "tcp", l.Addresses()[0])
	write(t, client, "question")
	if err := closeWrite(client); err != nil {
		t.Fatal(err)
	}
	// The reader may or may not have got the bytes when the connection is accepted.
	if e := <-r.signal; e.Kind != Waiting || e.Number != 2 {
		t.Fatalf("event is %+v", e)
	}
	conn := mustNext(t, l, 2)
	readAll(t, conn, "question")
	write(t, conn, "answer")
	conn.Close()
	readAll(t, client, "answer")
}

// The end of a client that waits is told at once; it keeps its place unless it was reset.
func TestEndsWhileWaiting(t *testing.T) {
	r := newRecorder()
	l := mustOpen(t, "127.0.0.1:0", Options{Event: r.event})
	write(t, dial(t, "tcp", l.Addresses()[0]), "x")
	mustNext(t, l, 1)
	given := dial(t, "tcp", l.Addresses()[0])
	write(t, given, "GET / HTTP/1.1\r\n")
	r.next(t, Event{Kind: Waiting, Number: 2, Sent: true})
	given.Close()
	r.next(t, Event{Kind: Ended, Number: 2, Sent: true})
	broken := dial(t, "tcp", l.Addresses()[0])
	write(t, broken, "GET /")
	for l.hasSpoken() < 2 {
		<-l.changed
	}
	reset(t, broken)
	for l.Waiting() > 1 {
		<-l.changed
	}
	readAll(t, mustNext(t, l, 2), "GET / HTTP/1.1\r\n")
	for e := range r.signal { // that #3 waited comes up to a second later, if at all
		if e == (Event{Kind: Vanished, Number: 3, Sent: true}) {
			break
		}
	}
}

func TestLongFirstBytesAreWhole(t *testing.T) {
	l := mustOpen(t, "127.0.0.1:0", Options{})
	client := dial(t, "tcp", l.Addresses()[0])
	long := make([]byte, 5*firstRead)
	for i := range long {
		long[i] = byte('a' + i%23)
	}
	write(t, client, string(long))
	if err := closeWrite(client); err != nil {
		t.Fatal(err)
	}
	readAll(t, mustNext(t, l, 1), string(long))
}

func TestTLSIsTurnedAway(t *testing.T) {
	r := newRecorder()
	l := mustOpen(t, "127.0.0.1:0", Options{Event: r.event})
	browser := dial(t, "tcp", l.Addresses()[0])
	hello := make([]byte, firstRead+3000) // more than the first read takes: what is left must not become a reset
	hello[0] = tlsRecord
	write(t, browser, string(hello))
	readAll(t, browser, "") // an orderly end
	r.next(t, Event{Kind: TLS, Number: 1, Sent: true})
	write(t, dial(t, "tcp", l.Addresses()[0]), "plain")
	readExactly(t, mustNext(t, l, 2), "plain")
}

func TestTLSBytesWhileAnotherHasTheSeat(t *testing.T) {
	r := newRecorder()
	l := mustOpen(t, "127.0.0.1:0", Options{Event: r.event})
	write(t, dial(t, "tcp", l.Addresses()[0]), "x")
	mustNext(t, l, 1)
	client := dial(t, "tcp", l.Addresses()[0])
	r.next(t, Event{Kind: Waiting, Number: 2})
	write(t, client, "\x16\x03\x01")
	readAll(t, client, "")
	r.next(t, Event{Kind: TLS, Number: 2, Sent: true})
	if l.Waiting() != 0 {
		t.Error("it still waits")
	}
}

func reset(t *testing.T, conn net.Conn) {
	t.Helper()
	if err := conn.(*net.TCPConn).SetLinger(0); err != nil {
		t.Fatal(err)
	}
	conn.Close()
}

func TestResetVanishes(t *testing.T) {
	r := newRecorder()
	l := mustOpen(t, "127.0.0.1:0", Options{Event: r.event})
	client := dial(t, "tcp", l.Addresses()[0])
	// Behind the seat, so that the event says when it is in the list.
	write(t, dial(t, "tcp", l.Addresses()[0]), "x")
	mustNext(t, l, 2)
	r.next(t, Event{Kind: Waiting, Number: 1})
	reset(t, client)
	r.next(t, Event{Kind: Vanished, Number: 1})
}

// A connection that sent a request and was then reset has nobody left to answer to:
// it does not get the seat of another. One for which there was a seat has it.
func TestResetAfterTheFirstByte(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("cannot be told on Windows")
	}
	r := newRecorder()
	l := mustOpen(t, "127.0.0.1:0", Options{Event: r.event})
	var clients []net.Conn
	for i := range 3 {
		client := dial(t, "tcp", l.Addresses()[0])
		write(t, client, "x")
		for l.hasSpoken() < i+1 {
			<-l.changed
		}
		clients = append(clients, client)
	}
	reset(t, clients[0])
	reset(t, clients[1])
	first := mustNext(t, l, 1)
	readExactly(t, first, "x")
	if _, err := first.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("then %v", err)
	}
	l.Free()
	mustNext(t, l, 3)
	for e := range r.signal { // that others wait is told, too
		if e == (Event{Kind: Vanished, Number: 2, Sent: true}) {
			break
		}
	}
}

// hasSpoken counts the waiting connections whose first bytes are here.
func (l *Listener) hasSpoken() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, c := range l.waiting {
		if c.turn != 0 {
			n++
		}
	}
	return n
}

// A silent connection is interrupted in the middle of a read; whatever its client sends around that moment arrives.
func TestOldestLosesNoByte(t *testing.T) {
	l := mustOpen(t, "127.0.0.1:0", Options{})
	for number := 1; number <= 200; number++ {
		client := dial(t, "tcp", l.Addresses()[0])
		for l.Waiting() == 0 {
			<-l.changed
		}
		var writer sync.WaitGroup
		writer.Go(func() {
			_, _ = io.WriteString(client, "hello")
			_ = closeWrite(client)
		})
		conn := l.Oldest()
		if conn == nil || conn.Number != number {
			t.Fatalf("#%d: %+v", number, conn)
		}
		readAll(t, conn, "hello")
		writer.Wait()
		conn.Close()
		l.Free()
		client.Close()
	}
}

// Two hundred at once: those that may wait are served, the others see an orderly end, and none is forgotten.
func TestManyAtOnceAreBounded(t *testing.T) {
	const many, few = 200, 20
	var turnedAway atomic.Int64
	l := mustOpen(t, "0", Options{MaxWaiting: few, Event: func(e Event) {
		switch e.Kind {
		case TurnedAway:
			turnedAway.Add(1)
		case TurnedAwayMore:
			turnedAway.Add(int64(e.Count))
		}
	}})
	ctx, cancel := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	var answered atomic.Int64
	for range many {
		clients.Go(func() {
			client, err := net.Dial("tcp", l.Addresses()[0])
			if err != nil {
				t.Error(err)
				return
			}
			defer client.Close()
			if _, err := io.WriteString(client, "x"); err != nil {
				t.Error(err)
			}
			text, err := io.ReadAll(client)
			if err != nil || string(text) != "x" && len(text) > 0 {
				t.Errorf("answer %q, %v", text, err)
			}
			answered.Add(int64(len(text)))
		})
	}
	go func() {
		clients.Wait()
		cancel()
	}()
	served := int64(0)
	for {
		conn, err := l.Next(ctx, nil)
		if err != nil {
			break
		}
		served++
		if waiting := l.Waiting(); waiting > few {
			t.Errorf("%d are waiting", waiting)
		}
		var text [1]byte
		if _, err := io.ReadFull(conn, text[:]); err != nil {
			t.Error(err)
		}
		if _, err := conn.Write(text[:]); err != nil {
			t.Error(err)
		}
		conn.Close()
		l.Free()
	}
	l.Close()
	if n := turnedAway.Load(); answered.Load() != served || served <= few || n != many-served {
		t.Errorf("%d served, %d answered, %d turned away", served, answered.Load(), n)
	}
}
