package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// fakeConn is a connection of which only Close is used.
type fakeConn struct {
	Conn
	address string
	closed  bool
}

func (c *fakeConn) Close() error { c.closed = true; return nil }

// fakeNet answers look-ups and attempts by a plan: an address not in the plan
// never answers.
type fakeNet struct {
	found []string
	plan  map[string]answer
	start time.Time

	mu    sync.Mutex
	log   []string    // "address at time since the start"
	conns []*fakeConn // every one opened
	open  int         // attempts running
	most  int         // most attempts running at once
}

type answer struct {
	after time.Duration
	err   error
	deaf  bool // takes its time even when cancelled
}

func newFakeNet(plan map[string]answer, found ...string) *fakeNet {
	return &fakeNet{found: found, plan: plan, start: time.Now()}
}

func (f *fakeNet) dialer() dialer { return dialer{f.lookup, f.connect} }

func (f *fakeNet) lookup(context.Context, string) ([]netip.Addr, error) {
	var found []netip.Addr
	for _, a := range f.found {
		found = append(found, netip.MustParseAddr(a))
	}
	return found, nil
}

func (f *fakeNet) connect(ctx context.Context, network, address string, _ netip.AddrPort) (Conn, error) {
	f.begin(address)
	defer f.end()
	a, ok := f.plan[address]
	if !ok {
		a.after = time.Hour
	}
	timer := time.NewTimer(a.after)
	defer timer.Stop()
	done := ctx.Done()
	if a.deaf {
		done = nil
	}
	select {
	case <-timer.C:
	case <-done:
		return nil, &net.OpError{Op: "dial", Err: ctx.Err()}
	}
	if a.err != nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", a.err)}
	}
	c := &fakeConn{address: address}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.conns = append(f.conns, c)
	return c, nil
}

func (f *fakeNet) begin(address string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.log = append(f.log, fmt.Sprintf("%s at %v", address, time.Since(f.start)))
	f.open++
	f.most = max(f.most, f.open)
}

func (f *fakeNet) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open--
}

var host = Address{Host: "name.test", Port: "80"}

func TestAttemptsStartStaggeredAndInterleaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeNet(map[string]answer{"[2001:db8::2]:80": {after: 50 * time.Millisecond}},
			"192.0.2.1", "192.0.2.2", "192.0.2.1", "2001:db8::1", "2001:db8::2")
		conn, err := f.dialer().dial(t.Context(), host, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := conn.(*fakeConn).address; got != "[2001:db8::2]:80" {
			t.Errorf("connected to %s", got)
		}
		want := []string{"[2001:db8::1]:80 at 0s", "192.0.2.1:80 at 300ms", "[2001:db8::2]:80 at 600ms"}
		if !reflect.DeepEqual(f.log, want) {
			t.Errorf("attempts %q, want %q", f.log, want)
		}
		if took := time.Since(f.start); f.open != 0 || took != 650*time.Millisecond {
			t.Errorf("%d attempts still run after dial returned, after %v; the losers were to be stopped", f.open, took)
		}
	})
}

func TestAFailedAttemptStartsTheNextAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeNet(map[string]answer{
			"[2001:db8::1]:80": {after: 10 * time.Millisecond, err: errRefused},
			"[2001:db8::2]:80": {after: 20 * time.Millisecond, err: errRefused},
			"192.0.2.2:80":     {after: 20 * time.Millisecond},
		}, "2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2")
		if _, err := f.dialer().dial(t.Context(), host, Options{}); err != nil {
			t.Fatal(err)
		}
		want := []string{"[2001:db8::1]:80 at 0s", "192.0.2.1:80 at 10ms", "[2001:db8::2]:80 at 310ms", "192.0.2.2:80 at 330ms"}
		if !reflect.DeepEqual(f.log, want) {
			t.Errorf("attempts %q, want %q", f.log, want)
		}
	})
}

func TestALoserThatConnectsTooIsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeNet(map[string]answer{
			"[2001:db8::1]:80": {after: 500 * time.Millisecond, deaf: true},
			"192.0.2.1:80":     {after: 100 * time.Millisecond},
		}, "2001:db8::1", "192.0.2.1")
		conn, err := f.dialer().dial(t.Context(), host, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(f.conns) != 2 {
			t.Fatalf("%d connections were made, want 2", len(f.conns))
		}
		for _, c := range f.conns {
			if won := Conn(c) == conn; c.closed == won {
				t.Errorf("%s: closed %v, won %v", c.address, c.closed, won)
			}
		}
	})
}

func TestAllFailuresAreNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeNet(map[string]answer{
			"[::1]:8080":     {err: errRefused},
			"127.0.0.1:8080": {err: errUnreachable},
		}, "127.0.0.1", "::1")
		_, err := f.dialer().dial(t.Context(), Address{Host: "localhost", Port: "8080"}, Options{})
		checkError(t, err, "cannot connect to localhost:8080: [::1]:8080: connection refused; 127.0.0.1:8080: host unreachable",
			"nothing listens there; start a server first, for instance: rawhttp listen 8080")
		if !errors.Is(err, errUnreachable) || !errors.Is(err, errRefused) {
			t.Error("the causes are not in the error's tree")
		}
	})
}

func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeNet(map[string]answer{"[2001:db8::1]:80": {err: errRefused}}, "192.0.2.1", "2001:db8::1")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := f.dialer().dial(ctx, host, Options{})
		checkError(t, err, "cannot connect to name.test:80: [2001:db8::1]:80: connection refused; 192.0.2.1:80: timed out",
			"the host is up but nothing listens on that port")
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Error("errors.Is(err, context.DeadlineExceeded) does not hold")
		}
	})
}

func TestDeadlineWithWordsOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("no answer within 1 s")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, cause)
		defer cancel()
		_, err := newFakeNet(nil).dialer().dial(ctx, Address{Host: "192.0.2.1", Port: "80"}, Options{})
		checkError(t, err, "cannot connect to 192.0.2.1:80: no answer within 1 s",
			"the host is down, or a firewall drops the packets; --connect-timeout gives it longer")
		if !errors.Is(err, cause) || !errors.Is(err, context.DeadlineExceeded) {
			t.Error("cause or deadline is not in the error's tree")
		}
	})
}

func TestCancelEndsTheAttemptsAndStartsNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeNet(nil, "192.0.2.1", "192.0.2.2", "192.0.2.3")
		interrupted := errors.New("interrupted")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(350*time.Millisecond, func() { cancel(interrupted) })
		_, err := f.dialer().dial(ctx, host, Options{})
		if !errors.Is(err, context.Canceled) || !errors.Is(err, interrupted) {
			t.Errorf("error %v: context.Canceled or the cause is not in it", err)
		}
		if !strings.Contains(err.Error(), "192.0.2.2:80: interrupted") {
			t.Errorf("error %q does not give the cause", err)
		}
		if len(f.log) != 2 || f.open != 0 {
			t.Errorf("attempts %q, %d of them running; want 2, none running", f.log, f.open)
		}
	})
}

func TestASourcePortIsUsedOnceAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeNet(map[string]answer{
			"192.0.2.1:80": {after: time.Second, err: errRefused},
			"192.0.2.2:80": {after: time.Second},
		}, "2001:db8::1", "192.0.2.1", "192.0.2.2")
		if _, err := f.dialer().dial(t.Context(), host, Options{Source: "192.0.2.9:4000"}); err != nil {
			t.Fatal(err)
		}
		want := []string{"192.0.2.1:80 at 0s", "192.0.2.2:80 at 1s"}
		if !reflect.DeepEqual(f.log, want) || f.most != 1 {
			t.Errorf("attempts %q, up to %d at once; want %q, one at a time", f.log, f.most, want)
		}
	})
}

// checkError wants an *Error whose text and hint begin as given.
func checkError(t *testing.T, err error, text, hint string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v (%T), want an *Error", err, err)
	}
	if !strings.HasPrefix(e.Error(), text) {
		t.Errorf("error %q, want %q", e, text)
	}
	if !strings.Contains(e.Hint(), hint) || e.Hint() == "" {
		t.Errorf("hint %q, want %q", e.Hint(), hint)
	}
}

// errnoFor gives this system's number for a reason.
func errnoFor(r reason) syscall.Errno {
	for errno, is := range errnoReasons {
		if is == r {
			return errno
		}
	}
	panic("no errno for the reason")
}
