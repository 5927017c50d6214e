//go:build !unix && !windows

package console

import (
	"errors"
	"os"
)

const suspendKey = KeySuspend

func readRaw(in *os.File, p []byte) (int, error) { return in.Read(p) }

// raw fails: nothing is known of terminals here.
func raw(_, _ *os.File) (restore func(), err error) { return nil, errors.ErrUnsupported }
