package tlsdial

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"strings"
	"time"

	"rawhttp/internal/tlswords"
)

// situation is what was offered and asked for in one handshake. The advice about
// a refusal depends on it.
type situation struct {
	name     string // to verify, and for SNI unless it is an IP address
	noSNI    bool
	min, max uint16
	ciphers  bool // the user has chosen them
	alpn     []string

	asked       bool         // the server has asked for a client certificate
	authorities []string     // that it would take one from; none: it does not say
	sent        *Certificate // the client's own; nil: none was sent
	unfit       string       // why the server may not take it; "": nothing speaks against it
}

// attempt is one handshake.
type attempt struct {
	*situation
	seen   *witness
	chains [][]*x509.Certificate // verified here, not by crypto/tls
}

func (c *Client) attempt(host string) *attempt {
	return &attempt{situation: &situation{
		name: c.nameFor(host), noSNI: c.options.NoSNI, min: c.config.MinVersion, max: c.config.MaxVersion,
		ciphers: c.options.Ciphers != "", alpn: c.config.NextProtos,
	}}
}

// sni is the name that the server is asked for; "" if none is.
func (s *situation) sni() string {
	if s.noSNI || isIP(s.name) {
		return ""
	}
	return s.name
}

// config is the client's, for this one handshake.
func (a *attempt) config(c *Client) *tls.Config {
	config := c.config.Clone()
	config.ServerName = a.name
	config.Time = c.now
	config.Certificates = nil
	config.GetClientCertificate = func(request *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		return a.identify(request, c.config.Certificates, c.now()), nil
	}
	if a.noSNI {
		// For crypto/tls the name to verify and the one in SNI are the same, so
		// without SNI the verification is done here, as crypto/tls does it.
		config.ServerName, config.InsecureSkipVerify = "", true
	}
	config.VerifyConnection = func(state tls.ConnectionState) error {
		if a.noSNI && !c.options.Insecure {
			if err := a.verify(state, config.RootCAs, c.now()); err != nil {
				return err
			}
		}
		if !c.options.Insecure {
			if err := c.verification(state, a.name).refuseRevoked(state.OCSPResponse); err != nil {
				return err
			}
		}
		a.seen.steps.certificates(len(state.PeerCertificates), !c.options.Insecure)
		return nil
	}
	return config
}

// verify is crypto/tls's own verification of a server's certificate.
func (a *attempt) verify(state tls.ConnectionState, roots *x509.CertPool, now time.Time) error {
	options := x509.VerifyOptions{Roots: roots, CurrentTime: now, DNSName: a.name, Intermediates: x509.NewCertPool()}
	for _, c := range state.PeerCertificates[1:] {
		options.Intermediates.AddCert(c)
	}
	chains, err := state.PeerCertificates[0].Verify(options)
	if err != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: state.PeerCertificates, Err: err}
	}
	a.chains = chains
	return nil
}

// identify answers a request for a client certificate. What the user gave is sent
// even if the server seems not to want it, since the refusal then says why;
// crypto/tls by itself would silently send none.
func (a *attempt) identify(request *tls.CertificateRequestInfo, own []tls.Certificate, now time.Time) *tls.Certificate {
	a.asked = true
	for _, raw := range request.AcceptableCAs {
		a.authorities = append(a.authorities, authorityName(raw))
	}
	if len(own) == 0 {
		a.seen.steps.certificateRequest(a.situation)
		return &tls.Certificate{}
	}
	described := describe(own[0].Leaf)
	a.sent = &described
	misfit := request.SupportsCertificate(&own[0])
	switch {
	case now.After(described.NotAfter):
		a.unfit = "it expired " + tlswords.Date(described.NotAfter)
	case now.Before(described.NotBefore):
		a.unfit = "it is not valid before " + tlswords.Date(described.NotBefore)
	case misfit != nil && strings.Contains(misfit.Error(), "acceptable CA"): // no type tells the two apart
		a.unfit = "the server asks for one from " + listed(a.authorities)
	case misfit != nil:
		a.unfit = "the server does not take its kind of key (" + described.Key + ")"
	}
	a.seen.steps.certificateRequest(a.situation)
	return &own[0]
}

// clientNote says what came of a request for a client certificate; "" if there
// was none, or all is well.
func (s *situation) clientNote() string {
	switch {
	case !s.asked:
		return ""
	case s.sent == nil && len(s.authorities) > 0:
		return "the server asks for a client certificate from " + listed(s.authorities) + "; none was sent (--cert FILE)"
	case s.sent == nil:
		return "the server asks for a client certificate; none was sent (--cert FILE)"
	case s.unfit != "":
		return "client certificate of " + s.sent.Name + " sent, but " + s.unfit
	}
	return ""
}

// offer is what the ClientHello offers, for people.
func (a *attempt) offer(c *Client) string {
	parts := []string{versionRange(a.min, a.max)}
	switch {
	case a.sni() != "":
		parts = append(parts, "SNI "+a.sni())
	case a.noSNI:
		parts = append(parts, "no SNI")
	default:
		parts = append(parts, "no SNI for an IP address")
	}
	if len(a.alpn) == 0 {
		parts = append(parts, "no ALPN")
	} else {
		parts = append(parts, "ALPN "+strings.Join(a.alpn, " "))
	}
	return strings.Join(parts, ", ")
}

// authorityName is the short form of a distinguished name in DER.
func authorityName(raw []byte) string {
	var sequence pkix.RDNSequence
	if rest, err := asn1.Unmarshal(raw, &sequence); err != nil || len(rest) > 0 {
		return "a name that cannot be read"
	}
	var name pkix.Name
	name.FillFromRDNSequence(&sequence)
	return shortName(name)
}
