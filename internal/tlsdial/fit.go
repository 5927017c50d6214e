package tlsdial

import (
	"strings"

	"rawhttp/internal/tlswords"
)

// The default notes fit one row of 80 columns each, behind the mark `* `, so that
// the first byte of HTTP is on the screen of whoever has a small one. The whole
// names are in ChainLines, and in the Summary's fields.
const (
	oneRow  = 78
	twoRows = 130 // wrapped at words, which leaves some columns empty
)

// fitAgreed joins what was agreed on: the time is left out where there is no
// room for it, and a long name of a protocol is cut.
func fitAgreed(parts []string, alpn, took string) string {
	line := tlswords.Clean(strings.Join(append(parts, alpn), ", "))
	if with := line + ", in " + took; columns(with) <= oneRow {
		return with
	}
	return clip(line, oneRow)
}

// fitCertificate writes the two names as long as there is room for them.
func fitCertificate(own, issuer, verdict string, room int) string {
	own, issuer = tlswords.Clean(own), tlswords.Clean(issuer)
	write := func(by string) string { return "certificate of " + own + by + issuer + ", " + verdict }
	if line := write(", issued by "); columns(line) <= room {
		return line
	}
	left := room - columns(write(" by ")) + columns(own) + columns(issuer)
	own = clip(own, max(left/2, left-columns(issuer)))
	issuer = clip(issuer, left-columns(own))
	return write(" by ")
}

// clip cuts a text that takes more than most columns, and says so by dots.
func clip(text string, most int) string {
	if columns(text) <= most {
		return text
	}
	used := len("...")
	for i, r := range text {
		if used += columnsOf(r); used > most {
			return text[:i] + "..."
		}
	}
	return text
}

// columns is how many columns a text takes at most.
func columns(text string) int {
	n := 0
	for _, r := range text {
		n += columnsOf(r)
	}
	return n
}

// columnsOf takes everything behind the alphabets of Europe and the Near East
// for wide: too many columns hurt nobody here.
func columnsOf(r rune) int {
	if r >= 0x1100 {
		return 2
	}
	return 1
}
