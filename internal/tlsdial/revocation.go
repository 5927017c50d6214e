package tlsdial

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"slices"
	"time"

	"golang.org/x/crypto/ocsp"

	"rawhttp/internal/tlswords"
)

// revokedError is a certificate that its authority has revoked.
type revokedError struct {
	at     time.Time
	reason string
}

// Error implements error; people are told by fault.
func (e *revokedError) Error() string { return "revoked" }

func (e *revokedError) fault() fault {
	return fault{"was revoked " + tlswords.Date(e.at) + e.reason + ", says the OCSP response that came with it", newCertificate}
}

// revocationReasons are those of RFC 5280 section 5.3.1.
var revocationReasons = map[int]string{
	ocsp.KeyCompromise:        "its key was stolen",
	ocsp.CACompromise:         "the authority's key was stolen",
	ocsp.AffiliationChanged:   "its holder has changed",
	ocsp.Superseded:           "it was replaced",
	ocsp.CessationOfOperation: "the server was given up",
	ocsp.CertificateHold:      "it is on hold",
	ocsp.PrivilegeWithdrawn:   "its holder lost the right to it",
	ocsp.AACompromise:         "the authority's key was stolen",
}

// refuseRevoked is for tls.Config.VerifyConnection, behind the verification. No
// OCSP response, one for another certificate, a damaged or a badly signed one is
// the same as none: whoever wants to hide a revocation sends none. An old one
// counts, because what is revoked stays so.
func (v *verification) refuseRevoked(staple []byte) error {
	if revoked := v.revoked(staple); revoked != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: v.sent, Err: revoked}
	}
	return nil
}

func (v *verification) revoked(staple []byte) *revokedError {
	if len(staple) == 0 || len(v.sent) == 0 {
		return nil
	}
	issuer := v.issuer()
	if issuer == nil {
		return nil
	}
	response, err := ocsp.ParseResponseForCert(staple, v.sent[0], issuer)
	if err != nil || response.Status != ocsp.Revoked || !maySignOCSP(response.Certificate, issuer) {
		return nil
	}
	e := &revokedError{at: response.RevokedAt}
	if reason, ok := revocationReasons[response.RevocationReason]; ok {
		e.reason = " (" + reason + ")"
	}
	return e
}

// tlsFeature is the extension with which a certificate promises what its server
// does in TLS (RFC 7633); statusRequest among them is an OCSP response.
var tlsFeature = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 24}

const statusRequest = 5

// promisesStaple reports whether c may not be shown without an OCSP response.
func promisesStaple(c *x509.Certificate) bool {
	for _, extension := range c.Extensions {
		var features []int
		if extension.Id.Equal(tlsFeature) {
			_, err := asn1.Unmarshal(extension.Value, &features)
			return err == nil && slices.Contains(features, statusRequest)
		}
	}
	return false
}

// issuer is the certificate above the server's own, trusted or at least sent.
func (v *verification) issuer() *x509.Certificate {
	chains, _ := v.chains(v.sent[0], v.now)
	for _, chain := range append(chains, v.path()) {
		if len(chain) > 1 {
			return chain[1]
		}
	}
	return nil
}

// maySignOCSP holds a responder's certificate to RFC 6960 section 4.2.2.2; nil
// means that the issuer signed by itself.
func maySignOCSP(responder, issuer *x509.Certificate) bool {
	return responder == nil || responder.Equal(issuer) || slices.Contains(responder.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning)
}
