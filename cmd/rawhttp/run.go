package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"rawhttp/internal/console"
)

// world is what the program sees of the system; tests have their own.
type world struct {
	stdin, stdout, stderr *os.File
	getenv                func(string) string
	// container reports whether the program runs in a container.
	container func() bool
	// copies has every byte read that the kernel could have moved by itself: what
	// is shown and written must be the same.
	copies bool
}

func systemWorld() *world {
	return &world{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, container: inContainer}
}

// inContainer looks for the files that container engines leave.
func inContainer() bool {
	for _, path := range []string{"/.dockerenv", "/run/.containerenv"} {
		if _, err := os.Stat(path); err == nil {
			return true
		}
	}
	return false
}

// lastRows is how long a command that was told to stop may take to show its
// last rows: standard output may be blocked, and cannot be interrupted. Lines of
// JSON may take longer (last_lines.go).
const lastRows = 200 * time.Millisecond

// stopped is the cause of a context that a signal ended.
type stopped struct{ signal os.Signal }

// Error names the signal.
func (s *stopped) Error() string { return s.signal.String() }

// status is what a shell gives a program that the signal ended.
func (s *stopped) status() int {
	if number, ok := s.signal.(syscall.Signal); ok {
		return 128 + int(number)
	}
	return statusFailed
}

// run is the program: it does what args say and returns the exit status. The
// terminal is given back and what was typed for the peer is thrown away on
// every way out. Signals stay caught: to give each back takes as long as catching
// it, and the process is at its end.
func run(args []string, w *world) int {
	// Without a handler a closed standard output would kill the program before
	// it could give the terminal back.
	signal.Ignore(syscall.SIGPIPE)
	p := &program{world: w, signals: make(chan os.Signal, 8), changes: make(chan os.Signal, 8), keys: make(chan console.Key, 8), awaited: make(chan *person, 1), crash: make(chan error, 1), hurried: make(chan struct{})}
	p.catching.Go(func() {
		signal.Notify(p.signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	})
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	defer p.giveBack()
	done := make(chan error, 1)
	go p.execute(ctx, args, done)
	for {
		var ending os.Signal
		select {
		case err := <-done:
			return p.finish(err)
		case err := <-p.crash:
			return p.finish(err)
		case s := <-p.signals:
			p.noteEcho(s)
			ending = s
		case s := <-p.changes:
			p.terminalSignal(s)
		case p.awaiting = <-p.awaited:
			p.away = time.After(backgroundTick)
		case <-p.away:
			p.resume()
		case k := <-p.keys:
			ending = p.keySignal(k)
		}
		if ending == nil {
			continue
		}
		cause := &stopped{ending}
		cancel(cause)
		return p.wind(cause, done)
	}
}

// wind waits for a command that was told to stop: for its last rows, or, where
// it may finish what it is doing, until it has or a second signal comes.
func (p *program) wind(cause *stopped, done <-chan error) int {
	p.lines.due.Store(true)
	limit := time.After(lastRows)
	finishing := time.Duration(p.finishes.Load())
	patient := true
	if finishing > 0 {
		limit = time.After(finishing + lastRows)
	}
	for {
		again := false
		select {
		case err := <-done:
			return p.finish(err)
		case err := <-p.crash:
			return p.finish(err)
		case s := <-p.signals:
			p.noteEcho(s)
			again = true
		case k := <-p.keys:
			again = k != console.KeySuspend
		case <-limit:
			if !patient || !p.lines.mayWait(lastRows) {
				return cause.status()
			}
			limit = time.After(lastRows)
		}
		if !again {
			continue
		}
		patient = false
		if finishing > 0 {
			finishing, limit = 0, time.After(lastRows)
			close(p.hurried)
		}
	}
}

// program is one run.
type program struct {
	*world
	plain atomic.Bool // for a screen reader: nothing is wrapped or coloured
	typed atomic.Bool // standard input is a terminal that was, or may have been, read

	// catching ends when signals are caught: each takes two changes of threads, all of
	// them a tenth of a whole exchange, in which it can do something else. Until then
	// one ends the program as the system does it, which is right as long as no byte
	// was exchanged, and neither the terminal nor a file changed.
	catching sync.WaitGroup

	signals chan os.Signal // that end it
	changes chan os.Signal // that are about the terminal

	ownStops int              // whose SIGCONT has not come yet; run's own
	away     <-chan time.Time // when to try resume again; nil: the terminal is ours; run's own
	awaited  chan *person     // who will be able to type once the terminal is ours
	awaiting *person          // the same; nil: nobody; run's own
	keys     chan console.Key // that stand for signals
	crash    chan error       // a panic

	finishes atomic.Int64 // for how long a signal lets what is being done be finished, until hurried
	hurried  chan struct{}
	lines    lastLines
	echoed   echo

	mu       sync.Mutex
	keyboard *keyboard
	suspends func() // says what Ctrl-Z means
}

func (p *program) execute(ctx context.Context, args []string, done chan<- error) {
	defer p.guard()
	root := p.rootCommand(args)
	root.SetArgs(args)
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	err := root.ExecuteContext(ctx)
	var usage *usageError
	if errors.As(err, &usage) && !usage.final {
		if advice, whole := correction(args); whole || usage.hint == "" {
			usage.hint = advice
		}
	}
	done <- err
}

// giveBack makes the terminal what it was, and discards what was typed at it and
// not read.
func (p *program) giveBack() {
	if k := p.currentKeyboard(); k != nil {
		k.editor.Close()
	}
	if p.typed.Load() {
		console.Discard(p.stdin)
	}
}

// finish gives the terminal back, prints an error, if there is one to print, and
// picks the exit status.
func (p *program) finish(err error) int {
	p.giveBack()
	p.endEcho()
	if err == nil {
		return statusDone
	}
	var quiet *exitStatus
	if errors.As(err, &quiet) {
		return quiet.status
	}
	printError(p, err)
	if b := (*bug)(nil); errors.As(err, &b) {
		_, _ = p.stderr.Write(b.stack)
	}
	return statusOf(err)
}
