//go:build linux || darwin

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestKeyLogOpenedByOthers: a file that others were given to read between the
// check of the command line and the first key gets none.
func TestKeyLogOpenedByOthers(t *testing.T) {
	name := filepath.Join(t.TempDir(), "keys.log")
	for _, mode := range []os.FileMode{0o600, 0o640, 0o604} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
		k := &keyLog{writtenFile: writtenFile{"--keylog", name}}
		n, err := k.Write([]byte("CLIENT_RANDOM\n"))
		content, readErr := os.ReadFile(name)
		if readErr != nil {
			t.Fatal(readErr)
		}
		if mode == 0o600 {
			if n == 0 || err != nil || len(content) != n || k.failure() != nil {
				t.Errorf("%o: %d, %v", mode, n, err)
			}
			continue
		}
		if n != 0 || err == nil || len(content) != 0 || !strings.Contains(k.failure().Error(), "cannot write --keylog "+name+": others can read it") {
			t.Errorf("%o: %d, %v, %q, %v", mode, n, err, content, k.failure())
		}
	}
}
