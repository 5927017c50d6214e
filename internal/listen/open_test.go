package listen

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// mustOpen opens a word as an address, and closes it when the test ends.
func mustOpen(t *testing.T, word string, o Options) *Listener {
	t.Helper()
	if o.MaxWaiting == 0 {
		o.MaxWaiting = plenty
	}
	l, err := open(t, word, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func open(t *testing.T, word string, o Options) (*Listener, error) {
	t.Helper()
	a, err := ParseAddress(word)
	if err != nil {
		t.Fatal(err)
	}
	return Open(t.Context(), a, o)
}

func dial(t *testing.T, network, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// needIPv6 skips a test on a machine without ::1.
func needIPv6(t *testing.T) {
	t.Helper()
	socket, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Skip("no ::1 on this machine")
	}
	socket.Close()
}

func TestBothLoopbacksOnOnePort(t *testing.T) {
	needIPv6(t)
	l := mustOpen(t, "0", Options{})
	port := strconv.Itoa(l.Port())
	want := []string{"127.0.0.1:" + port, "[::1]:" + port}
	if !slices.Equal(l.Addresses(), want) || port == "0" || len(l.Notes()) != 0 || !l.LoopbackOnly() {
		t.Fatalf("%v, port %s, notes %v, loopback only %v", l.Addresses(), port, l.Notes(), l.LoopbackOnly())
	}
	for i, address := range want {
		client := dial(t, "tcp", address)
		write(t, client, "x")
		conn := mustNext(t, l, i+1)
		if conn.Remote != client.LocalAddr().String() {
			t.Errorf("remote is %s, want %s", conn.Remote, client.LocalAddr())
		}
	}
}

func TestFamily(t *testing.T) {
	needIPv6(t)
	for family, want := range map[int]string{4: "127.0.0.1:", 6: "[::1]:"} {
		l := mustOpen(t, "0", Options{Family: family})
		if got := l.Addresses(); len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("-%d listens on %v", family, got)
		}
	}
	_, err := open(t, "127.0.0.1:0", Options{Family: 6})
	if err == nil || err.Error() != "127.0.0.1 has no IPv6 address" || hintOf(err) != "leave out -6" {
		t.Errorf("%v; %s", err, hintOf(err))
	}
}

func TestAllInterfaces(t *testing.T) {
	l := mustOpen(t, ":0", Options{})
	if len(l.Addresses()) != 1 || l.LoopbackOnly() {
		t.Fatalf("%v, loopback only %v", l.Addresses(), l.LoopbackOnly())
	}
	write(t, dial(t, "tcp", fmt.Sprintf("127.0.0.1:%d", l.Port())), "x")
	if conn := mustNext(t, l, 1); !strings.HasPrefix(conn.Remote, "127.0.0.1:") {
		t.Errorf("remote is %s", conn.Remote)
	}
}

func TestPortInUseIsNamed(t *testing.T) {
	needIPv6(t)
	for _, held := range []string{"127.0.0.1", "::1"} {
		holder, err := net.Listen("tcp", net.JoinHostPort(held, "0"))
		if err != nil {
			t.Fatal(err)
		}
		defer holder.Close()
		port := strconv.Itoa(portOf(holder))
		_, err = open(t, port, Options{})
		var e *Error
		if !errors.As(err, &e) || err.Error() != holder.Addr().String()+" is already in use" {
			t.Fatalf("error is %v", err)
		}
		if hint := e.Hint(); !strings.Contains(hint, port) || !strings.Contains(hint, "0 picks a free port") || strings.Contains(hint, "rawhttp listen") {
			t.Errorf("hint is %q", hint)
		}
		// The half that could be opened is closed again.
		other := map[string]string{"127.0.0.1": "::1", "::1": "127.0.0.1"}[held]
		free, err := net.Listen("tcp", net.JoinHostPort(other, port))
		if err != nil {
			t.Fatal(err)
		}
		free.Close()
	}
}

func TestAddressOfAnotherMachine(t *testing.T) {
	_, err := open(t, "203.0.113.7:8080", Options{})
	if err == nil || err.Error() != "203.0.113.7 is not an address of this machine" || !strings.Contains(hintOf(err), ":8080") {
		t.Errorf("%v; %s", err, hintOf(err))
	}
}

func TestPortIsFreeAfterStop(t *testing.T) {
	l := mustOpen(t, "127.0.0.1:0", Options{})
	write(t, dial(t, "tcp", l.Addresses()[0]), "x")
	mustNext(t, l, 1) // and stays open
	l.StopAccepting()
	mustOpen(t, l.Addresses()[0], Options{})
}

// system stands in for the system: which addresses fail, and how often.
type system struct {
	fail  map[string][]error // by network
	asked []string
}

func (s *system) listen(ctx context.Context, network, address string) (net.Listener, error) {
	s.asked = append(s.asked, network+" "+address)
	if errs := s.fail[network]; len(errs) > 0 {
		s.fail[network] = errs[1:]
		if errs[0] != nil {
			return nil, &net.OpError{Op: "listen", Net: network, Err: errs[0]}
		}
	}
	return newMemoryListener(), nil
}

func (s *system) lookup(context.Context, string, string) ([]netip.Addr, error) {
	ips := []netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("::ffff:10.0.0.1"), netip.MustParseAddr("2001:db8::1")}
	return ips, nil
}

