//go:build !unix

package serve

import (
	"net"
	"syscall"
)

// openRaw does nothing: a buffer is held while nothing comes.
func (r *reader) openRaw(*net.TCPConn) {}

// readRaw is never called, as raw is nil.
func (r *reader) readRaw() ([]byte, error) { return nil, net.ErrClosed }

// isTemporary tells errors of accept that pass.
func isTemporary(err error) bool {
	return isAny(err, syscall.EMFILE, syscall.ENFILE, syscall.ECONNABORTED, syscall.ENOBUFS)
}
