package listen

import (
	"context"
	"net"
	"sync"
	"time"
)

// Sockets are listening sockets on one port, or the one of a Unix path, on which nobody accepts yet.
type Sockets struct {
	all       []net.Listener
	file      *socketFile // nil unless there is one to remove
	addresses []string
	notes     []string
	close     func() error
}

// Bind listens on a; the caller must Close the Sockets. family restricts to IPv4 (4) or IPv6 (6); 0 takes both. ctx
// bounds the look-up of a name alone. Its errors are of type *Error, or the cause of ctx's end. Connections that are
// accepted have no TCP keep-alive: who accepts bounds how long they may be silent.
func Bind(ctx context.Context, a Address, family int) (*Sockets, error) {
	return ofSystem(-1).bind(ctx, a, family)
}

// ofSystem opens sockets of the system; keepAlive is that of net.ListenConfig.
func ofSystem(keepAlive time.Duration) opener {
	config := net.ListenConfig{KeepAlive: keepAlive}
	config.SetMultipathTCP(false) // a plain TCP socket, one that ss -t shows with its owner
	return opener{config.Listen, net.DefaultResolver.LookupNetIP}
}

func newSockets(all []net.Listener, notes []string, file *socketFile) *Sockets {
	s := &Sockets{all: all, file: file, notes: notes}
	s.close = sync.OnceValue(s.closeAll)
	for _, socket := range all {
		s.addresses = append(s.addresses, nameOf(socket.Addr()))
	}
	return s
}

// Close closes the sockets and removes the socket file, the error is about that. It may be called again.
func (s *Sockets) Close() error { return s.close() }

// closeAll removes the socket file before it closes the socket, so that nobody finds a dead file.
func (s *Sockets) closeAll() error {
	err := s.file.remove()
	closeAll(s.all)
	return err
}

// Listeners are the sockets, for who accepts on them; they stay the Sockets', and to close one of them is to Close
// those.
func (s *Sockets) Listeners() (all []net.Listener) {
	for _, socket := range s.all {
		all = append(all, listener{socket, s})
	}
	return all
}

// listener is one of the Sockets.
type listener struct {
	net.Listener
	of *Sockets
}

// Close closes all of the Sockets.
func (l listener) Close() error { return l.of.Close() }

func nameOf(address net.Addr) string {
	if address.Network() == "unix" {
		return "unix:" + address.String()
	}
	return address.String()
}

// Addresses lists what is listened on, with the real ports: "127.0.0.1:8080", "[::1]:8080", "unix:/x".
func (s *Sockets) Addresses() []string { return append([]string(nil), s.addresses...) }

// Port is the real port, the same on all addresses; 0 for a Unix socket.
func (s *Sockets) Port() int { return portOf(s.all[0]) }

// Notes lists what a person should know about how the opening went.
func (s *Sockets) Notes() []string { return append([]string(nil), s.notes...) }

// LoopbackOnly tells whether only programs on this machine can connect.
func (s *Sockets) LoopbackOnly() bool {
	for _, socket := range s.all {
		if tcp, ok := socket.Addr().(*net.TCPAddr); ok && !tcp.IP.IsLoopback() {
			return false
		}
	}
	return true
}
