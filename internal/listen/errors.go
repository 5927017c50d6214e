package listen

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// ErrWoken is what Next returns when its wake channel became readable before a connection had the seat.
var ErrWoken = errors.New("woken before a connection had the seat")

// Error says why listening failed, at the start or later.
type Error struct {
	Address string // "127.0.0.1:8080", "unix:/x", or the name that was looked up
	Problem string // the whole sentence, in plain words
	Err     error  // the cause; may be nil
	hint    string
}

// Error says what is wrong, without advice.
func (e *Error) Error() string { return e.Problem }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Hint says what to do about it; it may be empty.
func (e *Error) Hint() string { return e.hint }

// tcpError puts a failed listen on a TCP address into plain words.
func tcpError(t target, port string, err error) *Error {
	address := t.address(port)
	e := &Error{Address: address, Err: err}
	number, _ := strconv.Atoi(port)
	switch {
	case isInUse(err):
		e.Problem = address + " is already in use"
		e.hint = whoHolds(port) + "; 0 picks a free port"
	case isForbidden(err) && number > 0 && number < 1024:
		e.Problem = "no permission to listen on port " + port
		e.hint = "use a port from 1024 on, for instance 8080"
	case isForbidden(err):
		e.Problem = "no permission to listen on " + address
		e.hint = "try another one; 0 picks a free port"
	case isNotHere(err):
		e.Problem = t.host + " is not an address of this machine"
		e.hint = notHereHint(port)
	case isNoFamily(err):
		e.Problem = fmt.Sprintf("cannot listen on %s: this machine has no %s", address, t.family())
		e.hint = port + " listens on the loopback addresses this machine has"
	default:
		e.Problem = "cannot listen on " + address + ": " + reason(err)
	}
	return e
}

// whoHolds gives the command that shows which process has a port.
func whoHolds(port string) string {
	switch runtime.GOOS {
	case "linux":
		return "`ss -ltnp 'sport = :" + port + "'` shows who holds it"
	case "windows":
		return "`netstat -ano | findstr :" + port + "` shows who holds it"
	}
	return "`lsof -nP -iTCP:" + port + " -sTCP:LISTEN` shows who holds it"
}

func notHereHint(port string) string {
	hint := port + " listens on this machine alone, :" + port + " on all interfaces"
	if others := OtherAddresses(); len(others) > 0 {
		hint = "this machine has " + strings.Join(others, ", ") + "; " + hint
	}
	return hint
}

// lookupError puts a failed look-up of a host name into plain words.
func lookupError(ctx context.Context, a Address, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	e := &Error{Address: a.Host, Err: err, hint: a.Port + " listens on this machine alone, :" + a.Port + " on all interfaces"}
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		e.Problem = "no address found for " + a.Host
	case errors.As(err, &dns):
		e.Problem = "cannot look up " + a.Host + ": " + dns.Err
	default:
		e.Problem = "cannot look up " + a.Host + ": " + err.Error()
	}
	return e
}

// pathError puts a failed listen on a Unix socket into plain words.
func pathError(path string, err error) *Error {
	e := &Error{Address: "unix:" + path, Err: err}
	directory := filepath.Dir(path)
	switch {
	case isInUse(err):
		return pathInUse(path, err)
	case errors.Is(err, fs.ErrNotExist) || isNotDirectory(err):
		e.Problem = "cannot listen on unix:" + path + ": there is no directory " + directory
		e.hint = "create it first, or give a path in a directory that exists"
	case isForbidden(err):
		e.Problem = "no permission to create a socket in " + directory
		e.hint = "give a path in a directory you may write to, for instance unix:/tmp/rawhttp.sock"
	default:
		e.Problem = "cannot listen on unix:" + path + ": " + reason(err)
	}
	return e
}

func pathInUse(path string, err error) *Error {
	who := "`lsof " + path + "` shows who holds it"
	if runtime.GOOS == "linux" {
		who = "`ss -lxp src " + path + "` shows who holds it"
	}
	return &Error{Address: "unix:" + path, Problem: "unix:" + path + " is already in use", Err: err,
		hint: who + "; or give another path"}
}

// reason strips what the net package puts before the system's own words ("listen tcp 1.2.3.4:80: bind: ").
func reason(err error) string {
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		err = inner
	}
	return err.Error()
}
