package listen

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
)

// socketFile is the file of our Unix socket, remembered so that only our own is removed.
type socketFile struct {
	path string
	info fs.FileInfo
}

// bindPath listens on a Unix socket. A socket file that nobody answers on is what a killed program left behind, and is
// removed; anything else that is in the way stays.
func (op opener) bindPath(ctx context.Context, path string) (*Sockets, error) {
	note, err := clearPath(ctx, path)
	if err != nil {
		return nil, err
	}
	socket, listenErr := op.listen(ctx, "unix", path)
	if listenErr != nil {
		return nil, pathError(path, listenErr)
	}
	var notes []string
	if note != "" {
		notes = append(notes, note)
	}
	file := &socketFile{path: path}
	if unix, ok := socket.(*net.UnixListener); ok {
		unix.SetUnlinkOnClose(false) // it would also remove a file that another program has put there since
	}
	file.info, _ = os.Lstat(path)
	return newSockets([]net.Listener{socket}, notes, file), nil
}

// clearPath removes a stale socket file, with a note, and says why it cannot if something else is there.
func clearPath(ctx context.Context, path string) (note string, failure error) {
	info, err := os.Lstat(path)
	if err != nil {
		return "", nil // not there, or listen will say better what is wrong
	}
	if info.Mode().Type() != fs.ModeSocket {
		return "", &Error{Address: "unix:" + path, Problem: path + " exists and is not a socket",
			hint: "give another path; rawhttp never removes a file that is not a socket"}
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "unix", path)
	switch {
	case err == nil:
		conn.Close()
		return "", pathInUse(path, nil)
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case !isRefused(err):
		// Its owner may be busy, or somebody else: nothing that shows it to be stale.
		return "", pathInUse(path, err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", &Error{Address: "unix:" + path, Problem: "cannot remove the stale socket file " + path + ": " + reason(err), Err: err,
			hint: "give another path"}
	}
	return "replaced a stale socket file", nil
}

// remove takes the file away if it is still ours. It does nothing for an address without a file.
func (f *socketFile) remove() error {
	if f == nil || f.info == nil {
		return nil
	}
	now, err := os.Lstat(f.path)
	if err != nil || !os.SameFile(f.info, now) {
		return nil
	}
	return os.Remove(f.path)
}
