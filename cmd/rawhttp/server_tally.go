package main

import (
	"errors"
	"sync/atomic"
	"time"

	"rawhttp/internal/transcript"
)

// serverTally counts what a server of many connections has done, for its last note.
type serverTally struct {
	begun                 time.Time
	connections, answered atomic.Int64
}

// came is called with the number of each connection, in any order.
func (t *serverTally) came(number int) {
	for n := t.connections.Load(); int64(number) > n && !t.connections.CompareAndSwap(n, int64(number)); n = t.connections.Load() {
	}
}

// ended is called when a connection has ended.
func (t *serverTally) ended(number, answered int) {
	t.came(number)
	t.answered.Add(int64(answered))
}

// say is the last note, unless something other than the user ended the server.
func (t *serverTally) say(screen *transcript.Screen, err error) {
	var signalled *stopped
	if err != nil && !errors.As(err, &signalled) {
		return
	}
	done := "no connection came"
	if n := t.connections.Load(); n > 0 {
		done = more(n, "connection", "connections") + ", " + more(t.answered.Load(), "request", "requests") + " answered"
	}
	screen.Note("stopped", "stopped after "+spent(time.Since(t.begun))+": "+done)
}
