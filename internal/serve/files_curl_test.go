package serve

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestFilesCurl: curl resumes a download, takes a part, and is told that it has
// the file already.
func TestFilesCurl(t *testing.T) {
	curl, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("curl is not installed")
	}
	_, handler := directory(t, sample)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	server := New(Options{Handler: handler})
	go func() { defer close(done); _ = server.Serve(ctx, nil, l) }()
	defer func() { stop(); <-done }()

	url := "http://" + l.Addr().String()
	saved := filepath.Join(t.TempDir(), "saved")
	run := func(want string, args ...string) {
		t.Helper()
		args = append([]string{"-sS", "--noproxy", "*", "--max-time", "20", "-o", saved, "-w", "%{http_code}"}, args...)
		out, err := exec.CommandContext(t.Context(), curl, args...).CombinedOutput()
		if err != nil || string(out) != want {
			t.Errorf("curl %q: %v %q, not %s", args, err, out, want)
		}
	}
	contains := func(want string) {
		t.Helper()
		if b, err := os.ReadFile(saved); err != nil || string(b) != want {
			t.Errorf("%v, %d bytes: %.40q", err, len(b), b)
		}
	}
	big := sample["big.bin"]
	run("200", url+"/big.bin")
	contains(big)
	run("206", "-r", "2-4", url+"/ten.txt")
	contains("234")
	run("206", "-r", "-4", url+"/ten.txt")
	contains("6789")
	if err := os.WriteFile(saved, []byte(big[:70_001]), 0o644); err != nil {
		t.Fatal(err)
	}
	run("206", "-C", "-", url+"/big.bin")
	contains(big)
	run("200", "-R", url+"/ten.txt")
	run("304", "-z", saved, url+"/ten.txt")
	run("304", "-z", "Thu, 29 Feb 2024 12:30:15 GMT", url+"/ten.txt")
	run("200", "-z", "Thu, 29 Feb 2024 12:30:14 GMT", url+"/ten.txt")
	run("200", "-L", url+"/sub")
	contains("sub")
	tags := filepath.Join(t.TempDir(), "tags")
	run("200", "--etag-save", tags, url+"/ten.txt")
	run("304", "--etag-compare", tags, url+"/ten.txt")
}
