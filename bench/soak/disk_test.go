//go:build linux

package soak

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// TestFullDisk: what cannot be written is named with the file and the reason, the
// status is 1, and what was written stays, as it came.
func TestFullDisk(t *testing.T) {
	block := textBlock()
	whole := bytes.Repeat(block, 64) // 4 MiB
	for _, c := range []struct {
		flag, file string
		exact      bool // the file has the peer's bytes
	}{
		{"-o", "out", true}, {"--save", "out.txt", false}, {"--save", "out.json", false},
	} {
		for _, disk := range []struct{ name, shell, reason string }{
			{"limit", `ulimit -f 2048; "$@"`, "file too large"}, // 1 MiB
			{"disk", `mount -t tmpfs -o size=1m soak "$KEPT"; cd "$KEPT"; "$@"; status=$?; cp "$NAME" "$COPY"; exit $status`, "no space left on device"},
		} {
			t.Run(disk.name+" "+c.flag+" "+c.file, func(t *testing.T) {
				shell, kept := disk.shell, t.TempDir()
				name := filepath.Join(kept, c.file)
				copied := name
				if disk.name == "disk" {
					if exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "soak", kept).Run() != nil {
						t.Skip("no file system of one's own on this machine")
					}
					shell = `exec unshare -rm sh -c '` + shell + `' sh "$@"`
					copied = filepath.Join(t.TempDir(), "copy")
				}
				var taken atomic.Int64
				p := startPeer(t, sized(block, 64, &taken))
				child := setup{shell: shell, stdin: question, env: []string{"KEPT=" + kept, "NAME=" + name, "COPY=" + copied}}.
					start(t, "send", p.address(), c.flag, name)
				if status, said := child.end(), child.err.head(); status != 1 || !strings.Contains(said, "cannot write "+name+": "+disk.reason) {
					t.Errorf("status %d: %s", status, said)
				}
				got, err := os.ReadFile(copied)
				if err != nil || len(got) < 900<<10 {
					t.Errorf("%d bytes are left: %v", len(got), err)
				}
				_, content, _ := bytes.Cut(got, []byte("\r\n\r\n"))
				if c.exact && !bytes.HasPrefix(whole, content) {
					t.Error("what is left is not what came")
				}
				result(t, "`disk`, "+disk.name+", `"+c.flag+" "+c.file+"`", "4 MiB", "%d bytes stay; `%s`, status %d", len(got), disk.reason, child.status)
			})
		}
	}
}

// TestFullOutput: standard output on a full disk is named likewise.
func TestFullOutput(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	for _, view := range [][]string{{}, {"--format", "json"}, {"--raw"}, {"--raw=body"}} {
		var taken atomic.Int64
		child := setup{stdin: question, stdout: full}.start(t, append([]string{"send", startPeer(t, sized(textBlock(), 64, &taken)).address()}, view...)...)
		if status, said := child.end(), child.err.head(); status != 1 || !strings.Contains(said, "cannot write standard output: no space left on device") {
			t.Errorf("%q: status %d: %s", view, status, said)
		}
	}
}
