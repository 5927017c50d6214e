package transcript

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"rawhttp/internal/http1"
)

// gate is an output whose first Write takes until it is opened.
type gate struct {
	bytes.Buffer
	err           error
	reached, open chan struct{}
	passed        bool
}

func newGate() *gate { return &gate{reached: make(chan struct{}), open: make(chan struct{})} }

func (g *gate) Write(p []byte) (int, error) {
	if !g.passed {
		g.passed = true
		close(g.reached)
		<-g.open
	}
	if g.err != nil {
		return 0, g.err
	}
	return g.Buffer.Write(p)
}

// TestQueue: while one connection's rows are being written another goes on, as
// far as the queue has room, and nothing is lost or changes its order.
func TestQueue(t *testing.T) {
	for _, json := range []bool{false, true} {
		out := newGate()
		screen := NewScreen(Options{Output: out, Numbers: true, JSON: json})
		first, second := screen.Conversation(1, http1.Response), screen.Conversation(2, http1.Response)
		done := make(chan struct{}, 2)
		go func() {
			first.Received([]byte("GET /first HTTP/1.1\r\n"))
			done <- struct{}{}
		}()
		<-out.reached
		second.Received([]byte("GET /0 HTTP/1.1\r\nHost: a\r\n\r\n"))
		if out.Len() > 0 {
			t.Fatal("written twice at once")
		}
		go func() {
			for i := range 2000 {
				second.Received(fmt.Appendf(nil, "GET /%d HTTP/1.1\r\nHost: a\r\n\r\n", i+1))
			}
			done <- struct{}{}
		}()
		for full := false; !full; runtime.Gosched() {
			full = screen.queue.full()
		}
		if n := screen.queue.bytes; n > flushAt+holdAt {
			t.Errorf("the queue has %d bytes", n)
		}
		close(out.open)
		<-done
		<-done
		text := out.String()
		at := strings.Index(text, "GET /first ")
		if json && !strings.HasPrefix(text, `{"event":"data","version":1,`) || at < 0 {
			t.Fatalf("begins with %.100s", text)
		}
		for i := range 2001 {
			n := strings.Index(text[at:], fmt.Sprintf("GET /%d ", i))
			if n < 0 {
				t.Fatalf("request %d is not behind the one before", i)
			}
			at += n
		}
	}
}

// TestQueueError: who did not wait for a write that fails hears of it from the next call.
func TestQueueError(t *testing.T) {
	out := newGate()
	out.err = errors.New("full")
	screen := NewScreen(Options{Output: out})
	first, second := screen.Conversation(1, http1.Response), screen.Conversation(2, http1.Response)
	done := make(chan error)
	go func() { done <- first.Received([]byte("GET / HTTP/1.1\r\n")) }()
	<-out.reached
	if err := second.Received([]byte("GET / HTTP/1.1\r\n")); err != nil {
		t.Errorf("%v before anything was written", err)
	}
	close(out.open)
	if err := <-done; err != out.err {
		t.Errorf("the call that wrote: %v", err)
	}
	if err := second.Received([]byte("Host: a\r\n")); err != out.err {
		t.Errorf("the next call: %v", err)
	}
}
