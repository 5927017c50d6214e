package main

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// stopAlone stops this program by a signal to the thread that calls, which does
// not return from the call before it goes on: then nothing of what comes next can
// be done while the shell has the terminal. It does nothing, and returns false,
// where the job may be more than this program.
func stopAlone() bool {
	if unix.Getpgrp() != unix.Getpid() {
		return false
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	return unix.Tgkill(unix.Getpid(), unix.Gettid(), unix.SIGTSTP) == nil
}
