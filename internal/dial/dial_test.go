package dial

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

var errRefused, errUnreachable = errnoFor(refused), errnoFor(unreachable)

// listenOnce listens on network and gives its first connection.
func listenOnce(t *testing.T, network, address string) (net.Listener, <-chan net.Conn) {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Skipf("cannot listen on %s: %v", address, err)
	}
	t.Cleanup(func() { l.Close() })
	accepted := make(chan net.Conn, 1)
	go func() {
		conn, err := l.Accept()
		if err == nil {
			accepted <- conn
		}
		close(accepted)
	}()
	return l, accepted
}

func addressOf(t *testing.T, l net.Listener) Address {
	t.Helper()
	a, err := ParseAddress(l.Addr().String(), "80")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestDialConnectsAndHalfCloses(t *testing.T) {
	for _, loopback := range []string{"127.0.0.1:0", "[::1]:0"} {
		l, accepted := listenOnce(t, "tcp", loopback)
		conn, err := Dial(t.Context(), addressOf(t, l), Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		halfCloseBothWays(t, conn, <-accepted)
	}
}

func halfCloseBothWays(t *testing.T, conn Conn, peer net.Conn) {
	t.Helper()
	defer peer.Close()
	io.WriteString(conn, "question")
	if err := conn.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(peer); err != nil || string(got) != "question" {
		t.Errorf("the peer read %q, %v", got, err)
	}
	io.WriteString(peer, "answer")
	peer.Close()
	if got, err := io.ReadAll(conn); err != nil || string(got) != "answer" {
		t.Errorf("read %q, %v", got, err)
	}
}

// shortDir is a directory whose path leaves room for a socket's name, which
// t.TempDir's does not on macOS.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "d")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func TestDialUnix(t *testing.T) {
	path := filepath.Join(shortDir(t), "s")
	l, accepted := listenOnce(t, "unix", path)
	defer l.Close()
	conn, err := Dial(t.Context(), Address{Path: path}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	halfCloseBothWays(t, conn, <-accepted)
}

func TestDialUnixFailures(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("other words on Windows")
	}
	dir := shortDir(t)
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	deserted := filepath.Join(dir, "deserted")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: deserted, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
	for _, c := range []struct{ path, text, hint string }{
		{filepath.Join(dir, "missing"), "no such socket", "rawhttp listen unix:" + dir},
		{filepath.Join(file, "below"), "no such socket", "check the path"},
		{file, "it is not a stream socket", "the socket that the server made"},
		{dir, "it is not a stream socket", "the socket that the server made"},
		{deserted, "connection refused", "nothing listens on it"},
		{filepath.Join(dir, strings.Repeat("x", 200)), "the path is too long", "107 bytes"},
	} {
		_, err := Dial(t.Context(), Address{Path: c.path}, Options{})
		checkError(t, err, "cannot connect to unix:"+c.path+": "+c.text, c.hint)
	}
	_, err = Dial(t.Context(), Address{Path: deserted}, Options{Source: "127.0.0.1"})
	if err == nil || !strings.Contains(err.Error(), "no source address") {
		t.Errorf("a source address for a Unix socket: %v", err)
	}
}

func TestPermissionDenied(t *testing.T) {
	d := dialer{connect: func(context.Context, string, string, netip.AddrPort) (Conn, error) {
		return nil, os.NewSyscallError("connect", errnoFor(denied))
	}}
	_, err := d.dial(t.Context(), Address{Path: "/"}, Options{})
	if err == nil {
		t.Fatal("no error")
	}
	_, err = d.dial(t.Context(), Address{Path: "@abstract"}, Options{})
	checkError(t, err, "cannot connect to unix:@abstract: permission denied", "write permission for the socket")
	_, err = d.dial(t.Context(), Address{Host: "192.0.2.1", Port: "80"}, Options{})
	checkError(t, err, "cannot connect to 192.0.2.1:80: permission denied", "firewall or sandbox")
}

func TestRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	a := addressOf(t, l)
	l.Close()
	_, err = Dial(t.Context(), a, Options{})
	checkError(t, err, "cannot connect to "+a.String()+": connection refused", "rawhttp listen "+a.Port)
}

func TestSourceAddressIsUsed(t *testing.T) {
	l, accepted := listenOnce(t, "tcp", "127.0.0.1:0")
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	source := free.Addr().String()
	_, err = Dial(t.Context(), addressOf(t, l), Options{Source: source})
	checkError(t, err, "cannot connect to "+l.Addr().String()+": the source port ", "leave out the port of -s")
	free.Close()
	conn, err := Dial(t.Context(), addressOf(t, l), Options{Source: source})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	peer := <-accepted
	defer peer.Close()
	if got := peer.RemoteAddr().String(); got != source {
		t.Errorf("connected from %s, want %s", got, source)
	}
}

func TestSourceOfAnotherMachine(t *testing.T) {
	l, _ := listenOnce(t, "tcp", "127.0.0.1:0")
	_, err := Dial(t.Context(), addressOf(t, l), Options{Source: "203.0.113.7"})
	checkError(t, err, "cannot connect to "+l.Addr().String()+": this machine does not have the source address 203.0.113.7", "-s takes")
}

func TestBadOptionsAreFoundBeforeTheLookup(t *testing.T) {
	d := dialer{lookup: func(context.Context, string) ([]netip.Addr, error) {
		t.Error("a name was looked up")
		return nil, errors.New("no")
	}}
	for _, o := range []Options{{Family: 5}, {Source: "here"}} {
		if _, err := d.dial(t.Context(), host, o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}

func TestCancelledBeforeTheStart(t *testing.T) {
	l, _ := listenOnce(t, "tcp", "127.0.0.1:0")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Dial(ctx, addressOf(t, l), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v is not context.Canceled", err)
	}
}

func TestExplain(t *testing.T) {
	for want, err := range map[string]error{
		"connection reset by the peer":   &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", errnoFor(reset))},
		"the connection is closed":       &net.OpError{Op: "read", Err: net.ErrClosed},
		"the peer closed the connection": io.EOF,
		"something else":                 &net.OpError{Op: "read", Err: os.NewSyscallError("read", errors.New("something else"))},
		"timed out":                      &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded},
	} {
		if got := Explain(err); !strings.HasSuffix(got, want) || strings.Contains(got, "read") && want != "something else" {
			t.Errorf("Explain(%v) = %q, want %q", err, got, want)
		}
	}
}
