package main

import (
	"net"
	"time"

	"golang.org/x/sys/unix"
)

// delivered waits until the other end has everything that was written: a reset takes
// with it what has not gone yet.
func delivered(conn *net.TCPConn) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return
	}
	tick := time.NewTicker(100 * time.Microsecond)
	defer tick.Stop()
	for left, late := 1, time.Now().Add(patience); left > 0 && time.Now().Before(late); {
		if raw.Control(func(fd uintptr) { left, err = unix.IoctlGetInt(int(fd), unix.SIOCOUTQ) }) != nil || err != nil {
			return
		}
		if left > 0 {
			<-tick.C
		}
	}
}
