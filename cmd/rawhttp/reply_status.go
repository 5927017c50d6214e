package main

import (
	"strconv"
	"strings"
)

// otherPhrases are those of the IANA registry that are too rare to be offered at
// the keyboard, and what everybody knows 418 for (RFC 2324).
var otherPhrases = map[int]string{
	207: "Multi-Status", 208: "Already Reported", 226: "IM Used", 418: "I'm a teapot", 423: "Locked",
	424: "Failed Dependency", 506: "Variant Also Negotiates", 510: "Not Extended",
}

// phraseOf is a status's reason phrase, "" if it has none.
func phraseOf(status int) string {
	for _, known := range reasonPhrases {
		if known.code == status {
			return known.phrase
		}
	}
	return otherPhrases[status]
}

// demanded are the fields without which a response of its status is not a
// correct one.
var demanded = map[int]string{
	401: "WWW-Authenticate: Basic realm=\"rawhttp\"\r\n",   // RFC 9110 section 15.5.2
	405: "Allow: OPTIONS\r\n",                              // section 15.5.6
	407: "Proxy-Authenticate: Basic realm=\"rawhttp\"\r\n", // section 15.5.8
	426: "Upgrade: websocket\r\n",                          // section 15.5.22; Connection names it
}

// parseStatus reads "404", or "404 Nothing Here" with a reason phrase of one's own.
func parseStatus(text string) (status int, phrase string, err error) {
	number, own, _ := strings.Cut(text, " ")
	status, numberErr := strconv.Atoi(number)
	switch {
	case numberErr != nil || len(number) != 3:
		return 0, "", usagef("for instance --reply 404, or --reply '404 Nothing Here'", "--reply %q is no status: it begins with a number from 200 to 599", text)
	case 100 <= status && status <= 199:
		return 0, "", usagef("put both into a FILE, the interim response and the final one, and give that instead of --reply",
			"--reply %d: a 1xx response is an interim one, which answers nothing", status)
	case status < 200 || status > 599:
		return 0, "", usagef("for instance --reply 404", "--reply %d is no status of a final response: those are 200 to 599", status)
	case strings.ContainsFunc(own, isControl):
		return 0, "", usagef("give the other header lines in a FILE, with the whole response", "--reply %q: a reason phrase is one line, without control characters", text)
	}
	if phrase = strings.TrimSpace(own); phrase == "" {
		phrase = phraseOf(status)
	}
	return status, phrase, nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }
