package main

import (
	"sync"
	"time"
)

// silences shows what came of a line that does not go on: a head that comes a
// byte a second is to be seen as it comes. One clock looks after all connections,
// since a timer for each would cost more than what they send.
type silences struct {
	mu   sync.Mutex
	open map[*watched]struct{}
}

// pausedAfter is how many ticks without a byte show what is held.
const pausedAfter = 2

func (s *silences) add(w *watched) {
	w.quiet.Store(pausedAfter)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		s.open = map[*watched]struct{}{}
	}
	s.open[w] = struct{}{}
}

func (s *silences) remove(w *watched) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, w)
}

// start starts the clock; what it returns stops it, once it has.
func (s *silences) start(pause time.Duration) (stop func()) {
	over := make(chan struct{})
	var clock sync.WaitGroup
	clock.Go(func() { s.tick(pause, over) })
	return func() {
		close(over)
		clock.Wait()
	}
}

func (s *silences) tick(pause time.Duration, over <-chan struct{}) {
	ticker := time.NewTicker(pause / pausedAfter)
	defer ticker.Stop()
	for {
		select {
		case <-over:
			return
		case <-ticker.C:
		}
		for _, w := range s.paused() {
			_ = w.conversation.Pause() // an error of the output is met by whoever shows the next byte
		}
	}
}

// paused are the connections that have just become quiet.
func (s *silences) paused() (all []*watched) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for w := range s.open {
		if n := w.quiet.Load(); n < pausedAfter && w.quiet.CompareAndSwap(n, n+1) && n+1 == pausedAfter {
			all = append(all, w)
		}
	}
	return all
}
