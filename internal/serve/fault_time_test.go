package serve

import (
	"context"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener of connections in memory.
type pipes struct{ conns, closed chan net.Conn }

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error   { close(p.closed); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// between is what a fault does with a client in memory: the client reads what
// comes, or nothing; act is called when that has gone on for 2.5 s.
func between(t *testing.T, f *Fault, reads bool, act func(stop func(), client net.Conn), check func(sinceAct time.Duration)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		l := pipes{make(chan net.Conn), make(chan net.Conn)}
		over, ended := make(chan time.Time, 1), make(chan error, 1)
		s := New(Options{Handler: f.Play, Open: func(int, net.Conn) Watcher {
			return Watcher{Closed: func(Closing) error { over <- time.Now(); return nil }}
		}})
		go func() { ended <- s.Serve(ctx, nil, l) }()
		client, server := net.Pipe()
		l.conns <- server
		_, _ = io.WriteString(client, get("/"))
		read := make(chan struct{})
		go func() {
			defer close(read)
			if reads {
				_, _ = io.Copy(io.Discard, client)
			}
		}()
		time.Sleep(2500 * time.Millisecond) // of the bubble's time
		acted := time.Now()
		act(cancel, client)
		check((<-over).Sub(acted))
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		_ = client.Close()
		<-read
	})
}

// TestFaultsStop: when the server is told to stop no fault holds it up, and with
// a client that takes nothing it takes Grace at most.
func TestFaultsStop(t *testing.T) {
	for _, f := range Faults() {
		for _, reads := range []bool{true, false} {
			seen := faultsSeen[f.Name]
			if !seen.open && reads || f.Name == "endless-headers" && reads {
				continue // over long before
			}
			between(t, &f, reads, func(stop func(), _ net.Conn) { stop() }, func(took time.Duration) {
				if took > time.Second && reads || took > 5*time.Second {
					t.Errorf("%s ends %s after the server was told to stop", f.Name, took)
				}
			})
		}
	}
}

// TestFaultsWithoutClient: they end when the client goes; the late one when it
// would have answered, since a client that has only said all it has to say
// looks the same till then.
func TestFaultsWithoutClient(t *testing.T) {
	for _, f := range Faults() {
		if !faultsSeen[f.Name].open && f.Name != "endless-headers" {
			continue
		}
		limit := time.Second
		if f.Name == "delayed-first-byte" {
			limit = firstDelay
		}
		between(t, &f, f.Name != "endless-headers", func(_ func(), client net.Conn) { _ = client.Close() }, func(took time.Duration) {
			if took > limit {
				t.Errorf("%s goes on for %s without its client", f.Name, took)
			}
		})
	}
}

// TestEndlessStops: what is never blocked looks whether the server is stopping.
func TestEndlessStops(t *testing.T) {
	f, _ := FaultNamed("endless-headers")
	sent := 0
	var s *Server
	s = New(Options{Handler: f.Play, Open: func(int, net.Conn) Watcher {
		return Watcher{Sent: func(p []byte) error {
			sent += len(p)
			s.stopping.Store(true)
			return nil
		}}
	}})
	s.begin(&scripted{parts: [][]byte{[]byte(get("/"))}})
	s.serving.Wait()
	if sent == 0 || sent > 4*flushAt {
		t.Errorf("%d bytes were sent", sent)
	}
}
