package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// said is what one run of the program came to, in every way it says it.
type said struct {
	status int
	json   string
	text   string // --save
	errors string // standard error
	kept   []byte // -o
	sent   []byte // --save-sent

	conn     int
	streams  map[string][]byte // by "sent" and "received", from the JSON view
	ends     map[string]event
	close    *event
	failures []event
}

// event is one object of the JSON view.
type event struct {
	Event, Dir, Reason, Code, Text, Hint string
	Conn                                 int
	Bytes                                []byte
	Sent, Received                       int64
	Complete                             bool
}

// read takes the JSON view apart.
func (s *said) read(conn int) error {
	s.close, s.failures = nil, nil
	s.streams, s.ends = map[string][]byte{}, map[string]event{}
	for line := range strings.Lines(s.json) {
		var e event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			return fmt.Errorf("%w in %q", err, line)
		}
		if e.Conn != conn && e.Event != "error" {
			continue
		}
		switch e.Event {
		case "data":
			s.streams[e.Dir] = append(s.streams[e.Dir], e.Bytes...)
		case "end":
			s.ends[e.Dir] = e
		case "close":
			s.close = &e
		case "error":
			s.failures = append(s.failures, e)
		}
	}
	return nil
}

// endings are the reasons with which the peer's stream may end where the
// connection closes for the reason on the left.
var endings = map[string]string{
	"peer": "eof close-notify truncated", "reset": "reset", "answered": "local eof close-notify truncated",
	"local": "local eof", "timeout": "timeout local eof", "interrupt": "local eof",
}

// statuses are the exit statuses that go with them.
var statuses = map[string]string{
	"peer": "0 3", "reset": "0 1", "answered": "0", "local": "0", "timeout": "0 4",
}

// closings of the text view, which say the same as the JSON view's close.
var closingTexts = map[string]string{
	"peer": `the (server|client) closed after `, "reset": `the connection broke after |the (server|client) closed with a reset after `,
	"answered": `done after `, "local": `the client did not close, so this side did after `, "timeout": `given up after |asked for nothing more for `,
}

// agrees holds what was said to what was carried, and to itself: received is what
// the wire has carried to the program, took what it has taken from it.
func (s *said) agrees(received, took []byte) error { return s.agreesAbout(1, received, took) }

// agreesAbout does so about one connection.
func (s *said) agreesAbout(conn int, received, took []byte) error {
	if err := s.read(conn); err != nil {
		return err
	}
	shownSent, shownReceived := s.streams["sent"], s.streams["received"]
	switch {
	case s.close == nil:
		return fmt.Errorf("no close")
	case len(s.ends) != 2:
		return fmt.Errorf("%d ends", len(s.ends))
	case !bytes.Equal(shownReceived, received):
		return fmt.Errorf("received as shown %q, as carried %q", shownReceived, received)
	case s.close.Received != int64(len(received)):
		return fmt.Errorf("close counts %d bytes received, not %d", s.close.Received, len(received))
	case s.kept != nil && !bytes.Equal(s.kept, received):
		return fmt.Errorf("-o has %q, carried was %q", s.kept, received)
	case !bytes.HasPrefix(shownSent, took):
		return fmt.Errorf("the wire took %q, shown as sent is %q", took, shownSent)
	case s.close.Sent < int64(len(took)) || s.close.Sent > int64(len(shownSent)):
		return fmt.Errorf("close counts %d bytes sent; %d were shown and %d taken", s.close.Sent, len(shownSent), len(took))
	case s.sent != nil && !bytes.Equal(s.sent, shownSent):
		return fmt.Errorf("--save-sent has %q, shown is %q", s.sent, shownSent)
	}
	if s.text != "" {
		if err := s.sameInText(); err != nil {
			return err
		}
	}
	return s.reasoned()
}

// among reports whether a word is one of words.
func among(word, words string) bool {
	return word != "" && strings.Contains(" "+words+" ", " "+word+" ")
}

// reasoned holds the reasons, the status and the words to each other.
func (s *said) reasoned() error {
	why := s.close.Reason
	status := fmt.Sprint(s.status)
	errorLine, _, _ := strings.Cut(s.errors, "\n")
	switch {
	case !among(s.ends["received"].Reason, endings[why]):
		return fmt.Errorf("received ended by %s, the connection by %s", s.ends["received"].Reason, why)
	case !among(status, statuses[why]):
		return fmt.Errorf("status %s after %s", status, why)
	case s.status == 0 != (len(s.failures) == 0):
		return fmt.Errorf("status %d and errors %+v", s.status, s.failures)
	case s.status != 0 && s.errors != "" && errorLine != "rawhttp: error: "+s.failures[0].Text:
		return fmt.Errorf("standard error says %q, JSON %q", errorLine, s.failures[0].Text)
	case s.close.Sent < int64(len(s.streams["sent"])) && why != "reset" && !strings.Contains(s.json, `"write-failed"`):
		return fmt.Errorf("%d of %d bytes went out, and nothing says so", s.close.Sent, len(s.streams["sent"]))
	}
	return nil
}

var textRow = regexp.MustCompile(`(?m)^([<>]) \S+ +\d+  (.*)$`)

// sameInText compares the transcript as text with the JSON view.
func (s *said) sameInText() error {
	streams := map[string]string{}
	for _, row := range textRow.FindAllStringSubmatch(s.text, -1) {
		b, err := rowBytes(row[2])
		if err != nil {
			return err
		}
		streams[row[1]] += b
	}
	if streams["<"] != string(s.streams["received"]) || streams[">"] != string(s.streams["sent"]) {
		return fmt.Errorf("text and JSON have different bytes:\n%s", s.text)
	}
	pattern := fmt.Sprintf(`(?m)^\* (%s).*\(sent %d, received %d bytes\)`, closingTexts[s.close.Reason], s.close.Sent, s.close.Received)
	if !regexp.MustCompile(pattern).MatchString(s.text) {
		return fmt.Errorf("the text's closing note is not that of %q:\n%s", s.close.Reason, s.text)
	}
	return nil
}
