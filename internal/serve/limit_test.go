package serve

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// TestLateDeadline: on a real socket a deadline is set where a read has to wait.
// One that ran out while a page took its time is not the next request's, and an
// idle connection is closed all the same.
func TestLateDeadline(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	server := New(Options{Times: Times{Idle: 100 * time.Millisecond}, Handler: func(w *Response, r *Request) {
		if string(r.Target) == "/late" {
			_ = w.Wait(300 * time.Millisecond)
		}
		w.Send(200, plainText, hello)
	}})
	go func() { done <- server.Serve(ctx, nil, listener) }()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	reader := bufio.NewReader(conn)
	for _, target := range []string{"/", "/late", "/", "/late", "/"} {
		if _, err := io.WriteString(conn, get(target)); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatalf("%s: %v", target, err)
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := io.ReadAll(reader); len(b) > 0 || err != nil {
		t.Errorf("an idle connection got %q, %v", b, err)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
