package main

import (
	"fmt"
	"net"
	"regexp"
	"strings"
	"testing"
)

// TestServeBroken: clients of serve whose connections break at any byte. Each is
// closed with its reason, and all of its bytes shown; the server goes on.
func TestServeBroken(t *testing.T) {
	h := hostCommand(t, "serve", "127.0.0.1:0", "--format", "json")
	e := exchange{request: hosted1}
	s, w, _ := serveOnce(t, h, &e, fault{kind: unbroken})
	if e.response = string(w.took(toClient)); !strings.HasPrefix(e.response, "HTTP/1.1 200 OK\r\n") || s.close.Reason != "peer" {
		t.Fatalf("unbroken: %q, %+v", e.response, s.close)
	}
	for _, kind := range []faultKind{reset, ended, closed} {
		for d, stream := range []string{e.request + e.request, e.response + e.response} {
			fewAtATime(len(stream)+1, func(k int) {
				pipelined := exchange{request: e.request + e.request, response: e.response + e.response}
				f := fault{kind: kind, in: direction(d), after: k}
				s, w, err := serveOnce(t, h, &pipelined, f)
				if err == nil {
					err = s.agreesAbout(s.conn, w.took(toServer), w.took(toClient))
				}
				early := k < len(stream) // or else the client may have closed before the reset
				if why := s.close; err == nil && (kind == reset && early && why.Reason != "reset" || kind == ended && why.Reason != "peer" || !among(why.Reason, "peer reset")) {
					err = fmt.Errorf("closed for %s", why.Reason)
				}
				if err != nil {
					t.Errorf("%+v: %v\n%s", f, err, s.json)
				}
			})
		}
	}
	if _, err := h.interrupt(); err != nil {
		t.Errorf("serve has ended with %v", err)
	}
}

// serveOnce lets one client ask, and returns what was said of its connection.
func serveOnce(t *testing.T, h *hosted, e *exchange, f fault) (*said, *wire, error) {
	from := h.size()
	remote := make(chan string, 1)
	w := newWire(t, f, toClient, func() (net.Conn, error) {
		conn, err := net.Dial("tcp", h.address)
		if err == nil {
			remote <- conn.LocalAddr().String()
		}
		return conn, err
	})
	if e.response == "" {
		e.askUntil(w.address, "hand-rolled server\n")
	} else {
		e.ask(w.address)
	}
	<-w.done
	opened := h.awaitLine(from, `"event":"open"`, `"remote":"`+<-remote+`"`)
	conn := regexp.MustCompile(`"conn":\d+,`).FindString(opened)
	h.awaitLine(from, `"event":"close"`, conn)
	s := &said{}
	_, err := fmt.Sscanf(conn, `"conn":%d,`, &s.conn)
	for line := range strings.Lines(h.since(from)) {
		if strings.Contains(line, conn) {
			s.json += line
		}
	}
	if err == nil {
		err = s.read(s.conn)
	}
	return s, w, err
}
