package listen

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
)

func TestParseAddress(t *testing.T) {
	for word, want := range map[string]Address{
		"8080":                  {Host: "localhost", Port: "8080", Local: true},
		"0":                     {Host: "localhost", Port: "0", Local: true},
		"0080":                  {Host: "localhost", Port: "80", Local: true},
		"http":                  {Host: "localhost", Port: "80", Local: true},
		"localhost:65535":       {Host: "localhost", Port: "65535", Local: true},
		"LocalHost:http":        {Host: "localhost", Port: "80", Local: true},
		":8080":                 {Port: "8080", All: true},
		"127.0.0.1:8080":        {Host: "127.0.0.1", Port: "8080"},
		"box.example:8080":      {Host: "box.example", Port: "8080"},
		"[::1]:8080":            {Host: "::1", Port: "8080"},
		"[fe80::1%eth0]:8080":   {Host: "fe80::1%eth0", Port: "8080"},
		"unix:/tmp/x.sock":      {Path: "/tmp/x.sock"},
		"unix:relative:odd.txt": {Path: "relative:odd.txt"},
	} {
		got, err := ParseAddress(word)
		if err != nil || got != want {
			t.Errorf("%s: %+v, %v", word, got, err)
			continue
		}
		if again, err := ParseAddress(got.String()); err != nil || again != got {
			t.Errorf("%s: written as %s it reads %+v, %v", word, got, again, err)
		}
	}
}

func TestParseAddressErrors(t *testing.T) {
	for _, c := range []struct{ word, problem, hint string }{
		{"", "the address is empty", "8080"},
		{"99999", "port 99999 does not exist: ports go from 0 to 65535", "8080"},
		{"99999999999999999999999", "ports go from 0 to 65535", "8080"},
		{"localhost:65536", "port 65536 does not exist", "8080"},
		{"-1", "the port is missing in -1", ""},
		{"localhost:-1", "-1 is neither a port number nor", "8080"},
		{"localhost:+80", "+80 is neither a port number nor", "8080"},
		{"localhost:no-such-service", "no-such-service is neither", "8080"},
		{"localhost", "the port is missing in localhost", "localhost:8080"},
		{"localhost:", "the port is missing in localhost:", "localhost:8080"},
		{"127.0.0.1", "the port is missing", "127.0.0.1:8080"},
		{"8080:", "the port is missing", "for instance 8080"},
		{":", "the port is missing", ":8080"},
		{"[::1]", "the port is missing", "[::1]:8080"},
		{"[::1]:", "the port is missing", "[::1]:8080"},
		{"::1", "the port is missing", "[::1]:8080"},
		{"[::1]8080", "after ] belongs a colon", "[::1]:8080"},
		{"[::1", "belongs an IPv6 address", "[::1]:8080"},
		{"[localhost]:80", "belongs an IPv6 address", "[::1]:8080"},
		{"[127.0.0.1]:80", "belongs an IPv6 address", "[::1]:8080"},
		{"2001:db8:1:2:3:4:5:6:8080", "needs brackets", "give [2001:db8:1:2:3:4:5:6]:8080"},
		{"a:b:c", "needs brackets", "[::1]:8080"},
		{"*:8080", "* is not an address", ":8080"},
		{"http://localhost:8080", "is a URL", "give localhost:8080"},
		{"http://example.com/x", "is a URL", "give example.com:80"},
		{"https://[::1]/", "is a URL", "give [::1]:443"},
		{"http://", "is a URL", "give localhost:8080"},
		{"/tmp/x.sock", "is not an address", "unix:/tmp/x.sock"},
		{"unix:", "the path of the Unix socket is missing", "unix:/tmp/rawhttp.sock"},
		{"unix:///tmp/x", "is a URL", "give unix:/tmp/x"},
		{"unix:/a\x00b", "NUL", ""},
		{"unix:/" + strings.Repeat("x", 200), "too long: 201 bytes", "shorter"},
	} {
		_, err := ParseAddress(c.word)
		var e *AddressError
		if !errors.As(err, &e) || e.Word != c.word || !strings.Contains(e.Error(), c.problem) || !strings.Contains(e.Hint(), c.hint) {
			t.Errorf("%q: %v; hint %q", c.word, err, hintOf(err))
		}
	}
}

func hintOf(err error) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
}

func TestOtherAddresses(t *testing.T) {
	for _, text := range OtherAddresses() {
		ip, err := netip.ParseAddr(text)
		if err != nil || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() || ip.IsMulticast() {
			t.Errorf("%s: %v", text, err)
		}
	}
}
