package serve

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// handed is a listener of connections that a test makes.
type handed struct {
	conns chan net.Conn
	over  chan struct{}
}

func newHanded() *handed { return &handed{make(chan net.Conn), make(chan struct{})} }

func (h *handed) Accept() (net.Conn, error) {
	select {
	case c := <-h.conns:
		return c, nil
	case <-h.over:
		return nil, net.ErrClosed
	}
}

func (h *handed) Close() error   { close(h.over); return nil }
func (h *handed) Addr() net.Addr { return &net.TCPAddr{} }

// running is a server in a bubble of synctest.
type running struct {
	t      *testing.T
	server *Server
	hand   *handed
	stop   context.CancelFunc
	now    chan struct{}
	done   chan error
}

func start(t *testing.T, o Options) *running {
	ctx, cancel := context.WithCancel(t.Context())
	r := &running{t, New(o), newHanded(), cancel, make(chan struct{}), make(chan error, 1)}
	go func() { r.done <- r.server.Serve(ctx, r.now, r.hand) }()
	return r
}

// client connects, sends, and returns the connection.
func (r *running) client(send string) net.Conn {
	ours, theirs := net.Pipe()
	r.hand.conns <- theirs
	if send != "" {
		if _, err := io.WriteString(ours, send); err != nil {
			r.t.Error(err)
		}
	}
	return ours
}

// rest reads to the end, and tells how long that took.
func rest(conn net.Conn) (string, time.Duration) {
	begun := time.Now()
	b, _ := io.ReadAll(conn)
	return string(b), time.Since(begun)
}

func (r *running) end() {
	r.t.Helper()
	r.stop()
	if err := <-r.done; err != nil {
		r.t.Error(err)
	}
}

// TestTimes: what does not come in time is answered 408, or closed where nothing
// was begun; a byte now and then helps a body, not a head.
func TestTimes(t *testing.T) {
	times := Times{Head: 10 * time.Second, Body: 20 * time.Second, Idle: 75 * time.Second}
	for name, c := range map[string]struct {
		send  string
		drip  string // a byte every 4 s
		after time.Duration
		want  string
	}{
		"nothing":        {"", "", 75 * time.Second, ""},
		"half a head":    {"GET / HT", "", 10 * time.Second, "HTTP/1.1 408 "},
		"half of HEAD":   {"HEAD / HT", "", 10 * time.Second, "HTTP/1.1 408 "},
		"a head in bits": {"GET / HTTP/1.1\r\n", "X: yyyyyyyyyyyyyyyyyyyyyyyy", 10 * time.Second, "HTTP/1.1 408 "},
		"half a body":    {"POST /echo HTTP/1.1\r\n" + host + "Content-Length: 9\r\n\r\nab", "", 20 * time.Second, "HTTP/1.1 408 "},
		"a body in bits": {"POST /echo HTTP/1.1\r\n" + host + "Content-Length: 90\r\n\r\nab", "12345678", 8*4*time.Second + 20*time.Second, "HTTP/1.1 408 "},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := start(t, Options{Handler: Site(nil), Times: times})
				conn := r.client(c.send)
				var dripping sync.WaitGroup
				dripping.Go(func() {
					for i := range len(c.drip) {
						time.Sleep(4 * time.Second) // of the bubble
						if _, err := conn.Write([]byte{c.drip[i]}); err != nil {
							return
						}
					}
				})
				got, took := rest(conn)
				if !strings.HasPrefix(got, c.want) || c.want == "" && got != "" || took != c.after {
					t.Errorf("%q after %v, want %s after %v", got, took, c.want, c.after)
				}
				if got != "" && strings.HasSuffix(got, "\r\n\r\n") != strings.HasPrefix(c.send, "HEAD ") {
					t.Errorf("%q gets %q: content is what HEAD does not get", c.send, got)
				}
				conn.Close()
				dripping.Wait()
				r.end()
			})
		})
	}
}

// TestKeptAlive: each request gives the connection its time anew.
func TestKeptAlive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, Options{Handler: Site(nil), Times: Times{Idle: 10 * time.Second}})
		conn := r.client("")
		for range 20 {
			time.Sleep(9 * time.Second)
			go io.WriteString(conn, get("/about"))
			b := make([]byte, 300)
			if n, err := conn.Read(b); err != nil || !strings.HasSuffix(string(b[:n]), "this is /about\n") {
				t.Fatalf("%q, %v", b[:n], err)
			}
		}
		if got, took := rest(conn); got != "" || took < 9*time.Second || took > 10*time.Second {
			t.Errorf("%q after %v", got, took)
		}
		r.end()
	})
}

