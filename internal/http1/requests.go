package http1

// requestFacts is what a response's framing depends on (RFC 9112 section 6.3).
type requestFacts uint8

const (
	factHead requestFacts = 1 << iota
	factConnect
	factHTTP09
	factContent   // a method whose requests have content (RFC 9110 section 9.3)
	factNoContent // a method whose requests have none
	factCloses    // it says so, or is older than HTTP/1.1; known when its header section is complete
	factSaidClose // it said Connection: close; the same
	factOld       // it did not, and is HTTP/1.0 without keep-alive; the same
)

// Asked is what a response depends on of the request that it answers.
type Asked struct {
	Head    bool // HEAD: no content follows the header section
	Connect bool // CONNECT: after a 2xx there is a tunnel
	Closes  bool // it says that the connection ends after the answer, or is older than HTTP/1.1, where that is the rule
}

func (f requestFacts) asked() Asked {
	return Asked{Head: f&factHead != 0, Connect: f&factConnect != 0, Closes: f&(factCloses|factHTTP09) != 0}
}

// Known is what is known of the other side of a stream that is read alone.
type Known struct {
	// RequestMethods are those of the requests that a response stream answers,
	// in order. Without any, each is taken for a GET and nothing is said of
	// responses that are missing or too many (rule 16).
	RequestMethods []string
	// ResponseStatuses are those of the final responses (101 among them) that a
	// request stream got, in order: after a 101, or a 2xx to CONNECT, comes a tunnel.
	ResponseStatuses []int
}

// NewAlone returns a Scanner for one side of a connection whose other side was
// not recorded. Only that side may be fed and ended.
func NewAlone(sink Sink, side Side, known Known) *Scanner {
	s := New(sink)
	s.statuses = known.ResponseStatuses
	s.requests.unknown = side == Response && len(known.RequestMethods) == 0
	s.requests.ignored = side == Request
	for _, method := range known.RequestMethods {
		s.requests.begin(factsOf([]byte(method)))
	}
	return s
}

// factsOf returns what a request's method says of its response.
func factsOf(method []byte) requestFacts {
	switch string(method) {
	case "HEAD":
		return factHead | factNoContent
	case "CONNECT":
		return factConnect | factNoContent
	case "GET", "DELETE", "TRACE":
		return factNoContent
	case "POST", "PUT", "PATCH", "QUERY":
		return factContent
	}
	return 0
}

// tunnelKnown reports whether the request at hand is known to have been answered
// with the beginning of a tunnel.
func (s *Scanner) tunnelKnown(st *stream) bool {
	if st.side != Request || st.begun > len(s.statuses) {
		return false
	}
	status := s.statuses[st.begun-1]
	return status == 101 && st.head.upgrade || status/100 == 2 && st.facts&factConnect != 0
}

// maxUnanswered bounds the memory of pipelined requests; the ones beyond it
// are taken for GETs when their response comes.
const maxUnanswered = 1 << 16

// unanswered is the queue of the requests that have begun and have not got
// their final response. Responses are counted: the n-th final one answers the
// n-th request, also when it comes before that request has begun, as from a
// server that answers whoever connects.
type unanswered struct {
	unknown  bool // responses are read alone: nobody knows what was asked
	ignored  bool // requests are read alone: nobody sees what they are answered
	begun    int  // requests begun
	answered int  // final responses begun; may be more than requests
	facts    []requestFacts
	first    int // index in facts of request answered+1
}

func (u *unanswered) begin(f requestFacts) {
	u.begun++
	if u.ignored {
		return
	}
	if len(u.facts)-u.first < maxUnanswered && u.begun-u.answered == len(u.facts)-u.first+1 {
		u.facts = append(u.facts, f)
	}
}

// amend adds to what is known of the request begun last, unless it is answered
// already.
func (u *unanswered) amend(f requestFacts) {
	if n := len(u.facts); n > u.first && u.begun-u.answered == n-u.first {
		u.facts[n-1] |= f
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
