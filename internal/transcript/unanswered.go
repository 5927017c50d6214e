package transcript

import (
	"strconv"

	"rawhttp/internal/http1"
)

// Unanswered says which requests have no answer because the connection was to end
// before them, for instance "request 2", and what said that it would; "" where it
// is not known to be the reason, or where none is unanswered.
func (c *Conversation) Unanswered() (which, why string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.unanswered()
}

func (c *Conversation) unanswered() (which, why string) {
	answers := c.scan().State(http1.Response)
	if answers.Closing == http1.ClosingNot || answers.Middle || answers.Missing == 0 {
		return "", ""
	}
	which = "request " + strconv.Itoa(answers.Answered+1)
	if answers.Missing > 1 {
		which = "requests " + strconv.Itoa(answers.Answered+1) + " to " + strconv.Itoa(answers.Answered+answers.Missing)
	}
	answer, request := "the answer to request "+strconv.Itoa(answers.Answered), "request "+strconv.Itoa(answers.Answered)
	switch answers.Closing {
	case http1.ClosingSaid:
		why = answer + " said Connection: close"
	case http1.ClosingOld:
		why = answer + " is HTTP/1.0 without keep-alive"
	case http1.ClosingBody:
		why = answer + " has no length and ends with the connection"
	case http1.ClosingAsked:
		why = request + " said Connection: close"
	case http1.ClosingAskedOld:
		why = request + " is HTTP/1.0 without keep-alive"
	}
	return which, why
}

// sentence returns what is said of a diagnostic, the code's own sentence or the
// reason where that is known, and the advice that follows it where the bytes are ours
// and the command has the flag.
func (c *Conversation) sentence(d *http1.Diagnostic) (text, advice string, known bool) {
	if d.Code == http1.UnansweredRequest {
		if which, why := c.unanswered(); why != "" {
			return upper(why) + ", so it was the last on this connection: send " + which + " again on a new one.", "", true
		}
	}
	helps := c.screen.options.Helps
	if e := d.Code.Entry(); d.Side == c.ours && e.Advice != "" && (helps == nil || helps(d.Code)) {
		advice = " " + e.Advice
	}
	return d.Code.Sentence(d.Side), advice, false
}

// upper begins a sentence.
func upper(s string) string { return string(s[0]-'a'+'A') + s[1:] }
