package serve

import (
	"net"
	"sync"
	"syscall"
)

const (
	readSize = 16 << 10
	idleSize = 1 << 10
)

var reads = sync.Pool{New: func() any { b := make([]byte, readSize); return &b }}

// reader reads without holding a buffer while there is nothing to read, where the
// system lets it.
type reader struct {
	net    net.Conn
	raw    syscall.RawConn // nil where a buffer must be held
	buffer *[]byte         // being used
	first  []byte          // for the wait, where raw is nil
	n      int
	err    error
	try    func(fd uintptr) bool // made once: a closure a read would be garbage
	limit  func() bool           // called before it waits; reports whether it has set a deadline
}

func (r *reader) open(conn net.Conn) {
	r.net = conn
	if tcp, ok := conn.(*net.TCPConn); ok && r.raw == nil {
		r.openRaw(tcp)
	}
}

// read returns bytes that are there until done, and the error that came with or
// instead of them. idle says that they may be long in coming.
func (r *reader) read(idle bool) ([]byte, error) {
	if r.raw != nil {
		return r.readRaw()
	}
	r.limit()
	if idle {
		if r.first == nil {
			r.first = make([]byte, idleSize)
		}
		n, err := r.net.Read(r.first)
		return r.first[:n], err
	}
	r.buffer = reads.Get().(*[]byte)
	n, err := r.net.Read(*r.buffer)
	return (*r.buffer)[:n], err
}

// done gives the buffer back.
func (r *reader) done() {
	if r.buffer != nil {
		reads.Put(r.buffer)
		r.buffer = nil
	}
}
