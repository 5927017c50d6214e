// Package dial makes a TCP or Unix connection out of an address.
//
// It knows no TLS and prints nothing. The rules:
//   - Whatever can be found wrong with an address or an option is found
//     before a name is looked up.
//   - The addresses of a name take turns between the families, IPv6 first;
//     attempts start 300 ms apart, a failed one starts the next at once, the
//     first to connect wins and the others are closed (RFC 8305).
//   - When all fail, each is named with its own error, in plain words.
//   - The context covers the look-up and every attempt. When Dial returns,
//     nothing it started is running any more.
package dial

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// Conn is a connection that can be half-closed: CloseWrite tells the peer
// that nothing more will be sent, and reading goes on.
type Conn interface {
	net.Conn
	CloseWrite() error
}

// Options are the user's wishes for a connection. The zero value has none.
type Options struct {
	Family int    // 4 or 6: use only IPv4 or IPv6; 0: both
	Source string // source IP address, with or without a port; "": the system's choice
}

// Check finds what is wrong with the options before anything is connected.
// The error has a hint where there is advice.
func (o Options) Check() error {
	if o.Family != 0 && o.Family != 4 && o.Family != 6 {
		return fmt.Errorf("address family %d is neither 4 nor 6", o.Family)
	}
	_, err := o.source()
	return err
}

// source reads Source; the zero AddrPort means none was given, port 0 that
// the system picks it.
func (o Options) source() (netip.AddrPort, error) {
	if o.Source == "" {
		return netip.AddrPort{}, nil
	}
	source, err := netip.ParseAddrPort(o.Source)
	if err != nil {
		bare := o.Source
		if strings.HasPrefix(bare, "[") && strings.HasSuffix(bare, "]") {
			bare = bare[1 : len(bare)-1]
		}
		ip, err := netip.ParseAddr(bare)
		if err != nil {
			return netip.AddrPort{}, &AddressError{o.Source, "the source is not an IP address",
				"give an IP address of this machine, with or without a port: 127.0.0.1, 127.0.0.1:4000 or [::1]:4000"}
		}
		source = netip.AddrPortFrom(ip, 0)
	}
	source = netip.AddrPortFrom(source.Addr().Unmap(), source.Port())
	if o.Family != 0 && o.Family != familyOf(source.Addr()) {
		return netip.AddrPort{}, &AddressError{o.Source,
			fmt.Sprintf("the source is an IPv%d address, but only IPv%d is to be used", familyOf(source.Addr()), o.Family),
			fmt.Sprintf("leave out -%d, or give an IPv%d source address", o.Family, o.Family)}
	}
	return source, nil
}

// dialer holds the two things a test replaces.
type dialer struct {
	lookup  func(ctx context.Context, host string) ([]netip.Addr, error)
	connect func(ctx context.Context, network, address string, source netip.AddrPort) (Conn, error)
}

var system = dialer{lookup: systemLookup, connect: systemConnect}

func systemLookup(ctx context.Context, host string) ([]netip.Addr, error) {
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

func systemConnect(ctx context.Context, network, address string, source netip.AddrPort) (Conn, error) {
	var d net.Dialer
	if source.IsValid() {
		d.LocalAddr = net.TCPAddrFromAddrPort(source)
	}
	conn, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return conn.(Conn), nil // *net.TCPConn or *net.UnixConn: both can be half-closed
}

// Dial connects to a. The caller owns the connection and closes it. ctx
// bounds the look-up and all attempts, not the connection's life. The error is
// what Options.Check finds, or an *Error; when ctx ended, errors.Is holds for
// ctx.Err() and for the context's cause.
func Dial(ctx context.Context, a Address, o Options) (Conn, error) {
	return system.dial(ctx, a, o)
}

func (d dialer) dial(ctx context.Context, a Address, o Options) (Conn, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	source, err := o.source()
	if err != nil {
		return nil, err
	}
	if a.Path != "" {
		return d.dialUnix(ctx, a, o)
	}
	addresses, err := d.addresses(ctx, a, o.Family, source)
	if err != nil {
		return nil, &Error{Address: a, Err: err}
	}
	conn, attempts := d.race(ctx, addresses, source)
	if conn != nil {
		return conn, nil
	}
	failed := &Error{Address: a, Attempts: attempts, source: source}
	if over(ctx) {
		failed.Err = endOf(ctx)
	}
	return nil, failed
}

func (d dialer) dialUnix(ctx context.Context, a Address, o Options) (Conn, error) {
	if o.Source != "" {
		return nil, &Error{Address: a, Err: plainError("a Unix socket has no source address")}
	}
	conn, err := d.connect(ctx, "unix", a.Path, netip.AddrPort{})
	if err == nil {
		return conn, nil
	}
	failed := &Error{Address: a, Attempts: []Attempt{{a.String(), socketError(a.Path, err)}}}
	if over(ctx) {
		failed.Err = endOf(ctx)
	}
	return nil, failed
}

// addresses gives what to try, in order. A literal IP address is not looked
// up. Only addresses of the wanted family, or of the source's, are left.
func (d dialer) addresses(ctx context.Context, a Address, family int, source netip.AddrPort) ([]string, error) {
	if family == 0 && source.IsValid() {
		family = familyOf(source.Addr())
	}
	var found []netip.Addr
	if ip, err := netip.ParseAddr(a.Host); err == nil {
		found = []netip.Addr{ip}
	} else if found, err = d.lookup(ctx, a.Host); err != nil {
		if over(ctx) {
			return nil, &lookupError{a.Host, endOf(ctx)}
		}
		return nil, &lookupError{a.Host, err}
	}
	addresses := interleave(found, family)
	if len(addresses) == 0 && family != 0 {
		return nil, &familyError{a.Host, family}
	}
	if len(addresses) == 0 {
		return nil, plainError("the name " + a.Host + " has no address")
	}
	for i := range addresses {
		addresses[i] = net.JoinHostPort(addresses[i], a.Port)
	}
	return addresses, nil
}

// interleave sorts addresses IPv6, IPv4, IPv6 and so on, each once, so that
// one broken family costs one delay only.
func interleave(found []netip.Addr, family int) []string {
	var six, four []string
	seen := map[netip.Addr]bool{}
	for _, ip := range found {
		ip = ip.Unmap()
		if seen[ip] || family != 0 && familyOf(ip) != family {
			continue
		}
		seen[ip] = true
		if ip.Is4() {
			four = append(four, ip.String())
		} else {
			six = append(six, ip.String())
		}
	}
	var order []string
	for i := range max(len(six), len(four)) {
		if i < len(six) {
			order = append(order, six[i])
		}
		if i < len(four) {
			order = append(order, four[i])
		}
	}
	return order
}

func familyOf(ip netip.Addr) int {
	if ip.Unmap().Is4() {
		return 4
	}
	return 6
}
