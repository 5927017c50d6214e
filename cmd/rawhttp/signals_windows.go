package main

import "os"

// What a signal says of the terminal: on Windows none does.
const (
	terminalResized = iota + 1
	terminalContinued
)

var terminalSignals = map[os.Signal]int{}

// stop does nothing: Windows has no job control.
func stop() {}
