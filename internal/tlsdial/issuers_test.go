package tlsdial

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"testing"
	"time"
)

// An authority whose key is so short that crypto/rsa verifies nothing with it.
func TestWeakAuthority(t *testing.T) {
	m := &maker{T: t}
	root := m.authority(nil, "Root")
	t.Setenv("GODEBUG", "rsa1024min=0")
	key, err := rsa.GenerateKey(rand.Reader, 768)
	if err != nil {
		t.Fatal(err)
	}
	weak := m.sign(root, key, &x509.Certificate{Subject: pkix.Name{CommonName: "Weak"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(1, 0, 0)})
	s := serve(m.leaf(weak, "P-256"), weak)
	t.Setenv("GODEBUG", "")
	checkVerdict(t, "localhost", webServer(t, s.Certificate), writeFile(t, pemOf(root.certificate.Raw)),
		"depends on that of Weak, which has a key that is too weak (RSA 768 bits); nothing was sent")
}

// MD5 signatures can neither be made nor checked here; the names lead on.
func TestMD5(t *testing.T) {
	own := &x509.Certificate{RawSubject: []byte("own"), RawIssuer: []byte("sub"), SignatureAlgorithm: x509.MD5WithRSA}
	sub := &x509.Certificate{RawSubject: []byte("sub"), RawIssuer: []byte("root"), Subject: pkix.Name{CommonName: "Sub"}}
	v := &verification{sent: []*x509.Certificate{own, sub}, now: now}
	if len(v.path()) != 2 {
		t.Errorf("a path of %d certificates, want both", len(v.path()))
	}
	want := "was signed with MD5, whose signatures can be forged"
	if got := v.unknownAuthority(x509.UnknownAuthorityError{}); got.problem != want {
		t.Errorf("%q, want %q", got.problem, want)
	}
}
