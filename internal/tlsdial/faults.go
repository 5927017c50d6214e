package tlsdial

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"unicode/utf8"

	"rawhttp/internal/tlswords"
)

// newCertificate is what helps when the certificate itself is wrong.
const newCertificate = "the server needs another certificate"

// word puts an error of crypto/x509 into words.
func (v *verification) word(err error) fault {
	var bad x509.CertificateInvalidError
	var host x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var roots x509.SystemRootsError
	var critical x509.UnhandledCriticalExtension
	var revoked *revokedError
	switch {
	case errors.As(err, &revoked):
		return revoked.fault()
	case errors.As(err, &bad):
		return v.invalid(bad)
	case errors.As(err, &host):
		return v.wrongName()
	case errors.As(err, &unknown):
		return v.unknownAuthority(unknown)
	case errors.As(err, &critical):
		return fault{"holds a critical extension that is not understood here" + v.criticalExtensions(), newCertificate}
	case errors.As(err, &roots):
		return fault{"could not be verified: this machine's trusted authorities cannot be read", "--cacert FILE gives the authorities to trust"}
	}
	return fault{"was not accepted: " + tlswords.Reason(err), "--cacert FILE gives the authorities to trust"}
}

func (v *verification) criticalExtensions() string {
	for _, c := range v.sent {
		for _, id := range c.UnhandledCriticalExtensions {
			return " (" + id.String() + ")"
		}
	}
	return ""
}

func (v *verification) invalid(bad x509.CertificateInvalidError) fault {
	switch bad.Reason {
	case x509.Expired:
		return v.time(bad.Cert)
	case x509.NotAuthorizedToSign:
		return fault{"was signed with a certificate that may not sign others", newCertificate}
	case x509.IncompatibleUsage, x509.CANotAuthorizedForExtKeyUsage:
		return v.wrongUsage()
	case x509.CANotAuthorizedForThisName:
		return v.constrained(bad)
	case x509.TooManyIntermediates:
		return fault{fmt.Sprintf("has more authorities between it and %s than that allows (path length %d)", describe(bad.Cert).Name, bad.Cert.MaxPathLen), newCertificate}
	}
	return fault{"is not valid: " + tlswords.Reason(bad), newCertificate}
}

// time words a certificate that is not valid now: the server's own or one above it.
func (v *verification) time(c *x509.Certificate) fault {
	var f fault
	if len(v.sent) > 0 && !c.Equal(v.sent[0]) {
		f.problem = "depends on that of " + describe(c).Name + ", which "
	}
	f.advice = "check this machine's clock: it says " + tlswords.Date(v.now)
	if v.now.Before(c.NotBefore) {
		f.problem += "is not valid before " + tlswords.Date(c.NotBefore) + " (in " + days(c.NotBefore.Sub(v.now)) + ")"
		return f
	}
	f.problem += "expired " + tlswords.Date(c.NotAfter) + " (" + days(v.now.Sub(c.NotAfter)) + " ago)"
	f.advice += "; if that is right, the server needs a new certificate"
	return f
}

func (v *verification) wrongName() fault {
	what := "name " + v.name
	if isIP(v.name) {
		what = "IP address " + v.name
	}
	var own Certificate
	if len(v.sent) > 0 {
		own = describe(v.sent[0])
	}
	if len(own.Names) == 0 {
		return fault{"is for no name at all (the common name in its subject, " + own.Name + ", does not count)",
			"it has to be made anew, with a subjectAltName for the " + what}
	}
	f := fault{problem: "is for " + listed(own.Names) + ", not for the " + what}
	plain := "NAME"
	if i := slices.IndexFunc(v.sent[0].DNSNames, isPlainName); i >= 0 {
		plain = v.sent[0].DNSNames[i]
	}
	switch {
	case isIP(v.name) && slices.ContainsFunc(v.sent[0].DNSNames, v.isOwnAddress):
		f.problem = "names " + v.name + " as a host name, which counts for no IP address"
		f.advice = newCertificate + ", with " + v.name + " as an IP address in its subjectAltName (IP:" + v.name + ", not DNS:" + v.name + ")"
		if plain != "NAME" {
			f.advice += "; until then --servername " + plain
		}
	case len(v.sent[0].DNSNames) == 0:
		f.advice = "connect to an address that it is for"
	case isIP(v.name):
		f.advice = "name the host with --servername " + plain + ", which is then verified in place of the address"
	case plain == "NAME":
		f.advice = "connect by a name that it is for, or give that with --servername NAME" + wildcardRule(own.Names, v.name)
	default:
		f.advice = "if that is the server you mean: --servername " + plain + wildcardRule(own.Names, v.name)
	}
	return f
}

