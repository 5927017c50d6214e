package dial

import (
	"cmp"
	"strings"
)

// notAnAddress recognises what people paste where an address belongs: URLs,
// host/path, user@host and the path of a file. Both results are empty when
// word is none of these.
func notAnAddress(word, defaultPort string) (problem, advice string) {
	if scheme, rest, ok := strings.Cut(word, "://"); ok {
		return "it is a URL, not an address", urlAdvice(strings.ToLower(scheme), rest, defaultPort)
	}
	if strings.HasPrefix(word, "/") || strings.HasPrefix(word, "./") || strings.HasPrefix(word, "../") {
		return "it is a path, not an address", "for a Unix socket give unix:" + word
	}
	if strings.ContainsAny(word, "/?#") {
		return "it has a path behind the address", urlAdvice("", word, defaultPort)
	}
	if strings.Contains(word, "@") {
		return "it has a user name before the host", urlAdvice("", word, defaultPort)
	}
	return "", ""
}

// urlAdvice spells out the address in what follows a URL's "://", and where
// the rest of the URL goes. A scheme that is for the other of send and
// tls-send (known by the default port) names that command.
func urlAdvice(scheme, rest, defaultPort string) string {
	port := schemePort(scheme)
	a, path, err := takeApart(rest, cmp.Or(port, defaultPort))
	if err != nil {
		return "give HOST:PORT, for instance localhost:8080"
	}
	advice := "give " + a.String()
	switch {
	case port == "" || port == defaultPort:
	case port == "443":
		advice = "use: rawhttp tls-send " + a.String()
	default:
		advice = "use: rawhttp send " + a.String()
	}
	if path == "" || path == "/" {
		return advice
	}
	return advice + " and put the path " + path + " in the request line"
}

// schemePort is the port of a scheme that HTTP has, and "" for any other.
func schemePort(scheme string) string {
	switch scheme {
	case "http", "ws":
		return "80"
	case "https", "wss":
		return "443"
	}
	return ""
}

// takeApart reads what follows a URL's "://": the address, and the target
// without the fragment, which is never sent.
func takeApart(rest, defaultPort string) (a Address, path string, err error) {
	authority, path := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority, path = rest[:i], rest[i:]
	}
	path, _, _ = strings.Cut(path, "#")
	if strings.HasPrefix(path, "?") {
		path = "/" + path
	}
	if i := strings.LastIndex(authority, "@"); i >= 0 {
		authority = authority[i+1:]
	}
	a, err = parseHostPort(authority, authority, defaultPort)
	return a, path, err
}

// ReadURL reads an http, https, ws or wss URL, and host/path, for advice:
// where it leads, whether in TLS, and its target, which is "/" at least. ok is
// false for anything else, an address alone among it.
func ReadURL(word string) (a Address, target string, secure, ok bool) {
	scheme, rest, isURL := strings.Cut(word, "://")
	port := schemePort(strings.ToLower(scheme))
	if !isURL {
		rest, port = word, "80"
	}
	if problem, _ := notAnAddress(word, port); problem == "" || port == "" {
		return Address{}, "", false, false
	}
	a, target, err := takeApart(rest, port)
	return a, cmp.Or(target, "/"), port == "443", err == nil
}
