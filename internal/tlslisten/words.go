package tlslisten

import (
	"crypto/tls"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"rawhttp/internal/tlswords"
)

// Offer is what a client's hello offers, without the values that only keep
// servers tolerant (RFC 8701) and the suites that are signals.
type Offer struct {
	Versions     []uint16 // newest first
	CipherSuites []uint16 // in the client's order, as are the others
	Groups       []tls.CurveID
	Schemes      []tls.SignatureScheme
	ServerName   string
	ALPN         []string
}

func newOffer(hello *tls.ClientHelloInfo) *Offer {
	o := &Offer{ServerName: hello.ServerName, ALPN: slices.Clone(hello.SupportedProtos)}
	for _, v := range hello.SupportedVersions {
		if !tlswords.IsGREASE(v) {
			o.Versions = append(o.Versions, v)
		}
	}
	slices.Sort(o.Versions)
	slices.Reverse(o.Versions)
	for _, suite := range hello.CipherSuites {
		if !tlswords.IsGREASE(suite) && suite != 0x00ff && suite != 0x5600 {
			o.CipherSuites = append(o.CipherSuites, suite)
		}
	}
	for _, group := range hello.SupportedCurves {
		if !tlswords.IsGREASE(uint16(group)) {
			o.Groups = append(o.Groups, group)
		}
	}
	for _, scheme := range hello.SignatureSchemes {
		if !tlswords.IsGREASE(uint16(scheme)) {
			o.Schemes = append(o.Schemes, scheme)
		}
	}
	o.ALPN = slices.DeleteFunc(o.ALPN, func(name string) bool {
		return len(name) == 2 && name[0] == name[1] && name[0]&0x0f == 0x0a
	})
	return o
}

// Line is the offer on one or two rows.
func (o *Offer) Line() string {
	parts := []string{versionsText(o.Versions), count(len(o.CipherSuites), "cipher suite")}
	if len(o.Groups) > 0 {
		text := tlswords.Group(o.Groups[0])
		if more := len(o.Groups) - 1; more > 0 {
			text += " and " + count(more, "other group")
		}
		parts = append(parts, text)
	}
	if o.ServerName == "" {
		parts = append(parts, "no SNI")
	} else {
		parts = append(parts, "SNI "+brief(o.ServerName, 64))
	}
	if len(o.ALPN) == 0 {
		parts = append(parts, "no ALPN")
	} else {
		parts = append(parts, "ALPN "+listText(o.ALPN, 4))
	}
	return strings.Join(parts, ", ")
}

// Lines name all that Line counts.
func (o *Offer) Lines() []string {
	var suites, groups, schemes []string
	for _, suite := range o.CipherSuites {
		suites = append(suites, tlswords.CipherSuite(suite))
	}
	for _, group := range o.Groups {
		groups = append(groups, tlswords.Group(group))
	}
	for _, scheme := range o.Schemes {
		schemes = append(schemes, tlswords.SignatureScheme(scheme))
	}
	var lines []string
	for _, l := range []struct {
		title string
		names []string
	}{{"cipher suites", suites}, {"groups", groups}, {"signatures", schemes}, {"ALPN", o.ALPN}} {
		if len(l.names) > 0 {
			lines = append(lines, "offered "+l.title+": "+listText(l.names, mostNamed))
		}
	}
	return lines
}

// mostNamed is how many names a line has at most: a hello can hold 32,000 suites.
const mostNamed = 100

func versionsText(versions []uint16) string {
	if len(versions) == 0 {
		return "no TLS version"
	}
	var names []string
	for i, v := range versions {
		name := tlswords.Version(v)
		if i > 0 {
			name = strings.TrimPrefix(name, "TLS ")
		}
		names = append(names, name)
	}
	return joined(names, 4)
}

// listText joins a stranger's words.
func listText(words []string, most int) string {
	var short []string
	for _, word := range words[:min(len(words), most)] {
		short = append(short, brief(word, 48))
	}
	if more := len(words) - len(short); more > 0 {
		return strings.Join(short, ", ") + fmt.Sprintf(" and %d more", more)
	}
	return joined(short, most)
}

// joined writes "a, b and c".
func joined(words []string, most int) string {
	words = words[:min(len(words), max(1, most))]
	if len(words) < 2 || most == mostNamed {
		return strings.Join(words, ", ")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// brief is clean text of about most columns.
func brief(text string, most int) string {
	if len(text) <= most {
		return tlswords.Clean(text)
	}
	for cut := range utf8.UTFMax {
		if utf8.RuneStart(text[most-cut]) { // no character is cut in two
			most -= cut
			break
		}
	}
	return tlswords.Clean(text[:most]) + "…"
}
