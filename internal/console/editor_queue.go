package console

import "sync"

// queue holds the keys that were pressed and not done yet.
type queue struct {
	mu      sync.Mutex
	grown   *sync.Cond
	shrunk  *sync.Cond
	presses []press
	size    int
	closed  bool
}

func (q *queue) init() {
	q.grown, q.shrunk = sync.NewCond(&q.mu), sync.NewCond(&q.mu)
}

// longestRun is where a run of text is not made longer.
const longestRun = 64 << 10

// joins reports whether next is more of the same text.
func (p *press) joins(next *press) bool {
	return p.key == keyText && next.key == keyText && p.pasted == next.pasted && len(p.text) < longestRun
}

// pressSize is what a press takes besides its text, roughly.
const pressSize = 32

func (q *queue) put(p press) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n := len(q.presses); n > 0 && q.presses[n-1].joins(&p) {
		q.presses[n-1].text = append(q.presses[n-1].text, p.text...)
	} else {
		q.presses = append(q.presses, p)
		q.size += pressSize
	}
	q.size += len(p.text)
	q.grown.Signal()
}

// take waits for a key; last says that no other is there, ok that this is no end.
func (q *queue) take() (p press, last, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.presses) == 0 && !q.closed {
		q.grown.Wait()
	}
	if q.closed {
		return press{}, true, false
	}
	p = q.presses[0]
	q.presses[0] = press{} // its text is not kept
	q.presses = q.presses[1:]
	q.size -= pressSize + len(p.text)
	q.shrunk.Signal()
	return p, len(q.presses) == 0, true
}

// wait blocks while there are too many.
func (q *queue) wait() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.size > aheadLimit && !q.closed {
		q.shrunk.Wait()
	}
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.grown.Broadcast()
	q.shrunk.Broadcast()
}
