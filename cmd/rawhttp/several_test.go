package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// Fifty connections at once, all of them in the middle of a request at the same
// time, and some that say nothing: each gets its answers, and every row of each
// is whole.
func TestSeveralAtOnce(t *testing.T) {
	const many = 50
	h := hostFor(t, "-k", "127.0.0.1:0", pageFile(t))
	for range 3 {
		h.dial()
	}
	var begun, group sync.WaitGroup
	begun.Add(many)
	wants := make([]string, many)
	for i := range many {
		conn := h.dial()
		request := fmt.Sprintf("POST /%d HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s", i, 3*i, strings.Repeat("ab\n", i))
		wants[i] = request + request
		group.Go(func() {
			io.WriteString(conn, request[:10])
			begun.Done()
			begun.Wait()
			for _, part := range []string{request[10:15], request[15:]} {
				io.WriteString(conn, part)
			}
			answer := make([]byte, len(page))
			for round := range 2 {
				if _, err := io.ReadFull(conn, answer); err != nil || string(answer) != page {
					t.Errorf("%d: answer %q, %v", i, answer, err)
				}
				if round == 0 {
					io.WriteString(conn, request)
				}
			}
			conn.Close()
		})
	}
	group.Wait()
	for number := range many { // the silent ones are 1 to 3
		h.await(fmt.Sprintf(`^#%d \* the client closed`, number+4))
	}
	shown, err := h.interrupt()
	if err != nil {
		t.Errorf("ended with %v", err)
	}
	streams := streamsOf(t, shown)
	if len(streams) != 2*many {
		t.Errorf("%d streams", len(streams))
	}
	found := map[string]bool{}
	for key, text := range streams {
		if strings.HasSuffix(key, ">") && text != page+page {
			t.Errorf("%s: %q", key, text)
		} else if strings.HasSuffix(key, "<") {
			found[text] = true
		}
	}
	for _, want := range wants {
		if !found[want] {
			t.Errorf("nobody has sent %q", want)
		}
	}
	if n := strings.Count(shown, "waiting"); n != 0 {
		t.Errorf("%d were said to wait", n)
	}
}

// More than may be served at once wait in line, and are served when others end.
func TestSeveralAreBounded(t *testing.T) {
	h := hostFor(t, "-k", "127.0.0.1:0", pageFile(t))
	const request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
	var conns []net.Conn
	for i := range atOnce + 1 {
		conn := h.dial()
		conns = append(conns, conn)
		io.WriteString(conn, request[:4])
		if i < atOnce {
			h.await(fmt.Sprintf(`^#%d \* connection from`, i+1))
		}
	}
	h.await(fmt.Sprintf(`^\* #%d waiting: `, atOnce+1))
	conns[7].Close()
	h.await(fmt.Sprintf(`^#%d \* connection from`, atOnce+1))
	last := conns[atOnce]
	io.WriteString(last, request[4:])
	answer := make([]byte, len(page))
	if _, err := io.ReadFull(last, answer); err != nil || string(answer) != page {
		t.Errorf("answer %q, %v", answer, err)
	}
	shown, err := h.interrupt()
	if err != nil {
		t.Errorf("ended with %v", err)
	}
	if !regexp.MustCompile(`(?m)^\* #8: error: the request was cut short$`).MatchString(shown) {
		t.Errorf("the one that was cut short is not reported:\n%s", shown)
	}
	if n := strings.Count(shown, "error: "); n != 1 {
		t.Errorf("%d errors, though Ctrl-C has ended the others", n)
	}
}

// What ends one connection is no business of those that end at the same time: with
// the race detector this is a test of what they share.
func TestSeveralEndAtOnce(t *testing.T) {
	const many, each = 8, 20
	h := hostFor(t, "-k", "127.0.0.1:0", pageFile(t))
	var group sync.WaitGroup
	for range many {
		group.Go(func() {
			for range each {
				conn := h.dial()
				io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
				if _, err := io.ReadFull(conn, make([]byte, len(page))); err != nil {
					t.Error(err)
				}
				conn.Close()
			}
		})
	}
	group.Wait()
	for number := range many * each {
		h.await(fmt.Sprintf(`^#%d \* the client closed`, number+1))
	}
	shown, err := h.interrupt()
	if last := "160 connections, 160 requests answered\n"; err != nil || !strings.HasSuffix(shown, last) {
		t.Errorf("ended with %v, and not %q:\n%s", err, last, shown)
	}
}

// What cannot be shown to anybody ends all, also who is in the middle of a request.
func TestSeveralEndTogether(t *testing.T) {
	h := hostFor(t, "-k", "127.0.0.1:0", pageFile(t))
	slow := h.dial()
	io.WriteString(slow, "GET")
	h.await(`^#1 \* connection from`)
	h.shows.Close()
	<-h.read
	io.WriteString(h.dial(), "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
	if _, err := h.over(); statusOf(err) != statusFailed {
		t.Errorf("ended with %v, status %d", err, statusOf(err))
	}
	if rest, err := io.ReadAll(slow); len(rest) != 0 {
		t.Errorf("the other got %q, %v", rest, err)
	}
}

// A pipe among the FILEs is read once, whoever comes first, and answers all.
func TestSeveralShareWhatIsReadOnce(t *testing.T) {
	r, w := io.Pipe()
	a := newAnswers(&inputFiles{[]string{"-"}, r}, false)
	const many = 20
	var group sync.WaitGroup
	impatient, cancel := context.WithCancel(t.Context())
	for i := range many {
		ctx := t.Context()
		if i%2 == 1 {
			ctx = impatient
		}
		group.Go(func() {
			answer, err := a.open(ctx)
			if err != nil {
				if ctx == t.Context() {
					t.Error(err)
				}
				return
			}
			defer answer.Close()
			if text, err := io.ReadAll(answer); err != nil || string(text) != page {
				t.Errorf("read %q, %v", text, err)
			}
		})
	}
	io.WriteString(w, page[:20])
	cancel() // some clients leave while the answer is still to come
	io.Copy(w, bufio.NewReader(bytes.NewReader([]byte(page[20:]))))
	w.Close()
	group.Wait()
}
