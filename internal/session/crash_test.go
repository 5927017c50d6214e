package session

import (
	"context"
	"testing"
)

// TestCrash: a panic of a goroutine of the conversation is told, not lost.
func TestCrash(t *testing.T) {
	ours, theirs := memoryPair()
	defer theirs.Close()
	told := make(chan any, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go Run(ctx, ours, panicking{}, newToy(Client), Options{Crash: func(value any, stack []byte) {
		if len(stack) > 0 {
			told <- value
		}
	}})
	if got := <-told; got != "as if by mistake" {
		t.Errorf("%v", got)
	}
}

// panicking is an input with a bug.
type panicking struct{}

// Next implements Input.
func (panicking) Next(context.Context) ([]byte, error) { panic("as if by mistake") }
