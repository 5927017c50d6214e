package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"rawhttp/internal/console"
)

// What happens when the network breaks a conversation at any byte. For each way of
// breaking it, each byte and each framing: the program ends by itself, with a
// documented status and a reason that fits it, JSON, text and saved bytes agree,
// and what was shown is exactly what was carried.
//
// RAWHTTP_SOAK_FAULTS, a number of seconds for stalls, tries every byte of
// everything (bench/soak/run faults); without it, of what takes long a part is tried.

// exchange is a request, whole, and what answers it, whole.
type exchange struct {
	request, response string
	closes            bool  // the server closes at the end
	answered          []int // how many bytes of the response are so many answers
	server            bool  // listen can be the server of it
}

const (
	hosted1 = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
	length2 = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
)

var exchanges = map[string]exchange{
	"length":      {hosted1, length2, false, []int{len(length2)}, true},
	"chunked":     {hosted1, chunkedHi, false, []int{len(chunkedHi)}, true},
	"until close": {hosted1, headOnly + "hi", true, []int{len(headOnly)}, true},
	"upload":      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc", length2, false, []int{len(length2)}, true},
	"pipelined":   {hosted1 + hosted1, length2 + chunkedHi, false, []int{len(length2), len(length2 + chunkedHi)}, false},
	"continue":    {expecting, continues + length2, false, []int{len(continues + length2)}, false},
	"tunnel":      {"CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\nping", headOnly + "pong", true, []int{len(headOnly)}, false},
	"no HTTP":     {"hello\n", "hello yourself\n", true, nil, false},
}

const (
	headOnly  = "HTTP/1.1 200 OK\r\n\r\n"
	chunkedHi = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
	expecting = "PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc"
	continues = "HTTP/1.1 100 Continue\r\n\r\n"
)

func rowBytes(text string) (string, error) {
	b, err := io.ReadAll(console.NewUnescaper(strings.NewReader(text)))
	return string(b), err
}

// everyByte reports whether the full length was asked for.
func everyByte() bool { return os.Getenv("RAWHTTP_SOAK_FAULTS") != "" }

// fewAtATime runs job for 0 to n-1, a few at a time.
func fewAtATime(n int, job func(i int)) {
	const atATime = 4
	var group sync.WaitGroup
	for worker := range atATime {
		group.Go(func() {
			for i := worker; i < n; i += atATime {
				job(i)
			}
		})
	}
	group.Wait()
}

// serveExchange is the server of one connection.
func (e *exchange) serve(l net.Listener) {
	conn, err := l.Accept()
	if err != nil {
		return
	}
	defer conn.Close()
	if _, err := io.ReadFull(conn, make([]byte, len(e.request))); err != nil {
		return
	}
	_, _ = io.WriteString(conn, e.response)
	if !e.closes {
		_, _ = io.Copy(io.Discard, conn)
	}
}

// faultySend runs send with e, over a wire that breaks. What it sends is typed, as
// far as the wire will take it and then the rest, or a FILE.
func faultySend(t *testing.T, e *exchange, f fault, file bool, args ...string) (*said, *wire) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go e.serve(l)
	w := newWire(t, f, toServer, func() (net.Conn, error) { return net.Dial("tcp", l.Addr().String()) })
	in, keys, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	args = append([]string{"send", w.address}, args...)
	if file {
		name := filepath.Join(t.TempDir(), "request")
		if err := os.WriteFile(name, []byte(e.request), 0o600); err != nil {
			t.Error(err)
		}
		args = append(args, name)
	}
	var typing sync.WaitGroup
	typing.Go(func() {
		defer keys.Close()
		first := len(e.request)
		if f.in == toServer && f.kind != bytewise {
			first = min(f.after, first)
		}
		if file {
			return
		}
		_, _ = io.WriteString(keys, e.request[:first])
		if first < len(e.request) {
			w.await(toServer, first)
			_, _ = io.WriteString(keys, e.request[first:])
		}
	})
	s := carriedOut(t, in, args)
	close(w.over)
	in.Close()
	typing.Wait()
	<-w.done
	return s, w
}

