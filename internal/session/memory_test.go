package session

import (
	"bytes"
	"context"
	"io"
	"net"
	"slices"
	"sync"
	"syscall"
	"time"
)

// pipeHalf is one direction of an in-memory connection: what net.Pipe has not
// is that it can be half-closed.
type pipeHalf struct {
	mu     sync.Mutex
	change chan struct{}
	data   []byte
	err    error         // for the reader, once data is read
	broken error         // for the writer
	held   chan struct{} // while it takes nothing
}

// hold makes writes block until release.
func (p *pipeHalf) hold() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.held = make(chan struct{})
}

func (p *pipeHalf) release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.held)
	p.held = nil
}

func newPipeHalf() *pipeHalf { return &pipeHalf{change: make(chan struct{})} }

func (p *pipeHalf) signal() {
	close(p.change)
	p.change = make(chan struct{})
}

func (p *pipeHalf) read(b []byte, closed <-chan struct{}) (int, error) {
	for {
		p.mu.Lock()
		if len(p.data) > 0 {
			n := copy(b, p.data)
			p.data = p.data[n:]
			p.mu.Unlock()
			return n, nil
		}
		err, change := p.err, p.change
		p.mu.Unlock()
		if err != nil {
			return 0, err
		}
		select {
		case <-change:
		case <-closed:
			return 0, net.ErrClosed
		}
	}
}

func (p *pipeHalf) write(b []byte) (int, error) {
	p.mu.Lock()
	if held := p.held; held != nil {
		p.mu.Unlock()
		<-held
		p.mu.Lock()
	}
	defer p.mu.Unlock()
	if p.broken != nil {
		return 0, p.broken
	}
	p.data = append(p.data, b...)
	p.signal()
	return len(b), nil
}

func (p *pipeHalf) end(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.err = err
	}
	p.signal()
}

// memoryConn is one end of an in-memory connection.
type memoryConn struct {
	in, out *pipeHalf
	once    sync.Once
	closed  chan struct{}
}

func memoryPair() (ours, peer *memoryConn) {
	a, b := newPipeHalf(), newPipeHalf()
	return &memoryConn{in: a, out: b, closed: make(chan struct{})}, &memoryConn{in: b, out: a, closed: make(chan struct{})}
}

func (m *memoryConn) Read(b []byte) (int, error)  { return m.in.read(b, m.closed) }
func (m *memoryConn) Write(b []byte) (int, error) { return m.out.write(b) }
func (m *memoryConn) CloseWrite() error           { m.out.end(io.EOF); return nil }
func (m *memoryConn) Close() error {
	m.once.Do(func() {
		close(m.closed)
		m.out.end(io.EOF)
		m.in.mu.Lock()
		m.in.broken = syscall.EPIPE
		m.in.mu.Unlock()
	})
	return nil
}

// reset ends the connection for the other end with an error.
func (m *memoryConn) reset() { m.out.end(syscall.ECONNRESET) }

func (m *memoryConn) LocalAddr() net.Addr              { return &net.UnixAddr{} }
func (m *memoryConn) RemoteAddr() net.Addr             { return &net.UnixAddr{} }
func (m *memoryConn) SetDeadline(time.Time) error      { return nil }
func (m *memoryConn) SetReadDeadline(time.Time) error  { return nil }
func (m *memoryConn) SetWriteDeadline(time.Time) error { return nil }

// keyboard is an Input that a test types at.
type keyboard struct {
	pieces chan []byte
	end    chan struct{}
}

func newKeyboard() *keyboard {
	return &keyboard{pieces: make(chan []byte), end: make(chan struct{})}
}

