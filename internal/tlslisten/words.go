package tlslisten

import (
	"crypto/tls"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
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
		if !isGrease(v) {
			o.Versions = append(o.Versions, v)
		}
	}
	slices.Sort(o.Versions)
	slices.Reverse(o.Versions)
	for _, suite := range hello.CipherSuites {
		if !isGrease(suite) && suite != 0x00ff && suite != 0x5600 {
			o.CipherSuites = append(o.CipherSuites, suite)
		}
	}
	for _, group := range hello.SupportedCurves {
		if !isGrease(uint16(group)) {
			o.Groups = append(o.Groups, group)
		}
	}
	for _, scheme := range hello.SignatureSchemes {
		if !isGrease(uint16(scheme)) {
			o.Schemes = append(o.Schemes, scheme)
		}
	}
	o.ALPN = slices.DeleteFunc(o.ALPN, func(name string) bool {
		return len(name) == 2 && name[0] == name[1] && name[0]&0x0f == 0x0a
	})
	return o
}

func isGrease(v uint16) bool { return v&0x0f0f == 0x0a0a && v>>8 == v&0xff }

// Line is the offer on one or two rows.
func (o *Offer) Line() string {
	parts := []string{versionsText(o.Versions), count(len(o.CipherSuites), "cipher suite")}
	if len(o.Groups) > 0 {
		text := groupName(o.Groups[0])
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
		suites = append(suites, tls.CipherSuiteName(suite))
	}
	for _, group := range o.Groups {
		groups = append(groups, groupName(group))
	}
	for _, scheme := range o.Schemes {
		schemes = append(schemes, schemeName(scheme))
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
		name := tls.VersionName(v)
		if i > 0 {
			name = strings.TrimPrefix(name, "TLS ")
		}
		names = append(names, name)
	}
	return joined(names, 4)
}

// groupNames are the names of RFC 8446 section 4.2.7 and the drafts after it, as
// people write them.
var groupNames = map[tls.CurveID]string{
	23: "P-256", 24: "P-384", 25: "P-521", 29: "X25519", 30: "X448",
	256: "ffdhe2048", 257: "ffdhe3072", 258: "ffdhe4096", 259: "ffdhe6144", 260: "ffdhe8192",
	4587: "SecP256r1MLKEM768", 4588: "X25519MLKEM768", 4589: "SecP384r1MLKEM1024",
}

func groupName(group tls.CurveID) string {
	if name, ok := groupNames[group]; ok {
		return name
	}
	return fmt.Sprintf("0x%04x", uint16(group))
}

// schemeNames are the names of RFC 8446 section 4.2.3.
var schemeNames = map[tls.SignatureScheme]string{
	0x0201: "rsa_pkcs1_sha1", 0x0203: "ecdsa_sha1", 0x0401: "rsa_pkcs1_sha256", 0x0403: "ecdsa_secp256r1_sha256",
	0x0501: "rsa_pkcs1_sha384", 0x0503: "ecdsa_secp384r1_sha384", 0x0601: "rsa_pkcs1_sha512", 0x0603: "ecdsa_secp521r1_sha512",
	0x0804: "rsa_pss_rsae_sha256", 0x0805: "rsa_pss_rsae_sha384", 0x0806: "rsa_pss_rsae_sha512", 0x0807: "ed25519", 0x0808: "ed448",
	0x0809: "rsa_pss_pss_sha256", 0x080a: "rsa_pss_pss_sha384", 0x080b: "rsa_pss_pss_sha512",
}

func schemeName(scheme tls.SignatureScheme) string {
	if name, ok := schemeNames[scheme]; ok {
		return name
	}
	return fmt.Sprintf("0x%04x", uint16(scheme))
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
		return clean(text)
	}
	for cut := range utf8.UTFMax {
		if utf8.RuneStart(text[most-cut]) { // no character is cut in two
			most -= cut
			break
		}
	}
	return clean(text[:most]) + "…"
}

// clean writes every character that does not print, and every broken one, as
// \xHH, so that a stranger's words can neither break a line nor steer a terminal.
func clean(text string) string {
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
