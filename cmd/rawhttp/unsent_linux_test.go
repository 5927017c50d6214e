package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"rawhttp/internal/session"
)

// TestNotSentWhole: when it is the server or the network that ends the sending, what
// the rows count is what went out, and nobody is told that the body is too short.
func TestNotSentWhole(t *testing.T) {
	const size = 24 << 20 // more than the kernel holds for a peer that does not read
	head := fmt.Sprintf("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n", size)
	name := filepath.Join(t.TempDir(), "request")
	if err := os.WriteFile(name, []byte(head+strings.Repeat("x", size)), 0o600); err != nil {
		t.Fatal(err)
	}
	for how, status := range map[string]int{"reset": statusFailed, "answer": 0, "stall": statusTimeout} {
		for _, raw := range []string{"off", "body"} {
			t.Run(how+" "+raw, func(t *testing.T) {
				t.Parallel()
				patience := "30"
				if how == "stall" {
					patience = "1"
				}
				s := carriedOut(t, piped(t, ""), []string{"send", "-w", patience, "--raw=" + raw, "--save", "text", refusing(t, how), name})
				text := s.text[strings.LastIndex(s.text[:max(0, len(s.text)-700)], "\n")+1:]
				body := regexp.MustCompile(`(?m)^\* the request was not sent whole: (\d+) of the 25165824 bytes of its body went out$`).FindStringSubmatch(text)
				all := regexp.MustCompile(`(?m)^\* .*\(sent (\d+), received \d+ bytes\)$`).FindStringSubmatch(text)
				if s.status != status || body == nil || all == nil || strings.Contains(text, "missing") {
					t.Fatalf("status %d\n%s%s", s.status, text, s.errors)
				}
				if sum := fmt.Sprint(atoi(body[1]) + len(head)); sum != all[1] {
					t.Errorf("%s\n%s with the head", text, sum)
				}
				failed := regexp.MustCompile(`(\d+) of the \d+ bytes shown went out`).FindStringSubmatch(s.text)
				if failed != nil && failed[1] != all[1] {
					t.Errorf("when the write failed %s had gone out:\n%s", failed[1], text)
				}
				if how == "stall" && !strings.Contains(s.errors, "the request was not sent whole") {
					t.Errorf("%s", s.errors)
				}
			})
		}
	}
}

func atoi(digits string) (n int) {
	_, _ = fmt.Sscan(digits, &n)
	return n
}

// refusing is a server that takes the beginning of a request.
func refusing(t *testing.T, how string) (address string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	var done sync.WaitGroup
	t.Cleanup(func() { listener.Close(); close(over); done.Wait() })
	done.Go(func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.CopyN(io.Discard, conn, 64<<10)
		switch how {
		case "reset":
			_ = conn.(*net.TCPConn).SetLinger(0)
			return
		case "answer":
			_, _ = io.WriteString(conn, "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
		}
		<-over
	})
	return listener.Addr().String()
}

// TestNotSent: what is said of a request that did not go out, as far as it went.
func TestNotSent(t *testing.T) {
	const post = postHead + "Content-Length: 10\r\n\r\n"
	for _, c := range []struct {
		send    string
		unsent  int64
		written error
		want    string
	}{
		{post + "hello", 0, nil, "the request was not sent whole: 5 of the 10 bytes of its body went out"},
		{post + "hello", 2, nil, "the request was not sent whole: 3 of the 10 bytes of its body went out"},
		{post + "hello", 7, io.ErrClosedPipe, "the request was not sent whole: 0 of the 10 bytes of its body went out"},
		{post, 3, nil, "the request was not sent whole: 0 of the 10 bytes of its body went out"},
		{postHead, 3, nil, "the request was not sent whole"},
		{postHead + chunked + "11\r\nhello", 1, nil, "the request was not sent whole"},
		{post + "helloworld", 1, io.ErrClosedPipe, ""}, // the note about the write has said it
		{post + "helloworld", 1, nil, fmt.Sprintf("the request was not sent whole: %d of the %d bytes shown went out", len(post)+9, len(post)+10)},
		{"no HTTP", 1, nil, ""},
	} {
		o, screen := observed(t, session.Client)
		feed(t, o, silenceCase{send: c.send})
		screen.Reset()
		o.over(&session.Result{Unsent: true, Sent: int64(len(c.send)) - c.unsent, WriteErr: c.written})
		said := ""
		for line := range strings.Lines(screen.String()) {
			if note, ok := strings.CutPrefix(line, "* "); ok {
				said += strings.TrimSuffix(note, "\n")
			}
		}
		if said != c.want {
			t.Errorf("%q, %d of it not sent: %q, want %q", c.send, c.unsent, said, c.want)
		}
	}
}