func (k *keyboard) Next(ctx context.Context) ([]byte, error) {
	select {
	case p := <-k.pieces:
		return p, nil
	case <-k.end:
		return nil, io.EOF
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (k *keyboard) typeLine(s string) { k.pieces <- []byte(s) }

// piped is an Input of fixed pieces.
type piped struct {
	pieces []string
	err    error // instead of io.EOF
}

func (p *piped) Next(context.Context) ([]byte, error) {
	if len(p.pieces) == 0 {
		if p.err != nil {
			return nil, p.err
		}
		return nil, io.EOF
	}
	s := p.pieces[0]
	p.pieces = p.pieces[1:]
	return []byte(s), nil
}

// toy is an Observer of a protocol of one line a message: a line that begins
// with B announces a body of 3 bytes, one with D chunk data of 3 bytes whose
// line end is due, one with C closes, one with X is no HTTP.
type toy struct {
	mu     sync.Mutex
	role   Role
	log    bytes.Buffer // what the Observer was told, a line each
	state  State
	line   [2][]byte
	body   [2]int
	chunk  [2]bool
	fail   error
	pauses int
	events []Event
	quiet  []Silence
	// block is how long the next Pause takes. endSent counts EndSent.
	block   time.Duration
	endSent int
	ended   []Ending
}

func newToy(role Role) *toy {
	return &toy{role: role, state: State{Stand{TextLine: true, Framed: true}, Stand{TextLine: true, Framed: true}}}
}

func (y *toy) take(side int, s *Stand, p []byte) {
	s.Bytes = true
	for _, c := range p {
		if y.body[side] > 0 {
			y.body[side]--
			if y.body[side] == 0 {
				s.TextLine = true
				if s.AfterChunk = y.chunk[side]; !s.AfterChunk {
					y.complete(side, s)
				}
			}
			continue
		}
		y.line[side] = append(y.line[side], c)
		s.Middle = true
		if c != '\n' || !s.Framed {
			continue
		}
		y.endLine(side, s)
	}
}

func (y *toy) endLine(side int, s *Stand) {
	first := y.line[side][0]
	y.line[side] = nil
	if s.AfterChunk {
		s.AfterChunk = false
		y.complete(side, s)
		return
	}
	switch first {
	case 'T': // both streams are a tunnel's from here on
		s.Framed, s.Tunnel, y.state.Sent.Framed = false, true, false
		return
	case 'X':
		s.Framed = false
		return
	case '\r', '\n':
		s.Middle = false
		return
	case 'B', 'D':
		s.Begun++
		y.body[side], y.chunk[side], s.TextLine = 3, first == 'D', false
		return
	case 'C':
		s.Closes = true
	}
	s.Begun++
	y.complete(side, s)
}

func (y *toy) complete(side int, s *Stand) {
	s.Middle = false
	s.Complete++
	if (side == 0) == (y.role == Server) {
		s.Answered++
	}
}

func (y *toy) note(kind string, p []byte) {
	y.log.WriteString(kind + " " + string(p) + "\n")
}

func (y *toy) Sent(p []byte) (State, error) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.note("sent", p)
	y.take(0, &y.state.Sent, p)
	return y.state, y.fail
}

func (y *toy) Received(p []byte) (State, error) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.note("received", p)
	y.take(1, &y.state.Received, p)
	return y.state, y.fail
}

func (y *toy) EndSent() (State, error) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.endSent++
	if s := &y.state.Sent; y.endSent == 1 && s.Middle && s.Begun > 0 && s.Begun == s.Complete {
		s.Framed, s.Middle = false, false // what follows a complete request is none
	}
	return y.state, nil
}
func (y *toy) EndReceived(e Ending) (State, error) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.ended = append(y.ended, e)
	return y.state, nil
}
func (y *toy) Pause() error {
	y.mu.Lock()
	block := y.block
	y.block = 0
	y.mu.Unlock()
	<-time.After(block)
	y.mu.Lock()
	defer y.mu.Unlock()
	y.pauses++
	return nil
}
func (y *toy) paused() int {
	y.mu.Lock()
	defer y.mu.Unlock()
	return y.pauses
}
func (y *toy) Silence(s Silence) error {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.quiet = append(y.quiet, s)
	return y.fail
}
func (y *toy) silences() []Silence {
	y.mu.Lock()
	defer y.mu.Unlock()
	return slices.Clone(y.quiet)
}
func (y *toy) Event(e Event, _ error) error {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.events = append(y.events, e)
	return nil
}
