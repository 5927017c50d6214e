package dial

import (
	"net"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
)

// Address is where to connect: host and port, or the path of a Unix socket
// (then Path is not empty and the other two are). Port is a decimal number;
// Host is a name or an IP address without brackets.
type Address struct {
	Host string
	Port string
	Path string
}

// String gives the address as the user would write it: host:port, with
// brackets round an IPv6 address, or unix:/path.
func (a Address) String() string {
	if a.Path != "" {
		return unixPrefix + a.Path
	}
	return net.JoinHostPort(a.Host, a.Port)
}

// AddressError is an address, or a source address, that cannot be used. It is
// found before anything is looked up or connected.
type AddressError struct {
	Word    string // as the user gave it
	Problem string // what is wrong with it
	advice  string
}

// Error quotes the word, so that odd bytes in it can be shown.
func (e *AddressError) Error() string {
	return "address " + strconv.Quote(e.Word) + ": " + e.Problem
}

// Hint says what to give instead.
func (e *AddressError) Hint() string { return e.advice }

const unixPrefix = "unix:"

// ParseAddress reads HOST, HOST:PORT, [::1]:8080, ::1 and unix:/path.
// defaultPort ("80" or "443") is used when word has none; it also tells for
// which command a URL's hint is written. A port may be a service name, which
// is looked up here. Nothing else is: the host may still turn out not to
// exist. The error is an *AddressError.
func ParseAddress(word, defaultPort string) (Address, error) {
	if path, ok := strings.CutPrefix(word, unixPrefix); ok {
		if path == "" {
			return Address{}, &AddressError{word, "the path of the socket is missing", "give unix:/path/of/the.sock"}
		}
		return Address{Path: path}, nil
	}
	if word == "" {
		return Address{}, &AddressError{word, "it is empty", "give a host, for instance localhost:8080"}
	}
	if problem, advice := notAnAddress(word, defaultPort); problem != "" {
		return Address{}, &AddressError{word, problem, advice}
	}
	return parseHostPort(word, word, defaultPort)
}

// parseHostPort reads text, which is all of word or the part of a URL that
// is the address; errors quote word.
func parseHostPort(text, word, defaultPort string) (Address, error) {
	fail := func(problem, advice string) (Address, error) {
		return Address{}, &AddressError{word, problem, advice}
	}
	host, port, hasPort, problem := splitHostPort(text)
	if host == "unix" {
		// unix:80 would be a socket, so a host of this name cannot be written.
		return fail("the path of the socket is missing", "give unix:/path/of/the.sock")
	}
	if problem != "" {
		return fail(problem, "an IPv6 address with a port is written [::1]:8080")
	}
	if !hasPort {
		port = defaultPort
	}
	if host == "" {
		if port == "" {
			port = defaultPort
		}
		return fail("the host is missing", "give localhost:"+port)
	}
	if hasPort && port == "" {
		return fail("the port after the colon is missing", "give "+net.JoinHostPort(host, defaultPort))
	}
	if problem, advice := badHost(host); problem != "" {
		return fail(problem, advice)
	}
	number, problem := parsePort(port)
	if problem != "" {
		return fail(problem, "give a port from 1 to 65535, for instance "+net.JoinHostPort(host, defaultPort))
	}
	return Address{Host: host, Port: number}, nil
}

// splitHostPort cuts text at the colon before the port. A text with two or
// more colons and no brackets can only be an IPv6 address alone.
func splitHostPort(text string) (host, port string, hasPort bool, problem string) {
	if strings.HasPrefix(text, "[") {
		host, rest, closed := strings.Cut(text[1:], "]")
		if !closed {
			return "", "", false, "the closing bracket is missing"
		}
		if ip, err := netip.ParseAddr(host); err != nil || !ip.Is6() {
			return "", "", false, "what is in the brackets is not an IPv6 address"
		}
		if rest == "" {
			return host, "", false, ""
		}
		port, ok := strings.CutPrefix(rest, ":")
		if !ok {
			return "", "", false, "after the closing bracket only a colon and a port can follow"
		}
		return host, port, true, ""
	}
	if strings.Count(text, ":") > 1 {
		if _, err := netip.ParseAddr(text); err != nil {
			return "", "", false, "it has more than one colon and is not an IPv6 address"
		}
		return text, "", false, ""
	}
	host, port, hasPort = strings.Cut(text, ":")
	return host, port, hasPort, ""
}

// badHost finds hosts that no look-up could find, so that a slip of the
// fingers does not become a question to a name server.
func badHost(host string) (problem, advice string) {
	odd := func(r rune) bool {
		return unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(`"'<>,;[]\`, r)
	}
	if strings.ContainsFunc(host, odd) {
		return "the host has a character that no host name has", "give a name or an IP address, for instance localhost:8080"
	}
	notNumeric := func(r rune) bool { return (r < '0' || r > '9') && r != '.' }
	if strings.ContainsFunc(host, notNumeric) {
		return "", ""
	}
	if number, problem := parsePort(host); problem == "" {
		return "it is a port without a host", "give localhost:" + number
	}
	if _, err := netip.ParseAddr(host); err != nil {
		return "it is not an IPv4 address", "an IPv4 address is four numbers from 0 to 255, for instance 127.0.0.1"
	}
	return "", ""
}

// parsePort gives the number of a port or of a service such as "http".
func parsePort(port string) (number, problem string) {
	if strings.Trim(port, "0123456789") == "" {
		n, err := strconv.Atoi(port)
		if err != nil || n < 1 || n > 65535 {
			return "", "port " + port + " is not in 1 to 65535"
		}
		return strconv.Itoa(n), ""
	}
	// LookupPort also takes signs and the like; a service begins with a
	// letter or a digit and holds a letter.
	if strings.ContainsFunc(port, func(r rune) bool { return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) || port[0] == '-' {
		return "", "port " + strconv.Quote(port) + " is not a number"
	}
	n, err := net.LookupPort("tcp", port)
	if err != nil || n < 1 || n > 65535 {
		return "", "port " + strconv.Quote(port) + " is neither a number nor the name of a service"
	}
	return strconv.Itoa(n), ""
}
