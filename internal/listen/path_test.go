//go:build unix

package listen

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// socketPath gives a path that is short enough on every system.
func socketPath(t *testing.T) string {
	t.Helper()
	directory, err := os.MkdirTemp("", "rl")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(directory) })
	return filepath.Join(directory, "s")
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func TestUnixSocket(t *testing.T) {
	path := socketPath(t)
	l := mustOpen(t, "unix:"+path, Options{})
	if !slices.Equal(l.Addresses(), []string{"unix:" + path}) || l.Port() != 0 || !l.LoopbackOnly() || len(l.Notes()) != 0 {
		t.Fatalf("%v, port %d, notes %q", l.Addresses(), l.Port(), l.Notes())
	}
	client := dial(t, "unix", path)
	write(t, client, "hello")
	conn := mustNext(t, l, 1)
	readExactly(t, conn, "hello")
	if conn.Remote != "unix:"+path {
		t.Errorf("remote is %q", conn.Remote)
	}
	write(t, conn, "bye")
	if err := conn.CloseWrite(); err != nil {
		t.Error(err)
	}
	readAll(t, client, "bye")
	if err := l.Close(); err != nil || exists(path) {
		t.Errorf("closed with %v, file there: %v", err, exists(path))
	}
}

func TestStaleSocketFileIsReplaced(t *testing.T) {
	path := socketPath(t)
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false)
	dead.Close()
	l := mustOpen(t, "unix:"+path, Options{})
	if !slices.Equal(l.Notes(), []string{"replaced a stale socket file"}) {
		t.Errorf("notes are %q", l.Notes())
	}
	write(t, dial(t, "unix", path), "x")
	mustNext(t, l, 1)
}

func TestLiveSocketIsInUse(t *testing.T) {
	path := socketPath(t)
	live := mustOpen(t, "unix:"+path, Options{})
	_, err := open(t, "unix:"+path, Options{})
	var e *Error
	if !errors.As(err, &e) || err.Error() != "unix:"+path+" is already in use" || !strings.Contains(e.Hint(), path) {
		t.Errorf("%v; %s", err, hintOf(err))
	}
	dial(t, "unix", path) // it is still there
	live.Close()
}

// A socket of another type refuses streams in its own way, which does not make it stale.
func TestDatagramSocketIsInUse(t *testing.T) {
	path := socketPath(t)
	live, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	if _, err := open(t, "unix:"+path, Options{}); err == nil || !exists(path) {
		t.Errorf("error is %v, file there: %v", err, exists(path))
	}
}

func TestOtherFilesAreLeftAlone(t *testing.T) {
	path := socketPath(t)
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := path + "l"
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, link} {
		_, err := open(t, "unix:"+p, Options{})
		if err == nil || err.Error() != p+" exists and is not a socket" || hintOf(err) == "" {
			t.Errorf("%v; %s", err, hintOf(err))
		}
	}
	if text, _ := os.ReadFile(link); string(text) != "precious" {
		t.Errorf("the file is now %q", text)
	}
}

// A file that another program has put in the place of ours is not ours to remove.
func TestCloseRemovesOnlyItsOwnFile(t *testing.T) {
	path := socketPath(t)
	l := mustOpen(t, "unix:"+path, Options{})
	if err := os.Rename(path, path+"o"); err != nil {
		t.Fatal(err)
	}
	mustOpen(t, "unix:"+path, Options{})
	l.Close()
	if !exists(path) {
		t.Error("the other's socket file is gone")
	}
}

func TestDirectoryIsMissing(t *testing.T) {
	path := filepath.Join(socketPath(t), "s")
	_, err := open(t, "unix:"+path, Options{})
	if err == nil || !strings.HasSuffix(err.Error(), "there is no directory "+filepath.Dir(path)) || hintOf(err) == "" {
		t.Errorf("%v; %s", err, hintOf(err))
	}
}

// TestListenersRemoveTheFile: who accepts on the sockets by himself may close a
// listener long before the Sockets, and nobody finds a dead file meanwhile.
func TestListenersRemoveTheFile(t *testing.T) {
	path := socketPath(t)
	a, err := ParseAddress("unix:" + path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Bind(t.Context(), a, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Listeners()[0].Close(); err != nil || exists(path) {
		t.Errorf("closed with %v, file there: %v", err, exists(path))
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
