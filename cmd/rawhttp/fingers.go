package main

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/pflag"
)

// correction spells out the command line that fingers trained on nc, ncat and
// s_client meant. whole says that it is that, and not only where to look.
func correction(args []string) (advice string, whole bool) {
	command, rest := "", args
	if len(args) > 0 && slices.Contains([]string{"listen", "serve", "send", "tls-send", "inspect", "demo"}, args[0]) {
		command, rest = args[0], args[1:]
	}
	if command == "inspect" || command == "demo" || command == "serve" {
		return "try: rawhttp " + command + " --help", false // no other tool has such a command
	}
	words, changed := translate(&command, rest)
	then := ""
	if command == "" {
		switch found, known, typed := commandFor(words); {
		case found != "":
			command, words, then, changed = found, known, typed, true
		case changed && len(words) > 0:
			command = "send"
		default:
			return "try: rawhttp --help", false
		}
	}
	if !changed {
		return "try: rawhttp " + command + " --help", false
	}
	for _, word := range words {
		if len(word) > 2 && word[0] == '-' && word[1] != '-' {
			return "try: rawhttp " + command + " --help", false // another tool's flag is left
		}
	}
	line := "use: rawhttp " + command
	for _, word := range words {
		line += " " + quote(word)
	}
	return line + then, true
}

// quote writes a word as a shell takes it.
func quote(word string) string {
	plain := func(r rune) bool {
		return r >= utf8.RuneSelf || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_./:=@,+%", r)
	}
	if word != "" && strings.TrimFunc(word, plain) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// isHost reports whether a word can hardly be anything else.
func isHost(word string) bool {
	return word == "localhost" || strings.ContainsAny(word, ".:")
}

// clientFlags are s_client's that have a value, in our words, and versionFlags
// those that stand for one version of TLS.
var (
	clientFlags = map[string]string{"-servername": "--servername", "-CAfile": "--cacert", "-CApath": "--cacert", "-alpn": "--alpn",
		"-cert": "--cert", "-key": "--key", "-cipher": "--ciphers", "-keylogfile": "--keylog"}
	versionFlags = map[string]string{"-tls1": "1.0", "-tls1_1": "1.1", "-tls1_2": "1.2", "-tls1_3": "1.3"}
	// sameFlags have no value there.
	sameFlags = map[string][]string{"-noservername": {"--servername", "none"}, "-crlf": {"-C"}, "-showcerts": {"--show-cert"}}
)

// translate replaces the other tools' flags by ours, or leaves them out.
func translate(command *string, args []string) (words []string, changed bool) {
	secured := false // ncat's --ssl
	for i := 0; i < len(args); i++ {
		word := args[i]
		value := ""
		if i+1 < len(args) {
			value = args[i+1]
		}
		switch {
		case word == "-connect" && value != "":
			*command = "tls-send"
			words = append([]string{value}, words...)
			i++
		case clientFlags[word] != "" && value != "":
			words = append(words, clientFlags[word], value)
			i++
		case word == "--ssl" || word == "--tls" && *command != "listen":
			secured = true
		case versionFlags[word] != "":
			words = append(words, "--tls-min", versionFlags[word], "--tls-max", versionFlags[word])
		case sameFlags[word] != nil:
			words = append(words, sameFlags[word]...)
		case slices.Contains([]string{"-quiet", "-ign_eof", "-no_ign_eof", "-brief", "-verify_return_error"}, word):
		case word == "-q" && isDigits(value), word == "-W" && isDigits(value):
			i++ // this program ends when the answer is complete
		case *command != "send" && *command != "tls-send" && isListenFlag(word):
			*command = "listen"
			if strings.Contains(word, "k") {
				words = append(words, "-k")
			}
		case word == "-p" && *command == "listen" && value != "":
			words = append(words, value)
			i++
		case *command == "listen" && isReplyBody(word) && !slices.ContainsFunc(args, isReply):
			words = append(words, "--reply", "200", word)
			if word == "--reply-body" && i+1 < len(args) {
				words = append(words, value)
				i++
			}
		case (word == "--raw" || word == "-r") && (value == "body" || value == "bytes"):
			words = append(words, "--raw="+value) // a value that may be left out needs the =
			i++
		case word == "-n" || word == "-u" && *command == "listen":
		case *command == "send" && isTLSFlag(word):
			secured = true
			words = append(words, word)
		default:
			words = append(words, word)
			continue
		}
		changed = true
	}
	switch {
	case secured && *command == "listen":
		words = append([]string{"--tls"}, words...)
	case secured:
		*command = "tls-send"
	}
	if *command == "listen" {
		words = listenWords(words)
	}
	return words, changed
}

// isTLSFlag recognises the flags that tls-send has and send has not.
func isTLSFlag(word string) bool {
	var o tlsOptions
	set := pflag.NewFlagSet("", pflag.ContinueOnError)
	o.register(set)
	name, _, _ := strings.Cut(strings.TrimPrefix(word, "--"), "=")
	return word == "-k" || strings.HasPrefix(word, "--") && set.Lookup(name) != nil
}

// isListenFlag recognises -l in nc's bundles: -l, -lk, -lvn, -lp.
func isListenFlag(word string) bool {
	return len(word) > 1 && word[0] == '-' && word[1] != '-' && strings.Contains(word, "l") && strings.Trim(word[1:], "lkvnp") == ""
}

func isReply(word string) bool { return word == "--reply" || strings.HasPrefix(word, "--reply=") }

func isReplyBody(word string) bool {
	return word == "--reply-body" || strings.HasPrefix(word, "--reply-body=")
}

// listenWords joins nc's "HOST PORT" into one address.
func listenWords(words []string) []string {
	for i := 0; i+1 < len(words); i++ {
		if i > 0 && (words[i-1] == "--reply" || words[i-1] == "--reply-body") {
			continue // a flag's value
		}
		if words[i] != "" && words[i][0] != '-' && !isDigits(words[i]) && isDigits(words[i+1]) && !hasPort(words[i]) {
			return slices.Replace(words, i, i+2, joinPort(words[i], words[i+1]))
		}
	}
	return words
}
