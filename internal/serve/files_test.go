package serve

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var oldTime = time.Date(2024, 2, 29, 12, 30, 15, 123456789, time.UTC)

// directory makes files, dated oldTime, and a handler of them.
func directory(t testing.TB, files map[string]string) (dir string, handler Handler) {
	t.Helper()
	dir = t.TempDir()
	for name, content := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, oldTime, oldTime); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return dir, Site(Files(root))
}

// ask sends one request with these field-lines and reads the one answer.
func ask(t testing.TB, handler Handler, method, target string, fields ...string) (*http.Response, string) {
	t.Helper()
	request := method + " " + target + " HTTP/1.1\r\n" + host + strings.Join(append(fields, ""), "\r\n") + "\r\n"
	reader := bufio.NewReader(strings.NewReader(answersTo(Options{Handler: handler}, []byte(request))))
	response, err := http.ReadResponse(reader, &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%q: %v", request, err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil || reader.Buffered() > 0 {
		t.Fatalf("%q: %v, %d bytes behind the answer", request, err, reader.Buffered())
	}
	return response, string(body)
}

var sample = map[string]string{
	"index.html": "<!doctype html><title>é</title>", "style.css": "a{}", "app.js": "1", "data.json": "{}", "p.png": "\x89PNG\r\n\x1a\n\x00",
	"i.svg": "<svg/>", "j.jpg": "\xff\xd8\xff\x00", "g.gif": "GIF89a", "w.webp": "RIFF", "d.pdf": "%PDF-1", "m.wasm": "\x00asm", "x.xml": "<a/>",
	"empty.txt": "", "ten.txt": "0123456789", "a b&c=d;é%2f.txt": "odd", "sub/index.html": "sub", "sub/deep/ten.txt": "0123456789",
	"sub/a:b/index.html": "colon", "UPPER.HTML": "<p>", "big.bin": strings.Repeat("0123456789abcdef", 20_000),
}

// TestFilesAgainstGo: net/http's file server answers the same, where the two are
// of one opinion.
func TestFilesAgainstGo(t *testing.T) {
	dir, handler := directory(t, sample)
	oracle := http.FileServer(http.Dir(dir))
	date, later := oldTime.Format(http.TimeFormat), oldTime.Add(time.Hour).Format(time.RFC850)
	var targets []string
	for name := range sample {
		if name != "index.html" && name != "sub/index.html" && name != "sub/a:b/index.html" {
			targets = append(targets, "/"+(&url.URL{Path: name}).EscapedPath())
		}
	}
	targets = append(targets, "/", "/sub/", "/sub", "/sub?a=b", "/sub/a:b/", "/sub/nothing", "/ten.txt/x", "/t%65n.txt", "/sub%2fdeep/ten.txt", "/%C3%A9")
	for _, target := range targets {
		for _, fields := range [][]string{
			nil, {"Range: bytes=0-0"}, {"Range: bytes=2-4"}, {"Range: bytes=3-"}, {"Range: bytes=-3"}, {"Range: bytes=-999999999"},
			{"Range: bytes=99999999-"}, {"Range: bytes=5-99999999"}, {"Range: bytes=100000-299999"},
			{"If-Modified-Since: " + date}, {"If-Modified-Since: " + strings.Replace(later, "UTC", "GMT", 1)}, {"If-Modified-Since: Thu, 29 Feb 2024 12:30:14 GMT"},
			{"If-Modified-Since: yesterday"}, {"If-Unmodified-Since: " + date}, {"If-Unmodified-Since: Thu, 29 Feb 2024 12:30:14 GMT"},
			{"If-None-Match: *"}, {`If-None-Match: "x"`, "If-Modified-Since: " + date}, {`If-Match: "x"`}, {"If-Match: *"},
			{"Range: bytes=2-4", "If-Range: " + date}, {"Range: bytes=2-4", "If-Range: Thu, 29 Feb 2024 12:30:14 GMT"}, {"Range: bytes=2-4", `If-Range: "x"`},
			{"Range: bytes=2-4", "If-Modified-Since: " + date},
		} {
			for _, method := range []string{"GET", "HEAD"} {
				ranged := len(fields) > 0 && strings.HasPrefix(fields[0], "Range")
				if ranged && (method == "HEAD" || target == "/empty.txt") {
					continue // RFC 9110 section 14.2: HEAD has no ranges; of nothing Go sends "0--1/0"
				}
				response, body := ask(t, handler, method, target, fields...)
				compareWithGo(t, oracle, response, body, method, target, fields)
			}
		}
	}
}

func compareWithGo(t *testing.T, oracle http.Handler, response *http.Response, body, method, target string, fields []string) {
	t.Helper()
	what := method + " " + target + " " + strings.Join(fields, ", ")
	request := httptest.NewRequest(method, target, nil)
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	oracle.ServeHTTP(recorder, request)
	want := recorder.Result()
	if response.StatusCode != want.StatusCode {
		t.Errorf("%s: %s, Go: %s", what, response.Status, want.Status)
		return
	}
	names := []string{"Last-Modified", "Content-Range"}
	if response.StatusCode == 200 || response.StatusCode == 206 {
		if got := body; got != recorder.Body.String() {
			t.Errorf("%s: %.40q, Go: %.40q", what, got, recorder.Body.String())
		}
		names = append(names, "Content-Length")
		if _, ok := fileTypes[strings.ToLower(filepath.Ext(target))]; ok && !strings.HasSuffix(target, ".bin") {
			names = append(names, "Content-Type")
		}
	}
	for _, name := range names {
		if got, want := response.Header.Get(name), want.Header.Get(name); got != want && response.StatusCode < 400 {
			t.Errorf("%s: %s: %q, Go: %q", what, name, got, want)
		}
	}
	if response.StatusCode == 301 {
		got, err := request.URL.Parse(response.Header.Get("Location"))
		wanted, wantErr := request.URL.Parse(want.Header.Get("Location"))
		if err != nil || wantErr != nil || got.String() != wanted.String() {
			t.Errorf("%s: goes to %v, Go's to %v", what, got, wanted)
		}
	}
}

