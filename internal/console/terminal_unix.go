//go:build linux || darwin

package console

import "golang.org/x/sys/unix"

func background(fd int) bool {
	foreground, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
	return err == nil && foreground != unix.Getpgrp()
}
