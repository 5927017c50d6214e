package tlsdial

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ocsp"
)

// staple makes an OCSP response about own, signed by responder's key.
func staple(t *testing.T, own *x509.Certificate, by *authority, responder *x509.Certificate, key crypto.Signer, change func(*ocsp.Response)) []byte {
	t.Helper()
	template := ocsp.Response{Status: ocsp.Revoked, SerialNumber: own.SerialNumber, ThisUpdate: now, NextUpdate: now.Add(time.Hour),
		RevokedAt: now.AddDate(0, 0, -2), RevocationReason: ocsp.KeyCompromise}
	if responder != by.certificate {
		template.Certificate = responder
	}
	change(&template)
	der, err := ocsp.CreateResponse(by.certificate, responder, template, key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestStapledRevocation(t *testing.T) {
	ca, stranger := newAuthority(t, "Root"), newAuthority(t, "Root")
	certificate := ca.issue(t, leaf())
	own := mustParse(t, certificate.Certificate[0])
	responder := func(usage x509.ExtKeyUsage) (*x509.Certificate, crypto.Signer) {
		template := leaf()
		template.SerialNumber.SetInt64(3)
		template.ExtKeyUsage = []x509.ExtKeyUsage{usage}
		issued := ca.issue(t, template)
		return mustParse(t, issued.Certificate[0]), issued.PrivateKey.(crypto.Signer)
	}
	same := func(*ocsp.Response) {}
	good, signer := responder(x509.ExtKeyUsageOCSPSigning)
	bad, other := responder(x509.ExtKeyUsageServerAuth)
	for _, c := range []struct {
		title, words string // "": it is accepted
		staple       []byte
	}{
		{"none", "", nil},
		{"good", "", staple(t, own, ca, ca.certificate, ca.key, func(r *ocsp.Response) { r.Status = ocsp.Good })},
		{"revoked", "was revoked 2026-02-27 12:00:00 UTC (its key was stolen), says the OCSP response that came with it; nothing", staple(t, own, ca, ca.certificate, ca.key, same)},
		{"without a reason", "was revoked 2026-02-27 12:00:00 UTC, says", staple(t, own, ca, ca.certificate, ca.key, func(r *ocsp.Response) { r.RevocationReason = ocsp.Unspecified })},
		{"old", "was revoked", staple(t, own, ca, ca.certificate, ca.key, func(r *ocsp.Response) { r.NextUpdate = now.AddDate(0, 0, -1) })},
		{"by a responder", "was revoked", staple(t, own, ca, good, signer, same)},
		{"by a server", "", staple(t, own, ca, bad, other, same)},
		{"by a stranger", "", staple(t, own, stranger, stranger.certificate, stranger.key, same)},
		{"of another certificate", "", staple(t, own, ca, ca.certificate, ca.key, func(r *ocsp.Response) { r.SerialNumber = good.SerialNumber })},
		{"damaged", "", []byte("0")},
	} {
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			for _, insecure := range []bool{false, true} {
				certificate.OCSPStaple = c.staple
				conn := connectTo(t, tlsServer(&tls.Config{Certificates: []tls.Certificate{certificate}, MaxVersion: version}))
				client, s, err := newClient(t, Options{CAFiles: []string{ca.file(t)}, Insecure: insecure}).Connect(t.Context(), conn, "localhost")
				if err == nil {
					client.Close()
				}
				switch {
				case insecure && err == nil:
					said := strings.Join(s.Warnings(), "\n")
					if words, _, _ := strings.Cut(c.words, ";"); !strings.Contains(said, words) || (words == "") != (said == "") {
						t.Errorf("%s, --insecure: warnings %q, want %q", c.title, said, words)
					}
				case c.words == "" && err != nil, c.words != "" && err == nil:
					t.Errorf("%s, %s: %v, want %q", c.title, tls.VersionName(version), err, c.words)
				case c.words != "":
					checkHinter(t, err, "the server needs another certificate; --insecure", c.words)
				}
			}
		}
	}
}

// A certificate that may not come without an OCSP response is worth a word when
// it does.
func TestMustStaple(t *testing.T) {
	ca := newAuthority(t, "Root")
	const said = "the certificate promises that an OCSP response comes with it (must-staple), and none came: some clients refuse that"
	for _, c := range []struct {
		feature string // the extension's content; "": there is none
		staple  bool
		want    []string
	}{
		{"", false, nil},
		{"\x30\x03\x02\x01\x05", false, []string{said}},
		{"\x30\x06\x02\x01\x11\x02\x01\x05", false, []string{said}},
		{"\x30\x03\x02\x01\x11", false, nil},
		{"\x30\x03", false, nil},
		{"\x30\x03\x02\x01\x05", true, nil},
	} {
		template := leaf()
		if c.feature != "" {
			template.ExtraExtensions = []pkix.Extension{{Id: tlsFeature, Value: []byte(c.feature)}}
		}
		certificate := ca.issue(t, template)
		if c.staple {
			certificate.OCSPStaple = staple(t, mustParse(t, certificate.Certificate[0]), ca, ca.certificate, ca.key, func(r *ocsp.Response) { r.Status = ocsp.Good })
		}
		for _, insecure := range []bool{false, true} {
			s, err := handshake(t, Options{CAFiles: []string{ca.file(t)}, Insecure: insecure}, "localhost", certificate)
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Warnings(); !slices.Equal(got, c.want) {
				t.Errorf("%q, staple %v: %q", c.feature, c.staple, got)
			}
		}
	}
}
