//go:build linux

package soak

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestSignals: a signal at a random moment in a command at work. Signals that end
// it give its documented status, the others change nothing; whichever it was, no
// JSON line is cut, the terminal is as it was, and no process is left.
// RAWHTTP_SOAK_RUNS is how many, RAWHTTP_SOAK_SEED repeats a run.
func TestSignals(t *testing.T) {
	runs, seed := length(t, "RAWHTTP_SOAK_RUNS", 24), length(t, "RAWHTTP_SOAK_SEED", int(time.Now().UnixNano()))
	t.Logf("RAWHTTP_SOAK_SEED=%d", seed)
	random := rand.New(rand.NewPCG(uint64(seed), 0))
	tried, cut := map[string]int{}, 0
	for run := range runs {
		s := &signalled{
			command: []string{"send", "listen", "serve"}[run%3], terminal: run/3%2 == 1,
			signal: []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE, syscall.SIGSTOP}[run/6%4],
			after:  int64(random.ExpFloat64() * 40_000), json: random.IntN(2) == 0,
			spin: time.Duration(random.IntN(1_000)) * time.Microsecond,
		}
		if random.IntN(4) == 0 { // as it starts; of SIGPIPE, when it has: the system's default ends it before
			s.after, s.spin = 0, time.Duration(random.IntN(12_000))*time.Microsecond
			if s.signal == syscall.SIGPIPE {
				s.after = 1
			}
		}
		s.json = s.json || s.command == "serve"
		if !t.Run(fmt.Sprintf("%d-%s", run, s), s.run) {
			break
		}
		tried[s.signal.String()]++
		if s.cut {
			cut++
		}
	}
	result(t, "`signals`", fmt.Sprintf("%d runs", runs), "%s; %d ended in the middle of a line, since the output took nothing for %v", counts(tried), cut, linePatience)
}

// signalled is one run.
type signalled struct {
	command        string
	terminal, json bool
	signal         syscall.Signal
	after          int64         // bytes of output; 0: at the start
	spin           time.Duration // and then this time: the moment is in the middle of anything
	told           time.Time     // when it was told to end
	cut            bool          // a line, because the output took nothing
	over           chan struct{} // closed when there has been enough work
	work           sync.WaitGroup
}

func (s *signalled) String() string {
	at := "pipes"
	if s.terminal {
		at = "terminal"
	}
	return strings.ReplaceAll(fmt.Sprintf("%s %s %v after %d", s.command, at, s.signal, s.after), " ", "-")
}

func (s *signalled) run(t *testing.T) {
	s.over = make(chan struct{})
	stop := sync.OnceFunc(func() { close(s.over) })
	t.Cleanup(s.work.Wait)
	t.Cleanup(stop)
	c, lines := s.start(t)
	if s.after > 0 {
		s.keepBusy(c)
		c.out.until(t, "output", func(_ []byte, count int64) bool { return count >= s.after })
	}
	for begun := time.Now(); time.Since(begun) < s.spin; {
	}
	if children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", c.pid, c.pid)); len(children) > 0 {
		t.Errorf("it has children: %s", children)
	}
	want := 128 + int(s.signal)
	s.told = time.Now()
	c.signal(s.signal)
	if s.signal == syscall.SIGPIPE || s.signal == syscall.SIGSTOP {
		want = s.goOn(t, c, stop)
	}
	if status := c.end(); status != want {
		t.Errorf("status %d, not %d: %s", status, want, c.err.head())
	}
	if lines != nil && len(lines.rest) > 0 && time.Since(s.told) > linePatience {
		t.Logf("cut: the output took nothing for %v", linePatience)
		s.cut = true
	} else if lines != nil {
		lines.whole()
	}
}

// linePatience is how long a command that was told to stop waits for an output that
// takes nothing; it ends in the middle of a line then.
const linePatience = time.Second

// goOn shows that the signal has changed nothing, and ends the command; it returns
// the status that is due.
func (s *signalled) goOn(t *testing.T, c *child, stop func()) int {
	if s.signal == syscall.SIGSTOP {
		poll(t, "that it stops", func() bool { return stateOf(c.pid) == "T" })
		c.signal(syscall.SIGCONT)
	}
	if s.after == 0 {
		s.keepBusy(c)
	}
	before := c.out.size()
	c.out.until(t, "more output", func(_ []byte, count int64) bool { return count > before })
	stop()
	if s.command == "send" && !s.typed() {
		return 0 // the last chunk has come, and nobody types
	}
	if s.command != "send" {
		s.work.Wait()
		if err := visit(c.address(), 0, s.body()); err != nil {
			t.Error(err)
		}
	}
	s.told = time.Now()
	c.signal(syscall.SIGTERM)
	return 128 + int(syscall.SIGTERM)
}

// typed reports whether the request is: beside JSON the terminal's echo would be
// between the lines.
func (s *signalled) typed() bool { return s.command == "send" && s.terminal && !s.json }

// keepBusy gives the command what it works at.
func (s *signalled) keepBusy(c *child) {
	if s.typed() {
		c.typed(question)
	} else if s.command != "send" {
		s.visits(c.address())
	}
}

func stateOf(pid int) string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(text), ") ")
	return rest[:min(1, len(rest))]
}

// start starts the command in the middle of its work.
func (s *signalled) start(t *testing.T) (*child, *jsonLines) {
	var args []string
	switch s.command {
	case "send":
		args = []string{"send", startPeer(t, chunksUntil(s.over)).address()}
	case "listen":
		args = []string{"listen", "-k", "127.0.0.1:0", pageFile(t)}
	case "serve":
		args = []string{"serve", "127.0.0.1:0"}
	}
	var set setup
	var lines *jsonLines
	if s.json {
		args = append(args, "--format", "json")
		lines = &jsonLines{t: t}
		set.also = lines
	}
	if s.after == 0 {
		s.after = 1
	}
	if s.command == "send" && !s.typed() {
		name := filepath.Join(t.TempDir(), "question")
		if err := os.WriteFile(name, []byte(question), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	if s.terminal {
		return set.startAtTerminal(t, args...), lines
	}
	return set.start(t, args...), lines
}

// visits keeps clients coming until there has been enough.
func (s *signalled) visits(address string) {
	for range 2 {
		s.work.Go(func() {
			for number := 0; ; number++ {
				select {
				case <-s.over:
					return
				default:
					_ = visit(address, number, s.body()) // it may be gone
				}
			}
		})
	}
}

func (s *signalled) body() string {
	if s.command == "serve" {
		return serveBody
	}
	return filesBody
}