// TestStop: what is being answered is finished and said to be the last, what is
// idle is closed at once, and a stream ends in good order.
func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, Options{Handler: Site(nil)})
		idle, slow, stream := r.client(""), r.client(get("/slow/3")), r.client(get("/stream"))
		head := make([]byte, 1000)
		n, _ := stream.Read(head)
		synctest.Wait()
		begun := time.Now()
		r.stop()
		if got, took := rest(idle); got != "" || took != 0 {
			t.Errorf("idle: %q after %v", got, took)
		}
		more, _ := rest(stream)
		if all := string(head[:n]) + more; !strings.HasSuffix(all, "\r\n0\r\n\r\n") || time.Since(begun) > 2*time.Second {
			t.Errorf("stream: %q after %v", all, time.Since(begun))
		}
		if got, _ := rest(slow); !strings.HasSuffix(got, "Connection: close\r\n\r\nslept 3 s\n") || time.Since(begun) != 3*time.Second {
			t.Errorf("slow: %q after %v", got, time.Since(begun))
		}
		if err := <-r.done; err != nil {
			t.Error(err)
		}
	})
}

// TestStopNow: the second signal, and the end of Times.Grace, cut it short.
func TestStopNow(t *testing.T) {
	for _, hurried := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var why Reason
			r := start(t, Options{Handler: Site(nil), Times: Times{Grace: 5 * time.Second}, Open: func(int, net.Conn) Watcher {
				return Watcher{Closed: func(c Closing) error { why = c.Reason; return nil }}
			}})
			slow := r.client(get("/slow/60"))
			synctest.Wait()
			begun, want := time.Now(), 5*time.Second
			r.stop()
			if hurried {
				want = 0
				close(r.now)
			}
			if got, _ := rest(slow); got != "" || time.Since(begun) != want {
				t.Errorf("%q after %v", got, time.Since(begun))
			}
			if err := <-r.done; err != nil || why != Stopped {
				t.Errorf("%v, closed because %q", err, why)
			}
		})
	}
}

// TestRoom: beyond the limit the connection that has been idle longest gives way;
// where none is idle, the new one is told 503.
func TestRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var full int
		r := start(t, Options{Handler: Site(nil), Limits: Limits{Connections: 2}, Trouble: func(tr Trouble) {
			if tr.Full {
				full++
			}
		}})
		first := r.client("")
		synctest.Wait()
		time.Sleep(time.Second)
		second := r.client("")
		synctest.Wait()
		time.Sleep(time.Second)
		third := r.client("")
		if got, took := rest(first); got != "" || took != 0 {
			t.Errorf("the oldest: %q after %v", got, took)
		}
		for _, conn := range []net.Conn{second, third} {
			go io.WriteString(conn, get("/slow/9"))
		}
		synctest.Wait()
		fourth := r.client("")
		if got, _ := rest(fourth); !strings.HasPrefix(got, "HTTP/1.1 503 ") || full != 1 {
			t.Errorf("the fourth: %q, told %d times", got, full)
		}
		for _, conn := range []net.Conn{second, third} {
			b := make([]byte, 300)
			if n, _ := conn.Read(b); !strings.HasSuffix(string(b[:n]), "slept 9 s\n") {
				t.Errorf("%q", b[:n])
			}
			conn.Close()
		}
		r.end()
	})
}

// TestStopNowIsSaid: an answer that was cut off by the stop is not told of as one
// that was sent, and the reason is the stop.
func TestStopNowIsSaid(t *testing.T) {
	for target, status := range map[string]int{"/slow/60": 0, "/stream": 200} {
		synctest.Test(t, func(t *testing.T) {
			var answers []Answer
			var closing Closing
			r := start(t, Options{Handler: Site(nil), Open: func(int, net.Conn) Watcher {
				return Watcher{
					Answered: func(a Answer) error { answers = append(answers, a); return nil },
					Closed:   func(c Closing) error { closing = c; return nil },
				}
			}})
			conn := r.client(get(target))
			go io.Copy(io.Discard, conn)
			synctest.Wait()
			close(r.now)
			r.end()
			if len(answers) != 1 || answers[0].Status != status || closing.Reason != Stopped || closing.Requests != 0 {
				t.Errorf("%s: %+v, %+v", target, answers, closing)
			}
		})
	}
}

// TestCrash: a Handler that panics costs its connection alone, and nothing stays
// counted.
func TestCrash(t *testing.T) {
	crashes := 0
	s := New(Options{Handler: func(*Response, *Request) { panic("oh") }, Crash: func(any, []byte) { crashes++ }})
	s.begin(&scripted{parts: [][]byte{[]byte("POST / HTTP/1.1\r\n" + host + "Content-Length: 20000\r\n\r\n"), make([]byte, 20000)}})
	s.serving.Wait()
	if held := s.bodies.Load(); held != 0 || crashes != 1 {
		t.Errorf("%d bytes are still counted, %d crashes", held, crashes)
	}
}
