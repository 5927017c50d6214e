package serve

import (
	"context"
	"io"
	"net"
	"testing"
)

// TestStopSecured: connections whose handshake is done, or is not, are ended at
// once (the race detector watches).
func TestStopSecured(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var troubles int
	handshaking := make(chan struct{})
	s := New(Options{Handler: Site(nil), Trouble: func(Trouble) { troubles++ }, Secure: func(conn net.Conn) (net.Conn, error) {
		first := make([]byte, 1)
		if n, err := conn.Read(first); n == 0 || first[0] == 'S' {
			return nil, err
		} else if first[0] == 's' {
			close(handshaking)
			_, err := conn.Read(first)
			return nil, err
		}
		return struct{ net.Conn }{conn}, nil
	}})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, nil, l) }()
	ready, stalled := dial(t, l, "+"+get("/")), dial(t, l, "s")
	if _, err := io.ReadFull(ready, make([]byte, 12)); err != nil {
		t.Fatal(err)
	}
	<-handshaking
	if n := s.Busy(); n > 1 { // ready, if it is not idle yet
		t.Errorf("%d are busy", n)
	}
	stop()
	if err := <-done; err != nil || troubles != 0 {
		t.Errorf("%v, told of %d troubles, which are the stop's", err, troubles)
	}
	_, _ = ready.Close(), stalled.Close()
}

func dial(t *testing.T, l net.Listener, send string) net.Conn {
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, send); err != nil {
		t.Fatal(err)
	}
	return conn
}

// TestStopDuringHandshake: the stop does not touch what a handshake is making (for
// the race detector).
func TestStopDuringHandshake(t *testing.T) {
	for range 50 {
		s := New(Options{Handler: Site(nil), Secure: func(conn net.Conn) (net.Conn, error) {
			return struct{ net.Conn }{conn}, nil
		}})
		for range 4 {
			s.begin(&scripted{})
		}
		s.stop(nil, nil)
	}
}