func (s *system) open(t *testing.T, word string, o Options) (*Listener, error) {
	a, err := ParseAddress(word)
	if err != nil {
		t.Fatal(err)
	}
	l, err := opener{s.listen, s.lookup}.open(t.Context(), a, o)
	if err == nil {
		t.Cleanup(func() { l.Close() })
	}
	return l, err
}

func TestMachineWithoutIPv6(t *testing.T) {
	for _, errno := range []error{syscall.EADDRNOTAVAIL, syscall.EAFNOSUPPORT} {
		s := &system{fail: map[string][]error{"tcp6": {errno, errno}}}
		l, err := s.open(t, "8080", Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(l.Notes(), []string{"no IPv6 on this machine: listening on 127.0.0.1 alone"}) || len(l.Addresses()) != 1 {
			t.Errorf("notes %q, addresses %v", l.Notes(), l.Addresses())
		}
		if _, err := s.open(t, "8080", Options{Family: 6}); err == nil {
			t.Error("-6 listens without IPv6")
		}
	}
}

func TestFreePortIsTriedAgain(t *testing.T) {
	s := &system{fail: map[string][]error{"tcp6": {syscall.EADDRINUSE, syscall.EADDRINUSE, nil}}}
	if _, err := s.open(t, "0", Options{}); err != nil || len(s.asked) != 6 {
		t.Errorf("%v after %v", err, s.asked)
	}
	if s.asked[4] != "tcp4 127.0.0.1:0" || s.asked[5] != "tcp6 [::1]:8080" { // 8080 is what the first socket got
		t.Errorf("asked for %v", s.asked)
	}
	s = &system{fail: map[string][]error{"tcp6": slices.Repeat([]error{syscall.EADDRINUSE}, 1000)}}
	if _, err := s.open(t, "0", Options{}); err == nil || len(s.asked) != 2*portTries {
		t.Errorf("%v after %d", err, len(s.asked))
	}
	s = &system{fail: map[string][]error{"tcp6": {syscall.EADDRINUSE}}}
	if _, err := s.open(t, "8080", Options{}); err == nil || len(s.asked) != 2 {
		t.Errorf("%v after %v: a port that was asked for is tried once", err, s.asked)
	}
}

func TestAllAddressesOfAName(t *testing.T) {
	for family, want := range map[int][]string{
		0: {"tcp4 10.0.0.1:8080", "tcp6 [2001:db8::1]:8080"},
		4: {"tcp4 10.0.0.1:8080"},
		6: {"tcp6 [2001:db8::1]:8080"},
	} {
		s := &system{}
		if _, err := s.open(t, "box:8080", Options{Family: family}); err != nil || !slices.Equal(s.asked, want) {
			t.Errorf("family %d: %v, %v", family, s.asked, err)
		}
	}
}

func TestPlainWords(t *testing.T) {
	for _, c := range []struct {
		port, problem, hint string
		err                 error
	}{
		{"80", "no permission to listen on port 80", "use a port from 1024 on, for instance 8080", syscall.EACCES},
		{"8080", "no permission to listen on 127.0.0.1:8080", "0 picks a free port", syscall.EACCES},
		{"80", "127.0.0.1:80 is already in use", "80", syscall.EADDRINUSE},
		{"80", "cannot listen on 127.0.0.1:80: this machine has no IPv4", "loopback", syscall.EAFNOSUPPORT},
		{"80", "cannot listen on 127.0.0.1:80: input/output error", "", syscall.EIO},
	} {
		s := &system{fail: map[string][]error{"tcp4": {c.err}}}
		_, err := s.open(t, "127.0.0.1:"+c.port, Options{})
		if err == nil || err.Error() != c.problem || !strings.Contains(hintOf(err), c.hint) || !errors.Is(err, c.err) {
			t.Errorf("%v; %s", err, hintOf(err))
		}
	}
}

func TestNameIsNotFound(t *testing.T) {
	lookup := func(context.Context, string, string) ([]netip.Addr, error) {
		return nil, &net.DNSError{Err: "no such host", Name: "nowhere", IsNotFound: true}
	}
	_, err := opener{(&system{}).listen, lookup}.open(t.Context(), Address{Host: "nowhere", Port: "8080"}, Options{})
	if err == nil || err.Error() != "no address found for nowhere" {
		t.Errorf("error is %v", err)
	}
}
