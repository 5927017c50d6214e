package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// patience bounds every wait of a script for a sign that does not come. Nothing
// is decided by it: a script that reaches it has failed.
const patience = 20 * time.Second

// process is a program that a script runs in the background.
type process struct {
	cmd         *exec.Cmd
	out, errOut capture
	changed     chan struct{} // gets a value when there is more to look at
	pipe        io.WriteCloser
	done        chan struct{}
}

// capture keeps what a program writes.
type capture struct {
	mu      sync.Mutex
	kept    bytes.Buffer
	changed chan<- struct{}
}

// Write implements io.Writer.
func (c *capture) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept.Write(p)
	select {
	case c.changed <- struct{}{}:
	default: // nobody has looked since the last one
	}
	return len(p), nil
}

func (c *capture) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kept.String()
}

// option takes "FLAG VALUE" off the front of a command's words.
func option(args *[]string, flag string) string {
	if len(*args) < 2 || (*args)[0] != flag {
		return ""
	}
	value := (*args)[1]
	*args = (*args)[2:]
	return value
}

func need(ts *testscript.TestScript, ok bool, usage string) {
	if !ok {
		ts.Fatalf("usage: %s", usage)
	}
}

func cmdExits(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) > 1, "exits STATUS PROGRAM ARG...")
	status := 0
	err := ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		status = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	checkStatus(ts, status, args[0])
}

