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

// add is called when a connection has ended.
func (t *serverTally) add(answered int) {
	t.connections.Add(1)
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
