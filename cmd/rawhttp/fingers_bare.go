package main

import (
	"os"
	"strings"

	"rawhttp/internal/dial"
	"rawhttp/internal/listen"
)

// commandFor finds the command of a line that has none, by its first word: a port
// to listen on, a file, a URL or an address to connect to. then is what is to be
// typed behind it. "" is no command.
func commandFor(words []string) (command string, rest []string, then string) {
	if len(words) == 0 {
		return "", nil, ""
	}
	word, others := words[0], words[1:]
	if isDigits(strings.TrimPrefix(word, ":")) {
		if _, err := listen.ParseAddress(word); err == nil {
			return "listen", words, ""
		}
		return "", nil, ""
	}
	if isFile(word) {
		return "inspect", words, ""
	}
	if a, target, secure, ok := dial.ReadURL(word); ok {
		command = "send"
		if secure {
			command = "tls-send"
		}
		if len(others) == 0 {
			then = " and type: GET " + target + " HTTP/1.1, Host: " + hostField(a, secure) + ", and an empty line"
		}
		return command, append([]string{a.String()}, others...), then
	}
	if _, err := dial.ParseAddress(word, "80"); err != nil || !isHost(word) {
		return "", nil, ""
	}
	return "send", words, ""
}

// hostField is what the Host field says of an address.
func hostField(a dial.Address, secure bool) string {
	if usual := map[bool]string{false: ":80", true: ":443"}[secure]; strings.HasSuffix(a.String(), usual) {
		return strings.TrimSuffix(a.String(), usual)
	}
	return a.String()
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}