func checkStatus(ts *testscript.TestScript, status int, want string) {
	if strconv.Itoa(status) != want {
		ts.Fatalf("exit status %d, want %s\n[stdout]\n%s[stderr]\n%s", status, want, ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
}

func cmdStart(ts *testscript.TestScript, neg bool, args []string) {
	name := option(&args, "-as")
	ready := option(&args, "-ready")
	need(ts, !neg && len(args) > 0, "start [-as NAME] [-ready RE] PROGRAM ARG... [<FILE | <pipe]")
	if name == "" {
		name = "rawhttp"
	}
	if ready == "" && args[0] == "rawhttp" {
		ready = `listening on (?:\S+:(\d+)|unix:)`
	}
	p := &process{changed: make(chan struct{}, 1), done: make(chan struct{})}
	p.out.changed, p.errOut.changed = p.changed, p.changed
	var input *os.File
	if file, ok := strings.CutPrefix(args[len(args)-1], "<"); ok {
		args = args[:len(args)-1]
		if file != "pipe" {
			var err error
			input, err = os.Open(ts.MkAbs(file))
			ts.Check(err)
			defer input.Close()
		}
	}
	p.cmd = exec.Command(args[0], args[1:]...)
	p.cmd.Dir = ts.MkAbs(".")
	p.cmd.Env = stageOf(ts).vars
	for _, changed := range []string{"NO_COLOR", "TERM", containerVariable} {
		if value := ts.Getenv(changed); value != "" {
			p.cmd.Env = append(p.cmd.Env, changed+"="+value)
		}
	}
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.errOut
	p.cmd.WaitDelay = time.Second // a child of its own may hold the pipes
	if input != nil {
		p.cmd.Stdin = input
	} else {
		var err error
		p.pipe, err = p.cmd.StdinPipe()
		ts.Check(err)
	}
	ts.Check(p.cmd.Start())
	go p.wait()
	ts.Defer(func() { p.cmd.Process.Kill(); <-p.done })
	stageOf(ts).processes[name] = p
	ts.Check(os.WriteFile(ts.MkAbs(name+".pid"), []byte(strconv.Itoa(p.cmd.Process.Pid)), 0o666))
	if ready == "" {
		return
	}
	if found := p.await(ts, ready); len(found) > 1 && found[1] != "" {
		stageOf(ts).open(ts, "ADDR", found[1])
	}
}

// open remembers a port and puts it in the script's variables.
func (s *stage) open(ts *testscript.TestScript, variable, port string) {
	s.ports = append(s.ports, port)
	ts.Setenv("PORT", port)
	ts.Setenv(variable, "127.0.0.1:"+port)
}

func (p *process) wait() {
	p.cmd.Wait()
	close(p.done)
}

// await returns what pattern found in the output or the errors.
func (p *process) await(ts *testscript.TestScript, pattern string) []string {
	re, err := regexp.Compile("(?m)" + pattern)
	ts.Check(err)
	late := time.After(patience)
	for ended := false; ; {
		for _, c := range []*capture{&p.out, &p.errOut} {
			if found := re.FindStringSubmatch(c.text()); found != nil {
				return found
			}
		}
		if ended {
			ts.Fatalf("it ended without %q:\n%s%s", pattern, p.out.text(), p.errOut.text())
		}
		select {
		case <-p.changed:
		case <-p.done:
			ended = true
		case <-late:
			ts.Fatalf("%q does not come:\n%s%s", pattern, p.out.text(), p.errOut.text())
		}
	}
}

// started finds what a command is about.
func started(ts *testscript.TestScript, args *[]string) *process {
	name := option(args, "-of")
	if name == "" {
		name = "rawhttp"
	}
	p := stageOf(ts).processes[name]
	if p == nil {
		ts.Fatalf("%s was not started", name)
	}
	return p
}

func cmdAwait(ts *testscript.TestScript, neg bool, args []string) {
	p := started(ts, &args)
	need(ts, !neg && len(args) == 1, "await [-of NAME] RE")
	p.await(ts, args[0])
}

func cmdFeed(ts *testscript.TestScript, neg bool, args []string) {
	p := started(ts, &args)
	need(ts, !neg && len(args) == 1 && p.pipe != nil, "feed [-of NAME] FILE")
	_, err := io.WriteString(p.pipe, ts.ReadFile(args[0]))
	ts.Check(err)
}

func cmdHangUp(ts *testscript.TestScript, neg bool, args []string) {
	p := started(ts, &args)
	need(ts, !neg && len(args) == 0 && p.pipe != nil, "hang-up [-of NAME]")
	if err := p.pipe.Close(); !errors.Is(err, os.ErrClosed) { // closed before: the program has ended
		ts.Check(err)
	}
}

func cmdInterrupt(ts *testscript.TestScript, neg bool, args []string) {
	p := started(ts, &args)
	need(ts, !neg && len(args) == 0, "interrupt [-of NAME]")
	ts.Check(p.cmd.Process.Signal(os.Interrupt))
}

func cmdFinish(ts *testscript.TestScript, neg bool, args []string) {
	p := started(ts, &args)
	need(ts, !neg && len(args) <= 1, "finish [-of NAME] [STATUS]")
	select {
	case <-p.done:
	case <-time.After(patience):
		ts.Fatalf("it does not end:\n%s%s", p.out.text(), p.errOut.text())
	}
	io.WriteString(ts.Stdout(), p.out.text())
	io.WriteString(ts.Stderr(), p.errOut.text())
	want := "0"
	if len(args) == 1 {
		want = args[0]
	}
	if status := strconv.Itoa(p.cmd.ProcessState.ExitCode()); status != want {
		ts.Fatalf("exit status %s, want %s\n%s%s", status, want, p.out.text(), p.errOut.text())
	}
}

// unescaped is the bytes that a text with Go's escapes means. Its line breaks
// mean nothing.
func unescaped(ts *testscript.TestScript, text string) string {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\n", ""), `"`, `\"`)
	out, err := strconv.Unquote(`"` + text + `"`)
	if err != nil {
		ts.Fatalf("cannot read the escapes of %q", text)
	}
	return out
}

func cmdBytes(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) > 0, "bytes FILE...")
	for _, file := range args {
		ts.Check(os.WriteFile(ts.MkAbs(file), []byte(unescaped(ts, ts.ReadFile(file))), 0o666))
	}
}
