package dial

import "syscall"

// Windows's socket errors have numbers of their own (Winsock 2); package
// syscall's constants with the Unix names are never what a socket returns.
var errnoReasons = map[syscall.Errno]reason{
	10061:                       refused,     // WSAECONNREFUSED
	10060:                       silent,      // WSAETIMEDOUT
	10064:                       unreachable, // WSAEHOSTDOWN
	10065:                       unreachable, // WSAEHOSTUNREACH
	10050:                       noNetwork,   // WSAENETDOWN
	10051:                       noNetwork,   // WSAENETUNREACH
	10049:                       badSource,   // WSAEADDRNOTAVAIL
	10048:                       inUse,       // WSAEADDRINUSE
	10013:                       denied,      // WSAEACCES
	10054:                       reset,       // WSAECONNRESET
	10053:                       reset,       // WSAECONNABORTED
	10058:                       noPeer,      // WSAESHUTDOWN
	10038:                       notSocket,   // WSAENOTSOCK
	10022:                       invalid,     // WSAEINVAL
	syscall.ERROR_ACCESS_DENIED: denied,
}

// pathReasons are what these mean where the address is a path.
var pathReasons = map[syscall.Errno]reason{
	syscall.EINVAL:               tooLong, // from package syscall itself
	10022:                        tooLong, // WSAEINVAL
	syscall.ERROR_FILE_NOT_FOUND: noSocket,
	syscall.ERROR_PATH_NOT_FOUND: noSocket,
}
