package http1

import (
	"fmt"
	"testing"
)

// TestReset: a Scanner that has seen anything at all, cut anywhere, is after Reset
// as new.
func TestReset(t *testing.T) {
	used := New(new(recorder))
	for _, code := range Codes() {
		e, err := ExampleOf(code)
		if err != nil {
			t.Fatal(err)
		}
		for _, stream := range [][]byte{e.Bytes, []byte("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET /x HTTP/1.1\r\nHost: a\r\nCookie: x"), e.Bytes[:len(e.Bytes)/2]} {
			fresh, again := new(recorder), new(recorder)
			used.Reset(again)
			for s, r := range map[*Scanner]*recorder{New(fresh): fresh, used: again} {
				s.Feed(e.Side, stream)
				s.Feed(1-e.Side, []byte("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxy"))
				if s == used && len(stream) == len(e.Bytes)/2 {
					s.Pending(e.Side) // and no End: the next Reset comes in the middle
				}
				_ = r
			}
			for _, side := range []Side{Request, Response} {
				if a, b := fresh.side(side), again.side(side); a != b || fmt.Sprint(fresh.found, fresh.done) != fmt.Sprint(again.found, again.done) {
					t.Fatalf("%s: new: %s %v, reset: %s %v", code, a, fresh.found, b, again.found)
				}
			}
		}
	}
}
