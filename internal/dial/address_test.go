package dial

import (
	"errors"
	"strings"
	"testing"
)

func TestParseAddress(t *testing.T) {
	for word, want := range map[string]Address{
		"example.com":          {Host: "example.com", Port: "80"},
		"example.com:8080":     {Host: "example.com", Port: "8080"},
		"example.com:http":     {Host: "example.com", Port: "80"},
		"localhost:1":          {Host: "localhost", Port: "1"},
		"localhost:65535":      {Host: "localhost", Port: "65535"},
		"localhost:0080":       {Host: "localhost", Port: "80"},
		"127.0.0.1:8080":       {Host: "127.0.0.1", Port: "8080"},
		"::1":                  {Host: "::1", Port: "80"},
		"[::1]":                {Host: "::1", Port: "80"},
		"[::1]:8080":           {Host: "::1", Port: "8080"},
		"[fe80::1%lo]:8080":    {Host: "fe80::1%lo", Port: "8080"},
		"unix:/run/a.sock":     {Path: "/run/a.sock"},
		"unix:a b@c://d/[.ock": {Path: "a b@c://d/[.ock"},
	} {
		got, err := ParseAddress(word, "80")
		if err != nil || got != want {
			t.Errorf("ParseAddress(%q) = %+v, %v; want %+v", word, got, err, want)
		}
	}
}

func TestParseAddressUsesTheDefaultPort(t *testing.T) {
	if got, err := ParseAddress("example.com", "443"); err != nil || got.Port != "443" {
		t.Errorf("got %+v, %v; want port 443", got, err)
	}
}

func TestParseAddressRefuses(t *testing.T) {
	for _, c := range []struct{ word, problem, hint string }{
		{"", "it is empty", "localhost:8080"},
		{":8080", "the host is missing", "give localhost:8080"},
		{":", "the host is missing", "give localhost:80"},
		{"8080", "a port without a host", "give localhost:8080"},
		{"host:", "the port after the colon is missing", "give host:80"},
		{"[::1]:", "the port after the colon is missing", "give [::1]:80"},
		{"host:0", "port 0 is not in 1 to 65535", "1 to 65535"},
		{"host:65536", "port 65536 is not in", "1 to 65535"},
		{"host:99999", "port 99999 is not in 1 to 65535", "host:80"},
		{"host:99999999999999999999", "is not in 1 to 65535", ""},
		{"host:-1", `port "-1"`, ""},
		{"host:+80", `port "+80" is not a number`, ""},
		{"host:80x80", "neither a number nor the name of a service", ""},
		{"host:nosuchservice", "neither a number nor the name of a service", ""},
		{"256.1.1.1:80", "it is not an IPv4 address", "0 to 255"},
		{"[::1", "closing bracket", "[::1]:8080"},
		{"[host]:80", "not an IPv6 address", ""},
		{"[::1]80", "only a colon and a port", ""},
		{"a:80:90", "more than one colon", "[::1]:8080"},
		{"two words:80", "no host name has", ""},
		{"esc\x1b[31m:80", "no host name has", ""},
		{"unix:", "the path of the socket is missing", "unix:/"},
		{"/run/a.sock", "it is a path", "give unix:/run/a.sock"},
		{"host/path", "a path behind", "give host:80 and put the path /path in the request line"},
		{"host:81/path?q#part", "a path behind", "give host:81 and put the path /path?q in the request line"},
		{"user:pw@host", "a user name", "give host:80"},
	} {
		_, err := ParseAddress(c.word, "80")
		checkAddressError(t, c.word, err, c.problem, c.hint)
	}
}

func TestURLsAreSpelledOut(t *testing.T) {
	for _, c := range []struct{ word, defaultPort, hint string }{
		{"http://example.com/x", "80", "give example.com:80 and put the path /x in the request line"},
		{"http://example.com", "80", "give example.com:80"},
		{"HTTP://example.com:8080/", "80", "give example.com:8080"},
		{"ws://example.com/chat", "80", "give example.com:80 and put the path /chat in the request line"},
		{"http://u:p@[::1]:81/x", "80", "give [::1]:81 and put the path /x in the request line"},
		{"https://example.com/x", "80", "use: rawhttp tls-send example.com:443 and put the path /x in the request line"},
		{"wss://example.com?q=1", "80", "use: rawhttp tls-send example.com:443 and put the path /?q=1 in the request line"},
		{"https://example.com/x", "443", "give example.com:443 and put the path /x in the request line"},
		{"http://example.com/x", "443", "use: rawhttp send example.com:80 and put the path /x in the request line"},
		{"ftp://example.com/x", "80", "give example.com:80 and put the path /x in the request line"},
		{"http:///x", "80", "give HOST:PORT, for instance localhost:8080"},
	} {
		_, err := ParseAddress(c.word, c.defaultPort)
		checkAddressError(t, c.word, err, "it is a URL, not an address", c.hint)
		var e *AddressError
		if errors.As(err, &e) && e.Hint() != c.hint {
			t.Errorf("%q: hint %q, want exactly %q", c.word, e.Hint(), c.hint)
		}
	}
}

