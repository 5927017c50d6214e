package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The other end: a client of listen whose connection breaks at any byte.

// ask is the client of one connection.
func (e *exchange) ask(address string) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, e.request); err != nil {
		return
	}
	_, _ = io.ReadFull(conn, make([]byte, len(e.response)))
}

// askUntil is a client that reads to the end of what is answered.
func (e *exchange) askUntil(address, end string) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, e.request)
	var answer []byte
	for buffer := make([]byte, 4096); !strings.HasSuffix(string(answer), end); {
		n, err := conn.Read(buffer)
		if answer = append(answer, buffer[:n]...); err != nil {
			return
		}
	}
}

// faultyListen runs listen FILE, and a client over a wire that breaks.
func faultyListen(t *testing.T, e *exchange, f fault) (*said, *wire, bool) {
	directory, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	answer := filepath.Join(directory, "answer")
	if err := os.WriteFile(answer, []byte(e.response), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"127.0.0.1:0", answer}
	for _, arg := range everyView {
		if !strings.HasPrefix(arg, "-") && arg != "json" {
			arg = filepath.Join(directory, arg)
		}
		args = append(args, arg)
	}
	h := hostFor(t, args...)
	w := newWire(t, f, toClient, func() (net.Conn, error) { return net.Dial("tcp", h.address) })
	e.ask(w.address)
	<-w.done
	gone := strings.HasPrefix(h.await(`"event":"close"|"code":"vanished".*`)[0], `"code":"vanished"`)
	if gone != (f.in == toServer && f.after == 0) {
		t.Errorf("%+v: has it gone without being served? %v", f, gone)
	}
	if gone { // so the next one is
		e.ask(h.address)
	}
	shown, err := h.over()
	s := &said{json: shown, status: statusDone}
	if err != nil {
		s.status, s.errors = statusOf(err), "rawhttp: error: "+err.Error()
	}
	read := func(name string) []byte {
		text, _ := os.ReadFile(filepath.Join(directory, name))
		return text
	}
	s.text, s.kept, s.sent = string(read("text")), read("kept"), read("sent")
	return s, w, gone
}

// dueOfListen is what listen comes to when the connection breaks as f says.
func (e *exchange) dueOfListen(f fault) (statuses, reasons string) {
	cut := f.in == toServer && f.after < len(e.request)
	switch {
	case f.in == toServer && f.after == 0: // the second client's
		return "0", "peer"
	case f.kind == closed:
		return "0 1 3", "peer reset"
	case f.kind == reset && cut:
		return "1", "reset"
	case f.kind == reset && f.in == toServer: // the answer may be on its way, or there
		return "0 1", "reset peer"
	case f.kind == reset && f.after == len(e.response): // the client closes then, too
		return "0", "reset peer"
	case f.kind == reset:
		return "0", "reset"
	case cut:
		return "3", "peer"
	}
	return "0", "peer"
}

// TestListenBroken: each byte of each exchange.
func TestListenBroken(t *testing.T) {
	for kind, step := range map[faultKind]int{reset: 1, ended: 1, closed: 5} {
		everyFault(t, kind, step, func(t *testing.T, e *exchange, f fault) {
			if !e.server {
				return
			}
			s, w, gone := faultyListen(t, e, f)
			received, took, conn := w.took(toServer), w.took(toClient), 1
			if gone {
				received, took, conn = []byte(e.request), []byte(e.response), 2
			}
			err := s.agreesAbout(conn, received, took)
			if statuses, reasons := e.dueOfListen(f); err == nil && (!among(strconv.Itoa(s.status), statuses) || !among(s.close.Reason, reasons)) {
				err = fmt.Errorf("status %d and %s, want %s and %s", s.status, s.close.Reason, statuses, reasons)
			}
			if err != nil {
				t.Errorf("%d: %v\nstatus %d %s\n%s", f.after, err, s.status, s.errors, s.json)
			}
		})
	}
}