// isOwnAddress reports whether a host name is the address that is verified, in
// letters: a mistake of those who make certificates.
func (v *verification) isOwnAddress(name string) bool {
	named, err := netip.ParseAddr(name)
	return err == nil && named == netip.MustParseAddr(v.name)
}

// isPlainName is for names that go into a command line to be copied: the words
// of a stranger must not become a command there.
func isPlainName(name string) bool {
	return name != "" && len(name) <= 253 && name[0] != '-' && !isIP(name) && strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789.-_") == ""
}

// wildcardRule explains * where a name looks as if it should have matched.
func wildcardRule(names []string, name string) string {
	for _, pattern := range names {
		if parent, ok := strings.CutPrefix(pattern, "*."); ok && (name == parent || strings.HasSuffix(name, "."+parent)) {
			return " (* stands for exactly one label)"
		}
	}
	return ""
}

// listed keeps a certificate for a hundred names from filling the screen.
func listed(names []string) string {
	const most = 5
	if last := len(names) - 1; 0 < last && last < most {
		return enumerated(names[:last], most) + " and " + shortened(names[last])
	}
	return enumerated(names, most)
}

// enumerated is the first names, and how many more there are.
func enumerated(names []string, most int) string {
	more := len(names) - most
	shown := slices.Clone(names[:min(len(names), most)])
	for i, name := range shown {
		shown[i] = shortened(name)
	}
	text := strings.Join(shown, ", ")
	if more > 0 {
		text += fmt.Sprintf(" and %d more names", more)
	}
	return text
}

// shortened is for words without a limit; no host name is longer than 253.
func shortened(text string) string { return cut(text, 253) }

// cut leaves the first bytes of a text that has more than most, and no half character.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for start := most; start > most-utf8.UTFMax && start >= 0; start-- {
		if utf8.RuneStart(text[start]) {
			most = start
			break
		}
	}
	return text[:most] + "..."
}

var usageNames = map[x509.ExtKeyUsage]string{
	x509.ExtKeyUsageClientAuth:      "TLS clients",
	x509.ExtKeyUsageCodeSigning:     "signing code",
	x509.ExtKeyUsageEmailProtection: "e-mail",
	x509.ExtKeyUsageTimeStamping:    "time stamps",
	x509.ExtKeyUsageOCSPSigning:     "OCSP responses",
}

// usages are what a certificate is for by its extended key usage; for servers
// is among them, or it has none.
func usages(c *x509.Certificate) (names string, servers bool) {
	var all []string
	for _, usage := range c.ExtKeyUsage {
		if usage == x509.ExtKeyUsageServerAuth || usage == x509.ExtKeyUsageAny {
			return "", true
		}
		if name, ok := usageNames[usage]; ok {
			all = append(all, name)
		} else {
			all = append(all, "other purposes")
		}
	}
	if len(c.UnknownExtKeyUsage) > 0 {
		all = append(all, "other purposes")
	}
	if len(all) == 0 {
		return "", true
	}
	return listed(slices.Compact(all)), false
}

func (v *verification) wrongUsage() fault {
	for i, c := range v.path() {
		names, servers := usages(c)
		switch {
		case servers:
		case i == 0:
			return fault{"is not for servers: its extended key usage is for " + names, newCertificate + ", with the usage serverAuth"}
		default:
			return fault{"was issued by an authority that may not do so for servers: " + describe(c).Name + " is for " + names, newCertificate}
		}
	}
	return fault{"is not for servers, or an authority above it is not (extended key usage)", newCertificate}
}

// constrained names the authority whose name constraints do not allow a name
// of the certificate, where the server sent it.
func (v *verification) constrained(bad x509.CertificateInvalidError) fault {
	f := fault{"was issued by an authority that may not do so for this name: " + tlswords.Reason(errors.New(bad.Detail)), newCertificate}
	var limited []*x509.Certificate
	for i, c := range v.path() {
		if i > 0 && len(c.PermittedDNSDomains)+len(c.PermittedIPRanges)+len(c.ExcludedDNSDomains)+len(c.ExcludedIPRanges) > 0 {
			limited = append(limited, c)
		}
	}
	if len(limited) != 1 {
		return f
	}
	f.problem += " of " + describe(limited[0]).Name
	if may := limited[0].PermittedDNSDomains; len(may) > 0 {
		f.problem += " (it may for " + listed(may) + ")"
	}
	return f
}
