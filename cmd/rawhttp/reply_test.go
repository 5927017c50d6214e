package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"rawhttp/internal/http1"
)

// replied keeps what a scanner finds about responses.
type replied struct {
	codes    []http1.Code
	messages []http1.Message
}

func (*replied) Token(http1.Token) {}
func (f *replied) Diagnostic(d http1.Diagnostic) {
	if d.Side == http1.Response {
		f.codes = append(f.codes, d.Code)
	}
}
func (*replied) Head(*http1.Message) {}
func (f *replied) Message(m *http1.Message) {
	if m.Side == http1.Response {
		f.messages = append(f.messages, *m)
	}
}

func mustReply(t *testing.T, status string, body ...string) *reply {
	t.Helper()
	r, err := newReply(status, strings.Join(body, ""), len(body) > 0, replyFlags())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func replyFlags() *conversationFlags {
	f := &conversationFlags{}
	f.register(pflag.NewFlagSet("", pflag.ContinueOnError))
	return f
}

// askAll are the requests whose responses differ.
var askAll = map[string]struct {
	method string
	text   string
	closes bool
}{
	"GET":                 {"GET", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", false},
	"HEAD":                {"HEAD", "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", false},
	"POST, close":         {"POST", "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n\r\nab", true},
	"HEAD 1.0":            {"HEAD", "HEAD / HTTP/1.0\r\n\r\n", true},
	"GET 1.0, keep-alive": {"GET", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
	"GET 0.9":             {"GET", "GET /\r\n", true},
	"CONNECT":             {"CONNECT", "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", false},
}

// TestReplyIsCorrect: nothing is odd about a response of any status, with or
// without a body, to any kind of request, by our own scanner and by Go's reader.
func TestReplyIsCorrect(t *testing.T) {
	f := replyFlags()
	for status := 200; status <= 599; status++ {
		for _, body := range []string{"", "hello, client"} {
			r, err := newReply(fmt.Sprint(status), body, body != "", f)
			if err != nil {
				if refused := slices.Contains([]int{204, 205, 304}, status) == (body != "") || status == 206; !refused {
					t.Errorf("%d with %q: %v", status, body, err)
				}
				continue
			}
			for name := range askAll {
				checkReply(t, r, name, body)
			}
		}
	}
}

func checkReply(t *testing.T, r *reply, name, body string) {
	t.Helper()
	asks := askAll[name]
	seen := &replied{}
	s := http1.New(seen)
	s.Feed(http1.Request, []byte(asks.text))
	answer, err := r.open(s.State(http1.Response).Asked)
	if err != nil {
		t.Fatal(err)
	}
	response, err := io.ReadAll(answer)
	answer.Close()
	if err != nil {
		t.Fatal(err)
	}
	s.Feed(http1.Response, response)
	complete := s.State(http1.Response).Complete // without the help of an end
	s.End(http1.Request)
	s.End(http1.Response)
	tunnel := asks.method == "CONNECT" && r.status/100 == 2
	if tunnel { // that there is one is worth a note
		seen.codes = slices.DeleteFunc(seen.codes, func(c http1.Code) bool { return c == http1.ConnectTunnel })
	}
	if len(seen.codes) > 0 || complete != 1 || len(seen.messages) != 1 {
		t.Fatalf("%d to %s: %v, %d complete of %d:\n%q", r.status, name, seen.codes, complete, len(seen.messages), response)
	}
	m := seen.messages[0]
	none := asks.method == "HEAD" || tunnel || !r.mayHaveBody()
	if want := int64(len(body)); m.Status != r.status || m.KeepsAlive == asks.closes || !none && m.Body != want || none && m.Body != 0 {
		t.Errorf("%d to %s: %+v", r.status, name, m)
	}
	read, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(response)), &http.Request{Method: asks.method})
	if err != nil {
		t.Fatalf("%d to %s: %v", r.status, name, err)
	}
	got, err := io.ReadAll(read.Body)
	date, dateErr := http.ParseTime(read.Header.Get("Date"))
	if err != nil || !none && string(got) != body || dateErr != nil || time.Since(date) > time.Hour {
		t.Errorf("%d to %s: %q, %v, Date %v %v", r.status, name, got, err, date, dateErr)
	}
}

// The reason phrases are Go's, but for those that RFC 9110 has changed, and 418.
func TestPhrases(t *testing.T) {
	changed := []int{413, 414, 416, 418, 422}
	for status := 200; status <= 599; status++ {
		if want := http.StatusText(status); http1.ReasonPhrase(status) != want && !slices.Contains(changed, status) {
			t.Errorf("%d is %q, and in Go %q", status, http1.ReasonPhrase(status), want)
		}
	}
}

// The head of HEAD is that of GET, length and all.
func TestReplyToHead(t *testing.T) {
	r := mustReply(t, "200", "hello")
	r.now = func() time.Time { return time.Date(1994, 11, 6, 9, 49, 37, 0, time.FixedZone("", 3600)) }
	const head = "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 5\r\n"
	for asked, want := range map[http1.Asked]string{
		{}:                         head + "\r\nhello",
		{Head: true}:               head + "\r\n",
		{Closes: true}:             head + "Connection: close\r\n\r\nhello",
		{Head: true, Closes: true}: head + "Connection: close\r\n\r\n",
	} {
		answer, err := r.open(asked)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(answer); err != nil || string(got) != want {
			t.Errorf("%+v: %q, %v", asked, got, err)
		}
	}
}

func TestReplyTypes(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ name, content, want string }{
		{"", "hello, 世界\n\ttab", "text/plain; charset=utf-8"},
		{"", "\x89PNG\r\n\x1a\n", "application/octet-stream"},
		{"", "caf\xe9", "application/octet-stream"},
		{"", "世"[:2], "application/octet-stream"},
		{"page.html", "<p>", "text/html; charset=utf-8"},
		{"style.css", "p{}", "text/css; charset=utf-8"},
		{"noname", "text", "text/plain; charset=utf-8"},
		{"noname", strings.Repeat("世", 500), "text/plain; charset=utf-8"}, // cut in a character
		{"noname", "\x00", "application/octet-stream"},
		{"noname", "", "text/plain; charset=utf-8"},
	} {
		body := c.content
		if c.name != "" {
			body = "@" + filepath.Join(dir, c.name)
			if err := os.WriteFile(body[1:], []byte(c.content), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		content, size, kind, err := mustReply(t, "200", body).content()
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(content)
		content.Close()
		if kind != c.want || size != int64(len(c.content)) || string(got) != c.content || err != nil {
			t.Errorf("%s %q: %q, %d bytes %q, %v", c.name, c.content, kind, size, got, err)
		}
	}
}

// A file that changes is read as it is; one that is longer by the time it is read
// is no longer than was announced.
func TestReplyFileIsOpenedAnew(t *testing.T) {
	name := filepath.Join(t.TempDir(), "page")
	body := func(text string) {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	body("one")
	r := mustReply(t, "200", "@"+name)
	for _, text := range []string{"one", "and two"} {
		body(text)
		answer, err := r.open(http1.Asked{})
		if err != nil {
			t.Fatal(err)
		}
		more, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(more, ", and more")
		more.Close()
		got, err := io.ReadAll(answer)
		answer.Close()
		if err != nil || !strings.HasSuffix(string(got), fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(text), text)) {
			t.Errorf("%q, %v", got, err)
		}
	}
	os.Remove(name)
	if _, err := r.open(http1.Asked{}); err == nil || !strings.HasSuffix(err.Error(), "page: no such file") {
		t.Errorf("%v", err)
	}
}

func TestQuote(t *testing.T) {
	for word, want := range map[string]string{
		"8080": "8080", "": "''", "two words": "'two words'", "it's": `'it'\''s'`, "@page.html": "@page.html", "$HOME": "'$HOME'", "世": "世",
	} {
		if got := quote(word); got != want {
			t.Errorf("%q: %s", word, got)
		}
	}
}
