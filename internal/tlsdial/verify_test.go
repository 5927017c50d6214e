package tlsdial

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"testing"
)

func TestVerificationFailures(t *testing.T) {
	ca, stranger := newAuthority(t, "Root"), newAuthority(t, "Stranger")
	impostor := newAuthority(t, "Root") // same name, another key
	var self *authority
	for _, c := range []struct {
		title, host string
		signer      *authority
		change      func(*x509.Certificate)
		hint        string
		words       []string
	}{
		{"expired", "localhost", ca, func(l *x509.Certificate) { l.NotAfter = now.AddDate(0, 0, -12) },
			"check this machine's clock: it says 2026-03-01 12:00:00 UTC; if that is right, the server needs a new certificate; --insecure goes on without any check",
			[]string{"expired 2026-02-17 12:00:00 UTC (12 days ago)"}},
		{"not yet", "localhost", ca, func(l *x509.Certificate) { l.NotBefore = now.AddDate(0, 0, 1) },
			"check this machine's clock: it says 2026-03-01", []string{"is not valid before 2026-03-02 12:00:00 UTC (in 1 day)"}},
		{"wrong name", "localhost", ca, func(l *x509.Certificate) { l.DNSNames = []string{"*.example.com", "example.com"} },
			"--servername example.com; --insecure", []string{"is for *.example.com and example.com, not for the name localhost"}},
		{"wildcards only", "localhost", ca, func(l *x509.Certificate) { l.DNSNames = []string{"*.example.com"} },
			"connect by a name that it is for", []string{"is for *.example.com, not"}},
		{"many names", "localhost", ca, func(l *x509.Certificate) { l.DNSNames = strings.Fields("a b c d e f g") },
			"--servername a;", []string{"is for a, b, c, d, e and 2 more names, not"}},
		{"a command for a name", "localhost", ca, func(l *x509.Certificate) {
			l.DNSNames = []string{"x;reboot", "-k", strings.Repeat("a", 9999), "b.test"}
		},
			"--servername b.test; --insecure", []string{"is for x;reboot, -k, " + strings.Repeat("a", 253) + "... and b.test, not"}},
		{"a command for the only name", "localhost", ca, func(l *x509.Certificate) { l.DNSNames = []string{"$(reboot)"} },
			"connect by a name that it is for, or give that with --servername NAME; --insecure", []string{"is for $(reboot), not"}},
		{"address", "127.0.0.1", ca, func(*x509.Certificate) {},
			"name the host with --servername localhost, which is then verified in place of the address; --insecure", []string{"is for localhost, not for the IP address 127.0.0.1"}},
		{"another address", "127.0.0.1", ca, func(l *x509.Certificate) { l.DNSNames = nil; l.IPAddresses = []net.IP{net.ParseIP("::1")} },
			"connect to an address that it is for", []string{"is for ::1, not for the IP address 127.0.0.1"}},
		{"address as a host name", "127.0.0.1", ca, func(l *x509.Certificate) { l.DNSNames = []string{"127.0.0.1", "localhost"} },
			"with 127.0.0.1 as an IP address in its subjectAltName (IP:127.0.0.1, not DNS:127.0.0.1); until then --servername localhost; --insecure",
			[]string{"names 127.0.0.1 as a host name, which counts for no IP address"}},
		{"no names", "localhost", ca, func(l *x509.Certificate) { l.DNSNames = nil },
			"subjectAltName for the name localhost", []string{"is for no name at all (the common name in its subject, localhost, does not count)"}},
		{"unknown authority", "localhost", stranger, func(*x509.Certificate) {},
			"if Stranger (Test Trust) is an intermediate, the server has to send its certificate too (fullchain.pem, not cert.pem); --cacert FILE trusts the authority in FILE; --insecure",
			[]string{"was issued by Stranger (Test Trust), an authority that is not in the --cacert file, and the issuer's certificate was not sent"}},
		{"this program's own throw-away authority", "localhost", newAuthority(t, "rawhttp throw-away CA 0123abcd"), func(*x509.Certificate) {},
			"for your own server: rawhttp listen --tls --save-ca ca.pem there, --cacert ca.pem here; --insecure goes on without any check",
			[]string{"was issued by rawhttp throw-away CA 0123abcd (Test Trust), an authority that is not in the --cacert file, and the issuer's certificate was not sent"}},
		{"a command in such a name", "localhost", newAuthority(t, "rawhttp throw-away CA $(reboot)"), func(*x509.Certificate) {},
			"for your own server: rawhttp listen --tls --save-ca ca.pem there, --cacert ca.pem here; --insecure", []string{"$(reboot)"}},
		{"authority of that name", "localhost", impostor, func(*x509.Certificate) {},
			"--cacert FILE", []string{"names Root (Test Trust) as its issuer, but the authority of that name that is in the --cacert file did not sign it: its key is another"}},
		{"self-signed", "localhost", self, func(*x509.Certificate) {},
			"--cacert FILE with that certificate, which --show-cert shows, trusts it; --insecure", []string{"is self-signed and not in the --cacert file"}},
		{"for clients", "localhost", ca, func(l *x509.Certificate) { l.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} },
			"--insecure", []string{"is not for servers: its extended key usage is for TLS clients"}},
	} {
		t.Run(c.title, func(t *testing.T) {
			template := leaf()
			c.change(template)
			_, err := handshake(t, Options{CAFiles: []string{ca.file(t)}}, c.host, c.signer.issue(t, template))
			checkHinter(t, err, c.hint, append(c.words, "the certificate of "+c.host+":", "; nothing was sent")...)
			var e *VerifyError
			if !errors.As(err, &e) || len(e.Chain) != 1 || !strings.Contains(strings.Join(e.ChainLines(), "\n"), "SHA-256: "+e.Chain[0].SHA256) {
				t.Errorf("error %#v, want a *VerifyError with the chain", err)
			}
			var invalid *tls.CertificateVerificationError
			if !errors.As(err, &invalid) {
				t.Error("the error of crypto/tls is not in the tree")
			}
		})
	}
}

