package http1

import "testing"

// deaf is a Sink that wants nothing.
type deaf struct{}

func (deaf) Token(Token)           {}
func (deaf) Diagnostic(Diagnostic) {}
func (deaf) Head(*Message)         {}
func (deaf) Message(*Message)      {}

// TestAsked: what is known of the request that the next final response answers,
// however the requests are cut, and whatever an interim response says before.
func TestAsked(t *testing.T) {
	const requests = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" +
		"GET / HTTP/1.1\r\nHost: a\r\n\r\n" +
		"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n" +
		"POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nab" +
		"HEAD / HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\n\r\n" +
		"GET /\r\n"
	want := []Asked{{Head: true}, {}, {Connect: true}, {Closes: true}, {Head: true, Closes: true}, {Closes: true}, {}}
	for cut := 1; cut < 40; cut++ {
		s := New(deaf{})
		for p := []byte(requests); len(p) > 0; {
			n := min(cut, len(p))
			s.Feed(Request, p[:n])
			p = p[n:]
		}
		for i, w := range want {
			if i == 1 {
				s.Feed(Response, []byte("HTTP/1.1 103 Early Hints\r\n\r\n"))
			}
			if got := s.State(Response).Asked; got != w {
				t.Fatalf("cut at %d: request %d is %+v, want %+v", cut, i+1, got, w)
			}
			if got := s.State(Request).Asked; got != (Asked{}) {
				t.Fatalf("the side of the requests says %+v", got)
			}
			s.Feed(Response, []byte("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))
		}
	}
}

// A response that came before its request was complete takes what is known with
// it: the rest of the head is nobody else's.
func TestAskedTooEarly(t *testing.T) {
	s := New(deaf{})
	s.Feed(Request, []byte("HEAD / HTTP/1.1\r\n"))
	if got := s.State(Response).Asked; got != (Asked{Head: true}) {
		t.Errorf("%+v", got)
	}
	s.Feed(Response, []byte("HTTP/1.1 408 Request Timeout\r\nContent-Length: 5\r\n\r\n"))
	s.Feed(Request, []byte("Connection: close\r\n\r\n"))
	s.Feed(Request, []byte("GET / HTTP/1.1\r\n"))
	if got := s.State(Response).Asked; got != (Asked{}) {
		t.Errorf("%+v", got)
	}
}