// carriedOut runs the program in this process, in a directory of its own.
func carriedOut(t *testing.T, in *os.File, args []string) *said {
	directory, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	for i := range args {
		if args[i] == "text" || args[i] == "kept" || args[i] == "sent" {
			args[i] = filepath.Join(directory, args[i])
		}
	}
	var files [2]*os.File
	for i, name := range []string{"out", "err"} {
		if files[i], err = os.Create(filepath.Join(directory, name)); err != nil {
			t.Fatal(err)
		}
		defer files[i].Close()
	}
	p := &program{world: &world{stdin: in, stdout: files[0], stderr: files[1], getenv: func(string) string { return "" }, container: func() bool { return false }}}
	ctx, cancel := context.WithTimeoutCause(t.Context(), patience, errors.New("it does not end"))
	defer cancel()
	done := make(chan error, 1)
	go p.execute(ctx, args, done)
	s := &said{status: p.finish(<-done)}
	read := func(name string) string {
		text, _ := os.ReadFile(filepath.Join(directory, name))
		return strings.ReplaceAll(string(text), directory+"/", "")
	}
	s.json, s.errors, s.text, s.kept, s.sent = read("out"), read("err"), read("text"), []byte(read("kept")), []byte(read("sent"))
	_ = os.RemoveAll(directory)
	return s
}

// due is what send comes to when the connection breaks as f says: statuses and
// reasons of the close.
func (e *exchange) due(f fault) (statuses, reasons string) {
	got := 0 // of the response
	if f.in == toClient {
		got = f.after
	}
	all := len(e.answered) > 0 && got >= e.answered[len(e.answered)-1]
	switch {
	case f.kind == reset && all && !e.closes:
		return "0", "answered reset" // whichever comes first: the end of the input or the reset
	case f.kind == reset:
		return "1", "reset"
	case f.kind == closed && f.in == toServer: // a reset if it had not read all
		return "0 1 3", "peer reset"
	case e.answered == nil && f.in == toServer && f.after == 0: // was anything sent before its end was seen?
		return "0 3", "peer"
	case e.answered == nil && got == len("h"): // which may begin HTTP
		return "3", "peer"
	case e.answered == nil, all && e.closes:
		return "0", "peer"
	case all:
		return "0", "answered peer" // whichever is seen first
	}
	return "3", "peer"
}

// check holds what send has said to what was carried, and to what is due.
func (e *exchange) check(s *said, w *wire, f fault) error {
	if err := s.read(1); err != nil {
		return err
	}
	if s.close == nil && f.in == toServer && f.after == 0 && s.status == statusFailed && len(s.failures) == 1 && s.failures[0].Code == "connect" {
		return nil // the reset has met the connecting
	}
	if err := s.agrees(w.took(toClient), w.took(toServer)); err != nil {
		return err
	}
	if statuses, reasons := e.due(f); !among(strconv.Itoa(s.status), statuses) || !among(s.close.Reason, reasons) {
		return fmt.Errorf("status %d and %s, want %s and %s", s.status, s.close.Reason, statuses, reasons)
	}
	return nil
}

// everyView has a run say all that it can.
var everyView = []string{"--format", "json", "--save", "text", "-o", "kept", "--save-sent", "sent"}

// everyFault calls job for each exchange and each byte of it, step bytes apart.
func everyFault(t *testing.T, kind faultKind, step int, job func(t *testing.T, e *exchange, f fault)) {
	step = stepOf(step)
	for name, e := range exchanges {
		for d, stream := range map[direction]string{toServer: e.request, toClient: e.response} {
			t.Run(fmt.Sprint(name, " ", kind, " ", d), func(t *testing.T) {
				t.Parallel()
				fewAtATime(len(stream)/step+1, func(i int) { job(t, &e, fault{kind: kind, in: d, after: i * step}) })
			})
		}
	}
}

// TestSendBroken: each byte of each exchange, typed and from a FILE.
func TestSendBroken(t *testing.T) {
	for kind, step := range map[faultKind]int{reset: 1, ended: 1, closed: 5} {
		everyFault(t, kind, step, func(t *testing.T, e *exchange, f fault) {
			file := f.in == toServer && f.after%3 == 0
			s, w := faultySend(t, e, f, file, everyView...)
			if err := e.check(s, w, f); err != nil {
				t.Errorf("%d: %v\nstatus %d %s\n%s", f.after, err, s.status, s.errors, s.json)
			}
		})
	}
}

// stepOf is how many bytes apart faults are: 1 at the full length.
func stepOf(short int) int {
	if everyByte() {
		return 1
	}
	return short
}
