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
