package transcript

import (
	"sync"
	"sync/atomic"
)

// queue holds the pages of calls that found the Screen's lock taken. Who has the
// lock writes them too, in their order, so a call waits for the outputs only where
// the queue is full. A goroutine put to sleep for each of many connections would
// cost more than all that they write.
type queue struct {
	err   atomic.Pointer[error] // the first one of any output
	count atomic.Int64          // of pages: mostly there is none, and no lock is needed to see it
	mu    sync.Mutex
	pages []*page
	bytes int
	spare []*page // swapped with pages; under the Screen's lock
}

// add puts a page at the end.
func (q *queue) add(p *page) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.pages = append(q.pages, p)
	q.bytes += p.size()
	q.count.Add(1)
}

// full reports whether who adds to it has to wait.
func (q *queue) full() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.bytes >= flushAt
}

// failed keeps the first error.
func (q *queue) failed(err error) { q.err.CompareAndSwap(nil, &err) }

func (q *queue) failure() error {
	if err := q.err.Load(); err != nil {
		return *err
	}
	return nil
}

// take empties the queue. The pages are valid until the next call.
func (q *queue) take() []*page {
	q.mu.Lock()
	defer q.mu.Unlock()
	pages := q.pages
	q.pages, q.spare, q.bytes = q.spare[:0], pages, 0
	q.count.Store(0)
	return pages
}

// writeQueue writes what stands in the queue; the lock is held.
func (s *Screen) writeQueue() {
	if s.queue.count.Load() == 0 {
		return
	}
	for _, p := range s.queue.take() {
		p.holding()
		p.write()
		p.put()
	}
}

// deliver is called when the lock is free again, and has it written what came to
// the queue meanwhile. The error is the first one of any output.
func (s *Screen) deliver() error {
	for s.queue.count.Load() > 0 {
		if s.queue.full() {
			s.mu.Lock()
		} else if !s.mu.TryLock() {
			break // who has it delivers
		}
		s.writeQueue()
		s.mu.Unlock()
	}
	return s.queue.failure()
}
