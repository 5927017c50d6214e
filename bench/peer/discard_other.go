//go:build !linux

package main

import (
	"io"
	"net"
)

func discard(c *net.TCPConn, n int64) error {
	_, err := io.CopyN(io.Discard, c, n)
	return err
}
