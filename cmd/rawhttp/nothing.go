package main

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"
)

// nothing is a pipe that is used up.
type nothing struct{}

// Next implements session.Input.
func (nothing) Next(context.Context) ([]byte, error) { return nil, io.EOF }

// isNetwork reports whether an error came from a connection, and not from a
// file or standard output.
func isNetwork(err error) bool {
	var operation *net.OpError
	return errors.As(err, &operation) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
