package main

import (
	"strconv"
	"strings"

	"rawhttp/internal/http1"
)

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
		phrase = http1.ReasonPhrase(status)
	}
	return status, phrase, nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7f }
