package tlsdial

import (
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"strings"
	"testing"
)

// certificates is the matrix: for each certificate what rawhttp says of it, and
// why openssl s_client -verify_return_error or curl come to another verdict,
// where they do. "" stands for the same verdict.
var certificates = []struct {
	title         string
	host          string // "": localhost
	make          func(m *maker, root *issuer) served
	words         string // in the error; "": it is accepted
	openssl, curl string
}{
	{title: "RSA-2048", make: plain("RSA-2048")},
	{title: "P-256", make: plain("P-256")},
	{title: "P-384", make: plain("P-384")},
	{title: "P-521", make: plain("P-521")},
	{title: "Ed25519", make: plain("Ed25519")},
	{title: "RSA-1024", make: plain("RSA-1024"), openssl: weakKeyPolicy, curl: weakKeyPolicy},

	{title: "expired", make: plain("P-256", until(-3)), words: "expired "},
	{title: "not yet valid", make: plain("P-256", from(3)), words: "is not valid before "},
	{title: "ends tomorrow", make: plain("P-256", until(1))},

	{title: "wrong name", make: plain("P-256", names("other.example")), words: "is for other.example, not for the name localhost"},
	{title: "name in capitals", make: plain("P-256", names("LOCALHOST"))},
	{title: "wildcard", host: "www.rawhttp.test", make: plain("P-256", names("*.rawhttp.test"))},
	{title: "wildcard for two labels", host: "a.b.rawhttp.test", make: plain("P-256", names("*.rawhttp.test")), words: "is for *.rawhttp.test, not"},
	{title: "wildcard for none", host: "rawhttp.test", make: plain("P-256", names("*.rawhttp.test")), words: "is for *.rawhttp.test, not"},
	{title: "wildcard in a label", host: "www.rawhttp.test", make: plain("P-256", names("w*.rawhttp.test")), words: "is for w*.rawhttp.test, not",
		openssl: "OpenSSL lets * stand for a part of the first label; RFC 9525 section 6.3 forbids it"},
	{title: "wildcard of a top-level domain", host: "rawhttp.test", make: plain("P-256", names("*.test")),
		openssl: "OpenSSL and curl want two dots after *; RFC 9525 leaves it to policy", curl: "as openssl"},
	{title: "bare wildcard", make: plain("P-256", names("*")), words: "is for *, not"},
	{title: "address", host: "127.0.0.1", make: plain("P-256", addresses("127.0.0.1"))},
	{title: "another address", host: "127.0.0.1", make: plain("P-256", addresses("127.0.0.2")), words: "is for localhost and 127.0.0.2, not for the IP address 127.0.0.1"},
	{title: "address as a host name", host: "127.0.0.1", make: plain("P-256", names("127.0.0.1")), words: "names 127.0.0.1 as a host name, which counts for no IP address"},
	{title: "common name only", make: plain("P-256", commonName, names()), words: "is for no name at all (the common name in its subject, localhost, does not count)",
		openssl: "OpenSSL and curl fall back on the common name, which RFC 9525 section 2 no longer knows", curl: "as openssl"},
	{title: "common name beside other names", make: plain("P-256", commonName, names("other.example")), words: "is for other.example, not"},

	{title: "self-signed", make: func(m *maker, root *issuer) served { return serve(m.leaf(nil, "P-256")).trusting(root) }, words: "is self-signed and not in the --cacert file"},
	{title: "self-signed and trusted", make: func(m *maker, _ *issuer) served {
		own := m.leaf(nil, "P-256")
		return serve(own).trusting(own)
	}},
	{title: "unknown authority", make: func(m *maker, root *issuer) served {
		return serve(m.leaf(m.authority(nil, "Stranger"), "P-256")).trusting(root)
	}, words: "was issued by Stranger, an authority that is not in the --cacert file, and the issuer's certificate was not sent"},
	{title: "unknown authority, root sent", make: func(m *maker, root *issuer) served {
		stranger := m.authority(nil, "Stranger")
		return serve(m.leaf(stranger, "P-256"), stranger).trusting(root)
	}, words: "goes back to Stranger, an authority that is not in the --cacert file"},
	{title: "authority with the name of a trusted one", make: func(m *maker, root *issuer) served {
		return serve(m.leaf(m.authority(nil, "Root"), "P-256")).trusting(root)
	}, words: "names Root as its issuer, but the authority of that name that is in the --cacert file did not sign it"},
	{title: "intermediate", make: func(m *maker, root *issuer) served {
		sub := m.authority(root, "Sub")
		return serve(m.leaf(sub, "P-256"), sub).trusting(root)
	}},
	{title: "missing intermediate", make: func(m *maker, root *issuer) served {
		return serve(m.leaf(m.authority(root, "Sub"), "P-256", issuerAt("http://ca.test/sub.der"))).trusting(root)
	}, words: "was issued by Sub, an authority that is not in the --cacert file, and the issuer's certificate was not sent: an intermediate seems to be missing"},
	{title: "wrong intermediate", make: func(m *maker, root *issuer) served {
		return serve(m.leaf(m.authority(root, "Sub"), "P-256"), m.authority(root, "Sub of last year")).trusting(root)
	}, words: "(what was sent besides, the certificate of Sub of last year, is not the issuer's), and"},
	{title: "second intermediate missing", make: func(m *maker, root *issuer) served {
		low := m.authority(m.authority(root, "High"), "Low")
		return serve(m.leaf(low, "P-256"), low).trusting(root)
	}, words: "goes back to High, an authority that is not in the --cacert file, by way of Low; nothing"},
	{title: "intermediates out of order", make: func(m *maker, root *issuer) served {
		high := m.authority(root, "High")
		low := m.authority(high, "Low")
		return serve(m.leaf(low, "P-256"), root, high, m.authority(nil, "Unused"), low).trusting(root)
	}},
	{title: "trusted intermediate, root not", make: func(m *maker, root *issuer) served {
		sub := m.authority(root, "Sub")
		return serve(m.leaf(sub, "P-256"), sub).trusting(sub)
	}, openssl: "OpenSSL trusts roots alone unless -partial_chain is given; crypto/x509 and curl take what is in the file as trusted"},
	{title: "trusted by itself", make: func(m *maker, root *issuer) served {
		own := m.leaf(root, "P-256")
		return serve(own).trusting(own)
	}, openssl: "as for a trusted intermediate"},

	{title: "SHA-1", make: func(m *maker, _ *issuer) served {
		root := m.authority(nil, "RSA Root", signedWith(x509.SHA256WithRSA))
		return serve(m.leaf(root, "RSA-2048", signedWith(x509.SHA1WithRSA))).trusting(root)
	}, words: "was signed with SHA-1, whose signatures can be forged"},
	{title: "SHA-1 with ECDSA", make: plain("P-256", signedWith(x509.ECDSAWithSHA1)), words: "was signed with SHA-1"},
	{title: "SHA-1 above", make: func(m *maker, root *issuer) served {
		sub := m.authority(root, "Sub", signedWith(x509.ECDSAWithSHA1))
		return serve(m.leaf(sub, "P-256"), sub).trusting(root)
	}, words: "depends on that of Sub, which was signed with SHA-1"},
	{title: "SHA-1 in the trusted root's own signature", make: func(m *maker, _ *issuer) served {
		root := m.authority(nil, "Old Root", signedWith(x509.SHA1WithRSA))
		return serve(m.leaf(root, "P-256", signedWith(x509.SHA256WithRSA)), root).trusting(root)
	}},

	{title: "for clients", make: plain("P-256", usedFor(x509.ExtKeyUsageClientAuth)), words: "is not for servers: its extended key usage is for TLS clients"},
	{title: "for clients and e-mail", make: plain("P-256", usedFor(x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageEmailProtection)), words: "is for TLS clients and e-mail"},
	{title: "for no purpose in particular", make: plain("P-256", usedFor())},
	{title: "authority for clients", make: func(m *maker, root *issuer) served {
		sub := m.authority(root, "Sub", usedFor(x509.ExtKeyUsageClientAuth))
		return serve(m.leaf(sub, "P-256"), sub).trusting(root)
	}, words: "was issued by an authority that may not do so for servers: Sub is for TLS clients"},
	{title: "authority as a server", make: plain("P-256", func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true })},
	{title: "signed by a server's certificate", make: func(m *maker, root *issuer) served {
		other := m.leaf(root, "P-256", names("other.example"), func(c *x509.Certificate) { c.Subject.CommonName = "other" })
		return serve(m.leaf(other, "P-256"), other).trusting(root)
	}, words: "was signed with the certificate of other, which is no authority: it may not sign others"},
	{title: "authority without the right to sign", make: func(m *maker, root *issuer) served {
		sub := m.authority(root, "Sub", func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCRLSign })
		return serve(m.leaf(sub, "P-256"), sub).trusting(root)
	}, words: "was signed with the certificate of Sub, which is no authority"},
	{title: "too long a path", make: func(m *maker, root *issuer) served {
		high := m.authority(root, "High", func(c *x509.Certificate) { c.MaxPathLenZero = true })
		low := m.authority(high, "Low")
		return serve(m.leaf(low, "P-256"), low, high).trusting(root)
	}, words: "has more authorities between it and High than that allows (path length 0)"},
	{title: "expired intermediate", make: func(m *maker, root *issuer) served {
		sub := m.authority(root, "Sub", until(-3))
		return serve(m.leaf(sub, "P-256"), sub).trusting(root)
	}, words: "depends on that of Sub, which expired "},
	{title: "two ways, both closed", make: func(m *maker, root *issuer) served {
		sub := m.authority(root, "Sub", until(-3))
		return serve(m.leaf(sub, "P-256"), sub, m.cross(m.authority(nil, "Stranger"), sub)).trusting(root)
	}, words: "depends on that of Sub, which expired "},
	{title: "two ways, one open", make: func(m *maker, root *issuer) served {
		sub := m.authority(m.authority(nil, "Stranger"), "Sub")
		return serve(m.leaf(sub, "P-256"), sub, m.cross(root, sub)).trusting(root)
	}, openssl: "OpenSSL goes up from the first intermediate that fits and does not come back to try the other; crypto/x509 tries every way", curl: "as openssl"},
	{title: "two ways, one expired", make: func(m *maker, root *issuer) served {
		sub := m.authority(root, "Sub", until(-3))
		return serve(m.leaf(sub, "P-256"), sub, m.cross(root, sub)).trusting(root)
	}},
	{title: "expired root", make: func(m *maker, _ *issuer) served {
		root := m.authority(nil, "Root", until(-3))
		return serve(m.leaf(root, "P-256")).trusting(root)
	}, words: "depends on that of Root, which expired "},
	{title: "name allowed", make: constrained("localhost")},
	{title: "name not allowed", make: constrained("rawhttp.test"), words: "may not do so for this name: DNS name \"localhost\" is not permitted by any constraint of Sub (it may for rawhttp.test)"},
	{title: "critical extension", make: plain("P-256", func(c *x509.Certificate) {
		c.ExtraExtensions = []pkix.Extension{{Id: []int{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}}
	}), words: "holds a critical extension that is not understood here (1.2.3.4)"},

	{title: "three faults", make: func(m *maker, root *issuer) served {
		return serve(m.leaf(nil, "P-256", until(-3), names("other.example"))).trusting(root)
	}, words: "ago); it also is for other.example, not for the name localhost; it also is self-signed and not in the --cacert file; nothing was sent"},
	{title: "too long a key", make: func(m *maker, root *issuer) served {
		own := m.leaf(root, "P-256")
		long := &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 8200, 1), E: 65537}
		der, err := x509.CreateCertificate(nil, own.certificate, root.certificate, long, root.key)
		if err != nil {
			m.Fatal(err)
		}
		return serve(&issuer{mustParse(m.T, der), own.key}).trusting(root)
	}, words: "the server's certificate has an RSA key of more than 8192 bits"},
}

