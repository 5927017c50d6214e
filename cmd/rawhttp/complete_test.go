package main

import (
	"slices"
	"strings"
	"testing"

	"rawhttp/internal/dial"
	"rawhttp/internal/http1"
)

func TestComplete(t *testing.T) {
	client, server := completer{client: true, host: "example.com:8080"}, completer{}
	for _, c := range []struct {
		completer
		kind  http1.Kind
		line  string
		from  int
		words string // joined by |; "..." at the end: and others
	}{
		{client, http1.RequestLine, "", 0, "GET |HEAD |POST |PUT |DELETE |OPTIONS |PATCH |TRACE |CONNECT "},
		{client, http1.RequestLine, "p", 0, "POST |PUT |PATCH "},
		{client, http1.RequestLine, "get", 0, "GET "},
		{client, http1.RequestLine, "GETS", 0, ""},
		{client, http1.RequestLine, "GET ", 0, ""},
		{client, http1.RequestLine, "GET /hello", 0, ""},
		{client, http1.RequestLine, "GET  ", 0, ""},
		{client, http1.RequestLine, "GET /hello ", 11, "HTTP/1.1"},
		{client, http1.RequestLine, "GET /hello http/1.1", 11, "HTTP/1.1"},
		{client, http1.RequestLine, "GET /a b H", 0, ""},
		{client, http1.RequestLine, "GET / HTTP/1.1 ", 0, ""},
		{server, http1.StatusLine, "", 0, "HTTP/1.1 "},
		{server, http1.StatusLine, "h", 0, "HTTP/1.1 "},
		{server, http1.StatusLine, "HTTP/1.0", 0, "HTTP/1.0 "},
		{server, http1.StatusLine, "HTTP/2", 0, ""},
		{server, http1.StatusLine, "HTTP/2 4", 0, ""},
		{server, http1.StatusLine, "HTTP/1.1 ", 9, "100 Continue|101 Switching Protocols|..."},
		{server, http1.StatusLine, "HTTP/1.1 51", 9, "511 Network Authentication Required"},
		{server, http1.StatusLine, "HTTP/1.0 20", 9, "200 OK|201 Created|202 Accepted|203 Non-Authoritative Information|204 No Content|205 Reset Content|206 Partial Content"},
		{server, http1.StatusLine, "HTTP/1.1 404", 9, "404 Not Found"},
		{server, http1.StatusLine, "HTTP/1.1 404 not", 9, "404 Not Found"},
		{server, http1.StatusLine, "HTTP/1.1 404 Nothing", 9, ""},
		{server, http1.StatusLine, "HTTP/1.1 600", 9, ""},
		{server, http1.StatusLine, "HTTP/1.1  4", 9, ""},
		{client, http1.HeaderLine, "", 0, "Accept: |Accept-Encoding: |..."},
		{client, http1.HeaderLine, "ho", 0, "Host: "},
		{server, http1.HeaderLine, "ho", 0, ""},
		{server, http1.HeaderLine, "content-l", 0, "Content-Language: |Content-Length: |Content-Location: "},
		{client, http1.HeaderLine, "content-l", 0, "Content-Length: "},
		{client, http1.HeaderLine, "Accept", 0, "Accept: "},
		{client, http1.HeaderLine, "Accept-", 0, "Accept-Encoding: |Accept-Language: "},
		{client, http1.HeaderLine, "X-Mine", 0, ""},
		{client, http1.HeaderLine, " folded", 0, ""},
		{client, http1.HeaderLine, "Host: ", 6, "example.com:8080"},
		{server, http1.HeaderLine, "Host: ", 6, "localhost"},
		{client, http1.HeaderLine, "Host:", 5, " example.com:8080"},
		{client, http1.HeaderLine, "host:   EX", 8, "example.com:8080"},
		{client, http1.HeaderLine, "Host: x", 6, ""},
		{server, http1.HeaderLine, "Content-Length: ", 0, ""},
		{server, http1.HeaderLine, "Content-Length:", 0, ""},
		{server, http1.HeaderLine, "content-length: 1", 0, ""},
		{server, http1.HeaderLine, "Content-Type: text/h", 14, "text/html|text/html; charset=utf-8"},
		{server, http1.HeaderLine, "Content-Type: text/html", 14, "text/html"},
		{server, http1.HeaderLine, "Content-Type: text/html;", 14, "text/html; charset=utf-8"},
		{server, http1.HeaderLine, "Connection: ", 12, "close|keep-alive|Upgrade"},
		{server, http1.HeaderLine, "Connection:", 11, " close| keep-alive| Upgrade"},
		{client, http1.HeaderLine, "Connection: keep-alive, U", 24, "Upgrade"},
		{client, http1.HeaderLine, "Connection: keep-alive,", 23, "close|keep-alive|Upgrade"},
		{client, http1.HeaderLine, "Transfer-Encoding: chunked, ", 19, ""},
		{client, http1.HeaderLine, "Expect: ", 8, "100-continue"},
		{client, http1.HeaderLine, "Authorization: b", 15, "Basic |Bearer "},
		{client, http1.HeaderLine, "User-Agent: ", 12, ""},
		{server, http1.TrailerLine, "", 0, "Content-Digest: |ETag: |Server-Timing: "},
		{server, http1.Body, "HTTP/1", 0, ""},
		{client, http1.ChunkSize, "", 0, ""},
		{client, http1.ChunkData, "G", 0, ""},
		{client, http1.NonHTTP, "GE", 0, ""},
	} {
		from, words := c.complete(c.kind, []byte(c.line))
		got := strings.Join(words, "|")
		if start, more := strings.CutSuffix(c.words, "..."); more && strings.HasPrefix(got, start) {
			got = c.words
		}
		if got != c.words || words != nil && from != c.from {
			t.Errorf("%s %q: %d %q, want %d %q", c.kind, c.line, from, got, c.from, c.words)
		}
	}
}

