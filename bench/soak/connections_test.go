//go:build linux

package soak

import (
	"fmt"
	"syscall"
	"testing"
	"time"
)

// TestConnections: one connection after the other, of which every fifth is cut, reset
// or never used, leaves nothing behind: no descriptor, memory or goroutine.
// RAWHTTP_SOAK_CONNECTIONS is how many.
func TestConnections(t *testing.T) {
	count := length(t, "RAWHTTP_SOAK_CONNECTIONS", 2000)
	for _, c := range []struct {
		name, body string
		json       bool
		args       []string
	}{
		{"listen", filesBody, false, []string{"listen", "-k", "127.0.0.1:0", pageFile(t)}},
		{"listen-json", filesBody, true, []string{"listen", "--format", "json", "-k", "127.0.0.1:0", pageFile(t)}},
		{"serve", serveBody, false, []string{"serve", "127.0.0.1:0"}},
		{"serve-json", serveBody, true, []string{"serve", "--format", "json", "127.0.0.1:0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := setup{env: listsGoroutines}
			lines := &jsonLines{t: t}
			if c.json {
				s.also = lines
			}
			server, begun := s.start(t, c.args...), time.Now()
			figures := oneByOne(t, server, server.address(), c.body, count) + "; " + seconds(begun)
			if c.json {
				server.stop(syscall.SIGINT, 0)
				lines.whole()
			} else {
				few := s.start(t, c.args...)
				oneByOne(t, few, few.address(), c.body, 20)
				figures += fmt.Sprintf("; %d goroutines in the end", sameGoroutines(t, few, server))
			}
			result(t, "`connections`, "+c.name, fmt.Sprint(count), "%s", figures)
		})
	}
}

// oneByOne makes the connections, and compares a tenth of the way with the end. It
// returns the figures of both.
func oneByOne(t *testing.T, server *child, address, body string, count int) string {
	t.Helper()
	idle := 0
	var fds, rss, threads int
	for i := range count {
		if i == count/10 {
			poll(t, "descriptors that rest", func() bool { idle = server.descriptors(); return idle > 0 })
			rss, threads = server.figure("VmRSS"), server.figure("Threads")
		}
		come := func() error { return visit(address, i, body) }
		if i%5 == 4 {
			come = func() error { return visitRudely(address, i) }
		}
		if err := come(); err != nil {
			t.Fatalf("connection %d: %v", i+1, err)
		}
		fds = max(fds, server.descriptors())
	}
	// The last ones are being closed, and a tenth of the way one may have been, too.
	poll(t, "as few descriptors as before", func() bool { return server.descriptors() <= idle })
	figures := fmt.Sprintf("a tenth of the way and at the end: descriptors %d and %d (at most %d), resident %s and %s, threads %d and %d",
		idle, server.descriptors(), fds, megabytes(rss), megabytes(server.figure("VmRSS")), threads, server.figure("Threads"))
	if grown := server.figure("VmRSS") - rss; grown > 12<<10 {
		t.Errorf("memory has grown by %d kB", grown)
	}
	if n := server.figure("Threads"); n > threads+16 {
		t.Errorf("%d threads, of %d", n, threads)
	}
	return figures
}
