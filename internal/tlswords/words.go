// Package tlswords puts TLS's numbers, alerts and certificates into plain words, the
// same for both ends of a connection.
//
// It prints nothing, opens nothing and keeps nothing. The rules:
//   - Every number has a text: its name, or the number in hex.
//   - Names are those that people type and search for: OpenSSL's for cipher suites,
//     the RFCs' for groups, signature schemes and alerts.
//   - Names returns a stranger's words as they are, which may hold any character;
//     everything else has no control character.
package tlswords

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Clean writes every character that does not print, and every broken one, as
// \xHH, so that a stranger's words can neither break a line nor steer a terminal.
// What is clean already stays as it is.
func Clean(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 || !unicode.IsPrint(r) {
			for _, octet := range []byte(text[i : i+size]) {
				fmt.Fprintf(&b, `\x%02x`, octet)
			}
		} else {
			b.WriteString(text[i : i+size])
		}
		i += size
	}
	return b.String()
}

// Reason is an error of crypto/tls or crypto/x509 without the package's name, clean.
func Reason(err error) string {
	text := err.Error()
	for _, prefix := range []string{"local error: ", "tls: ", "x509: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return Clean(text)
}

// Milliseconds is how long a handshake took: "3.2 ms", and from a second on "1.25 s".
func Milliseconds(d time.Duration) string {
	if d >= time.Second {
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}

// Date is a certificate's time, in UTC and to the second, which is all it has.
func Date(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
