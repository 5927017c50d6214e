package tlsdial

import (
	"bytes"
	"crypto/x509"
	"slices"
	"strings"

	"rawhttp/internal/tlswords"
)

// mostFollowed bounds the signatures that are checked to find words, whatever
// a server sends.
const mostFollowed = 16

// path follows the issuers among the certificates that were sent, from the
// server's own up. It is empty only if nothing was sent.
func (v *verification) path() []*x509.Certificate {
	if len(v.sent) == 0 {
		return nil
	}
	rest := slices.Clone(v.sent[1:min(len(v.sent), mostFollowed)])
	path := v.sent[:1:1]
	for {
		child := path[len(path)-1]
		next := slices.IndexFunc(rest, func(c *x509.Certificate) bool { return issued(c, child) })
		if next < 0 || bytes.Equal(child.RawSubject, child.RawIssuer) {
			return path
		}
		path = append(path, rest[next])
		rest = slices.Delete(rest, next, next+1)
	}
}

// issued goes by the name alone where the signature is of a kind that is not
// checked any more.
func issued(parent, child *x509.Certificate) bool {
	if !bytes.Equal(parent.RawSubject, child.RawIssuer) {
		return false
	}
	return brokenHash(child) != "" || weakRSA(parent) ||
		parent.CheckSignature(child.SignatureAlgorithm, child.RawTBSCertificate, child.Signature) == nil
}

// brokenHash names the hash of a signature that can be forged.
func brokenHash(c *x509.Certificate) string {
	switch c.SignatureAlgorithm {
	case x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.DSAWithSHA1:
		return "SHA-1"
	case x509.MD5WithRSA:
		return "MD5"
	case x509.MD2WithRSA:
		return "MD2"
	}
	return ""
}

// weakRSA is a key with which crypto/rsa verifies nothing.
func weakRSA(c *x509.Certificate) bool {
	bits := rsaBits(c)
	return bits > 0 && bits < 1024
}

// unknownAuthority finds why no path leads to a trusted authority: the first
// that holds, from the server's own certificate up.
func (v *verification) unknownAuthority(unknown x509.UnknownAuthorityError) fault {
	path := v.path()
	if len(path) == 0 {
		return fault{"was issued by an authority that is not " + v.trusted(), "--cacert FILE trusts the authority in FILE"}
	}
	if len(path) == 1 && isSelfSigned(path[0]) {
		return fault{"is self-signed and not " + v.trusted(), "--cacert FILE with that certificate, which --show-cert shows, trusts it"}
	}
	for i, c := range path {
		if f, found := v.link(path, i, c); found {
			return f
		}
	}
	top := path[len(path)-1]
	f := v.untrusted(path, top, unknown)
	if strings.HasPrefix(top.Issuer.CommonName, tlswords.ThrowAwayAuthority) {
		f.advice = "for your own server: rawhttp listen --tls --save-ca ca.pem there, --cacert ca.pem here"
	}
	return f
}

// untrusted words a path in which nothing is wrong but that it leads to no
// trusted authority; top is its last certificate.
func (v *verification) untrusted(path []*x509.Certificate, top *x509.Certificate, unknown x509.UnknownAuthorityError) fault {
	// crypto/x509 found a trusted authority of that name; only its text says so.
	if _, why, found := strings.Cut(unknown.Error(), "possibly because of "); found {
		return fault{"names " + describe(top).IssuerName + " as its issuer, but the authority of that name that is " + v.trusted() + " " + refusal(why),
			"--cacert FILE trusts the authority in FILE"}
	}
	if isSelfSigned(top) {
		return fault{"goes back to " + describe(top).IssuerName + ", an authority that is not " + v.trusted(), "--cacert FILE trusts the authority in FILE"}
	}
	return v.missing(path, top)
}

// trusted is how the trusted authorities are called.
func (v *verification) trusted() string {
	if v.roots != nil {
		return "in the --cacert file"
	}
	return "trusted by this machine"
}

// link finds what is wrong with the i-th certificate of path.
func (v *verification) link(path []*x509.Certificate, i int, c *x509.Certificate) (fault, bool) {
	of := ""
	if i > 0 {
		of = "depends on that of " + describe(c).Name + ", which "
	}
	if hash := brokenHash(c); hash != "" && !bytes.Equal(c.RawSubject, c.RawIssuer) {
		return fault{of + "was signed with " + hash + ", whose signatures can be forged", newCertificate + ", signed with SHA-256"}, true
	}
	switch {
	case i == 0:
	case weakRSA(c):
		return fault{of + "has a key that is too weak (" + keyOf(c) + ")", newCertificate}, true
	case path[i-1].CheckSignatureFrom(c) == x509.ConstraintViolationError{}:
		return fault{"was signed with the certificate of " + describe(c).Name + ", which is no authority: it may not sign others", newCertificate}, true
	case outOfTime(c, v.now):
		return v.time(c), true
	}
	return fault{}, false
}

// refusal words what crypto/x509 has against a trusted authority.
func refusal(why string) string {
	switch {
	case strings.Contains(why, "expired"):
		return "is not valid at this time"
	case strings.Contains(why, "verification"):
		return "did not sign it: its key is another"
	case strings.Contains(why, "violated"), strings.Contains(why, "not authorized"):
		return "may not sign others"
	}
	return "did not sign it or is not valid itself"
}

// missing words a path whose last issuer was neither sent nor is trusted. Nobody
// can tell from it an intermediate that the server forgot from an unknown root,
// which servers do not send; so it is said what speaks for the first. That an
// authority's certificate can be had somewhere speaks for it only if no
// intermediate was sent: intermediates say the same of their roots.
func (v *verification) missing(path []*x509.Certificate, top *x509.Certificate) fault {
	issuer := describe(top).IssuerName
	unknown := issuer + ", an authority that is not " + v.trusted()
	trust, send := "--cacert FILE trusts the authority in FILE", ""
	for _, url := range top.IssuingCertificateURL {
		if strings.HasPrefix(url, "http") { // not ldap, which nobody opens by hand
			send = "; it is at " + shortened(url)
			break
		}
	}
	if len(v.sent) > len(path) {
		unknown += " (what was sent besides, the certificate of " + describe(v.stranger(path)).Name + ", is not the issuer's)"
	}
	if len(path) > 1 {
		return fault{"goes back to " + unknown + ", by way of " + describe(top).Name,
			trust + "; if " + issuer + " is itself an intermediate, the server has to send its certificate too" + send}
	}
	problem := "was issued by " + unknown + ", and the issuer's certificate was not sent"
	if send != "" {
		return fault{problem + ": an intermediate seems to be missing",
			"the server has to send the intermediate as well (fullchain.pem, not cert.pem)" + send + "; " + trust}
	}
	return fault{problem, "if " + issuer + " is an intermediate, the server has to send its certificate too (fullchain.pem, not cert.pem); " + trust}
}

// stranger is a certificate that was sent and is not in path.
func (v *verification) stranger(path []*x509.Certificate) *x509.Certificate {
	for _, c := range v.sent {
		if !slices.Contains(path, c) {
			return c
		}
	}
	return v.sent[len(v.sent)-1]
}
