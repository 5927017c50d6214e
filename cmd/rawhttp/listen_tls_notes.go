package main

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"rawhttp/internal/listen"
	"rawhttp/internal/tlslisten"
	"rawhttp/internal/tlswords"
	"rawhttp/internal/transcript"
)

// What listen --tls says.

// flag is "--tls " where it is needed to give the command line again.
func (t *serverTLS) flag() string {
	if t.on {
		return "--tls "
	}
	return ""
}

// inside says of a connection that was silent that its handshake was not.
func (t *serverTLS) inside() string {
	if t.on {
		return " inside TLS"
	}
	return ""
}

func (t *serverTLS) scheme() string {
	if t.on {
		return "https"
	}
	return "http"
}

// curl is what a client could do; options come before the address, which is host.
func (t *serverTLS) curl(options, host, path string) string {
	line := "curl -v " + options
	name := hostOf(host)
	switch leaf := t.certificate.Leaf; {
	case !t.on:
	case t.saveCA != "":
		line += "--cacert " + quote(t.saveCA) + " "
	case t.certificateOfFileSignsSelf && leaf.VerifyHostname(name) == nil:
		line += "--cacert " + quote(t.certFile) + " "
	default:
		line += "-k "
	}
	return line + t.scheme() + "://" + host + path
}

// sayCertificate says what clients will see.
func (t *serverTLS) sayCertificate(screen *transcript.Screen, verbose bool) {
	if !t.on {
		return
	}
	leaf := t.certificate.Leaf
	names := strings.Join(tlswords.Names(leaf), ", ")
	if t.made == nil {
		screen.Note("tls-certificate", fmt.Sprintf("certificate for %s, issued by %s, %s; SHA-256 %s",
			orElse(names, "no name"), leaf.Issuer, tlswords.Validity(leaf, time.Now()), tlswords.Fingerprint(leaf)))
		return
	}
	screen.Note("tls-certificate", fmt.Sprintf("throw-away certificate for %s; SHA-256 %s", names, tlswords.Fingerprint(leaf)))
	if verbose {
		screen.Note("tls-authority", fmt.Sprintf("issued by %s, SHA-256 %s; its key is gone", t.made.CA.Subject, tlswords.Fingerprint(t.made.CA)))
	}
	if t.saveCA != "" {
		screen.Note("saved-ca", "saved the CA in "+t.saveCA+", good for this run; its key was never saved")
	}
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// summaryOf is what the handshake of a connection agreed on; nil without TLS.
func summaryOf(conn net.Conn) *tlslisten.Summary {
	if secured, ok := conn.(*tlslisten.Conn); ok {
		return secured.Summary()
	}
	return nil
}

// sayHandshake says what the client offered and what was agreed.
func sayHandshake(c *transcript.Conversation, s *tlslisten.Summary, verbose bool) {
	if s == nil {
		return
	}
	if s.Offer != nil {
		c.Note("tls-offered", "the client offers "+s.Offer.Line())
		if verbose {
			for _, line := range s.Offer.Lines() {
				c.Note("tls-offered", line)
			}
		}
	}
	c.Note("tls", "agreed: "+s.Line())
	if line := s.ClientLine(); line != "" {
		c.Note("tls-client", line)
	}
	if verbose {
		for _, line := range s.ChainLines(time.Now()) {
			c.Note("certificate-chain", line)
		}
	}
}

// serverTLSFacts is what a handshake agreed on, for the JSON view.
func serverTLSFacts(s *tlslisten.Summary) *transcript.TLS {
	if s == nil {
		return nil
	}
	facts := &transcript.TLS{Version: s.Version, Cipher: s.CipherSuite, Curve: s.Group, ALPN: s.ALPN, Verified: s.Verified()}
	if s.Offer != nil {
		facts.SNI = s.Offer.ServerName
	}
	for _, c := range s.Chain {
		facts.Chain = append(facts.Chain, transcript.Certificate{
			Subject: c.Subject.String(), Issuer: c.Issuer.String(), NotBefore: c.NotBefore, NotAfter: c.NotAfter,
			SHA256: tlswords.Fingerprint(c), Names: tlswords.Names(c),
		})
	}
	return facts
}

// refusedConnection is one whose handshake failed.
type refusedConnection struct {
	number int
	remote string
	here   string // the address to give for a plain server in its place
	err    error
}

// refusedByTLS is the note about a connection whose handshake failed.
func (pl *place) refusedByTLS(c refusedConnection, verbose bool) (code, text string) {
	name := fmt.Sprintf("#%d", c.number)
	var plain *tlslisten.PlainError
	var failed *tlslisten.HandshakeError
	switch {
	case errors.As(c.err, &plain):
		text = name + " speaks no TLS to this TLS port: " + c.remote
		if line := plain.Line(); line != "" {
			text += " sent " + line
		}
		if plain.Answered > 0 {
			text += ", got a 400"
		}
		return "plain-to-tls-port", text + "; use https:// there, or here: rawhttp " + pl.command + " " + c.here
	case errors.As(c.err, &failed) && failed.Gone:
		return "vanished", name + " has gone: " + c.remote + " (" + failed.Error() + "; " + spare + ")"
	case errors.As(c.err, &failed):
		text = name + " TLS handshake failed: " + c.remote + ": " + failed.Error()
		if alert, ok := tlswords.AlertIn(failed.Err); ok {
			text += ": " + tlswords.Alert(alert)
		}
		if advice := failed.Hint(); advice != "" {
			text += "; " + advice
		}
		if failed.Untrusted {
			text += pl.tls.trust()
		}
		text += pl.tls.named(failed.WrongName)
		if verbose && failed.Offer != nil {
			text += "; it offered " + failed.Offer.Line()
		}
		return "tls-failed", text
	}
	return "tls-failed", name + " TLS handshake failed: " + c.remote + ": " + c.err.Error()
}

// trust says what makes a client trust the certificate.
func (t *serverTLS) trust() string {
	switch {
	case t.saveCA != "":
		return " (curl and tls-send: --cacert " + quote(t.saveCA) + ")"
	case t.made != nil:
		return " (curl and tls-send: -k, or --cacert ca.pem and --save-ca ca.pem here)"
	}
	return ""
}

// named says what makes a certificate that is for name too.
func (t *serverTLS) named(name string) string {
	if t.made == nil || !isCertificateName(name) {
		return ""
	}
	return "; here: --name " + quote(name)
}

// whySilent is why a client may have gone without a byte: many look at the
// certificate's name when the handshake is complete, and then say nothing.
func (h *host) whySilent(e listen.Event) string {
	if s := summaryOf(e.Secured); s != nil && s.WrongName != "" {
		return s.WrongNameLine() + h.tls.named(s.WrongName)
	}
	return spare
}
