package http1

import (
	"strings"
	"testing"
)

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

const (
	connect   = "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"                                      // 35 bytes
	upgrade   = "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n" // 69 bytes
	switching = "HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
)

// TestOvertaken: what stands behind a request for a tunnel belongs to the tunnel
// when the answer is yes, wherever it stands then, and is requests when it is no.
func TestOvertaken(t *testing.T) {
	long := strings.Repeat("x", pieceSize)
	chunked := post + "5\r\nhel"
	for _, c := range []struct {
		asked, behind string
		rest          string // comes behind the answer
		tunnel        int    // bytes of that kind among all these
		overtaken     bool
	}{
		{"", "", get, len(get), false},
		{"", get, get, len(get), true},
		{"", get + get, "", 0, true},
		{"", "\x16\x03\x01\x00\x05hello", "x", 1, true},
		{"", "GET / HT", "TP/1.1\r\n", len("GET / HTTP/1.1\r\n"), false},
		{"", "GET / HTTP/1.1\r\nHost", ": a\r\n", len("Host: a\r\n"), true},
		{"", chunked, "lo\r\n0\r\n\r\n", 9, true},
		{"", post + "zz\r\n", "x", 1, true},
		{"", "POST / HTTP/1.1\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\n", "123456789", 9, true},
		{"", "GET / HTTP/1.1\r\nHost: " + long, long + "\r\n" + get, len(get), true},
		{"", "GET /" + long, "\r\n" + get, len(get), true},
		{get, get, get, len(get), true},
	} {
		for _, how := range []struct{ asks, yes, no string }{
			{connect, ok + "\r\n", "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"},
			{upgrade, switching, ok + "Content-Length: 0\r\n\r\n"},
		} {
			answered := strings.Repeat(ok+"Content-Length: 0\r\n\r\n", len(c.asked)/len(get))
			number := 1 + len(c.asked)/len(get)
			for _, cut := range []int{0, 1, 7} {
				said := func(answer string) (*recorder, *Scanner) {
					return scan([]segment{{Request, []byte(c.asked + how.asks + c.behind)}, {Response, []byte(answered + answer)}, {Request, []byte(c.rest)}}, cut, true)
				}
				r, s := said(how.yes)
				tunnel := 0
				for _, token := range r.tokens[Request] {
					if token.Kind == Tunnel {
						tunnel += len(token.Bytes)
					}
				}
				if tunnel != c.tunnel {
					t.Errorf("%.40q, cut at %d: %d bytes of the tunnel, want %d: %s", c.behind, cut, tunnel, c.tunnel, r.side(Request))
				}
				if state := s.State(Request); state.Next != Tunnel || state.Middle || state.Begun != number || state.Complete != number || s.State(Response).Answered != number {
					t.Errorf("%.40q, cut at %d: %+v", c.behind, cut, state)
				}
				seen := map[int]int{}
				for _, m := range r.done {
					if m.Side == Response && m.Tunnel && m.Overtaken != c.overtaken {
						t.Errorf("%.40q, cut at %d: overtaken: %v", c.behind, cut, m.Overtaken)
					}
					if m.Side == Request {
						if seen[m.Number]++; m.Void == m.Complete {
							t.Errorf("%.40q, cut at %d: %+v", c.behind, cut, m)
						}
					}
				}
				for number, times := range seen {
					if times != 1 {
						t.Errorf("%.40q, cut at %d: request %d was told of %d times", c.behind, cut, number, times)
					}
				}
				for _, d := range r.found {
					if atTheEnd[d.Code] {
						t.Errorf("%.40q, cut at %d: %s", c.behind, cut, d.Code)
					}
				}
				if r, _ = said(how.no); strings.Contains(r.side(Request), "tunnel") {
					t.Errorf("%.40q, cut at %d, refused: %s", c.behind, cut, r.side(Request))
				}
			}
		}
	}
}

// The request for the tunnel itself is followed to its end.
func TestAnsweredInTheMiddle(t *testing.T) {
	r, s := scan([]segment{{Request, []byte("POST / HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\nConnection: upgrade\r\nContent-Length: 3\r\n\r\na")},
		{Response, []byte(switching)}, {Request, []byte("bctunnel")}}, 0, true)
	if got := s.State(Request); got.Begun != 1 || got.Complete != 1 || !strings.HasSuffix(r.side(Request), "body 3, tunnel 6") {
		t.Errorf("%s %+v", r.side(Request), got)
	}
}
