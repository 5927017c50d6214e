package dial

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"reflect"
	"strings"
	"testing"
)

func TestFamilyFilters(t *testing.T) {
	for family, want := range map[int][]string{
		0: {"::1", "192.0.2.1", "::2", "192.0.2.2"},
		4: {"192.0.2.1", "192.0.2.2"},
		6: {"::1", "::2"},
	} {
		var found []netip.Addr
		for _, a := range []string{"192.0.2.1", "::ffff:192.0.2.2", "::1", "::2", "::1"} {
			found = append(found, netip.MustParseAddr(a))
		}
		if got := interleave(found, family); !reflect.DeepEqual(got, want) {
			t.Errorf("family %d: %q, want %q", family, got, want)
		}
	}
}

func TestNoAddressOfTheFamily(t *testing.T) {
	f := newFakeNet(nil, "192.0.2.1")
	_, err := f.dialer().dial(t.Context(), host, Options{Family: 6})
	checkError(t, err, "cannot connect to name.test:80: the name name.test has no IPv6 address", "leave out -4, -6 and -s")
	_, err = f.dialer().dial(t.Context(), Address{Host: "::1", Port: "80"}, Options{Source: "127.0.0.1"})
	checkError(t, err, "cannot connect to [::1]:80: ::1 is not an IPv4 address", "leave out -4, -6 and -s")
	if len(f.log) != 0 {
		t.Errorf("attempts were made: %q", f.log)
	}
}

func TestLookupFailures(t *testing.T) {
	for _, c := range []struct {
		host, text, hint string
		err              error
	}{
		{"nmae.test", "the name nmae.test was not found", "check the spelling", &net.DNSError{IsNotFound: true}},
		{"bücher.test", "the name bücher.test was not found", "xn--", &net.DNSError{IsNotFound: true}},
		{"name.test", "the name server did not answer in time", "--connect-timeout", &net.DNSError{IsTimeout: true, Err: "read udp 1.2.3.4"}},
		{"name.test", "looking up the name name.test: server misbehaving", "online", &net.DNSError{Err: "server misbehaving"}},
	} {
		d := dialer{lookup: func(context.Context, string) ([]netip.Addr, error) { return nil, c.err }}
		_, err := d.dial(t.Context(), Address{Host: c.host, Port: "80"}, Options{})
		checkError(t, err, "cannot connect to "+c.host+":80: ", c.hint)
		if !strings.HasSuffix(err.Error(), c.text) {
			t.Errorf("error %q does not end in %q", err, c.text)
		}
	}
}

func TestLookupIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	interrupted := errors.New("interrupted")
	d := dialer{lookup: func(ctx context.Context, _ string) ([]netip.Addr, error) {
		cancel(interrupted)
		return nil, &net.DNSError{Err: "operation was canceled"}
	}}
	_, err := d.dial(ctx, host, Options{})
	if !errors.Is(err, context.Canceled) || !errors.Is(err, interrupted) {
		t.Errorf("error %v: context.Canceled or the cause is not in it", err)
	}
	if want := "cannot connect to name.test:80: looking up the name name.test: interrupted"; err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
}
