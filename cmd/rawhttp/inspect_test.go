package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"testing"

	"rawhttp/internal/http1"
)

// ran is what one run of the program came to.
type ran struct {
	status         int
	stdout, stderr string
}

// inspectBytes runs inspect on a FILE of its own.
func inspectBytes(t *testing.T, b []byte, flags ...string) ran {
	t.Helper()
	dir := t.TempDir()
	name := filepath.Join(dir, "bytes")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return runProgram(t, append(append([]string{"inspect"}, flags...), name)...)
}

// runProgram runs the program in this process, with files for its streams.
func runProgram(t *testing.T, args ...string) ran {
	t.Helper()
	dir := t.TempDir()
	open := func(name string) *os.File {
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	stdin, stdout, stderr := open("in"), open("out"), open("err")
	status := run(args, &world{stdin: stdin, stdout: stdout, stderr: stderr,
		getenv: func(string) string { return "" }, container: func() bool { return false }})
	text := func(f *os.File) string {
		defer f.Close()
		b, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	signal.Reset() // run leaves them caught
	stdin.Close()
	return ran{status, text(stdout), text(stderr)}
}

// found collects what a plain scan reports.
type found struct {
	codes      map[http1.Code]bool
	incomplete bool
	messages   int
}

func (f *found) Token(http1.Token)             {}
func (f *found) Head(*http1.Message)           {}
func (f *found) Diagnostic(d http1.Diagnostic) { f.codes[d.Code] = true }
func (f *found) Message(m *http1.Message) {
	f.messages++
	f.incomplete = f.incomplete || !m.Complete
}

func scanAlone(side http1.Side, known http1.Known, b []byte) *found {
	f := &found{codes: map[http1.Code]bool{}}
	s := http1.NewAlone(f, side, known)
	s.Feed(side, b)
	s.End(side)
	return f
}

// TestInspectCatalogue: inspecting the example of each code says the code, and
// the status is 3 exactly when there is an error or an incomplete message.
func TestInspectCatalogue(t *testing.T) {
	for _, code := range http1.Codes() {
		t.Run(code.String(), func(t *testing.T) {
			x, err := http1.ExampleOf(code)
			if err != nil {
				t.Fatal(err)
			}
			inspectExample(t, code, x.Side, x.Bytes, http1.Known{RequestMethods: x.RequestMethods, ResponseStatuses: x.ResponseStatuses})
			if x.Response != nil {
				inspectExample(t, code, http1.Response, x.Response, http1.Known{})
			}
		})
	}
}

func inspectExample(t *testing.T, code http1.Code, side http1.Side, b []byte, known http1.Known) {
	t.Helper()
	want := scanAlone(side, known, b)
	if !want.codes[code] {
		t.Fatalf("http1 does not report %s of its own example", code)
	}
	var flags []string
	switch {
	case len(known.RequestMethods) > 0:
		for _, method := range known.RequestMethods {
			flags = append(flags, "--request-method", method)
		}
	case len(known.ResponseStatuses) > 0:
		for _, status := range known.ResponseStatuses {
			flags = append(flags, "--response-status", fmt.Sprint(status))
		}
	}
	flags = append(flags, "--"+side.String())
	got := inspectBytes(t, b, flags...)
	if title := " " + code.Entry().Severity.String() + " " + code.String() + ": "; !strings.Contains(got.stdout, title) {
		t.Errorf("no %q in\n%s", title, got.stdout)
	}
	inspectExampleJSON(t, code, b, flags)
	wrong := want.incomplete || want.messages == 0
	for c := range want.codes {
		wrong = wrong || c.Entry().Severity == http1.Error
	}
	if (got.status == statusCut) != wrong || got.status != statusDone && got.status != statusCut {
		t.Errorf("status %d, something wrong: %v\n%s%s", got.status, wrong, got.stdout, got.stderr)
	}
	if (got.stderr == "") == wrong || strings.Count(got.stderr, "rawhttp: error: ") > 1 {
		t.Errorf("standard error: %q", got.stderr)
	}
}

// inspectExampleJSON: the JSON view says the code too, has every byte, and nothing
// in it depends on the time.
func inspectExampleJSON(t *testing.T, code http1.Code, b []byte, flags []string) {
	t.Helper()
	got := inspectBytes(t, b, append(flags, "--format", "json")...)
	said, shown := false, []byte(nil)
	for line := range strings.Lines(got.stdout) {
		o, err := readObject(line)
		if err != nil {
			t.Fatal(err)
		}
		if o.T != 0 || o.Conn != 1 {
			t.Errorf("t or conn in %s", line)
		}
		if o.Event == "data" {
			piece, err := base64.StdEncoding.DecodeString(o.Bytes)
			if err != nil {
				t.Fatal(err)
			}
			shown = append(shown, piece...)
		}
		said = said || o.Event == "diagnostic" && strings.Contains(line, `"code":"`+code.String()+`"`)
	}
	if !said || !bytes.Equal(shown, b) {
		t.Errorf("%s said: %v, bytes %q in\n%s", code, said, shown, got.stdout)
	}
}

// TestInspectOrdinary: what real programs send is taken for what it is, and
// nothing is wrong with it.
func TestInspectOrdinary(t *testing.T) {
	names, err := filepath.Glob("../../internal/http1/testdata/ordinary/*")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		words := strings.Split(filepath.Base(name), ".")
		side := words[len(words)-1]
		args := []string{"inspect", name}
		for _, known := range words[1 : len(words)-1] {
			args = append(args, map[string]string{"request": "--response-status", "response": "--request-method"}[side], known)
		}
		got := runProgram(t, args...)
		if got.status != statusDone || got.stderr != "" || !strings.Contains(got.stdout, ": no problem found") ||
			!strings.Contains(got.stdout, " is read as a "+side+": ") {
			t.Errorf("%v: status %d\n%s%s", args, got.status, got.stdout, got.stderr)
		}
	}
}

// TestRecogniseAnyCut: however the stream is cut, it is taken for the same, and
// never before enough of it has come.
func TestRecogniseAnyCut(t *testing.T) {
	for text, want := range map[string]http1.Side{
		"GET / HTTP/1.1\r\n": http1.Request, "HTTP/1.1 200 OK\r\n": http1.Response, "http/1.1 200\r\n": http1.Response,
		"HT": http1.Response, "H": http1.Request, "HEAD / HTTP/1.0\r\n": http1.Request, "": http1.Request,
		"\r\n\n HTTP/1.1 200 OK\r\n": http1.Response, "\r\n\r\nGET /\r\n": http1.Request, "\r\n": http1.Request,
		"\xef\xbb\xbfHTTP/1.1 200 OK\r\n": http1.Response, "\xef\xbb": http1.Request, "\xef\xbb\xbf": http1.Request,
		"\xff\xfeH\x00T\x00T\x00P\x00/\x001\x00": http1.Response, "\xfe\xff\x00G\x00E\x00T\x00 \x00/": http1.Request,
		"H\x00T\x00T\x00P\x00/\x001\x00": http1.Response, "\x00H\x00T\x00T\x00P\x00/\x001": http1.Response, "G\x00E\x00T\x00 \x00/\x00\n\x00": http1.Request,
		"HTTP 1.1 200 OK\r\n": http1.Response, "200 OK\r\n": http1.Response, "200": http1.Request, "421 Too many connections\r\n": http1.Request, "HTTPS/1.1 200": http1.Response, "HTTP 1.1\r\n": http1.Request,
		"SSH-2.0-x\r\n": http1.Response, "SSH": http1.Request, "220 mail ESMTP\r\n": http1.Response, "+OK\r\n": http1.Response, "+1\r\n": http1.Request,
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n": http1.Request, "PRI * HTTP/2.0\r\n\r\n": http1.Request,
		"\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03": http1.Response, "\x00\x00\x00\x00\x00\x00\x00\x00\x00": http1.Request, "\x00\x00": http1.Request,
		"\x16\x03\x01\x00\xc8\x01": http1.Request, "\x16\x03\x03\x00\x7a\x02": http1.Response, "\x15\x03\x01\x00\x02\x02F": http1.Response, "\x16\x03": http1.Request,
		"\x16\x03\x01": http1.Request, "\xff\xd8\xff\xe0\x00\x10JFIF": http1.Request, "{\"a\":1}": http1.Request,
		strings.Repeat("\r\n", sideLimit) + "HTTP/1.1": http1.Request, strings.Repeat("a", 3*sideLimit): http1.Request,
		"GET /" + strings.Repeat("a", sideLimit-100) + " HTTP/1.1\r\n": http1.Request,
	} {
		whole, known := recognise([]byte(text), true)
		if !known || whole.side != want {
			t.Errorf("%.40q is taken for a %s (known %v)", text, whole.side, known)
		}
		for n := range len(text) {
			early, known := recognise([]byte(text[:n]), n >= sideLimit)
			if known && early != whole {
				t.Errorf("%.40q after %d bytes is taken for %+v, whole %+v", text, n, early, whole)
				break
			}
		}
	}
}

// TestLooksLike: every hint is given for something, and none for HTTP.
func TestLooksLike(t *testing.T) {
	given := map[string]bool{}
	for text, want := range map[string]string{
		"\xff\xfeG\x00E\x00": "UTF-16", "G\x00E\x00T\x00": "UTF-16", "\x00G\x00E\x00T": "UTF-16", "\xef\xbb\xbfGET": "without BOM",
		"* read as\n> request     16  GET / HTTP/1.1\\r\\n\n": "transcript", "*   Trying 127.0.0.1:80...\n> GET / HTTP/1.1\n": "curl -v",
		"> GET / HTTP/1.1\n": "curl -v", "curl -v http://a/\n": "a command", "00000000: 4745 5420": "hex dump", "0000000 47 45": "hex dump",
		"{\n  \"log\": {": "HAR", "\xd4\xc3\xb2\xa1\x02\x00": "capture", "\n\r\r\n\x1c": "capture", "<!DOCTYPE html>": "HTML", "\n<html>": "HTML",
		"{\"a\":1}": "JSON", "[1]": "JSON", "\xff\xd8\xff\xe0": "image", "\x89PNG\r\n": "image", "%PDF-1.7": "another kind",
		"https://example.com/": "a URL", "Host: a\r\n": "is a header", "get me\r\n": "METHOD", "HTTP/2 200 \r\n": "--http1.1", "hello there": "", "": "",
	} {
		got := looksLike([]byte(text), false)
		if !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		given[got] = true
	}
	if got := looksLike([]byte("> GET / HTTP/1.1\n"), true); !strings.Contains(got, "curl -v") {
		t.Errorf("curl -v: %q", got)
	}
	if got := looksLike([]byte("GET / HTTP/1.1\n"), true); got != "" {
		t.Errorf("a request: %q", got)
	}
	for _, l := range lookalikes {
		if !given[l.hint] {
			t.Errorf("never given: %s", l.hint)
		}
	}
}

// TestExplainAll: every code can be explained, and the list fits a terminal.
func TestExplainAll(t *testing.T) {
	list := runProgram(t, "inspect", "--explain", "list")
	for _, line := range strings.Split(list.stdout, "\n") {
		if len(line) > helpWidth {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
	for _, code := range http1.Codes() {
		row := code.Entry()
		if !strings.Contains(list.stdout, " "+row.Name+" ") || len(row.Name) > listColumn {
			t.Errorf("%s is not in the list", code)
		}
		one := runProgram(t, "inspect", "--explain", code.String())
		if one.status != statusDone || one.stderr != "" {
			t.Errorf("%s: status %d, %s", code, one.status, one.stderr)
		}
		for _, want := range []string{row.Name + " (" + row.Severity.String() + ", ", row.Title, row.Sentence, code.Sentence(http1.Response), row.RFC, "\nExample, a "} {
			if !strings.Contains(one.stdout, want) {
				t.Errorf("%s: no %q", code, want)
			}
		}
		program := runProgram(t, "inspect", "--explain", code.String(), "--format", "json")
		var object explained
		if err := json.Unmarshal([]byte(program.stdout), &object); err != nil || object.Code != row.Name || len(object.Examples) == 0 {
			t.Errorf("%s as JSON: %v %s", code, err, program.stdout)
		}
		if bytes.ContainsAny([]byte(strings.ReplaceAll(one.stdout, "\n", "")), "\x00\x01\x1b\r\x7f") {
			t.Errorf("%s: a control byte in %q", code, one.stdout)
		}
	}
}

// TestNearCodes: a misspelled code gets what it may have been.
func TestNearCodes(t *testing.T) {
	for word, want := range map[string]string{
		"bare-fl": "bare-lf", "BARE_LF": "bare-lf", "host": "host-missing", "no-host": "all of them", "xyzzy": "all of them", "": "all of them",
		"truncated": "truncated-body", "content-lenght-invalid": "content-length-invalid",
	} {
		if got := nearCodes(word); !strings.Contains(got, want) {
			t.Errorf("%q: %s", word, got)
		}
	}
}
