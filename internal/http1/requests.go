package http1

// requestFacts is what a response's framing depends on (RFC 9112 section 6.3).
type requestFacts uint8

const (
	factHead requestFacts = 1 << iota
	factConnect
	factHTTP09
	factContent // a method whose requests have content (RFC 9110 section 9.3)
)

// maxUnanswered bounds the memory of pipelined requests; the ones beyond it
// are taken for GETs when their response comes.
const maxUnanswered = 1 << 16

// unanswered is the queue of the requests that have begun and have not got
// their final response. Responses are counted: the n-th final one answers the
// n-th request, also when it comes before that request has begun, as from a
// server that answers whoever connects.
type unanswered struct {
	begun    int // requests begun
	answered int // final responses begun; may be more than requests
	facts    []requestFacts
	first    int // index in facts of request answered+1
}

func (u *unanswered) begin(f requestFacts) {
	u.begun++
	if len(u.facts)-u.first < maxUnanswered && u.begun-u.answered == len(u.facts)-u.first+1 {
		u.facts = append(u.facts, f)
	}
}

// current returns the number and facts of the request the next final response
// answers; 0 if there is none.
func (u *unanswered) current() (int, requestFacts) {
	if u.answered >= u.begun {
		return 0, 0
	}
	if u.first < len(u.facts) {
		return u.answered + 1, u.facts[u.first]
	}
	return u.answered + 1, 0
}

// answer takes the current request off the queue.
func (u *unanswered) answer() {
	u.answered++
	if u.first < len(u.facts) {
		u.first++
	}
	if u.first == len(u.facts) {
		u.facts, u.first = u.facts[:0], 0
	} else if u.first >= maxUnanswered/2 {
		u.facts = append(u.facts[:0], u.facts[u.first:]...)
		u.first = 0
	}
}