func TestReadURL(t *testing.T) {
	for _, c := range []struct{ word, address, target string }{
		{"http://localhost:38181/index.html", "localhost:38181", "/index.html"},
		{"HTTP://example.com", "example.com:80", "/"},
		{"https://user:pw@example.com?q#part", "tls example.com:443", "/?q"},
		{"wss://[::1]:8443/chat", "tls [::1]:8443", "/chat"},
		{"example.com/x", "example.com:80", "/x"},
		{"example.com", "", ""}, {"example.com:80", "", ""}, {"ftp://example.com/x", "", ""}, {"http:///x", "", ""},
		{"://x", "", ""}, {"./x", "", ""}, {"/x", "", ""}, {"", "", ""}, {"http://a b/", "", ""},
	} {
		a, target, secure, ok := ReadURL(c.word)
		got := a.String()
		if secure {
			got = "tls " + got
		}
		if ok != (c.address != "") || ok && (got != c.address || target != c.target) {
			t.Errorf("%q: %s, %s, %v", c.word, got, target, ok)
		}
	}
}

func checkAddressError(t *testing.T, word string, err error, problem, hint string) {
	t.Helper()
	var e *AddressError
	if !errors.As(err, &e) {
		t.Errorf("ParseAddress(%q): error %v, want an *AddressError", word, err)
		return
	}
	if !strings.Contains(e.Error(), problem) {
		t.Errorf("%q: error %q does not say %q", word, e, problem)
	}
	if !strings.Contains(e.Hint(), hint) || e.Hint() == "" {
		t.Errorf("%q: hint %q does not say %q", word, e.Hint(), hint)
	}
	if strings.ContainsAny(e.Error(), "\x1b\n") {
		t.Errorf("%q: the error carries a control byte: %q", word, e)
	}
}

func TestAddressString(t *testing.T) {
	for want, a := range map[string]Address{
		"example.com:80": {Host: "example.com", Port: "80"},
		"[::1]:8080":     {Host: "::1", Port: "8080"},
		"unix:/a.sock":   {Path: "/a.sock"},
	} {
		if got := a.String(); got != want {
			t.Errorf("%+v: %q, want %q", a, got, want)
		}
	}
}

// What ParseAddress accepts, it accepts again in the form it prints.
func FuzzParseAddress(f *testing.F) {
	for _, word := range []string{"a", "a:80", "[::1]:80", "::1", "unix:/x", "http://a/b", ":80", "user@h", "[fe80::1%lo]", "1.2.3.4:http"} {
		f.Add(word)
	}
	f.Fuzz(func(t *testing.T, word string) {
		a, err := ParseAddress(word, "80")
		if err != nil {
			var e *AddressError
			if !errors.As(err, &e) || e.Hint() == "" {
				t.Fatalf("%q: error %v without a hint", word, err)
			}
			return
		}
		again, err := ParseAddress(a.String(), "81")
		if err != nil || again != a {
			t.Fatalf("%q gave %+v, printed %q, which gave %+v, %v", word, a, a, again, err)
		}
	})
}

func TestOptionsCheck(t *testing.T) {
	for _, o := range []Options{
		{}, {Family: 4}, {Family: 6}, {Source: "127.0.0.1"}, {Source: "127.0.0.1:4000", Family: 4},
		{Source: "::1", Family: 6}, {Source: "[::1]:4000"}, {Source: "[::1]"}, {Source: "::ffff:127.0.0.1", Family: 4},
	} {
		if err := o.Check(); err != nil {
			t.Errorf("%+v: %v", o, err)
		}
	}
	for _, o := range []Options{
		{Family: 5}, {Source: "localhost"}, {Source: "127.0.0.1:"}, {Source: "127.0.0.1:70000"}, {Source: ":4000"},
		{Source: "127.0.0.1", Family: 6}, {Source: "::1", Family: 4},
	} {
		if err := o.Check(); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}
