package dial

import (
	"errors"
	"net/netip"
)

// Hint says what the user can do. With several attempts it is about the one
// that is most likely to be worth it; it is empty when there is no advice.
func (e *Error) Hint() string {
	if len(e.Attempts) == 0 {
		return hintForNoAttempt(e.Err)
	}
	for _, r := range []reason{refused, noSocket, notSocket, denied, badSource, inUse, tooLong, queueFull,
		deadline, silent, unreachable, noNetwork, invalid} {
		for _, a := range e.Attempts {
			if reasonOf(a.Err) == r {
				return e.hintFor(r, a)
			}
		}
	}
	return ""
}

func hintForNoAttempt(err error) string {
	var lookup *lookupError
	var family *familyError
	switch {
	case errors.As(err, &family):
		return "leave out -4, -6 and -s, or give another address"
	case !errors.As(err, &lookup):
		return ""
	case reasonOf(err) == stopped:
		return ""
	case lookup.notFound() && !lookup.isASCII():
		return "give the name in its ASCII form, which begins with xn--"
	case lookup.notFound():
		return "check the spelling; an IP address such as 127.0.0.1 needs no look-up"
	}
	return "is this machine online? an IP address needs no look-up; --connect-timeout gives it longer"
}

func (e *Error) hintFor(r reason, a Attempt) string {
	switch r {
	case refused:
		return e.hintForRefused(a)
	case noSocket:
		return "check the path, or start a server first, for instance: rawhttp listen " + e.Address.String()
	case notSocket:
		return "give the path of the socket that the server made"
	case denied:
		if e.Address.Path != "" {
			return "connecting needs write permission for the socket, and search permission for the directories above it"
		}
		return "a firewall or sandbox on this machine does not allow the connection"
	case badSource:
		if e.source.IsValid() {
			return "-s takes an IP address of this machine; leave it out to let the system choose"
		}
	case inUse:
		if e.source.Port() != 0 {
			return "leave out the port of -s, or wait: a port used just now stays taken for about a minute"
		}
	case tooLong:
		return "a Unix socket's path has at most 107 bytes (103 on macOS); a path relative to the current directory is shorter"
	case queueFull:
		return "the server is not accepting connections; is it stopped or busy?"
	case deadline, silent:
		return "the host is down, or a firewall drops the packets; --connect-timeout gives it longer"
	case unreachable:
		return "the host is down, or there is no way to its network"
	case noNetwork:
		return "is this machine online? it has no route to that network"
	case invalid:
		if target, err := netip.ParseAddrPort(a.Address); err == nil && target.Addr().IsLinkLocalUnicast() && target.Addr().Zone() == "" {
			return "a link-local address needs its interface, for instance " + target.Addr().String() + "%eth0"
		}
	}
	return ""
}

func (e *Error) hintForRefused(a Attempt) string {
	if e.Address.Path != "" {
		return "the socket is there but nothing listens on it; start a server first, for instance: rawhttp listen " + e.Address.String()
	}
	if target, err := netip.ParseAddrPort(a.Address); err == nil && target.Addr().IsLoopback() {
		return "nothing listens there; start a server first, for instance: rawhttp listen " + e.Address.Port
	}
	return "the host is up but nothing listens on that port"
}
