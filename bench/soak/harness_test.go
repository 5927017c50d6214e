//go:build linux

package soak

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// failureLimit ends what waits for a sign that does not come.
const failureLimit = 60 * time.Second

// length is how long a test runs: the variable's number, or what is enough for
// the suite.
func length(t *testing.T, variable string, short int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return short
	}
	n, err := strconv.Atoi(text)
	if err != nil || n <= 0 {
		t.Fatalf("%s=%s is no length", variable, text)
	}
	return n
}

// result gives a row of the table that run makes: what was tried, at which length, and
// what came of it.
func result(t *testing.T, what, length, format string, args ...any) {
	t.Helper()
	if t.Failed() {
		format += "; **failed**"
	}
	t.Logf("TABLE | %s | %s | %s |", what, length, fmt.Sprintf(format, args...))
}

// megabytes is kB as people read them.
func megabytes(kB int) string { return fmt.Sprintf("%.1f MB", float64(kB)/1000) }

// counts writes how often each came.
func counts[K comparable](m map[K]int) string {
	return strings.TrimSuffix(strings.TrimPrefix(fmt.Sprint(m), "map["), "]")
}

// seconds is how long it is since then.
func seconds(since time.Time) string { return fmt.Sprintf("%.1f s", time.Since(since).Seconds()) }

var (
	programDir string
	program    = sync.OnceValues(func() (string, error) {
		dir, err := os.MkdirTemp("", "rawhttp-soak")
		if err != nil {
			return "", err
		}
		programDir = dir
		build := exec.Command("go", "build", "-o", dir, "rawhttp/cmd/rawhttp")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			return "", fmt.Errorf("%v\n%s", err, out)
		}
		return filepath.Join(dir, "rawhttp"), nil
	})
)

// groups are the process groups of the children that run.
var groups sync.Map

// cleanUp leaves nothing behind when the tests are interrupted.
func cleanUp() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	<-stop
	groups.Range(func(pid, _ any) bool {
		_ = syscall.Kill(-pid.(int), syscall.SIGKILL)
		return true
	})
	if programDir != "" {
		os.RemoveAll(programDir)
	}
	os.Exit(130)
}

func TestMain(m *testing.M) {
	go cleanUp()
	status := m.Run()
	if programDir != "" {
		os.RemoveAll(programDir)
	}
	os.Exit(status)
}

// setup is how the program is started.
type setup struct {
	shell  string    // a command line that ends in exec "$@"; "" starts it straight
	stdin  string    // through a pipe
	stdout *os.File  // nil: a pipe that is read into child.out
	also   io.Writer // gets what child.out gets
	env    []string
}

// child is the program, running.
type child struct {
	t        *testing.T
	pid      int
	out, err *seen
	over     chan struct{} // closed when it has ended
	status   int           // then; as a shell has it
	keys     *os.File      // the terminal's keyboard; nil: none
	finish   func()        // at a terminal: waits for the end, and looks at it, once
}