// A self-signed certificate is trusted when it is itself the --cacert file.
func TestSelfSignedTrusted(t *testing.T) {
	var self *authority
	certificate := self.issue(t, leaf())
	s, err := handshake(t, Options{CAFiles: []string{writeFile(t, pemOf(certificate.Certificate[0]))}}, "localhost", certificate)
	if err != nil || !s.Verified {
		t.Errorf("%v, %+v", err, s)
	}
}

func TestUnknownAuthorityOfAChain(t *testing.T) {
	ca, stranger := newAuthority(t, "Root"), newAuthority(t, "Stranger")
	certificate := stranger.issue(t, leaf())
	certificate.Certificate = append(certificate.Certificate, stranger.certificate.Raw)
	_, err := handshake(t, Options{CAFiles: []string{ca.file(t)}}, "localhost", certificate)
	checkHinter(t, err, "--cacert FILE", "goes back to Stranger (Test Trust), an authority that is not in the --cacert file")
}

// An authority that is younger than the certificate, one that is re-issued every
// year for instance, is not at fault when only the certificate is out of time.
func TestTheTimeOfTheServersOwnCertificateBlamesNoAuthority(t *testing.T) {
	ca := newAuthority(t, "Root")
	for want, change := range map[string]func(*x509.Certificate){
		"expired 2024-03-01 12:00:00 UTC (730 days ago); nothing":             func(l *x509.Certificate) { l.NotBefore, l.NotAfter = now.AddDate(-3, 0, 0), now.AddDate(-2, 0, 0) },
		"is not valid before 2046-03-01 12:00:00 UTC (in 7305 days); nothing": func(l *x509.Certificate) { l.NotBefore, l.NotAfter = now.AddDate(20, 0, 0), now.AddDate(21, 0, 0) },
	} {
		template := leaf()
		change(template)
		_, err := handshake(t, Options{CAFiles: []string{ca.file(t)}}, "localhost", ca.issue(t, template))
		if err == nil {
			t.Fatalf("accepted; want %s", want)
		}
		if !strings.Contains(err.Error(), " "+want) || strings.Contains(err.Error(), "it also") {
			t.Errorf("error: %v; want only %q", err, want)
		}
	}
}

// Both are out of time: each is named, the one step that helps only once.
func TestTheSameAdviceIsGivenOnce(t *testing.T) {
	ca := newAuthority(t, "Root")
	template := *ca.certificate
	template.NotAfter = now.AddDate(0, 0, -1)
	ca = &authority{sign(t, &template, &template, ca.key, ca.key), ca.key}
	old := leaf()
	old.NotAfter = now.AddDate(0, 0, -2)
	_, err := handshake(t, Options{CAFiles: []string{ca.file(t)}}, "localhost", ca.issue(t, old))
	checkHinter(t, err, "check this machine's clock", "(2 days ago); it also depends on that of Root", "(1 day ago)")
	if hint := err.(interface{ Hint() string }).Hint(); strings.Count(hint, "this machine's clock") != 1 {
		t.Errorf("hint: %s", hint)
	}
}

func TestTheSystemsRootsAreTheDefault(t *testing.T) {
	ca := newAuthority(t, "Root")
	_, err := handshake(t, Options{}, "localhost", ca.issue(t, leaf()))
	checkHinter(t, err, "--cacert FILE", "this machine", "nothing was sent")
}

func TestRareVerificationFailures(t *testing.T) {
	certificate := newAuthority(t, "Root").certificate
	for want, err := range map[string]error{
		"trusted authorities cannot be read":                 x509.SystemRootsError{},
		"was not accepted: something new":                    errors.New("x509: something new"),
		"may not do so for this name: evil.test":             x509.CertificateInvalidError{Cert: certificate, Reason: x509.CANotAuthorizedForThisName, Detail: "evil.test"},
		"was signed with a certificate that may not sign":    x509.CertificateInvalidError{Cert: certificate, Reason: x509.NotAuthorizedToSign},
		"more authorities between it and Root":               x509.CertificateInvalidError{Cert: certificate, Reason: x509.TooManyIntermediates},
		"is not valid: no valid chains built: for no reason": x509.CertificateInvalidError{Cert: certificate, Reason: x509.NoValidChains, Detail: "for no reason"},
	} {
		e := newVerifyError(&tls.CertificateVerificationError{Err: err}, "h:1", "h", now, nil)
		checkHinter(t, e, "--insecure", want)
	}
}