// TestFilesTag: what an answer calls itself is recognised again, but strongly only
// when the file has been left alone for a while.
func TestFilesTag(t *testing.T) {
	dir, handler := directory(t, map[string]string{"a.txt": "0123456789"})
	for _, when := range []time.Time{oldTime, time.Now()} {
		if err := os.Chtimes(filepath.Join(dir, "a.txt"), when, when); err != nil {
			t.Fatal(err)
		}
		strong := when.Equal(oldTime)
		response, _ := ask(t, handler, "GET", "/a.txt")
		tag := response.Header.Get("ETag")
		if strings.HasPrefix(tag, "W/") == strong {
			t.Fatalf("ETag: %s", tag)
		}
		ifStrong := func(yes, no int) int {
			if strong {
				return yes
			}
			return no
		}
		for fields, want := range map[string]int{
			"If-None-Match: " + tag: 304,
			`If-None-Match: "x", W/` + strings.TrimPrefix(tag, "W/") + `,"y"`:       304,
			"If-None-Match: \"x\"\r\nIf-None-Match: " + tag:                         304,
			"If-None-Match: x" + tag:                                                200,
			"If-Match: " + tag:                                                      ifStrong(200, 412),
			"If-Match: W/" + strings.TrimPrefix(tag, "W/"):                          412,
			"Range: bytes=1-1\r\nIf-Range: " + tag:                                  ifStrong(206, 200),
			"Range: bytes=1-1\r\nIf-Range: W/" + tag:                                200,
			"Range: bytes=1-1\r\nIf-Range: " + tag + "\r\nIf-Range: " + tag:         200,
			"Range: bytes=1-1\r\nIf-Range: " + response.Header.Get("Last-Modified"): ifStrong(206, 200),
			"Range: bytes=1-1\r\nIf-Match: " + tag:                                  ifStrong(206, 412),
		} {
			if response, _ := ask(t, handler, "GET", "/a.txt", fields); response.StatusCode != want {
				t.Errorf("%q: %s, not %d", fields, response.Status, want)
			}
		}
	}
	future := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(dir, "a.txt"), future, future); err != nil {
		t.Fatal(err)
	}
	response, _ := ask(t, handler, "GET", "/a.txt", "If-Modified-Since: "+future.Add(time.Hour).UTC().Format(http.TimeFormat))
	if response.StatusCode != 200 || response.Header.Get("Last-Modified") != "" {
		t.Errorf("a file of the future: %s, %q", response.Status, response.Header)
	}
}

// TestFilesTypes: what a name does not say its first bytes do.
func TestFilesTypes(t *testing.T) {
	const other = "application/octet-stream"
	for name, want := range map[string][2]string{
		"LICENSE":   {"words\n", plainText},
		"Makefile":  {"all:\n\tcc\n\x1b[1m", plainText},
		"nothing":   {"", plainText},
		"program":   {"\x7fELF\x02\x00", other},
		"latin":     {"caf\xe9", other},
		"latin.txt": {"caf\xe9", "text/plain"},
		"cut.md":    {strings.Repeat("x", 511) + "é", "text/markdown; charset=utf-8"},
		"cut":       {strings.Repeat("x", 510) + "€", plainText},
		"end":       {strings.Repeat("x", 511) + "\xc3", other},
		"zero.html": {"\x00", "text/html; charset=utf-8"},
		"a.woff2":   {"words", "font/woff2"},
		"a.MP4":     {"words", "video/mp4"},
		"a.unknown": {"<html>", plainText},
		"a.ico":     {"\x00", "image/x-icon"},
	} {
		_, handler := directory(t, map[string]string{name: want[0]})
		if response, _ := ask(t, handler, "GET", "/"+name); response.Header.Get("Content-Type") != want[1] {
			t.Errorf("%s: %q, not %q", name, response.Header.Get("Content-Type"), want[1])
		}
	}
}

// TestFilesShrinking: when bytes that were announced are not there any more, the
// connection ends; nothing is made up and nothing follows.
func TestFilesShrinking(t *testing.T) {
	dir, handler := directory(t, sample)
	var closing Closing
	s := New(Options{Handler: handler, Open: func(int, net.Conn) Watcher {
		return Watcher{
			Sent:   func([]byte) error { return os.Truncate(filepath.Join(dir, "big.bin"), 100_000) },
			Closed: func(c Closing) error { closing = c; return nil },
		}
	}})
	conn := &scripted{parts: [][]byte{[]byte(get("/big.bin") + get("/ten.txt"))}}
	s.begin(conn)
	s.serving.Wait()
	head, body, _ := bytes.Cut(conn.out.Bytes(), []byte("\r\n\r\n"))
	if !bytes.Contains(head, []byte("\r\nContent-Length: 320000")) || closing.Reason != BrokenOnDuty {
		t.Errorf("%s: %q", closing.Reason, head)
	}
	if !strings.HasPrefix(sample["big.bin"], string(body)) || len(body) != 100_000 {
		t.Errorf("%d bytes of content", len(body))
	}
}
