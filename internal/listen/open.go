package listen

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strconv"
)

// portTries bounds the search for a port that is free on all addresses.
const portTries = 20

// target is one socket to open: a network of the net package and an IP address, or "" for all of them.
type target struct{ network, host string }

func (t target) address(port string) string { return net.JoinHostPort(t.host, port) }

func (t target) family() string {
	if t.network == "tcp6" {
		return "IPv6"
	}
	return "IPv4"
}

// opener holds what Open needs of the system, so that tests can stand in for it.
type opener struct {
	listen func(ctx context.Context, network, address string) (net.Listener, error)
	lookup func(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Open listens on a and accepts connections until StopAccepting or Close; the caller must Close the Listener. ctx bounds
// the look-up of a name alone. Its errors are of type *Error, or the cause of ctx's end.
func Open(ctx context.Context, a Address, o Options) (*Listener, error) {
	return ofSystem(0).open(ctx, a, o)
}

func (op opener) open(ctx context.Context, a Address, o Options) (*Listener, error) {
	sockets, err := op.bind(ctx, a, o.Family)
	if err != nil {
		return nil, err
	}
	return start(sockets, o), nil
}

func (op opener) bind(ctx context.Context, a Address, family int) (*Sockets, error) {
	if a.Path != "" {
		return op.bindPath(ctx, a.Path)
	}
	targets, err := op.targets(ctx, a, family)
	if err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		sockets, notes, err := op.openAll(ctx, targets, a.Port)
		if err == nil {
			return newSockets(sockets, notes, nil), nil
		}
		// The system picked a port that is free on the first address; it need not be on the second.
		if a.Port != "0" || !(isInUse(err.Err) || isForbidden(err.Err)) || try == portTries {
			return nil, err
		}
	}
}

// openAll opens every target on one port or none at all. A missing IP version is only a note while another is there.
func (op opener) openAll(ctx context.Context, targets []target, port string) ([]net.Listener, []string, *Error) {
	var sockets []net.Listener
	var missing []target
	var missed *Error
	for _, t := range targets {
		socket, err := op.listen(ctx, t.network, t.address(port))
		switch {
		case err == nil:
			sockets = append(sockets, socket)
			port = strconv.Itoa(portOf(socket))
		case len(targets) > 1 && isMissing(t, err):
			missing, missed = append(missing, t), tcpError(t, port, err)
		default:
			closeAll(sockets)
			return nil, nil, tcpError(t, port, err)
		}
	}
	if len(sockets) == 0 {
		return nil, nil, missed
	}
	var notes []string
	for _, t := range missing {
		alone, _, _ := net.SplitHostPort(sockets[0].Addr().String())
		note := "no " + t.family() + " on this machine: listening on " + alone + " alone"
		if len(sockets) > 1 {
			note = "no " + t.family() + " on this machine: not listening on " + t.host
		}
		notes = append(notes, note)
	}
	return sockets, notes, nil
}

// isMissing tells whether the machine lacks the IP version of t. For an address that is not a loopback one, "not
// available" means that it belongs to another machine.
func isMissing(t target, err error) bool {
	ip, parseErr := netip.ParseAddr(t.host)
	return isNoFamily(err) || isNotHere(err) && parseErr == nil && ip.IsLoopback()
}

// targets lists the sockets to open for an address.
func (op opener) targets(ctx context.Context, a Address, family int) ([]target, error) {
	network := "tcp"
	if family != 0 {
		network += strconv.Itoa(family)
	}
	var ips []netip.Addr
	switch ip, err := netip.ParseAddr(a.Host); {
	case a.All:
		return []target{{network, ""}}, nil
	case a.Local:
		ips = []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()}
	case err == nil && ip == netip.IPv6Unspecified() && family != 4:
		return []target{{network, "::"}}, nil // dual-stack, as other programs take it
	case err == nil:
		ips = []netip.Addr{ip}
	default:
		if ips, err = op.lookup(ctx, "ip", a.Host); err != nil {
			return nil, lookupError(ctx, a, err)
		}
	}
	var targets []target
	for _, ip := range ips {
		ip = ip.Unmap()
		t := target{"tcp6", ip.String()}
		if ip.Is4() {
			t.network = "tcp4"
		}
		if (family == 0 || t.network == network) && !slices.Contains(targets, t) {
			targets = append(targets, t)
		}
	}
	if len(targets) == 0 {
		version := strconv.Itoa(family)
		return nil, &Error{Address: a.String(), Problem: a.Host + " has no IPv" + version + " address", hint: "leave out -" + version}
	}
	return targets, nil
}

func portOf(socket net.Listener) int {
	if tcp, ok := socket.Addr().(*net.TCPAddr); ok {
		return tcp.Port
	}
	return 0
}

func closeAll(sockets []net.Listener) {
	for _, socket := range sockets {
		socket.Close()
	}
}