const weakKeyPolicy = "at security level 2 OpenSSL refuses keys of less than 112 bits of strength; crypto/tls takes RSA keys from 1024 bits on, and a note says that it is weak"

// plain is a certificate from the trusted root.
func plain(kind string, changes ...change) func(*maker, *issuer) served {
	return func(m *maker, root *issuer) served { return serve(m.leaf(root, kind, changes...)).trusting(root) }
}

// constrained has an intermediate that may issue for one domain.
func constrained(domain string) func(*maker, *issuer) served {
	return func(m *maker, root *issuer) served {
		sub := m.authority(root, "Sub", func(c *x509.Certificate) {
			c.PermittedDNSDomains, c.PermittedDNSDomainsCritical = []string{domain}, true
		})
		return serve(m.leaf(sub, "P-256"), sub).trusting(root)
	}
}

func commonName(c *x509.Certificate) { c.Subject.CommonName = "localhost" }

func addresses(address string) change {
	return func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.ParseIP(address)} }
}

func issuerAt(url string) change {
	return func(c *x509.Certificate) { c.IssuingCertificateURL = []string{url} }
}

// TestMatrix: rawhttp's verdict and words for each certificate, and the
// verdicts of openssl and curl.
func TestMatrix(t *testing.T) {
	others := installed(t)
	for _, c := range certificates {
		t.Run(c.title, func(t *testing.T) {
			t.Parallel()
			m := &maker{T: t}
			s := c.make(m, m.authority(nil, "Root"))
			var pem []byte
			for _, a := range s.trusted {
				pem = append(pem, pemOf(a.certificate.Raw)...)
			}
			host, authorities, port := c.host, writeFile(t, pem), webServer(t, s.Certificate)
			if host == "" {
				host = "localhost"
			}
			checkVerdict(t, host, port, authorities, c.words)
			for _, other := range otherClients {
				measured, found := others[other.name]
				reason := map[string]string{"openssl": c.openssl, "curl": c.curl}[other.name]
				if !found {
					continue
				}
				accepted, said := other.ask(t, host, port, authorities)
				switch differs := accepted != (c.words == ""); {
				case differs && reason == "":
					t.Errorf("%s accepted: %v, which is not written down; it said: %s", other.name, accepted, said)
				case !differs && reason != "" && measured:
					t.Errorf("%s accepted: %v, as rawhttp does; written down is: %s", other.name, accepted, reason)
				}
			}
		})
	}
}

func checkVerdict(t *testing.T, host, port, authorities, words string) {
	t.Helper()
	client, err := New(Options{CAFiles: []string{authorities}})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	secured, _, err := client.Connect(t.Context(), conn.(*net.TCPConn), host)
	if words == "" {
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		secured.Close()
		return
	}
	if err == nil {
		secured.Close()
		t.Fatalf("accepted, want %q", words)
	}
	checkHinter(t, err, "", words)
	if strings.Contains(err.Error(), "--insecure") {
		t.Errorf("the advice is in the error %q", err)
	}
}
