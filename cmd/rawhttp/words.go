package main

import (
	"net"
	"net/netip"
	"strings"
)

// isDigits reports whether a word can only be a port: "./80" is a file.
func isDigits(word string) bool {
	return word != "" && strings.Trim(word, "0123456789") == ""
}

// hasPort reports whether an address carries a port already.
func hasPort(word string) bool {
	if strings.HasPrefix(word, "unix:") {
		return true
	}
	if _, err := netip.ParseAddr(strings.Trim(word, "[]")); err == nil {
		return false
	}
	return strings.Contains(word, ":")
}

// joinPort makes HOST:PORT of nc's two words.
func joinPort(host, port string) string {
	return net.JoinHostPort(strings.Trim(host, "[]"), port)
}

// hostOf is the host part of an address that net made.
func hostOf(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host
}
