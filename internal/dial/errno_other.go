//go:build !windows

package dial

import "syscall"

var errnoReasons = map[syscall.Errno]reason{
	syscall.ECONNREFUSED:  refused,
	syscall.ETIMEDOUT:     silent,
	syscall.EHOSTUNREACH:  unreachable,
	syscall.EHOSTDOWN:     unreachable,
	syscall.ENETUNREACH:   noNetwork,
	syscall.ENETDOWN:      noNetwork,
	syscall.EADDRNOTAVAIL: badSource,
	syscall.EADDRINUSE:    inUse,
	syscall.EACCES:        denied,
	syscall.EPERM:         denied,
	syscall.ECONNRESET:    reset,
	syscall.ECONNABORTED:  reset,
	syscall.EPIPE:         noPeer,
	syscall.ENOTSOCK:      notSocket,
	syscall.EPROTOTYPE:    notSocket,
	syscall.EINVAL:        invalid,
}

// pathReasons are what these mean where the address is a path.
var pathReasons = map[syscall.Errno]reason{
	syscall.ENOENT:       noSocket,
	syscall.ENOTDIR:      noSocket,
	syscall.EINVAL:       tooLong,
	syscall.ENAMETOOLONG: tooLong,
	syscall.EAGAIN:       queueFull,
}
