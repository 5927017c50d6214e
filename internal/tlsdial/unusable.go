package tlsdial

import (
	"regexp"
	"strings"
	"sync"

	"rawhttp/internal/tlswords"
)

// What crypto/tls says of a certificate with which no handshake can be done,
// verified or not. It has no types for these.
const (
	unreadable  = "failed to parse certificate from server"
	unknownKey  = "unsupported type of public key"
	longKey     = "RSA key larger than"
	insecureKey = "-bit keys are insecure"
)

func isUnusable(err error) bool {
	for _, text := range []string{unreadable, unknownKey, longKey, insecureKey} {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}

// bitsOf finds the number in the text of an error; few runs of the program need it.
var bitsOf = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\d+`) })

// newUnusableError words an error that isUnusable.
func newUnusableError(err error, peer string) *HandshakeError {
	e := &HandshakeError{Address: peer, Err: err}
	text := tlswords.Reason(err)
	switch {
	case strings.Contains(text, longKey):
		e.Problem = "the server's certificate has an RSA key of more than 8192 bits, which is refused: it takes too long to verify"
	case strings.Contains(text, insecureKey):
		e.Problem = "the server's RSA key is too weak: it has " + bitsOf().FindString(text) + " bits, and less than 1024 are refused"
	case strings.Contains(text, unknownKey):
		e.Problem = "the server's certificate has a key of a kind that TLS does not know here: neither RSA nor ECDSA nor Ed25519"
	default:
		_, why, _ := strings.Cut(text, unreadable+": ")
		e.Problem = "the server's certificate is damaged: " + strings.TrimPrefix(why, "x509: ")
	}
	e.advice = newCertificate + "; --insecure does not help here"
	return e
}
