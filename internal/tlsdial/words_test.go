package tlsdial

import "testing"

// A name goes into a command line as one word, and as nothing else.
func TestShellWord(t *testing.T) {
	for name, want := range map[string]string{
		"key.pem":       "key.pem",
		"unix:/run/a":   "unix:/run/a",
		"my key.pem":    "'my key.pem'",
		"it's; rm -f x": `'it'\''s; rm -f x'`,
		"$(id)":         "'$(id)'",
		"a\x1b[31m":     `'a\x1b[31m'`,
		"":              "''",
	} {
		if got := shellWord(name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}

// A long name is cut between two characters: half of one would be shown as a broken byte.
func TestCut(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "abc..."}, {"aäb", 2, "a..."}, {"aäb", 3, "aä..."}, {"日本", 5, "日..."},
		{"\x80\x80\x80\x80\x80", 4, "\x80\x80\x80\x80..."}, // no character at all
	} {
		if got := cut(c.text, c.most); got != c.want {
			t.Errorf("%q, %d: %q, want %q", c.text, c.most, got, c.want)
		}
	}
}

// Commands in hints name the files so that they can be copied.
func TestHintsAreCommands(t *testing.T) {
	encrypted := []byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n")
	checkHinter(t, checkKey("key", "my key.pem", encrypted), "openssl pkey -in 'my key.pem' -out plain.key", "key file my key.pem: the key in it is encrypted")
	checkHinter(t, checkKey("key", "my key.der", []byte{0x30}), "-in 'my key.der' -out key.pem", "no private key")
	checkHinter(t, (&HandshakeError{Address: "unix:my socket", Problem: "x", advice: (&HandshakeError{Address: "unix:my socket"}).isThisTLS()}), "rawhttp send 'unix:my socket'", "x")
	checkHinter(t, newClient(t, Options{NoSNI: true}).Check(""), "give it with --servername NAME, or --insecure", "with --servername none")
}
