package listen

import (
	"context"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"
)

// memoryListener stands in for a socket, so that tests with timers run in a synctest bubble.
type memoryListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newMemoryListener() *memoryListener {
	return &memoryListener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (m *memoryListener) Accept() (net.Conn, error) {
	select {
	case conn := <-m.conns:
		return conn, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *memoryListener) Close() error {
	m.once.Do(func() { close(m.closed) })
	return nil
}

func (m *memoryListener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080} }

// dial gives the client's end. The server's end has been accepted when it returns.
func (m *memoryListener) dial() net.Conn {
	client, server := net.Pipe()
	m.conns <- server
	return client
}

// plenty is the MaxWaiting of tests that are not about it; nobody stands for 0 where they are.
const plenty, nobody = 128, -1

// recorder keeps events, and sends each to a channel for tests without synctest.
type recorder struct {
	mu     sync.Mutex
	events []Event
	signal chan Event
}

func newRecorder() *recorder { return &recorder{signal: make(chan Event, 1000)} }

func (r *recorder) event(e Event) {
	if !r.mu.TryLock() {
		panic("Event called concurrently")
	}
	defer r.mu.Unlock()
	e.Remote, e.Port = "", 0 // of no interest here, and different every time
	r.events = append(r.events, e)
	r.signal <- e
}

// take gives what came since the last take. Everything must be at rest.
func (r *recorder) take() []Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	events := r.events
	r.events = nil
	return events
}

func (r *recorder) expect(t *testing.T, want ...Event) {
	t.Helper()
	if got := r.take(); !slices.Equal(got, want) {
		t.Fatalf("events are %+v, want %+v", got, want)
	}
}

// next waits for one event; the test's own time limit is the only clock.
func (r *recorder) next(t *testing.T, want Event) {
	t.Helper()
	if got := <-r.signal; got != want {
		t.Fatalf("event is %+v, want %+v", got, want)
	}
}

// mustNext is Next for a connection that is sure to come; the one before it, if the only seat was taken, is over.
func mustNext(t *testing.T, l *Listener, number int) *Conn {
	t.Helper()
	if l.options.Seats == 0 {
		l.Free()
	}
	conn, err := l.Next(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if conn.Number != number {
		t.Fatalf("the seat went to #%d, want #%d", conn.Number, number)
	}
	return conn
}

// pass lets Next run for d of fake time with the seat free, during which nothing must come.
func pass(t *testing.T, l *Listener, d time.Duration) {
	t.Helper()
	if l.options.Seats == 0 {
		l.Free()
	}
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	if conn, err := l.Next(ctx, nil); err != context.DeadlineExceeded {
		t.Fatalf("Next gave %v, %v", conn, err)
	}
}

func write(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
}

func readExactly(t *testing.T, conn io.Reader, want string) {
	t.Helper()
	got := make([]byte, len(want))
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != want {
		t.Fatalf("read %q, %v; want %q", got, err, want)
	}
}
