package session

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestStoppedBeyondTimeout: the time in which this process was stopped (Ctrl-Z) is no
// time of waiting for the peer, whose bytes are there when it goes on; a timeout that
// is only a little late is one.
func TestStoppedBeyondTimeout(t *testing.T) {
	for late, over := range map[time.Duration]bool{0: true, stoppedFrom: true, stoppedFrom + 1: false, time.Hour: false} {
		synctest.Test(t, func(t *testing.T) {
			const timeout = 10 * time.Second
			c := &conversation{options: Options{Role: Client, Timeout: timeout}, observer: newToy(Client)}
			c.ctx, c.cancel = context.WithCancelCause(t.Context())
			defer c.cancel(nil)
			c.lastPeer = time.Now().Add(-timeout - late) // as if due had not been called since
			next := c.due()
			var end *stop
			switch ended := errors.As(context.Cause(c.ctx), &end); {
			case ended != over:
				t.Errorf("%v late: ended %v, want %v", late, ended, over)
			case !ended && next > timeout:
				t.Errorf("%v late: looked at again in %v", late, next)
			}
		})
	}
}
