//go:build unix

package serve

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFilesRefused: what is not served, by the status and the words, and nothing
// of it in the answer.
func TestFilesRefused(t *testing.T) {
	const secret = "secret bytes"
	dir, handler := directory(t, map[string]string{
		"ok.txt": "ok", ".env": secret, ".git/config": secret, "sub/.x/y.txt": secret, ".well-known/security.txt": "fine",
		"list/" + "found.txt": "x", "odd/index.html/x": "x", "locked.txt": secret,
	})
	outside := filepath.Join(t.TempDir(), "outside.txt")
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(os.WriteFile(outside, []byte(secret), 0o644))
	check(os.Symlink(outside, filepath.Join(dir, "out.txt")))
	check(os.Symlink(filepath.Dir(outside), filepath.Join(dir, "outdir")))
	up, err := filepath.Rel(dir, outside)
	check(err)
	check(os.Symlink(up, filepath.Join(dir, "up.txt")))
	check(os.Symlink(filepath.Join(dir, "ok.txt"), filepath.Join(dir, "absolute.txt")))
	check(os.Symlink("ok.txt", filepath.Join(dir, "in.txt")))
	check(os.Symlink("gone.txt", filepath.Join(dir, "dangling.txt")))
	check(os.Symlink("loop", filepath.Join(dir, "loop")))
	check(syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o644))
	check(os.Mkdir(filepath.Join(dir, "fifodir"), 0o755))
	check(syscall.Mkfifo(filepath.Join(dir, "fifodir", "index.html"), 0o644))
	check(os.Symlink("/dev/zero", filepath.Join(dir, "zero")))
	l, err := net.Listen("unix", filepath.Join(dir, "socket"))
	check(err)
	defer l.Close()
	check(os.Chmod(filepath.Join(dir, "locked.txt"), 0))

	for _, row := range []struct {
		target string
		status int
		words  string
	}{
		{"/ok.txt", 200, "ok"},
		{"/in.txt", 200, "ok"},
		{"/.well-known/security.txt", 200, "fine"},
		{"/out.txt", 403, "leads out"},
		{"/outdir/outside.txt", 403, "leads out"},
		{"/outdir/", 403, "leads out"},
		{"/up.txt", 403, "leads out"},
		{"/absolute.txt", 403, "leads out"},
		{"/zero", 403, "leads out"},
		{"/dangling.txt", 404, ""},
		{"/fifo", 403, "neither a file nor a directory"},
		{"/fifodir/", 403, "neither a file nor a directory"},
		{"/socket", 403, "neither a file nor a directory"},
		{"/.env", 404, "begin with a dot"},
		{"/.nothing", 404, "begin with a dot"},
		{"/.git/config", 404, "begin with a dot"},
		{"/%2egit/config", 404, "begin with a dot"},
		{"/sub/.x/y.txt", 404, "begin with a dot"},
		{"/sub/...", 404, "begin with a dot"},
		{"/list/", 404, "not listed"},
		{"/list", 301, ""},
		{"/odd/", 404, "not listed"},
		{"/ok.txt/", 404, "leave out the last slash"},
		{"/nothing", 404, "/nothing"},
		{"//ok.txt", 404, "this name"},
		{"//list", 404, "this name"},
		{"/list//found.txt", 404, "this name"},
		{"//", 404, "this name"},
		{"/%2f" + strings.TrimPrefix(outside, "/"), 404, "this name"},
		{"/caf%e9", 404, "this name"},
		{"/" + strings.Repeat("x", 300), 404, "this name"},
		{"/../" + filepath.Base(outside), 400, ""},
		{"/sub/%2e%2e/ok.txt", 400, ""},
		{"/sub/.%2E/ok.txt", 400, ""},
		{"/sub/./ok.txt", 400, ""},
		{"/..%2fok.txt", 400, ""},
		{"/ok.txt%00.html", 400, ""},
		{"/ok%0a.txt", 400, ""},
		{"/ok%1b.txt", 400, ""},
		{"/sub%5c..%5cok.txt", 400, ""},
		{"/ok%", 400, ""},
	} {
		response, body := ask(t, handler, "GET", row.target)
		if response.StatusCode != row.status || !strings.Contains(body, row.words) || strings.Contains(body, secret) {
			t.Errorf("%s: %s: %q, not %d and %q", row.target, response.Status, body, row.status, row.words)
		}
		if response.StatusCode >= 400 && strings.Contains(body, dir) {
			t.Errorf("%s: it tells where the directory is: %q", row.target, body)
		}
	}
	if os.Getuid() != 0 {
		if response, body := ask(t, handler, "GET", "/locked.txt"); response.StatusCode != 403 || !strings.Contains(body, "permission") {
			t.Errorf("locked: %s %q", response.Status, body)
		}
	}
	for method, want := range map[string]int{"POST": 405, "PUT": 405, "DELETE": 405, "BREW": 501, "OPTIONS": 204} {
		fields := []string{}
		if method == "POST" || method == "PUT" {
			fields = append(fields, "Content-Length: 0")
		}
		if response, _ := ask(t, handler, method, "/ok.txt", fields...); response.StatusCode != want || response.Header.Get("Allow") != allowed {
			t.Errorf("%s: %s, Allow: %s", method, response.Status, response.Header.Get("Allow"))
		}
	}
}

// TestFilesRedirect: Location never names another host, whatever the path is.
func TestFilesRedirect(t *testing.T) {
	_, handler := directory(t, map[string]string{"a b\"é?/x": "", "a:b/x": "", "evil.example/x": ""})
	for target, want := range map[string]string{
		"/a%20b%22%C3%A9%3f":           "/a%20b%22%C3%A9%3F/",
		"/a:b?x=%0d%0aSet-Cookie:%20a": "/a:b/?x=%0d%0aSet-Cookie:%20a",
		"http://localhost/a:b":         "/a:b/",
		"/evil.example":                "/evil.example/",
		"//evil.example":               "",
		"/%2fevil.example":             "",
		"/%5cevil.example":             "",
	} {
		response, _ := ask(t, handler, "GET", target)
		if got := response.Header.Get("Location"); got != want || len(response.Header["Set-Cookie"]) > 0 {
			t.Errorf("%s goes to %q, not %q", target, got, want)
		}
	}
}

// TestFilesExchanged: a file that becomes a FIFO between the look and the opening
// is not waited for; and what becomes a link is not followed out.
func TestFilesExchanged(t *testing.T) {
	dir, _ := directory(t, nil)
	if err := syscall.Mkfifo(filepath.Join(dir, "a"), 0o644); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, _, no := openNow(root, "a"); no != irregular {
		t.Errorf("%+v", no)
	}
}
