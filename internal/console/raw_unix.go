//go:build unix

package console

import (
	"errors"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// suspendKey is what Ctrl-Z is.
const suspendKey = KeySuspend

// readRaw reads keys from the raw terminal in. It reads when there are some, and
// when they are not another program's: one that reads in the background is stopped,
// and again when it is made to go on, before it can look at the signal that was to
// end it.
func readRaw(in *os.File, p []byte) (int, error) {
	conn, err := in.SyscallConn()
	if err != nil {
		return 0, err
	}
	for {
		if err := conn.Read(awaitKeys); err != nil {
			return 0, err
		}
		if !Background(in) {
			return in.Read(p)
		}
		time.Sleep(backgroundTick)
	}
}

// backgroundTick is how long keys that are another program's are left alone.
const backgroundTick = 200 * time.Millisecond

// awaitKeys returns true when there are keys, or an error that reading has too.
func awaitKeys(fd uintptr) bool {
	const most = 1024 // files that select(2) knows of
	for fd < most {
		var readable unix.FdSet
		readable.Set(int(fd))
		if _, err := unix.Select(int(fd)+1, &readable, nil, nil, nil); !errors.Is(err, unix.EINTR) {
			return true
		}
	}
	return true
}

// raw puts the terminal in into raw mode and makes out understand control sequences.
// It fails, and leaves both as they were, where that cannot be, and in the background,
// where the terminal is another program's.
//
// restore puts both back. It may be called from any goroutine and more than once. In
// the background it does nothing: whoever has the terminal now has set it up, and
// touching it would stop this program, which may be about to end.
func raw(in, _ *os.File) (restore func(), err error) {
	fd := int(in.Fd())
	if background(fd) {
		return nil, errors.New("the terminal is in use by another program")
	}
	before, err := term.MakeRaw(fd)
	if err != nil {
		return nil, err
	}
	var (
		mu   sync.Mutex
		back bool
	)
	return func() {
		mu.Lock()
		defer mu.Unlock()
		if !back && !background(fd) {
			back = term.Restore(fd, before) == nil
		}
	}, nil
}
