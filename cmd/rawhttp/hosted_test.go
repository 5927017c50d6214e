package main

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rawhttp/internal/console"
)

// hosted is the program at work in this process, so that the race detector sees
// it.
type hosted struct {
	t       *testing.T
	address string
	cancel  context.CancelCauseFunc
	done    chan error

	mu    sync.Mutex
	shown []byte
	grown chan struct{} // closed when shown has grown
	read  chan struct{} // closed when all was read
	shows *os.File      // what is read; closed by who has seen enough
}

// host runs listen with the arguments after it and waits until it listens.
func hostFor(t *testing.T, args ...string) *hosted {
	t.Helper()
	in, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	return hostReading(t, in, args...)
}

// hostCommand does the same with another command.
func hostCommand(t *testing.T, args ...string) *hosted {
	t.Helper()
	in, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	return hostRunning(t, in, args)
}

// hostReading does the same with another standard input than an empty one.
func hostReading(t *testing.T, in *os.File, args ...string) *hosted {
	t.Helper()
	return hostRunning(t, in, append([]string{"listen"}, args...))
}

func hostRunning(t *testing.T, in *os.File, args []string) *hosted {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p := &program{world: &world{stdin: in, stdout: w, stderr: w, getenv: func(string) string { return "" }, container: func() bool { return false }}}
	ctx, cancel := context.WithCancelCause(t.Context())
	h := &hosted{t: t, cancel: cancel, done: make(chan error, 1), grown: make(chan struct{}), read: make(chan struct{}), shows: r}
	go h.take(r)
	go func() {
		ended := make(chan error, 1)
		p.execute(ctx, args, ended)
		err := <-ended
		w.Close()
		in.Close()
		h.done <- err
	}()
	h.address = h.await(`listen.* ?"?(127\.0\.0\.1:\d+)`)[1]
	return h
}

func (h *hosted) take(r *os.File) {
	defer close(h.read)
	defer r.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := r.Read(buffer)
		h.mu.Lock()
		h.shown = append(h.shown, buffer[:n]...)
		close(h.grown)
		h.grown = make(chan struct{})
		h.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// await waits until pattern is found in what was shown.
func (h *hosted) await(pattern string) []string {
	h.t.Helper()
	re := regexp.MustCompile("(?m)" + pattern)
	late := time.After(patience)
	for {
		h.mu.Lock()
		found, grown, shown := re.FindSubmatch(h.shown), h.grown, string(h.shown)
		h.mu.Unlock()
		if found != nil {
			var texts []string
			for _, f := range found {
				texts = append(texts, string(f))
			}
			return texts
		}
		select {
		case <-grown:
		case <-late:
			h.t.Fatalf("%q does not come:\n%s", pattern, shown)
		}
	}
}

// size is how much was shown.
func (h *hosted) size() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.shown)
}

// since is what was shown from there on.
func (h *hosted) since(from int) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return string(h.shown[from:])
}

// awaitLine waits for a line with both texts, from there on.
func (h *hosted) awaitLine(from int, one, other string) string {
	h.t.Helper()
	late := time.After(patience)
	for {
		h.mu.Lock()
		grown, shown := h.grown, string(h.shown[from:])
		h.mu.Unlock()
		for line := range strings.Lines(shown) {
			if strings.HasSuffix(line, "\n") && strings.Contains(line, one) && strings.Contains(line, other) {
				return line
			}
		}
		select {
		case <-grown:
		case <-late:
			h.t.Fatalf("%q with %q does not come:\n%s", one, other, shown)
		}
	}
}

// interrupt is Ctrl-C; it returns what was shown and how the program ended.
func (h *hosted) interrupt() (string, error) {
	h.cancel(&stopped{os.Interrupt})
	return h.over()
}

func (h *hosted) over() (string, error) {
	h.t.Helper()
	select {
	case err := <-h.done:
		<-h.read
		return string(h.shown), err
	case <-time.After(patience):
		h.t.Fatal("it does not end")
		return "", nil
	}
}

func (h *hosted) dial() net.Conn {
	h.t.Helper()
	conn, err := net.Dial("tcp", h.address)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { conn.Close() })
	return conn
}

var shownRow = regexp.MustCompile(`^#(\d+) ([<>]) \S+ +(\d+)  (.*)$`)

// streamsOf joins the TEXT of rows by connection and direction, after a look at
// each row's LENGTH. Every line must be a whole one.
func streamsOf(t *testing.T, shown string) map[string]string {
	t.Helper()
	streams := map[string]string{}
	for line := range strings.Lines(shown) {
		row := shownRow.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if row == nil {
			if !regexp.MustCompile(`^(#\d+ )?[*!] `).MatchString(line) {
				t.Errorf("no line of a transcript: %q", line)
			}
			continue
		}
		b, err := io.ReadAll(console.NewUnescaper(strings.NewReader(row[4])))
		if err != nil || strconv.Itoa(len(b)) != row[3] {
			t.Errorf("%q: %d bytes, %v", line, len(b), err)
		}
		streams[row[1]+row[2]] += string(b)
	}
	return streams
}

const page = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\nhello, client\n"

func pageFile(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "page.http")
	if err := os.WriteFile(name, []byte(page), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}
