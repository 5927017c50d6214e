package http1

import (
	"regexp"
	"testing"
)

// TestSentencesOfResponses: nobody answers a response, so no sentence about one
// says what servers answer; and a second sentence is another one.
func TestSentencesOfResponses(t *testing.T) {
	answers := regexp.MustCompile(`(servers|a server|nginx|Apache|node|lighttpd)( must| should)? (answers?|drops?|refuse) (400|4\d\d|501|505|them|header)|[Mm]ost servers|ommon servers|servers (accept|ignore)|expect 501|silently drops`)
	for _, c := range Codes() {
		e := c.Entry()
		if e.Sides != OnRequests && answers.MatchString(c.Sentence(Response)) {
			t.Errorf("%s, of a response: %s", c, c.Sentence(Response))
		}
		if c.Sentence(Request) != e.Sentence {
			t.Errorf("%s, of a request: %s", c, c.Sentence(Request))
		}
		if second := responseSentences[c]; second != "" && (second == e.Sentence || e.Sides != OnBoth) {
			t.Errorf("%s needs no second sentence", c)
		}
	}
}
