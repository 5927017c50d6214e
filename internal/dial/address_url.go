package dial

import "strings"

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
	port, command := defaultPort, ""
	switch scheme {
	case "http", "ws":
		port, command = "80", "send"
	case "https", "wss":
		port, command = "443", "tls-send"
	}
	authority, path := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority, path = rest[:i], rest[i:]
	}
	path, _, _ = strings.Cut(path, "#") // a fragment is never sent
	if i := strings.LastIndex(authority, "@"); i >= 0 {
		authority = authority[i+1:]
	}
	a, err := parseHostPort(authority, authority, port)
	if err != nil {
		return "give HOST:PORT, for instance localhost:8080"
	}
	advice := "give " + a.String()
	if command != "" && port != defaultPort {
		advice = "use: rawhttp " + command + " " + a.String()
	}
	if path == "" || path == "/" {
		return advice
	}
	if strings.HasPrefix(path, "?") {
		path = "/" + path
	}
	return advice + " and put the path " + path + " in the request line"
}
