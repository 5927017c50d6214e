//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// What a signal says of the terminal.
const (
	terminalResized = iota + 1
	terminalContinued
)

// terminalSignals are listened to while lines are edited. SIGTSTP is not: the
// runtime does not give up its handler again, and nothing could stop the program.
var terminalSignals = map[os.Signal]int{syscall.SIGWINCH: terminalResized, syscall.SIGCONT: terminalContinued}

// stop suspends this program and what else the shell takes for the same job, and
// returns when it goes on, or when nobody could make it go on.
func stop() {
	if !stopAlone() {
		stopGroup()
	}
}

// continuedWithin is how long the stop may take to be noticed; a process group
// that nobody could continue is not stopped at all.
const continuedWithin = 500 * time.Millisecond

// stopGroup stops all of the process group. Which thread takes the signal, and
// when, is not known, so the sign that it goes on is waited for.
func stopGroup() {
	continued := make(chan os.Signal, 1)
	signal.Notify(continued, syscall.SIGCONT)
	defer signal.Stop(continued)
	_ = syscall.Kill(0, syscall.SIGTSTP)
	select {
	case <-continued:
	case <-time.After(continuedWithin):
	}
}
