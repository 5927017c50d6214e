package main

import (
	"errors"
	"io"
	"os"
	"sync"
	"time"
)

// servedEnd is the server's end while internal/serve has it. It is told what the
// client sends, so that it knows when the server has said all that it will say:
// when everything was read and it reads again.
type servedEnd struct {
	halfConn
	mu      sync.Mutex
	changed *sync.Cond
	coming  int           // bytes that the client has sent or is about to
	read    int           // of them
	crossed []servedBytes // and not shown yet
	waits   bool          // it reads
	shut    bool          // it will write nothing more
	over    bool          // the client has ended what it sends
}

// servedBytes are of one read or write.
type servedBytes struct {
	received bool // by the server
	bytes    []byte
}

func newServedEnd(conn halfConn) *servedEnd {
	e := &servedEnd{halfConn: conn}
	e.changed = sync.NewCond(&e.mu)
	return e
}

func (e *servedEnd) change(do func()) {
	e.mu.Lock()
	do()
	e.changed.Broadcast()
	e.mu.Unlock()
}

// expect says that the client is about to send n bytes.
func (e *servedEnd) expect(n int) { e.change(func() { e.coming += n }) }

// expectEnd says that the client is about to end what it sends.
func (e *servedEnd) expectEnd() { e.change(func() { e.over = true }) }

// Read implements net.Conn.
func (e *servedEnd) Read(p []byte) (int, error) {
	e.change(func() { e.waits = true })
	n, err := e.halfConn.Read(p)
	e.change(func() {
		e.read += n
		e.keep(true, p[:n])
		e.waits = false
		e.shut = e.shut || err != nil && !errors.Is(err, os.ErrDeadlineExceeded) && err != io.EOF
	})
	return n, err
}

// Write implements net.Conn. What is written is told before, since the client may
// have to read for it to go out.
func (e *servedEnd) Write(p []byte) (int, error) {
	e.change(func() { e.keep(false, p) })
	return e.halfConn.Write(p)
}

func (e *servedEnd) keep(received bool, p []byte) {
	if len(p) > 0 {
		e.crossed = append(e.crossed, servedBytes{received, append([]byte(nil), p...)})
	}
}

// CloseWrite ends what is sent.
func (e *servedEnd) CloseWrite() error {
	err := e.halfConn.CloseWrite()
	e.change(func() { e.shut = true })
	return err
}

// Close implements net.Conn.
func (e *servedEnd) Close() error {
	err := e.halfConn.Close()
	e.change(func() { e.shut = true })
	return err
}

// progress is what next has waited for.
type progress struct {
	crossed servedBytes // empty: none of it
	shut    bool        // the server has ended what it sends
	silent  bool        // nothing happened for a time
}

// next waits for what crossed next. The zero progress says that nothing more
// will, before the client sends again. limit is how long nothing may happen, 0
// for ever.
func (e *servedEnd) next(limit time.Duration) progress {
	e.mu.Lock()
	defer e.mu.Unlock()
	silent := false
	if limit > 0 {
		timer := time.AfterFunc(limit, func() { e.change(func() { silent = true }) })
		defer timer.Stop()
	}
	for len(e.crossed) == 0 && !e.shut && !silent && !(e.waits && e.read == e.coming && !e.over) {
		e.changed.Wait()
	}
	if len(e.crossed) == 0 {
		return progress{shut: e.shut, silent: silent && !e.shut}
	}
	crossed := e.crossed[0]
	e.crossed = e.crossed[1:]
	return progress{crossed: crossed}
}
