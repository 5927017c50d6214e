package transcript

import (
	"strings"
	"testing"

	"rawhttp/internal/http1"
)

// TestUnanswered: who has said that the connection ends there is why what came
// behind is not answered, in the rows and in the JSON view; else the code's
// sentence guesses at the reason.
func TestUnanswered(t *testing.T) {
	const (
		again  = ", so it was the last on this connection: send request 2 again on a new one."
		close  = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
		old    = "GET / HTTP/1.0\r\n\r\n"
		keep   = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
		length = "Content-Length: 2\r\n\r\nok"
		guess  = "it may have crashed"
	)
	for _, c := range []struct{ requests, answer, want string }{
		{asked + asked, "HTTP/1.0 200 OK\r\n" + length, "The answer to request 1 is HTTP/1.0 without keep-alive" + again},
		{asked + asked, "HTTP/1.1 200 OK\r\nConnection: close\r\n" + length, "The answer to request 1 said Connection: close" + again},
		{asked + asked, "HTTP/1.1 200 OK\r\n\r\nok", "The answer to request 1 has no length and ends with the connection" + again},
		{asked + asked, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok", "The answer to request 1 has no length and ends with the connection" + again},
		{asked + asked + asked, "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 OK\r\nConnection: close\r\n\r\n", "send requests 2 to 3 again on a new one."},
		{asked + asked + asked, "HTTP/1.1 204 OK\r\n\r\nHTTP/1.1 204 OK\r\nConnection: close\r\n\r\n", "The answer to request 2 said Connection: close, so it was the last on this connection: send request 3 again"},
		{close + asked, "HTTP/1.1 200 OK\r\n" + length, "Request 1 said Connection: close" + again},
		{close + asked, "HTTP/1.1 200 OK\r\nConnection: close\r\n" + length, "Request 1 said Connection: close" + again},
		{old + asked, "HTTP/1.1 200 OK\r\n" + length, "Request 1 is HTTP/1.0 without keep-alive" + again},
		{keep + asked, "HTTP/1.1 200 OK\r\n" + length, guess},
		{keep + asked, "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + length, guess},
		{asked + asked, "HTTP/1.1 200 OK\r\n" + length, guess},
		{asked + close, "HTTP/1.1 200 OK\r\n" + length, guess},
		{asked, "", guess},
		{asked, "HTTP/1.0 200 OK\r\n" + length, ""},
		{asked, "HTTP/1.0 200 OK\r\n\r\nok", ""},
		{asked + asked, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nok", ""}, // it was cut itself
		{asked + asked[:20], "HTTP/1.1 200 OK\r\nConnection: close\r\n" + length, ""},              // nobody owes an answer to what is cut
	} {
		for _, json := range []bool{false, true} {
			for _, n := range []int{1, 1 << 20} {
				got := show(Options{JSON: json}, http1.Request, func(v *Conversation) {
					feedAll(v.Sent, c.requests, n)
					feedAll(v.Received, c.answer, n)
					v.EndSent()
					v.EndReceived(EndEOF)
				})
				if reported := strings.Contains(got, "unanswered-request"); reported != (c.want != "") || !strings.Contains(got, c.want) {
					t.Errorf("%q, %q, JSON %v:\n%s\nwant %q", c.requests, c.answer, json, got, c.want)
				}
				if c.want != guess && strings.Contains(got, guess) {
					t.Errorf("%q, %q, JSON %v: it guesses", c.requests, c.answer, json)
				}
			}
		}
	}
}

// TestUnansweredAlone: the same where the requests were not recorded.
func TestUnansweredAlone(t *testing.T) {
	var out strings.Builder
	s := NewScreen(Options{Output: &out}).Alone(http1.Response, http1.Known{RequestMethods: []string{"GET", "GET", "GET"}})
	s.Feed([]byte("HTTP/1.0 200 OK\r\n\r\nok"))
	s.End()
	if want := "The answer to request 1 has no length and ends with the connection, so it was the last on this connection: send requests 2 to 3 again"; !strings.Contains(out.String(), want) {
		t.Errorf("%s\nwant %q", out.String(), want)
	}
}

func feedAll(feed func([]byte) error, s string, n int) {
	for len(s) > 0 {
		m := min(n, len(s))
		feed([]byte(s[:m]))
		s = s[m:]
	}
}

// TestToldIsBounded: a sentence with numbers in it is said once, like others, whatever
// they are: what is remembered of many conversations does not grow.
func TestToldIsBounded(t *testing.T) {
	var out strings.Builder
	screen := NewScreen(Options{Output: &out})
	for n := 2; n < 12; n++ {
		c := screen.Conversation(n, http1.Request)
		c.Sent([]byte(strings.Repeat(asked, n)))
		c.Received([]byte("HTTP/1.1 204 OK\r\nConnection: close\r\n\r\n"))
		c.EndReceived(EndEOF)
	}
	if n := strings.Count(out.String(), "again on a new one"); n != 1 || len(screen.told) != 1 {
		t.Errorf("said %d times, %d sentences are remembered:\n%s", n, len(screen.told), out.String())
	}
}
