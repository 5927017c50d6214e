//go:build unix

package listen

import (
	"net"
	"syscall"
)

// wasReset tells, without taking a byte, whether the peer has reset the connection and nothing is left to read. A reset
// is sign enough that nobody waits for an answer; the end of the peer's bytes alone is not.
func wasReset(c net.Conn) bool {
	holder, ok := c.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := holder.SyscallConn()
	if err != nil {
		return false
	}
	reset := false
	err = raw.Control(func(descriptor uintptr) {
		var one [1]byte
		// Go's sockets do not block, so neither does this.
		_, _, err := syscall.Recvfrom(int(descriptor), one[:], syscall.MSG_PEEK)
		reset = err == syscall.ECONNRESET || err == syscall.EPIPE
	})
	return err == nil && reset
}
