//go:build linux || darwin

package console

import (
	"os"
	"sync"

	"golang.org/x/term"
)

func raw(in, out *os.File) (restore func(), err error) {
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return nil, err
	}
	return sync.OnceFunc(func() { _ = term.Restore(int(in.Fd()), before) }), nil
}