// strict finds what is an error, whatever it is about.
type strict struct{ errors []string }

func (*strict) Token(http1.Token)      {}
func (*strict) Head(*http1.Message)    {}
func (*strict) Message(*http1.Message) {}
func (s *strict) Diagnostic(d http1.Diagnostic) {
	if d.Code.Entry().Severity == http1.Error {
		s.errors = append(s.errors, d.Code.String())
	}
}

// before is what was sent before a line of a kind.
var before = map[bool]map[http1.Kind]string{
	true: {
		http1.RequestLine: "",
		http1.HeaderLine:  "POST / HTTP/1.1\r\n",
		http1.TrailerLine: "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
	},
	false: {
		http1.StatusLine:  "",
		http1.HeaderLine:  "HTTP/1.1 200 OK\r\n",
		http1.TrailerLine: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
	},
}

// TestTabMakesLines walks through every line that TAB alone can make: each step
// keeps what stands before it, begins with what is typed, however much of it and
// in whatever case, and a line that is whole is no error. Where only the user knows
// what belongs there, the walk types something.
func TestTabMakesLines(t *testing.T) {
	for client, kinds := range before {
		c := completer{client: client, host: "example.com"}
		for kind := range kinds {
			lines := 0
			var walk func(line string)
			walk = func(line string) {
				from, words := c.complete(kind, []byte(line))
				for _, word := range words {
					if !strings.HasPrefix(word, line[from:]) {
						t.Errorf("%s %q: offers %q", kind, line, word)
					}
					next := line[:from] + word
					if len(line) == from {
						checkPrefixes(t, c, kind, line, word)
					}
					if next != line {
						walk(next)
					}
				}
				if words == nil && kind == http1.RequestLine && strings.Count(line, " ") == 1 {
					walk(line + target(line) + " ")
					return
				}
				if words == nil || words[0] == line[from:] {
					lines++
					checkLine(t, client, kind, line)
				}
			}
			walk("")
			if lines < 3 {
				t.Errorf("%s: %d lines", kind, lines)
			}
		}
	}
}

// target is what goes with a method.
func target(line string) string {
	if strings.HasPrefix(line, "CONNECT") {
		return "example.com:443"
	}
	return "/"
}

// checkPrefixes types a word up to every byte of it.
func checkPrefixes(t *testing.T, c completer, kind http1.Kind, before, word string) {
	t.Helper()
	for i := range word {
		for _, typed := range []string{word[:i], strings.ToLower(word[:i]), strings.ToUpper(word[:i])} {
			from, words := c.complete(kind, []byte(before+typed))
			if strings.HasSuffix(typed, ":") {
				continue // a name is complete; the blank comes with the value
			}
			wholly := slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(strings.TrimRight(w, ": "), typed) })
			if from != len(before) || !slices.Contains(words, word) && !(wholly && len(words) == 1) {
				t.Errorf("%s %q: %d %q, and not %q", kind, before+typed, from, words, word)
			}
		}
	}
}

// checkLine sends a line.
func checkLine(t *testing.T, client bool, kind http1.Kind, line string) {
	t.Helper()
	if name, value, found := strings.Cut(line, ": "); found && value == "" {
		if value = map[string]string{"Content-Length": "5"}[name]; value == "" {
			value = "x"
		}
		line += value
	}
	var found strict
	scanner := http1.New(&found)
	side := http1.Request
	if !client {
		side = http1.Response
		scanner.Feed(http1.Request, []byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
	}
	scanner.Feed(side, []byte(before[client][kind]))
	if got := scanner.State(side).Next; got != kind {
		t.Fatalf("%s is expected, not %s", got, kind)
	}
	scanner.Feed(side, []byte(line+"\r\n"))
	if len(found.errors) > 0 {
		t.Errorf("%s %q: %q", kind, line, found.errors)
	}
}

// TestCompletedHost: Host is what the address calls for.
func TestCompletedHost(t *testing.T) {
	for word, want := range map[string]string{
		"example.com": "example.com", "example.com:80": "example.com", "example.com:8080": "example.com:8080", "[::1]:8080": "[::1]:8080",
		"::1": "[::1]", "example.com:443": "example.com:443", "unix:/x.sock": "localhost", "fe80::1%eth0": "[fe80::1]",
	} {
		address, err := dial.ParseAddress(word, "80")
		if err != nil {
			t.Fatal(err)
		}
		o := &clientOptions{address: address}
		if _, got := o.completer().complete(http1.HeaderLine, []byte("Host: ")); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %q, want %q", word, got, want)
		}
	}
	for word, want := range map[string]string{
		"10.0.0.5": "example.com", "10.0.0.5:443": "example.com", "10.0.0.5:80": "example.com:80", "unix:/x.sock": "example.com",
	} {
		address, err := dial.ParseAddress(word, "443")
		if err != nil {
			t.Fatal(err)
		}
		o := &clientOptions{address: address, tls: &tlsOptions{serverName: "example.com"}}
		if got := o.completer().host; got != want {
			t.Errorf("tls-send %s: %q, want %q", word, got, want)
		}
	}
}

// TestCompletedFields: the table is in order, each name once, and a list's values
// are no lists.
func TestCompletedFields(t *testing.T) {
	for i, f := range completedFields {
		if i > 0 && strings.ToLower(f.name) <= strings.ToLower(completedFields[i-1].name) || f.places == 0 {
			t.Errorf("%s: places %b, behind %s", f.name, f.places, completedFields[max(0, i-1)].name)
		}
		for _, value := range f.values {
			if f.list && strings.Contains(value, ",") {
				t.Errorf("%s: %q", f.name, value)
			}
		}
	}
}
