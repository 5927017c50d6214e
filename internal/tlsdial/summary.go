package tlsdial

import (
	"crypto/tls"
	"crypto/x509"
	"time"

	"rawhttp/internal/tlswords"
)

// Summary is what a handshake agreed on. The fields are as they came; the
// lines made of them have no control character.
type Summary struct {
	HandshakeTime time.Duration
	Version       string        // "TLS 1.3"
	CipherSuite   string        // as crypto/tls names it: "TLS_AES_128_GCM_SHA256"
	Group         string        // key exchange, as crypto/tls names it: "X25519MLKEM768"; "" if there was none
	ALPN          string        // "http/1.1"; "" if the server chose none
	ServerName    string        // name or IP address the certificate was to be for
	SNI           bool          // ServerName was sent to the server
	Verified      bool          // false only with Options.Insecure
	Chain         []Certificate // as the server sent it, its own first
	Root          string        // subject of the trusted authority; "" unless verified
	Resumed       bool          // an earlier session was taken up
	ClientNote    string        // what came of a request for a client certificate; "": there was none, or all is well
	At            time.Time     // when the handshake ended; days are counted from here
	suite         uint16
	group         tls.CurveID // 0: there was none
	unstapled     bool        // the certificate promises an OCSP response, and none came
	faults        []fault     // with Options.Insecure: why it would have been refused

	certificates []*x509.Certificate // as the server sent them
}

func (c *Client) summary(state tls.ConnectionState, a *attempt, took time.Duration) *Summary {
	s := &Summary{
		HandshakeTime: took,
		Version:       tlswords.Version(state.Version),
		CipherSuite:   tls.CipherSuiteName(state.CipherSuite),
		ALPN:          state.NegotiatedProtocol,
		ServerName:    a.name,
		SNI:           a.sni() != "",
		Resumed:       state.DidResume,
		ClientNote:    tlswords.Clean(a.clientNote()),
		Verified:      len(state.VerifiedChains) > 0,
		Chain:         describeChain(state.PeerCertificates),
		At:            c.now(),
		suite:         state.CipherSuite,
		group:         state.CurveID,
		certificates:  state.PeerCertificates,
	}
	if state.CurveID != 0 {
		s.Group = state.CurveID.String()
	}
	if c.options.Insecure {
		s.faults = c.verification(state, a.name).refusals(state)
	}
	if len(state.PeerCertificates) > 0 && len(state.OCSPResponse) == 0 {
		s.unstapled = promisesStaple(state.PeerCertificates[0])
	}
	if s.Verified {
		chain := state.VerifiedChains[0]
		s.Root = chain[len(chain)-1].Subject.String()
	}
	return s
}

// Lines are the two default notes: what was agreed, and whose certificate. Each
// takes at most 78 columns, a certificate that is not verified two rows of them.
func (s *Summary) Lines() []string {
	parts := []string{s.Version, tlswords.CipherSuite(s.suite)}
	if s.group != 0 {
		parts = append(parts, tlswords.Group(s.group))
	}
	alpn := "no ALPN"
	if s.ALPN != "" {
		alpn = "ALPN " + s.ALPN
	}
	lines := []string{fitAgreed(parts, alpn, tlswords.Milliseconds(s.HandshakeTime))}
	if len(s.Chain) > 0 {
		lines = append(lines, s.certificateLine())
	}
	return lines
}

func (s *Summary) certificateLine() string {
	own := s.Chain[0]
	verdict, room := "NOT VERIFIED (--insecure): anybody could have sent it", twoRows
	if s.Verified {
		verdict, room = "verified", oneRow
	}
	return fitCertificate(own.Name, own.IssuerName, verdict+", "+own.validity(s.At), room)
}

// ChainLines are the whole chain: for each certificate its subject, issuer,
// dates, names, key and SHA-256, and then the authority it is trusted for. Names
// of more than 500 bytes are cut, and the chain after 20 certificates.
func (s *Summary) ChainLines() []string {
	lines := chainLines(s.Chain)
	if s.Root != "" {
		lines = append(lines, tlswords.Clean("trusted through: "+cut(s.Root, mostOfName)))
	}
	return lines
}
