package listen

import (
	"errors"
	"syscall"
)

// The syscall package's own EADDRINUSE and so on are invented numbers that Windows never returns; these are Winsock's.
const (
	wsaAccess      = syscall.Errno(10013)
	wsaTooMany     = syscall.Errno(10024)
	wsaNoFamily    = syscall.Errno(10047)
	wsaInUse       = syscall.Errno(10048)
	wsaNotHere     = syscall.Errno(10049)
	wsaNoBuffers   = syscall.Errno(10055)
	wsaRefused     = syscall.Errno(10061)
	errorDirectory = syscall.Errno(267)
)

func isInUse(err error) bool { return errors.Is(err, wsaInUse) }
func isForbidden(err error) bool {
	return errors.Is(err, wsaAccess) || errors.Is(err, syscall.ERROR_ACCESS_DENIED)
}
func isNotHere(err error) bool      { return errors.Is(err, wsaNotHere) }
func isNoFamily(err error) bool     { return errors.Is(err, wsaNoFamily) }
func isRefused(err error) bool      { return errors.Is(err, wsaRefused) }
func isNotDirectory(err error) bool { return errors.Is(err, errorDirectory) }
func isTemporary(err error) bool    { return errors.Is(err, wsaTooMany) || errors.Is(err, wsaNoBuffers) }
