package console

import "golang.org/x/sys/unix"

// fread is FREAD of sys/fcntl.h: flush what was received.
const fread = 1

func discard(fd int) { _ = unix.IoctlSetPointerInt(fd, unix.TIOCFLUSH, fread) }
