package dial

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
)

// reason is what a failure means to the user. The systems have other numbers
// for it: see errno_windows.go and errno_other.go.
type reason int

const (
	unknown reason = iota
	stopped        // by the context
	deadline
	refused
	silent // the system itself gave up waiting
	unreachable
	noNetwork
	badSource
	inUse
	denied
	reset
	invalid   // the system cannot use the address
	noSocket  // the path of a Unix socket does not exist
	notSocket // the path is something else
	tooLong   // the path of a Unix socket
	queueFull
	noPeer // written to a connection that the peer has closed
)

var words = map[reason]string{
	stopped:     "cancelled",
	deadline:    "timed out",
	refused:     "connection refused",
	silent:      "timed out",
	unreachable: "host unreachable",
	noNetwork:   "network unreachable",
	badSource:   "address not available on this machine",
	inUse:       "address in use",
	denied:      "permission denied",
	reset:       "connection reset by the peer",
	invalid:     "the system does not accept the address",
	noSocket:    "no such socket",
	notSocket:   "it is not a stream socket",
	tooLong:     "the path is too long for a Unix socket, or not allowed for one",
	queueFull:   "the server's queue of waiting connections is full",
	noPeer:      "the connection is closed",
}

// socketFailure is a failure that means something else for a Unix socket's
// path than for an IP address.
type socketFailure struct {
	reason reason
	err    error
}

func (e *socketFailure) Error() string { return words[e.reason] }
func (e *socketFailure) Unwrap() error { return e.err }

// socketError looks at path to tell apart what connect reports alike: Linux
// refuses a connection to a plain file as it does to a socket nobody serves.
func socketError(path string, err error) error {
	var errno syscall.Errno
	if errors.As(err, &errno) && pathReasons[errno] != unknown {
		return &socketFailure{pathReasons[errno], err}
	}
	if strings.HasPrefix(path, "@") {
		return err // Linux's abstract sockets are no files
	}
	info, statErr := os.Stat(path)
	switch {
	case errors.Is(statErr, os.ErrNotExist):
		return &socketFailure{noSocket, err}
	case statErr == nil && (info.Mode().IsRegular() || info.IsDir()):
		return &socketFailure{notSocket, err}
	}
	return err
}

func reasonOf(err error) reason {
	var socket *socketFailure
	var errno syscall.Errno
	var timeout net.Error
	switch {
	case errors.As(err, &socket):
		return socket.reason
	case errors.As(err, &errno):
		return errnoReasons[errno]
	case errors.Is(err, context.Canceled):
		return stopped
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return deadline
	case errors.As(err, &timeout) && timeout.Timeout():
		return deadline
	case errors.Is(err, net.ErrClosed):
		return noPeer
	}
	return unknown
}

// Explain gives an error of a connection (connect, read, write) in plain
// words: without Go's operation names, addresses and numbers. err must not be
// nil.
func Explain(err error) string {
	if text, ok := words[reasonOf(err)]; ok && !isOurs(err) {
		return text
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "the peer closed the connection"
	}
	for {
		switch wrapped := err.(type) {
		case *net.OpError:
			err = wrapped.Err
		case *os.SyscallError:
			err = wrapped.Err
		default:
			return err.Error()
		}
	}
}

// isOurs says whether err already has this package's own words.
func isOurs(err error) bool {
	switch err.(type) {
	case *Error, *endError, *lookupError, *familyError, plainError:
		return true
	}
	return false
}
