//go:build unix && !linux

package main

// stopAlone does nothing: there is no call for it.
func stopAlone() bool { return false }
