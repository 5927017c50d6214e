//go:build linux || darwin

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"reflect"
	"syscall"
	"time"

	"golang.org/x/term"
)

// The leader of the terminal's session stands for the shell. It is none of the
// program's business: were the program the leader itself, the kernel would hang
// up the terminal with its end, and nothing could be looked at afterwards. It
// reports the program's process id and exit status through a pipe, because the
// terminal may be full, and stays until its other pipe is closed.
const (
	inForeground = `trap : INT
sh -c 'echo $$ >&4; exec "$@" 3<&- 4>&-' sh "$@"
echo $? >&4; cat <&3 >/dev/null`
	inBackground = `set -m
"$@" 3<&- 4>&- &
echo $! >&4; wait $!; echo $? >&4; cat <&3 >/dev/null`
	// As inForeground, of a shell that takes the terminal back when the program
	// is suspended, reports that as status, and says fg when it is told to.
	inJobControl = `set -m
sh -c 'echo $$ >&4; exec "$@" 3<&- 4>&-' sh "$@"
status=$?
while case $(kill -l $status 2>/dev/null) in TSTP|STOP) ;; *) false ;; esac
do echo $status >&4; read go <&3 && fg >/dev/null; status=$?
done
echo $status >&4; cat <&3 >/dev/null`
	// As inJobControl, of bash, which says bg and later fg: then it makes no program
	// go on that goes on already.
	inBash = `set -m
sh -c 'echo $$ >&4; exec "$@" 3<&- 4>&-' sh "$@"
echo $? >&4; read go <&3; bg >/dev/null; read go <&3; fg >/dev/null
echo $? >&4; cat <&3 >/dev/null`
	// As inJobControl, of a program that was started with & and needs the first fg to
	// get the terminal.
	inBackgroundFirst = `set -m
sh -c 'echo $$ >&4; exec "$@" 3<&- 4>&-' sh "$@" &
read go <&3; fg >/dev/null; status=$?
while case $(kill -l $status 2>/dev/null) in TSTP|STOP) ;; *) false ;; esac
do echo $status >&4; read go <&3 && fg >/dev/null; status=$?
done
echo $status >&4; cat <&3 >/dev/null`
)

// edited is the environment of a terminal at which lines are edited.
var edited = []string{"TERM=xterm"}

func (x *terminal) start(s setting, program string, args []string) {
	x.t.Helper()
	if s.leader == "" {
		s.leader = inForeground
	}
	stay, leave, err := os.Pipe()
	reports, report, reportsErr := os.Pipe()
	if err := errors.Join(err, reportsErr); err != nil {
		x.t.Fatal(err)
	}
	version := "XTerm(379)" // it cuts rows off
	if s.reflows {
		version = ""
	}
	shell := "sh"
	if s.leader == inBash || s.bash {
		shell = "bash"
	}
	leader := exec.Command(shell, append([]string{"-c", s.leader, "sh", program}, args...)...)
	leader.Env = append(append(os.Environ(), "TERM=xterm", "XTERM_VERSION="+version, "NO_COLOR=1", "LC_ALL=C.UTF-8"), s.env...)
	leader.Stdin, leader.Stdout, leader.Stderr = x.slave, x.slave, x.slave
	leader.ExtraFiles = []*os.File{stay, report}
	leader.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	err = leader.Start()
	stay.Close()
	report.Close()
	if err != nil {
		x.t.Fatal(err)
	}
	x.reports, x.leader = reports, leave
	x.t.Cleanup(func() {
		if x.pid > 0 {
			_ = syscall.Kill(x.pid, syscall.SIGKILL)
		}
		leave.Close()
		x.slave.Close()
		x.master.Close()
		_ = leader.Wait()
		reports.Close()
	})
	x.pid = x.report()
}

// ended waits for the program's end and returns its exit status.
func (x *terminal) ended() int {
	x.t.Helper()
	if x.pid != 0 {
		x.status = x.report()
		x.pid = 0
	}
	return x.status
}

// suspended waits until the program has stopped; the terminal must be as it was.
func (x *terminal) suspended() {
	x.t.Helper()
	if status := x.report(); status <= 128 {
		x.t.Fatalf("ended with status %d", status)
	}
	x.asBefore()
}

// foreground is the shell's fg.
func (x *terminal) foreground() { x.t.Helper(); x.tell("fg") }

// goOnInBackground is the shell's bg, where the leader is inBash.
func (x *terminal) goOnInBackground() { x.t.Helper(); x.tell("bg") }

// tell has the shell do a command that it knows comes next.
func (x *terminal) tell(command string) {
	x.t.Helper()
	// What stood on the screen before must not be taken for what comes now.
	command = "$ " + command
	fmt.Fprintln(x.slave, command)
	x.wait(command)
	if _, err := io.WriteString(x.leader, "\n"); err != nil {
		x.t.Fatal(err)
	}
}

// asBefore fails unless the terminal is as it was.
func (x *terminal) asBefore() {
	x.t.Helper()
	if after, err := term.GetState(int(x.slave.Fd())); err != nil || !reflect.DeepEqual(after, x.before) {
		x.t.Errorf("the terminal was left as %+v (%v), it was %+v", after, err, x.before)
	}
}

// report is the next number that the leader tells.
func (x *terminal) report() (number int) {
	x.t.Helper()
	_ = x.reports.SetReadDeadline(time.Now().Add(failureLimit))
	if _, err := fmt.Fscanln(x.reports, &number); err != nil {
		x.t.Fatalf("the program does not end: %v; on the screen:\n%s", err, x.screen())
	}
	return number
}
