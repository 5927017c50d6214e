package main

import (
	"fmt"
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

// checkFamily refuses an IP address of the family that was not asked for.
func checkFamily(host string, family int) error {
	ip, err := netip.ParseAddr(host)
	if err != nil || family == 0 || ip.Unmap().Is4() == (family == 4) {
		return nil
	}
	return usagef(fmt.Sprintf("leave out -%d, or give another address", family), "%s is no IPv%d address", host, family)
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

// clipped cuts an address that is longer than most bytes, and says so by dots.
func clipped(address string, most int) string {
	if len(address) <= most {
		return address
	}
	return address[:most-3] + "..."
}
