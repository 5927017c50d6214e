package main

import (
	"io"
	"net"
	"syscall"
)

// discard reads n bytes that the kernel need not copy, so that what the sender
// takes is measured, and not what the receiver does.
func discard(c *net.TCPConn, n int64) error {
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	buffer := make([]byte, 1<<20)
	for n > 0 && err == nil {
		waited := raw.Read(func(fd uintptr) bool {
			var taken int
			taken, _, err = syscall.Recvfrom(int(fd), buffer[:min(n, int64(len(buffer)))], syscall.MSG_TRUNC)
			if err == nil && taken == 0 {
				err = io.ErrUnexpectedEOF
			}
			n -= int64(max(taken, 0))
			return err != syscall.EAGAIN
		})
		if waited != nil {
			err = waited
		}
	}
	return err
}
