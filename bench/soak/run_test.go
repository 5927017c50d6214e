//go:build linux

package soak

import (
	"os/exec"
	"strings"
	"testing"
)

// TestRunUnknown: a name that is none is refused before anything runs.
func TestRunUnknown(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "./run", "disk", "disc").CombinedOutput()
	if err == nil || strings.Contains(string(out), "== disk") || !strings.Contains(string(out), "no test disc") {
		t.Errorf("%v\n%s", err, out)
	}
}
