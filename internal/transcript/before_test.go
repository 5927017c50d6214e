package transcript

import (
	"strings"
	"testing"

	"rawhttp/internal/http1"
)

// TestAnsweredBefore: a response that nobody had asked for is the answer to the
// request that comes then, and it is said where that request is complete.
func TestAnsweredBefore(t *testing.T) {
	const empty = ok + "Content-Length: 0\r\n\r\n"
	type step struct {
		side http1.Side
		text string
	}
	request, response := step{http1.Request, get}, step{http1.Response, empty}
	for _, c := range []struct {
		name  string
		steps []step
		want  string // for each complete request, whether its answer came before
	}{
		{"in order", []step{request, response, request, response}, "--"},
		{"before", []step{response, request}, "B"},
		{"one before, one not", []step{response, request, request, response}, "B-"},
		{"two before", []step{response, response, request, request, request}, "BB-"},
		{"one too many", []step{request, response, response, request, request, response}, "-B-"},
		{"before, in order, and again", []step{response, request, request, response, response, request}, "B-B"},
		{"an interim one is none", []step{{http1.Response, "HTTP/1.1 103 Early Hints\r\n\r\n"}, request, response}, "-"},
		{"half of it before", []step{{http1.Response, empty[:30]}, request, {http1.Response, empty[30:]}}, "B"},
		{"in the middle of the request", []step{{http1.Request, get[:20]}, response, {http1.Request, get[20:]}}, "-"},
		{"in the middle of its first line", []step{{http1.Request, get[:5]}, response, {http1.Request, get[5:]}}, "-"},
	} {
		for _, ours := range []http1.Side{http1.Request, http1.Response} {
			var n int
			text := show(Options{Ready: func([]byte) string { return "; your turn" }}, ours, func(conversation *Conversation) {
				for _, s := range c.steps {
					for i := range len(s.text) {
						conversation.feed(s.side, []byte(s.text[i:i+1]))
					}
				}
				n = conversation.AnsweredBefore()
			})
			got := ""
			for line := range strings.Lines(text) {
				switch {
				case strings.HasPrefix(line, "* request complete: "):
					got += "-"
				case strings.HasPrefix(line, "* the response that came before this request counts as its answer; "):
					got = strings.TrimSuffix(got, "-") + "B"
				}
			}
			if got != c.want || n != strings.Count(c.want, "B") {
				t.Errorf("%s, ours are %vs: %q, %d; want %q:\n%s", c.name, ours, got, n, c.want, text)
			}
			if turns := strings.Count(text, "; your turn"); ours == http1.Response && turns != strings.Count(c.want, "-") {
				t.Errorf("%s: %d turns to answer:\n%s", c.name, turns, text)
			}
		}
	}
}
