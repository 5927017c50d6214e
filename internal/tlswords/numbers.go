package tlswords

import (
	"crypto/tls"
	"fmt"
	"sync"
)

const grease = "GREASE"

// IsGREASE tells the values that clients send only to keep servers tolerant (RFC
// 8701); they are the same for versions, suites, groups and signature schemes.
func IsGREASE(v uint16) bool { return v&0x0f0f == 0x0a0a && v>>8 == v&0xff }

// Version is a version of the protocol: "TLS 1.3".
func Version(v uint16) string {
	if IsGREASE(v) {
		return grease
	}
	return tls.VersionName(v)
}

// Group is what keys are exchanged with, as people write it: "P-256", "X25519MLKEM768".
func Group(id tls.CurveID) string { return named(groupNames(), id) }

// SignatureScheme is a scheme's name in RFC 8446: "rsa_pss_rsae_sha256".
func SignatureScheme(id tls.SignatureScheme) string { return named(schemeNames(), id) }

func named[T ~uint16](names map[T]string, id T) string {
	if name, ok := names[id]; ok {
		return name
	}
	if IsGREASE(uint16(id)) {
		return grease
	}
	return fmt.Sprintf("0x%04X", uint16(id)) // as crypto/tls writes versions and suites
}

// groupNames are the names of RFC 8446 section 4.2.7, of those before it (RFC 8422, RFC
// 7027) and of the drafts after it.
var groupNames = sync.OnceValue(func() map[tls.CurveID]string {
	return map[tls.CurveID]string{
		1: "sect163k1", 2: "sect163r1", 3: "sect163r2", 4: "sect193r1", 5: "sect193r2", 6: "sect233k1", 7: "sect233r1", 8: "sect239k1",
		9: "sect283k1", 10: "sect283r1", 11: "sect409k1", 12: "sect409r1", 13: "sect571k1", 14: "sect571r1", 15: "secp160k1", 16: "secp160r1",
		17: "secp160r2", 18: "secp192k1", 19: "secp192r1", 20: "secp224k1", 21: "secp224r1", 22: "secp256k1",
		23: "P-256", 24: "P-384", 25: "P-521", 26: "brainpoolP256r1", 27: "brainpoolP384r1", 28: "brainpoolP512r1", 29: "X25519", 30: "X448",
		31: "brainpoolP256r1tls13", 32: "brainpoolP384r1tls13", 33: "brainpoolP512r1tls13",
		256: "ffdhe2048", 257: "ffdhe3072", 258: "ffdhe4096", 259: "ffdhe6144", 260: "ffdhe8192",
		512: "MLKEM512", 513: "MLKEM768", 514: "MLKEM1024",
		4587: "SecP256r1MLKEM768", 4588: "X25519MLKEM768", 4589: "SecP384r1MLKEM1024", 25497: "X25519Kyber768Draft00",
	}
})

// schemeNames are the names of RFC 8446 section 4.2.3, and in their manner the pairs of
// TLS 1.2 that it leaves out; then RFC 8734's and the drafts'.
var schemeNames = sync.OnceValue(func() map[tls.SignatureScheme]string {
	return map[tls.SignatureScheme]string{
		0x0201: "rsa_pkcs1_sha1", 0x0202: "dsa_sha1", 0x0203: "ecdsa_sha1", 0x0301: "rsa_pkcs1_sha224", 0x0302: "dsa_sha224", 0x0303: "ecdsa_sha224",
		0x0401: "rsa_pkcs1_sha256", 0x0402: "dsa_sha256", 0x0403: "ecdsa_secp256r1_sha256", 0x0501: "rsa_pkcs1_sha384", 0x0502: "dsa_sha384",
		0x0503: "ecdsa_secp384r1_sha384", 0x0601: "rsa_pkcs1_sha512", 0x0602: "dsa_sha512", 0x0603: "ecdsa_secp521r1_sha512",
		0x0804: "rsa_pss_rsae_sha256", 0x0805: "rsa_pss_rsae_sha384", 0x0806: "rsa_pss_rsae_sha512", 0x0807: "ed25519", 0x0808: "ed448",
		0x0809: "rsa_pss_pss_sha256", 0x080a: "rsa_pss_pss_sha384", 0x080b: "rsa_pss_pss_sha512", 0x081a: "ecdsa_brainpoolP256r1tls13_sha256",
		0x081b: "ecdsa_brainpoolP384r1tls13_sha384", 0x081c: "ecdsa_brainpoolP512r1tls13_sha512", 0x0904: "mldsa44", 0x0905: "mldsa65", 0x0906: "mldsa87",
	}
})