func (s setup) start(t *testing.T, args ...string) *child {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	words := append([]string{path}, args...)
	if s.shell != "" {
		words = append([]string{"sh", "-c", s.shell, "sh"}, words...)
	}
	c := &child{t: t, out: newSeen(s.also), err: newSeen(nil), over: make(chan struct{})}
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Env = append(append(os.Environ(), "LC_ALL=C.UTF-8", "RAWHTTP_FORMAT="), s.env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(s.stdin), c.out, c.err
	if s.stdout != nil {
		cmd.Stdout = s.stdout
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c.pid = cmd.Process.Pid
	groups.Store(c.pid, nil)
	go func() {
		_ = cmd.Wait()
		groups.Delete(c.pid)
		c.status = shellStatus(cmd.ProcessState.Sys().(syscall.WaitStatus))
		close(c.over)
	}()
	t.Cleanup(func() {
		_ = syscall.Kill(-c.pid, syscall.SIGKILL)
		<-c.over
	})
	return c
}

func shellStatus(w syscall.WaitStatus) int {
	if w.Signaled() {
		return 128 + int(w.Signal())
	}
	return w.ExitStatus()
}

// end waits for the end, which must leave no process behind, and returns the status.
func (c *child) end() int {
	c.t.Helper()
	if finish := c.finish; finish != nil {
		c.finish = nil
		go finish()
	}
	select {
	case <-c.over:
	case <-time.After(failureLimit):
		_ = syscall.Kill(c.pid, syscall.SIGQUIT)
		c.t.Fatalf("it does not end: %s", c.err.head())
	}
	if c.keys != nil { // its group is the shell's
		return c.status
	}
	if err := syscall.Kill(-c.pid, 0); err != syscall.ESRCH {
		c.t.Errorf("a process of its group is left: %v", err)
	}
	return c.status
}

func (c *child) signal(s syscall.Signal) {
	c.t.Helper()
	if err := syscall.Kill(c.pid, s); err != nil {
		c.t.Fatal(err)
	}
}

// stop tells it to end, and checks how it did.
func (c *child) stop(s syscall.Signal, want int) {
	c.t.Helper()
	c.signal(s)
	if status := c.end(); status != want {
		c.t.Errorf("status %d after %v, not %d: %s", status, s, want, c.err.head())
	}
}

var portPattern = regexp.MustCompile(`127\.0\.0\.1:(\d+)`)

// address waits until it listens.
func (c *child) address() string {
	c.t.Helper()
	return c.addressIn(c.out)
}

// addressIn is address where it is said on that output.
func (c *child) addressIn(said *seen) string {
	c.t.Helper()
	return "127.0.0.1:" + said.await(c.t, portPattern)[1]
}

// descriptors counts what it has open.
func (c *child) descriptors() int {
	entries, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", c.pid))
	return len(entries)
}

// status file's number of a field, such as VmRSS and VmHWM (kB) and Threads; 0
// when it has ended.
func (c *child) figure(field string) int {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.pid))
	_, rest, _ := strings.Cut(string(text), "\n"+field+":")
	n := 0
	_, _ = fmt.Sscan(rest, &n)
	return n
}

// poll waits for what nothing announces.
func poll(t *testing.T, what string, true func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for limit := time.Now().Add(failureLimit); !true(); <-tick.C {
		if time.Now().After(limit) {
			t.Fatalf("this does not come: %s", what)
		}
	}
}

// seen takes an output: it keeps its beginning, counts the rest, and says when it
// grows.
type seen struct {
	also  io.Writer
	mu    sync.Mutex
	kept  []byte
	count int64
	grown chan struct{}
}

const keptBytes = 256 << 10

func newSeen(also io.Writer) *seen { return &seen{also: also, grown: make(chan struct{})} }

// Write implements io.Writer.
func (s *seen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = append(s.kept, p[:min(len(p), keptBytes-len(s.kept))]...)
	s.count += int64(len(p))
	close(s.grown)
	s.grown = make(chan struct{})
	if s.also != nil {
		return s.also.Write(p)
	}
	return len(p), nil
}

func (s *seen) head() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return string(s.kept)
}

func (s *seen) size() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

// until waits for done, which is asked whenever there is more.
func (s *seen) until(t *testing.T, what string, done func(kept []byte, count int64) bool) {
	t.Helper()
	limit := time.After(failureLimit)
	for {
		s.mu.Lock()
		yes, grown := done(s.kept, s.count), s.grown
		s.mu.Unlock()
		if yes {
			return
		}
		select {
		case <-grown:
		case <-limit:
			t.Fatalf("%s does not come; there is: %s", what, s.head())
		}
	}
}

func (s *seen) await(t *testing.T, pattern *regexp.Regexp) (groups []string) {
	t.Helper()
	s.until(t, pattern.String(), func(kept []byte, _ int64) bool {
		groups = nil
		for _, g := range pattern.FindSubmatch(kept) {
			groups = append(groups, string(g))
		}
		return groups != nil
	})
	return groups
}
