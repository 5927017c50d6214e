package transcript

import "sync"

// queue holds the pages of calls that found the Screen's lock taken. Who has the
// lock writes them too, in their order, so a call waits for the outputs only where
// the queue is full. A goroutine put to sleep for each of many connections would
// cost more than all that they write.
type queue struct {
	mu    sync.Mutex
	pages []*page
	bytes int
	spare []*page // swapped with pages; under the Screen's lock
	err   error   // the first one of any output
}

// add puts a page at the end.
func (q *queue) add(p *page) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.pages = append(q.pages, p)
	q.bytes += p.size()
}

// state reports whether there is something to write, and whether it is enough.
func (q *queue) state() (some, full bool, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.pages) > 0, q.bytes >= flushAt, q.err
}

// failed keeps the first error.
func (q *queue) failed(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.err == nil {
		q.err = err
	}
}

// take empties the queue. The pages are valid until the next call.
func (q *queue) take() []*page {
	q.mu.Lock()
	defer q.mu.Unlock()
	pages := q.pages
	q.pages, q.spare, q.bytes = q.spare[:0], pages, 0
	return pages
}

// writeQueue writes what stands in the queue; the lock is held.
func (s *Screen) writeQueue() {
	for _, p := range s.queue.take() {
		p.holding()
		p.write()
		p.put()
	}
}

// deliver is called when the lock is free again, and has it written what came to
// the queue meanwhile. The error is the first one of any output.
func (s *Screen) deliver() error {
	for {
		some, full, err := s.queue.state()
		switch {
		case !some:
			return err
		case full:
			s.mu.Lock()
		case !s.mu.TryLock():
			return err // who has it delivers
		}
		s.writeQueue()
		s.mu.Unlock()
	}
}
