//go:build unix

package serve

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
)

func (r *reader) openRaw(conn *net.TCPConn) {
	if raw, err := conn.SyscallConn(); err == nil {
		r.raw, r.try = raw, r.tryRead
	}
}

// readRaw reads in the callback that the runtime calls when there is something
// to read: only then is there a buffer.
func (r *reader) readRaw() ([]byte, error) {
	err := r.raw.Read(r.try)
	if errors.Is(err, os.ErrDeadlineExceeded) && r.limit() { // that was the one of something before
		err = r.raw.Read(r.try)
	}
	switch {
	case err != nil: // a deadline, or closed
		return nil, err
	case r.err != nil:
		r.done()
		return nil, r.err
	case r.n == 0:
		r.done()
		return nil, io.EOF
	}
	return (*r.buffer)[:r.n], nil
}

// tryRead reads once; false waits.
func (r *reader) tryRead(fd uintptr) bool {
	r.buffer = reads.Get().(*[]byte)
	for {
		r.n, r.err = syscall.Read(int(fd), *r.buffer)
		switch r.err {
		case syscall.EINTR:
			continue
		case syscall.EAGAIN:
			r.done()
			r.limit()
			return false
		}
		return true
	}
}

// isTemporary tells errors of accept that pass.
func isTemporary(err error) bool {
	return isAny(err, syscall.EMFILE, syscall.ENFILE, syscall.ECONNABORTED, syscall.ENOBUFS, syscall.ENOMEM, syscall.EINTR)
}
