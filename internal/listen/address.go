package listen

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
)

// Address is where to listen. Exactly one of Local, All, Path and a Host of the user's own applies.
type Address struct {
	// Host is an IP address without brackets or a name; "localhost" when Local, empty when All or for a Unix socket.
	Host string
	// Port is decimal, "0" to "65535"; 0 picks a free one. Empty for a Unix socket.
	Port string
	// Path is the file of a Unix socket.
	Path string
	// All is ":PORT": every address of this machine, IPv4 and IPv6.
	All bool
	// Local is "PORT" or "localhost:PORT": 127.0.0.1 and ::1, on the same port.
	Local bool
}

// String writes the address as the user may write it.
func (a Address) String() string {
	switch {
	case a.Path != "":
		return "unix:" + a.Path
	case a.All:
		return ":" + a.Port
	}
	return net.JoinHostPort(a.Host, a.Port)
}

// AddressError says what is wrong with a word that should be an address; nothing was opened.
type AddressError struct {
	Word    string // as it was given
	Problem string // what is wrong, in plain words
	hint    string
}

// Error says what is wrong, without advice.
func (e *AddressError) Error() string { return e.Problem }

// Hint says what to write instead; it may be empty.
func (e *AddressError) Hint() string { return e.hint }

// ParseAddress reads PORT, localhost:PORT, :PORT, HOST:PORT, [IPV6]:PORT or unix:PATH. A service name may stand for the
// port. It looks up no host names and opens nothing. Its errors are of type *AddressError.
func ParseAddress(word string) (Address, error) {
	if path, ok := strings.CutPrefix(word, "unix:"); ok {
		return parsePath(word, path)
	}
	if word == "" {
		return Address{}, &AddressError{word, "the address is empty", "8080 listens on this machine alone, :8080 on all interfaces"}
	}
	if strings.Contains(word, "://") {
		return Address{}, &AddressError{word, word + " is a URL, not an address", "give " + addressOfURL(word)}
	}
	if strings.Contains(word, "/") {
		return Address{}, &AddressError{word, word + " is not an address to listen on",
			"for a Unix socket write unix:" + word}
	}
	host, port, err := splitHostPort(word)
	if err != nil {
		return Address{}, err
	}
	number, err := parsePort(word, port)
	if err != nil {
		return Address{}, err
	}
	switch {
	case host == "" && strings.HasPrefix(word, ":"):
		return Address{Port: number, All: true}, nil
	case host == "" || strings.EqualFold(host, "localhost"):
		return Address{Host: "localhost", Port: number, Local: true}, nil
	case host == "*":
		return Address{}, &AddressError{word, "* is not an address", "for all interfaces give :" + number}
	}
	return Address{Host: host, Port: number}, nil
}

func parsePath(word, path string) (Address, error) {
	// The kernel's field holds the path and a NUL.
	longest := len(syscall.RawSockaddrUnix{}.Path) - 1
	switch {
	case path == "":
		return Address{}, &AddressError{word, "the path of the Unix socket is missing", "for instance unix:/tmp/rawhttp.sock"}
	case strings.HasPrefix(path, "//"):
		return Address{}, &AddressError{word, word + " is a URL, not an address", "give unix:/" + strings.TrimLeft(path, "/")}
	case strings.ContainsRune(path, 0):
		return Address{}, &AddressError{word, "the path of the Unix socket has a NUL byte in it", ""}
	case len(path) > longest:
		return Address{}, &AddressError{word,
			"the path of the Unix socket is too long: " + strconv.Itoa(len(path)) + " bytes, at most " + strconv.Itoa(longest) + " fit",
			"give a shorter path, for instance unix:/tmp/rawhttp.sock"}
	}
	return Address{Path: path}, nil
}

// splitHostPort takes a word apart. A word without a colon is a port if it can be one.
func splitHostPort(word string) (host, port string, err error) {
	if strings.HasPrefix(word, "[") {
		return splitBrackets(word)
	}
	last := strings.LastIndexByte(word, ':')
	if last < 0 {
		if _, ok := servicePort(word); ok || isDigits(word) {
			return "", word, nil
		}
		return "", "", missingPort(word, net.JoinHostPort(word, "8080"))
	}
	host, port = word[:last], word[last+1:]
	if strings.Contains(host, ":") {
		return "", "", unbracketed(word, host, port)
	}
	if port == "" {
		example := host + ":8080"
		if isDigits(host) {
			example = host // "8080:" is a slip for 8080
		}
		return "", "", missingPort(word, example)
	}
	return host, port, nil
}

func splitBrackets(word string) (host, port string, err error) {
	inside, rest, closed := strings.Cut(word[1:], "]")
	ip, parseErr := netip.ParseAddr(inside)
	switch {
	case !closed || parseErr != nil || !ip.Is6():
		return "", "", &AddressError{word, word + ": between [ and ] belongs an IPv6 address", "for instance [::1]:8080"}
	case rest == "" || rest == ":":
		return "", "", missingPort(word, "["+inside+"]:8080")
	case rest[0] != ':':
		return "", "", &AddressError{word, word + ": after ] belongs a colon and the port", "for instance [" + inside + "]:8080"}
	}
	return inside, rest[1:], nil
}

// unbracketed is the error for an IPv6 address without brackets, in which nobody can tell where the port begins.
func unbracketed(word, host, port string) error {
	if ip, err := netip.ParseAddr(word); err == nil && ip.Is6() {
		return missingPort(word, "["+word+"]:8080")
	}
	hint := "for instance [::1]:8080"
	if ip, err := netip.ParseAddr(host); err == nil && ip.Is6() && port != "" {
		hint = "give [" + host + "]:" + port
	}
	return &AddressError{word, word + ": an IPv6 address with a port needs brackets", hint}
}

func missingPort(word, example string) error {
	return &AddressError{word, "the port is missing in " + word, "for instance " + example}
}

// parsePort gives the decimal number of a port or service name.
func parsePort(word, port string) (string, error) {
	if isDigits(port) {
		number, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return "", &AddressError{word, "port " + port + " does not exist: ports go from 0 to 65535",
				"for instance 8080; 0 picks a free port"}
		}
		return strconv.FormatUint(number, 10), nil
	}
	if number, ok := servicePort(port); ok {
		return strconv.Itoa(number), nil
	}
	return "", &AddressError{word, port + " is neither a port number nor the name of a service", "for instance 8080; 0 picks a free port"}
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// servicePort gives the port of a TCP service. Names of services have a letter: "-1" and "+80" are none.
func servicePort(name string) (number int, ok bool) {
	if strings.Trim(name, "+-0123456789") == "" {
		return 0, false
	}
	number, err := net.LookupPort("tcp", name)
	return number, err == nil
}

// addressOfURL gives the HOST:PORT to write instead of a URL.
func addressOfURL(word string) string {
	u, err := url.Parse(word)
	if err != nil || u.Hostname() == "" {
		return "localhost:8080"
	}
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "http" || u.Scheme == "ws":
		port = "80"
	case u.Scheme == "https" || u.Scheme == "wss":
		port = "443"
	default:
		port = "8080"
	}
	return net.JoinHostPort(u.Hostname(), port)
}
