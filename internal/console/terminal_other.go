//go:build !linux && !darwin && !windows

package console

func discard(int) {}

func background(int) bool { return false }
