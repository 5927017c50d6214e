package transcript

import "rawhttp/internal/http1"

// before knows the responses that came before any request they could answer.
// Responses are counted, so they are the answers to the requests that come then.
type before struct {
	first, last int // of the final responses, counted from 1; 0: none
	answered    int // requests that came complete after their answer
}

// responded takes in that the n-th final response has begun, and that nobody had
// asked for it.
func (b *before) responded(n int) {
	if b.first == 0 || n > b.last+1 {
		b.first = n
	}
	b.last = n
}

// has reports whether the answer to the n-th request came before it.
func (b *before) has(n int) bool { return b.first > 0 && b.first <= n && n <= b.last }

// sayBefore says that a request that is complete has its answer already.
func (c *Conversation) sayBefore(m *http1.Message) {
	if m.Side != http1.Request || !m.Complete || !c.before.has(m.Number) {
		return
	}
	c.before.answered++
	c.screenNote("answered-before", "the response that came before this request counts as its answer; another client would not have used it")
}

// AnsweredBefore returns how many complete requests have as their answer a response
// that came before them.
func (c *Conversation) AnsweredBefore() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.before.answered
}
