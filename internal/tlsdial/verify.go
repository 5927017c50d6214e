package tlsdial

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"time"

	"rawhttp/internal/tlswords"
)

// VerifyError is a certificate that did not pass verification. Nothing of the
// user's was sent.
type VerifyError struct {
	Address string        // the peer, as host:port or unix:/path
	Name    string        // the name or IP address the certificate had to be for
	Chain   []Certificate // as the server sent it, its own first
	Err     error         // what crypto/tls said
	faults  []fault       // what is wrong, never empty
}

// fault is one thing that is wrong with a certificate: words that go on after
// "the certificate of HOST", and what helps.
type fault struct{ problem, advice string }

// Error says which checks failed: all of them, not the first alone, so that
// nobody mends one to be shown the next.
func (e *VerifyError) Error() string {
	return tlswords.Clean("the certificate of " + e.Address + " " + problems(e.faults) + "; nothing was sent")
}

func problems(faults []fault) string {
	var all []string
	for _, f := range faults {
		all = append(all, f.problem)
	}
	return strings.Join(all, "; it also ")
}

// Hint says what to do about it.
func (e *VerifyError) Hint() string {
	var all []string
	for _, f := range e.faults {
		if f.advice != "" && !slices.Contains(all, f.advice) {
			all = append(all, f.advice)
		}
	}
	return tlswords.Clean(strings.Join(append(all, "--insecure goes on without any check"), "; "))
}

// Unwrap gives the error of crypto/tls.
func (e *VerifyError) Unwrap() error { return e.Err }

// ChainLines are the lines of Summary.ChainLines for the refused chain.
func (e *VerifyError) ChainLines() []string { return chainLines(e.Chain) }

// newVerifyError words invalid; roots are those it was verified with, nil for
// the system's.
func newVerifyError(invalid *tls.CertificateVerificationError, peer, name string, now time.Time, roots *x509.CertPool) *VerifyError {
	c := &verification{invalid.UnverifiedCertificates, name, now, roots}
	return &VerifyError{Address: peer, Name: name, Chain: describeChain(c.sent), Err: invalid, faults: c.faults(invalid.Err)}
}

// verification is what a server's certificate was held against. It judges
// nothing: crypto/tls has, and this finds the words.
type verification struct {
	sent  []*x509.Certificate // the server's own first
	name  string              // "": it is verified for no name
	now   time.Time
	roots *x509.CertPool // nil: the system's
}

// faults are all that is wrong. crypto/x509 stops at the first (verdict), so
// the time, the name and the authority are asked for one by one.
func (v *verification) faults(verdict error) []fault {
	if len(v.sent) == 0 {
		return []fault{v.word(verdict)}
	}
	var all []fault
	own := v.sent[0]
	outside := outOfTime(own, v.now)
	if outside {
		all = append(all, v.time(own))
	}
	if v.name != "" && own.VerifyHostname(v.name) != nil {
		all = append(all, v.wrongName())
	}
	if _, err := v.chains(untimed(own, v.now), v.now); err != nil && !(outside && expired(err, own)) {
		all = append(all, v.word(err))
	}
	if len(all) == 0 {
		all = append(all, v.word(verdict))
	}
	return all
}

// untimed is c as if it were valid at now. Asking at a time when c was valid
// would not do: the authorities above it, valid now, may not have been then.
func untimed(c *x509.Certificate, now time.Time) *x509.Certificate {
	if !outOfTime(c, now) {
		return c
	}
	ageless := *c
	ageless.NotBefore, ageless.NotAfter = now, now
	return &ageless
}

// expired tells whether err is about the time of c. A verifier of the operating
// system reads c itself, not what untimed made of it.
func expired(err error, c *x509.Certificate) bool {
	var bad x509.CertificateInvalidError
	return errors.As(err, &bad) && bad.Reason == x509.Expired && bad.Cert != nil && bad.Cert.Equal(c)
}

// chains verifies own, the server's certificate, as crypto/tls does, but for no
// name.
func (v *verification) chains(own *x509.Certificate, at time.Time) ([][]*x509.Certificate, error) {
	options := x509.VerifyOptions{Roots: v.roots, CurrentTime: at, Intermediates: x509.NewCertPool()}
	for _, c := range v.sent[1:] {
		options.Intermediates.AddCert(c)
	}
	return own.Verify(options)
}

func outOfTime(c *x509.Certificate, now time.Time) bool {
	return now.Before(c.NotBefore) || now.After(c.NotAfter)
}
