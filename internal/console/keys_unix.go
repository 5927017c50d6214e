//go:build !windows

package console

// suspendKey is what Ctrl-Z is.
const suspendKey = KeySuspend
