package main

import (
	"net"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A wire is a proxy of the test's own between the program and its peer. It
// remembers what it has carried, and breaks the connection where it is told to.
type wire struct {
	t       *testing.T
	fault   fault
	address string // where the client connects
	join    func() (net.Conn, error)
	program direction     // whose bytes the program sends
	done    chan struct{} // closed when it is over
	over    chan struct{} // to be closed when the program has ended

	mu      sync.Mutex
	carried [2][]byte
	fired   bool
	grown   chan struct{} // closed when something was carried, or it fired
}

// direction is which way bytes go.
type direction int

const (
	toServer direction = iota
	toClient
)

func (d direction) String() string { return []string{"request", "response"}[d] }

// fault is what happens to a connection, after so many bytes of a direction.
type fault struct {
	kind  faultKind
	in    direction
	after int
	stall time.Duration // of kind stalled; 0: for ever
}

type faultKind string

const (
	unbroken faultKind = "unbroken"
	reset    faultKind = "reset"  // RST to both ends
	ended    faultKind = "ended"  // FIN; what the program sends is still read
	closed   faultKind = "closed" // FIN, or RST if the program has sent what was not read
	bytewise faultKind = "bytewise"
	stalled  faultKind = "stalled" // this direction alone
)

// wires counts them.
var wires atomic.Int64

// TestFaultsTried says how many there were; it comes behind the tests that make them.
func TestFaultsTried(t *testing.T) {
	t.Logf("TABLE | `faults` | %s s | %d connections that broke, stalled or came byte by byte |", os.Getenv("RAWHTTP_SOAK_FAULTS"), wires.Load())
}

// newWire listens; join makes the connection to the server when a client has come.
func newWire(t *testing.T, f fault, program direction, join func() (net.Conn, error)) *wire {
	wires.Add(1)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{t: t, fault: f, address: l.Addr().String(), join: join, program: program, done: make(chan struct{}), over: make(chan struct{}), grown: make(chan struct{})}
	go func() {
		defer close(w.done)
		defer l.Close()
		client, err := l.Accept()
		if err != nil {
			return
		}
		defer client.Close()
		server, err := join()
		if err != nil {
			t.Error(err)
			return
		}
		defer server.Close()
		w.carry(client.(*net.TCPConn), server.(*net.TCPConn))
	}()
	return w
}

func (w *wire) carry(client, server *net.TCPConn) {
	var both sync.WaitGroup
	both.Go(func() { w.pump(toServer, client, server) })
	both.Go(func() { w.pump(toClient, server, client) })
	both.Wait()
}

// pump carries one direction until it ends or the fault is due. A fault of the
// request is due as soon as so many bytes have gone, one of the response when
// there is an answer: its first byte may be what is not carried any more.
func (w *wire) pump(d direction, from, to *net.TCPConn) {
	breaks := w.fault.in == d && w.fault.kind != unbroken && w.fault.kind != bytewise
	left := w.fault.after
	buffer := make([]byte, 32<<10)
	for {
		if breaks && left == 0 && (d == toServer || w.fault.after > 0) {
			if breaks = w.fire(from, to); breaks {
				return
			}
		}
		n, err := from.Read(buffer)
		if err != nil {
			_ = to.CloseWrite()
			return
		}
		for p := buffer[:n]; len(p) > 0; {
			if breaks && left == 0 {
				if breaks = w.fire(from, to); breaks {
					return
				}
			}
			size := len(p)
			if w.fault.kind == bytewise {
				size = 1
			} else if breaks {
				size = min(size, left)
			}
			w.note(d, p[:size])
			if breaks && d == toServer && d == w.program && left == size { // the peer has them; what it says to them is not carried
				if breaks = w.fire(from, to); breaks {
					return
				}
			}
			if _, err := to.Write(p[:size]); err != nil {
				if w.fault.kind == ended {
					w.drain(from)
				}
				return
			}
			left -= size
			p = p[size:]
		}
	}
}

func (w *wire) note(d direction, p []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.carried[d] = append(w.carried[d], p...)
	close(w.grown)
	w.grown = make(chan struct{})
}

// fire breaks the connection. It returns false for a stall that is over.
func (w *wire) fire(from, to *net.TCPConn) bool {
	w.mu.Lock()
	w.fired = true
	close(w.grown)
	w.grown = make(chan struct{})
	w.mu.Unlock()
	program, peer := from, to
	if w.fault.in != w.program {
		program, peer = to, from
	}
	switch w.fault.kind {
	case reset:
		delivered(program)
		for _, conn := range []*net.TCPConn{program, peer} {
			_ = conn.SetLinger(0)
			_ = conn.Close()
		}
	case closed:
		_ = program.Close()
		_ = peer.Close()
	case ended:
		_ = program.CloseWrite()
		_ = peer.Close()
		if from == program { // the other direction's bytes are read by its own pump
			w.drain(program)
		}
	case stalled:
		over := (<-chan time.Time)(nil)
		if w.fault.stall > 0 {
			over = time.After(w.fault.stall)
		}
		select {
		case <-over:
			return false
		case <-w.over:
			_ = to.Close()
		}
	}
	return true
}

// drain reads what the program sends to its end.
func (w *wire) drain(program *net.TCPConn) {
	buffer := make([]byte, 32<<10)
	for {
		if _, err := program.Read(buffer); err != nil {
			return
		}
	}
}

// await waits until so many bytes were carried, or the fault has come.
func (w *wire) await(d direction, n int) {
	late := time.After(patience)
	for {
		w.mu.Lock()
		there, grown := len(w.carried[d]) >= n, w.grown
		if w.fault.in == d && w.fault.after == n && w.fault.kind != bytewise && w.fault.kind != unbroken {
			there = w.fired
		}
		w.mu.Unlock()
		if there {
			return
		}
		select {
		case <-grown:
		case <-w.done:
			return
		case <-late:
			w.t.Errorf("%d bytes of the %s do not come", n, d)
			return
		}
	}
}

// took is what was carried in a direction.
func (w *wire) took(d direction) []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.carried[d])
}
