//go:build linux || darwin

package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"
)

// failureLimit ends a test that waits for a sign which does not come. Nothing
// is expected to take any part of it.
const failureLimit = 30 * time.Second

// builtProgram builds the program once. It lies beside the test binary, in the
// directory that "go test" removes.
var builtProgram = sync.OnceValues(func() (string, error) {
	runtime.KeepAlive(run) // linked in here too, "go test" knows when the program has changed
	test, err := os.Executable()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(filepath.Dir(test), "program")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "rawhttp")
	build := exec.Command("go", "build", "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%v\n%s", err, out)
	}
	return path, nil
})

// setting is how a terminal is set up before the program starts. The zero value
// is 200 columns wide.
type setting struct {
	columns int
	reflows bool     // wraps what is on it anew when its columns change
	env     []string // TERM=xterm, NO_COLOR=1 and UTF-8 stand otherwise; withoutEditor
	ahead   string   // typed before the start
	leader  string   // inForeground unless set
	bash    bool     // the leader is for bash, and not for sh
	slow    bool     // the screen is read in tiny pieces
	// keepKeys keeps what was typed before Ctrl-C, which the kernel throws away
	// otherwise, so that only the program can have discarded it.
	keepKeys bool
}

// withoutEditor is an environment in which the system's own line editing is used.
var withoutEditor = []string{"TERM=dumb"}

// terminal is a pseudo-terminal with the program running at it.
type terminal struct {
	t             *testing.T
	master, slave *os.File
	before        *term.State
	background    bool
	pid, status   int      // the program's; pid is 0 when it has ended
	reports       *os.File // the leader's
	leader        *os.File // told to go on

	stopped atomic.Bool   // the screen is not read
	goOn    chan struct{} // ends that
	mu      sync.Mutex
	shown   []byte
	cells   *emulator     // the same as a screen
	passed  string        // of the lines: expect looks behind it
	grown   chan struct{} // closed when shown has grown
}

// open starts the program at a terminal of its own.
func (s setting) open(t *testing.T, args ...string) *terminal {
	t.Helper()
	program, err := builtProgram()
	if err != nil {
		t.Fatal(err)
	}
	x := &terminal{t: t, background: s.leader == inBackground, grown: make(chan struct{}), goOn: make(chan struct{})}
	if x.master, x.slave, err = pty.Open(); err != nil {
		t.Fatal(err)
	}
	if s.columns == 0 {
		s.columns = 200
	}
	x.cells = newEmulator(s.columns, rows)
	x.cells.reflows = s.reflows
	x.resize(s.columns, rows)
	if s.keepKeys {
		stty := exec.Command("stty", "noflsh")
		stty.Stdin = x.slave
		if err := stty.Run(); err != nil {
			t.Fatal(err)
		}
	}
	if x.before, err = term.GetState(int(x.slave.Fd())); err != nil {
		t.Fatal(err)
	}
	go x.read(s.slow)
	x.typeKeys(s.ahead)
	x.start(s, program, args)
	return x
}

func (x *terminal) read(slow bool) {
	buffer := make([]byte, 32<<10)
	if slow {
		buffer = buffer[:16]
	}
	for {
		if x.stopped.Load() {
			<-x.goOn
		}
		n, err := x.master.Read(buffer)
		x.mu.Lock()
		x.shown = append(x.shown, buffer[:n]...)
		x.cells.write(buffer[:n])
		close(x.grown)
		x.grown = make(chan struct{})
		x.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// screen is all lines that were ever shown, as they are now.
func (x *terminal) screen() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.cells.all()
}

// written is what the program and the terminal's echo have written, byte for byte.
func (x *terminal) written() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return string(x.shown)
}

// expect waits until the pattern stands on the screen behind what was expected
// before, and returns its groups. A line that has changed since is looked at
// again.
func (x *terminal) expect(pattern string) []string {
	x.t.Helper()
	wanted := regexp.MustCompile(pattern)
	limit := time.After(failureLimit)
	for {
		x.mu.Lock()
		text, grown := x.cells.all(), x.grown
		seen := commonPrefix(x.passed, text)
		if seen < len(x.passed) {
			seen = strings.LastIndexByte(text[:seen], '\n') + 1
		}
		at := wanted.FindStringSubmatchIndex(text[seen:])
		if at != nil {
			x.passed = text[:seen+at[1]]
		}
		x.mu.Unlock()
		if at != nil {
			return wanted.FindStringSubmatch(text[seen:])
		}
		select {
		case <-grown:
		case <-limit:
			x.t.Fatalf("%q does not come; on the screen:\n%s", pattern, text)
		}
	}
}

// commonPrefix counts the bytes at which two texts begin alike.
func commonPrefix(a, b string) int {
	if strings.HasPrefix(b, a) {
		return len(a)
	}
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// wait waits for a text as it is.
func (x *terminal) wait(text string) {
	x.t.Helper()
	x.expect(regexp.QuoteMeta(text))
}

func (x *terminal) typeKeys(keys string) {
	x.t.Helper()
	if _, err := io.WriteString(x.master, keys); err != nil {
		x.t.Fatal(err)
	}
}

// enter types a line and waits for its row.
func (x *terminal) enter(line, row string) {
	x.t.Helper()
	x.typeKeys(line + "\r")
	x.wait(row)
}

// rows is what a terminal has unless it is resized.
const rows = 24

func (x *terminal) resize(columns, rows int) {
	x.t.Helper()
	x.mu.Lock()
	x.cells.resize(columns, rows)
	x.mu.Unlock()
	if err := pty.Setsize(x.master, &pty.Winsize{Rows: uint16(rows), Cols: uint16(columns)}); err != nil {
		x.t.Fatal(err)
	}
}

// exit waits for the program's end, which must have this status, and returns
// the whole screen.
func (x *terminal) exit(status int) string {
	x.t.Helper()
	got, screen := x.end()
	if got != status {
		x.t.Errorf("exit status %d, want %d; on the screen:\n%s", got, status, screen)
	}
	return screen
}

// end waits for the program's end, which must leave the terminal as it was and,
// unless it was in the background, no key for the shell.
func (x *terminal) end() (status int, screen string) {
	x.t.Helper()
	status = x.ended()
	const everything = "[everything]"
	fmt.Fprint(x.slave, everything)
	x.wait(everything)
	screen = strings.TrimSuffix(x.screen(), everything)
	x.asBefore()
	if strange := x.cells.strange; len(strange) != 0 {
		x.t.Errorf("this has no business on a terminal: %q", strange)
	}
	if !x.background {
		if keys := x.unread(); keys != "" {
			x.t.Errorf("the shell would read %q; on the screen:\n%s", keys, screen)
		}
	}
	return status, screen
}
