//go:build linux

package soak

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
	"golang.org/x/term"
)

// leader stands for the shell: were the program the leader of the terminal's
// session, the kernel would hang the terminal up with its end. It reports the
// program's process id and status.
const leader = `trap : INT HUP
sh -c 'echo $$ >&3; exec "$@" 3<&-' sh "$@"
echo $? >&3; cat <&4 >/dev/null`

// startAtTerminal starts the program at a terminal of its own, which must be as
// it was when the program has ended.
func (s setup) startAtTerminal(t *testing.T, args ...string) *child {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	before, err := term.GetState(int(slave.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	c := &child{t: t, out: newSeen(s.also), err: newSeen(nil), over: make(chan struct{}), keys: master}
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(c.out, master) // until the terminal is gone
	}()
	reports, report, _ := os.Pipe()
	stay, leave, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", append([]string{"-c", leader, "sh", path}, args...)...)
	cmd.Env = append(append(os.Environ(), "TERM=xterm", "LC_ALL=C.UTF-8", "RAWHTTP_FORMAT="), s.env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.ExtraFiles = []*os.File{report, stay}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	report.Close()
	stay.Close()
	if _, err := fmt.Fscanln(reports, &c.pid); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_, _ = fmt.Fscanln(reports, &c.status)
		close(ended)
	}()
	c.finish = func() {
		<-ended
		if after, err := term.GetState(int(slave.Fd())); err != nil || !reflect.DeepEqual(before, after) {
			t.Errorf("the terminal was left as %+v (%v), it was %+v", after, err, before)
		}
		leave.Close()
		_ = cmd.Wait()
		slave.Close()
		<-read
		close(c.over)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(c.pid, syscall.SIGKILL)
		c.end()
		master.Close()
		reports.Close()
	})
	return c
}

// typed types lines when the program waits for them.
func (c *child) typed(lines string) {
	c.t.Helper()
	c.out.until(c.t, "the connection", func(kept []byte, _ int64) bool {
		return strings.Contains(string(kept), "connected") || strings.Contains(string(kept), `"open"`)
	})
	if _, err := io.WriteString(c.keys, strings.ReplaceAll(lines, "\r\n", "\r")); err != nil {
		c.t.Fatal(err)
	}
}
