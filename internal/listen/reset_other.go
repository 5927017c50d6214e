//go:build !unix

package listen

import "net"

// wasReset cannot be told here; whoever gets the connection will see the reset.
func wasReset(net.Conn) bool { return false }
