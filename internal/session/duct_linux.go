package session

import (
	"errors"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// ductSize is how much a duct is asked to hold; the kernel may allow less.
const ductSize = 1 << 20

// duct is a pipe of the kernel's in the place of a buffer: bytes go from a
// connection into it and from it into a file, or the other way, and this program
// never has them. The zero duct is opened when it is used.
type duct struct {
	conn    *net.TCPConn
	raw     syscall.RawConn
	in, out int // file descriptors
	size    int64
	widened bool // the file at the other end, if that is a pipe
	useless bool // bytes are read and written

	file    *os.File // the one poured into last
	fileRaw syscall.RawConn
	// What splicing is given and leaves behind. Were these variables of functions, each
	// piece of a big body would leave garbage.
	want            int64
	flags           int
	filling, moving func(fd uintptr) bool
	moved           int64
	err             error
}

// open reports whether the kernel can move the bytes of conn by itself, as far as
// is known, and makes the duct ready.
func (d *duct) open(conn Conn) bool {
	if d.size > 0 || d.useless {
		return !d.useless
	}
	var ends [2]int
	var bare bool
	var err error
	if d.conn, bare = conn.(*net.TCPConn); bare {
		if d.raw, err = d.conn.SyscallConn(); err == nil {
			err = unix.Pipe2(ends[:], unix.O_CLOEXEC)
		}
	}
	if d.useless = !bare || err != nil; !d.useless {
		d.out, d.in = ends[0], ends[1]
		d.size = widen(d.in)
		d.filling, d.moving = d.fillOnce, d.moveAll
	}
	return !d.useless
}

func (d *duct) close() {
	if d.size > 0 {
		unix.Close(d.in)
		unix.Close(d.out)
	}
}

// widen lets a pipe hold ductSize, if it may, and returns what it holds; 0: it is
// no pipe.
func widen(pipe int) int64 {
	size, err := unix.FcntlInt(uintptr(pipe), unix.F_GETPIPE_SZ, 0)
	if err != nil {
		return 0
	}
	if size < ductSize {
		_, _ = unix.FcntlInt(uintptr(pipe), unix.F_SETPIPE_SZ, ductSize)
		size, _ = unix.FcntlInt(uintptr(pipe), unix.F_GETPIPE_SZ, 0)
	}
	return int64(size)
}

// widenOnce widens the file at the other end, if that is a pipe: who writes it and
// who reads it then wait for each other less often.
func (d *duct) widenOnce(file syscall.RawConn) {
	if !d.widened {
		d.widened = true
		_ = file.Control(func(fd uintptr) { widen(int(fd)) })
	}
}

// fill waits for bytes of the connection and takes up to most of them. 0 without
// an error says that an ordinary read is to find out why there are none. The duct
// must be empty.
func (d *duct) fill(most int64) (n int64, err error) {
	d.want, d.flags = min(most, d.size), 0
	closed := d.raw.Read(d.filling)
	switch {
	case closed != nil: // by this end
		return 0, nil
	case unsupported(d.err):
		d.useless = true
		return 0, nil
	case d.err != nil: // the kernel tells it once, so it is made what a read would have made of it
		return 0, d.failed("read", d.err)
	}
	return d.moved, nil
}

func (d *duct) fillOnce(fd uintptr) bool {
	d.moved, d.err = splice(int(fd), d.in, d.want, d.flags)
	return d.err != unix.EAGAIN
}

// fillFrom takes up to most bytes of a file, without waiting for a pipe. 0 says that
// an ordinary read is to find out why there are none. The duct must be empty.
func (d *duct) fillFrom(from *os.File, most int64) (n int64) {
	raw, err := from.SyscallConn()
	if err != nil {
		return 0
	}
	d.widenOnce(raw)
	d.want, d.flags, d.moved, d.err = min(most, d.size), unix.SPLICE_F_NONBLOCK, 0, nil
	_ = raw.Control(func(fd uintptr) { d.fillOnce(fd) })
	d.useless = unsupported(d.err)
	return d.moved
}

// unsupported reports whether the kernel does not splice there.
func unsupported(err error) bool { return err == unix.EINVAL || err == unix.ENOSYS }

// failed is the error that the connection returns for what the kernel says.
func (d *duct) failed(doing string, err error) error {
	return &net.OpError{
		Op: doing, Net: d.conn.LocalAddr().Network(), Source: d.conn.LocalAddr(), Addr: d.conn.RemoteAddr(),
		Err: os.NewSyscallError(doing, err),
	}
}

// pour has the duct's n bytes go to a file. What the kernel does not move, for
// whatever reason (a file opened for appending, a full disk, a closed pipe), is
// taken out and written, so that an error is what it is without a duct.
func (d *duct) pour(n int64, to *os.File) error {
	if d.file != to {
		d.file = to
		d.fileRaw, _ = to.SyscallConn()
	}
	if d.fileRaw != nil {
		d.widenOnce(d.fileRaw)
		n, _ = d.drain(n, d.fileRaw, 0)
	}
	if n == 0 {
		return nil
	}
	d.useless = true
	rest, err := d.take(n)
	if err == nil {
		_, err = to.Write(rest)
	}
	return err
}

// send has the duct's n bytes go to the connection, and returns how many went and
// what a write would have returned.
func (d *duct) send(n int64) (sent int64, err error) {
	left, err := d.drain(n, d.raw, unix.SPLICE_F_NONBLOCK)
	var number syscall.Errno
	switch {
	case left == 0:
		return n, nil
	case unsupported(err):
		d.useless = true
		rest, err := d.take(left)
		if err != nil {
			return n - left, err
		}
		written, err := d.conn.Write(rest)
		return n - left + int64(written), err
	case errors.As(err, &number):
		err = d.failed("write", number)
	}
	return n - left, err
}

// drain moves the duct's n bytes to where they go, waiting for room there, and
// returns how many it could not move, and why.
func (d *duct) drain(n int64, to syscall.RawConn, flags int) (left int64, err error) {
	d.want, d.flags, d.err = n, flags, nil
	if closed := to.Write(d.moving); closed != nil {
		d.err = closed
	}
	return d.want, d.err
}

func (d *duct) moveAll(fd uintptr) bool {
	for d.want > 0 {
		if d.moved, d.err = splice(d.out, int(fd), d.want, d.flags); d.moved == 0 {
			return d.err != unix.EAGAIN
		}
		d.want -= d.moved
	}
	return true
}

// take reads the n bytes that are in the duct.
func (d *duct) take(n int64) ([]byte, error) {
	all := make([]byte, n)
	for rest := all; len(rest) > 0; {
		taken, err := unix.Read(d.out, rest)
		if err != nil && err != unix.EINTR {
			return nil, os.NewSyscallError("read", err)
		}
		rest = rest[max(taken, 0):]
	}
	return all, nil
}

// splice moves up to n bytes; 0 without an error is the end.
func splice(from, to int, n int64, flags int) (int64, error) {
	for {
		moved, err := unix.Splice(from, nil, to, nil, int(n), flags)
		if err != unix.EINTR {
			return max(moved, 0), err
		}
	}
}
