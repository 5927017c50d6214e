package tlsdial

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"time"
)

// VerifyError is a certificate that did not pass verification. Nothing of the
// user's was sent.
type VerifyError struct {
	Address string        // the peer, as host:port or unix:/path
	Name    string        // the name or IP address the certificate had to be for
	Chain   []Certificate // as the server sent it, its own first
	Err     error         // what crypto/tls said
	problem string
	advice  string
}

// Error says which check failed.
func (e *VerifyError) Error() string {
	return clean("the certificate of " + e.Address + " " + e.problem + "; nothing was sent")
}

// Hint says what to do about it.
func (e *VerifyError) Hint() string { return clean(e.advice) }

// Unwrap gives the error of crypto/tls.
func (e *VerifyError) Unwrap() error { return e.Err }

// ChainLines are the lines of Summary.ChainLines for the refused chain.
func (e *VerifyError) ChainLines() []string { return chainLines(e.Chain) }

const goOn = "--insecure goes on without any check"

func newVerifyError(invalid *tls.CertificateVerificationError, peer, name string, now time.Time, ownRoots bool) *VerifyError {
	e := &VerifyError{Address: peer, Name: name, Chain: describeChain(invalid.UnverifiedCertificates), Err: invalid}
	var bad x509.CertificateInvalidError
	var host x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var roots x509.SystemRootsError
	switch err := invalid.Err; {
	case errors.As(err, &bad):
		e.invalid(bad, now)
	case errors.As(err, &host):
		e.wrongName()
	case errors.As(err, &unknown):
		e.unknownAuthority(unknown, ownRoots)
	case errors.As(err, &roots):
		e.problem = "could not be verified: this machine's trusted authorities cannot be read"
		e.advice = "--cacert FILE gives the authorities to trust; " + goOn
	default:
		e.problem = "was not accepted: " + reasonText(err)
		e.advice = "--cacert FILE gives the authorities to trust; " + goOn
	}
	return e
}

// own is the server's own certificate.
func (e *VerifyError) own() Certificate {
	if len(e.Chain) == 0 {
		return Certificate{}
	}
	return e.Chain[0]
}

func (e *VerifyError) invalid(bad x509.CertificateInvalidError, now time.Time) {
	e.advice = "the certificate has to be made anew; " + goOn
	switch bad.Reason {
	case x509.Expired:
		e.outOfTime(describe(bad.Cert), now)
	case x509.NotAuthorizedToSign:
		e.problem = "was signed with a certificate that may not sign others"
	case x509.IncompatibleUsage:
		e.problem = "is not for servers (its key usage allows other purposes only)"
	case x509.CANotAuthorizedForThisName:
		e.problem = "was issued by an authority that may not do so for this name: " + bad.Detail
	case x509.CANotAuthorizedForExtKeyUsage:
		e.problem = "was issued by an authority that may not do so for servers"
	case x509.TooManyIntermediates:
		e.problem = "has more authorities above it than the first of them allows"
	default:
		e.problem = "is not valid: " + reasonText(bad)
	}
}

func (e *VerifyError) outOfTime(c Certificate, now time.Time) {
	if c.SHA256 != e.own().SHA256 {
		e.problem = "depends on that of " + c.Name + ", which "
	}
	if now.Before(c.NotBefore) {
		e.problem += "is not valid before " + date(c.NotBefore)
	} else {
		e.problem += "expired " + date(c.NotAfter) + " (" + days(now.Sub(c.NotAfter)) + " ago)"
	}
	e.advice = "check this machine's clock: it says " + date(now) + "; " + goOn
}

func (e *VerifyError) wrongName() {
	own, what := e.own(), "name "+e.Name
	if isIP(e.Name) {
		what = "IP address " + e.Name
	}
	if len(own.Names) == 0 {
		e.problem = "is for no name at all (the common name in its subject, " + own.Name + ", does not count)"
		e.advice = "it has to be made anew, with a subjectAltName for the " + what + "; " + goOn
		return
	}
	e.problem = "is for " + listed(own.Names) + ", not for the " + what
	e.advice = "connect by a name that it is for; " + goOn
	for _, name := range own.Names {
		if !strings.Contains(name, "*") {
			e.advice = "if that is the server you mean: --servername " + name + "; " + goOn
			return
		}
	}
}

// listed keeps a certificate for a hundred names from filling the screen.
func listed(names []string) string {
	const most = 5
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more names", len(names)-most)
	}
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func (e *VerifyError) unknownAuthority(unknown x509.UnknownAuthorityError, ownRoots bool) {
	trusted := "trusted by this machine"
	if ownRoots {
		trusted = "in the --cacert file"
	}
	if e.own().SelfSigned {
		e.problem = "is self-signed and not " + trusted
		e.advice = "--cacert FILE with that certificate trusts it; " + goOn
		return
	}
	top := Certificate{}
	if len(e.Chain) > 0 {
		top = e.Chain[len(e.Chain)-1]
	}
	e.problem = "was issued by " + top.IssuerName + ", an authority that is not " + trusted
	if len(e.Chain) > 1 {
		e.problem = "goes back to " + top.IssuerName + ", an authority that is not " + trusted
	}
	// crypto/x509 found an authority of that name; only its text says so.
	if strings.Contains(unknown.Error(), "possibly because of") {
		e.problem = "names " + top.IssuerName + " as its issuer, but the authority of that name that is " + trusted +
			" did not sign it or is not valid itself"
	}
	e.advice = "--cacert FILE trusts the authority in FILE; " + goOn
}
