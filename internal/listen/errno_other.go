//go:build !windows

package listen

import (
	"errors"
	"syscall"
)

func isInUse(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }
func isForbidden(err error) bool {
	return errors.Is(err, syscall.EACCES) || errors.Is(err, syscall.EPERM)
}
func isNotHere(err error) bool      { return errors.Is(err, syscall.EADDRNOTAVAIL) }
func isNoFamily(err error) bool     { return errors.Is(err, syscall.EAFNOSUPPORT) }
func isRefused(err error) bool      { return errors.Is(err, syscall.ECONNREFUSED) }
func isNotDirectory(err error) bool { return errors.Is(err, syscall.ENOTDIR) }

// isTemporary tells the accept errors that pass when somebody closes a file: out of descriptors or of memory.
func isTemporary(err error) bool {
	for _, e := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}
