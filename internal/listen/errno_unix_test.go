//go:build unix

package listen

import (
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestAcceptRestsWhenOutOfDescriptors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := &net.OpError{Op: "accept", Net: "tcp", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
		f := &failing{memoryListener: newMemoryListener(), errs: []error{full, full}}
		begin := time.Now()
		l := start(newSockets([]net.Listener{f}, nil, nil), Options{})
		defer l.Close()
		write(t, f.dial(), "x")
		mustNext(t, l, 1)
		synctest.Wait()
		for i, try := range f.tries[:3] {
			if at := try.Sub(begin); at != time.Duration(i)*acceptPause {
				t.Errorf("try %d after %v", i+1, at)
			}
		}
	})
}
