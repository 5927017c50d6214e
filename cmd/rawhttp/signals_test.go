//go:build linux || darwin

package main

import (
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
)

const stopHelper = "SIGNALS_STOP_HELPER"

// TestStop: the program is suspended, whatever it listens to, and goes on behind it;
// where nobody could make it go on it is not suspended.
func TestStop(t *testing.T) {
	if os.Getenv(stopHelper) != "" {
		heard := make(chan os.Signal, 1)
		for s := range terminalSignals {
			signal.Notify(heard, s)
		}
		stop()
		return
	}
	for name, attributes := range map[string]*syscall.SysProcAttr{
		"a job":   {Setpgid: true},
		"no jobs": {Setsid: true}, // nobody else is in its session
	} {
		helper := exec.Command(os.Args[0], "-test.run", "^TestStop$")
		helper.Env = append(os.Environ(), stopHelper+"=1")
		helper.SysProcAttr = attributes
		helper.Stdout = io.Discard
		if err := helper.Start(); err != nil {
			t.Fatal(err)
		}
		suspended := false
		for {
			var status syscall.WaitStatus
			if _, err := syscall.Wait4(helper.Process.Pid, &status, syscall.WUNTRACED, nil); err != nil {
				t.Fatal(err)
			}
			if !status.Stopped() {
				if status.ExitStatus() != 0 {
					t.Errorf("%s: %v", name, status)
				}
				break
			}
			suspended = true
			if err := syscall.Kill(helper.Process.Pid, syscall.SIGCONT); err != nil {
				t.Fatal(err)
			}
		}
		if suspended != attributes.Setpgid {
			t.Errorf("%s: suspended %v", name, suspended)
		}
	}
}

// suspendedThenKilled is a shell with jobs, to which kill %1 is said after Ctrl-Z: it makes the
// program go on, too, which not every shell does by itself.
const suspendedThenKilled = `set -m
sh -c 'echo $$ >&4; exec "$@" 3<&- 4>&-' sh "$@"
kill %1; bg %1 >/dev/null; wait %1
echo $? >&4; cat <&3 >/dev/null`

// TestKillSuspended: Ctrl-Z says how to end it, and that holds.
func TestKillSuspended(t *testing.T) {
	x := setting{env: edited, leader: suspendedThenKilled}.open(t, "listen", "0")
	x.listening()
	x.typeKeys("HTTP/1.1 200 OK\x1a")
	x.wait("kill %1 ends it")
	x.exit(143)
}
