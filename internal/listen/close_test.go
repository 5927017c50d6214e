package listen

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestCloseClosesWaitingConnections(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		clients := []net.Conn{m.dial(), m.dial(), m.dial()}
		write(t, clients[0], "x")
		synctest.Wait()
		write(t, clients[2], "x")
		served := mustNext(t, l, 1)
		synctest.Wait()
		r.take()
		for range 2 { // the second has nothing to do
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
		}
		r.expect(t, Event{Kind: Unserved, Number: 2}, Event{Kind: Unserved, Number: 3, Sent: true})
		for _, client := range clients[1:] {
			if _, err := client.Read(make([]byte, 1)); err != io.EOF {
				t.Errorf("a waiting connection gave %v", err)
			}
		}
		go served.Write([]byte("still served"))
		readExactly(t, clients[0], "still served")
		if _, err := l.Next(t.Context(), nil); !errors.Is(err, net.ErrClosed) {
			t.Errorf("Next after Close gave %v", err)
		}
	})
}

func TestCloseEndsNext(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, _ *recorder) {
		result := make(chan error)
		go func() {
			_, err := l.Next(context.Background(), nil)
			result <- err
		}()
		synctest.Wait()
		l.Close()
		if err := <-result; !errors.Is(err, net.ErrClosed) {
			t.Errorf("Next gave %v", err)
		}
	})
}

func TestCloseDoesNotWaitForTLSClients(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, _ *recorder) {
		write(t, m.dial(), "\x16")
		synctest.Wait()
		begin := time.Now()
		l.Close()
		if waited := time.Since(begin); waited != 0 {
			t.Errorf("closed after %v", waited)
		}
	})
}

// stubborn is a connection whose Read outlives its Close until gate is closed.
type stubborn struct {
	net.Conn
	gate chan struct{}
}

func (s stubborn) Read([]byte) (int, error) {
	<-s.gate
	return 0, io.EOF
}

func TestCloseJoinsTheReaders(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, _ *recorder) {
		_, server := net.Pipe()
		gate, closed := make(chan struct{}), make(chan struct{})
		m.conns <- stubborn{server, gate}
		go func() {
			l.Close()
			close(closed)
		}()
		synctest.Wait()
		select {
		case <-closed:
			t.Error("Close left a reader behind")
		default:
		}
		close(gate)
		<-closed
	})
}

func TestStopAcceptingKeepsThoseWhoWait(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		client := m.dial()
		synctest.Wait()
		l.StopAccepting()
		select {
		case <-m.closed:
		default:
			t.Fatal("the socket is open")
		}
		write(t, client, "x")
		mustNext(t, l, 1)
		if _, err := l.Next(t.Context(), nil); !errors.Is(err, net.ErrClosed) {
			t.Errorf("with nobody left Next gave %v", err)
		}
		r.expect(t)
	})
}

// failing is a socket whose Accept fails with each of errs in turn before it works.
type failing struct {
	*memoryListener
	errs  []error
	tries []time.Time
}

func (f *failing) Accept() (net.Conn, error) {
	f.tries = append(f.tries, time.Now())
	if len(f.errs) > 0 {
		err := f.errs[0]
		f.errs = slices.Delete(f.errs, 0, 1)
		return nil, err
	}
	return f.memoryListener.Accept()
}

func TestAcceptErrorIsReturnedByNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("socket is broken")
		f := &failing{memoryListener: newMemoryListener(), errs: []error{broken}}
		l := start(newSockets([]net.Listener{f}, nil, nil), Options{})
		defer l.Close()
		_, err := l.Next(t.Context(), nil)
		if !errors.Is(err, broken) || err.Error() != "cannot accept connections on 127.0.0.1:8080: socket is broken" {
			t.Errorf("Next gave %v", err)
		}
	})
}
