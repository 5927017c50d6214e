package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"rawhttp/internal/http1"
	"rawhttp/internal/session"
)

// outcome turns the end of a conversation into its closing note and its error.
type outcome struct {
	result   session.Result
	observer *observer
	peer     string // address
	hostPort string // what was given on the command line
	person   *person
	fail     bool // --fail
	timeout  time.Duration
	view     *viewFlags
	next     bool // another connection may follow, until Ctrl-D
}

// closingNote says who ended it, when, and how much crossed.
func (o *outcome) closingNote() string {
	text := ""
	seconds := spent(o.result.Duration)
	peer := o.observer.peer()
	switch o.result.Reason {
	case session.PeerClosed:
		text = "the " + peer + " closed after " + seconds
		if o.answerCut() {
			text = "this side half-closed first; " + text
		}
		if o.leftUnanswered() {
			text += " without an answer to the incomplete request"
		}
	case session.Answered:
		text = "done after " + seconds + ": " + o.answered()
	case session.Lingered:
		text = "the client did not close, so this side did after " + seconds
	case session.Idle:
		text = "the client asked for nothing more for " + spent(o.timeout) + ", closed after " + seconds
	case session.Reset:
		text = o.broke(seconds)
	case session.TimedOut:
		text = "given up after " + seconds
	case session.Interrupted:
		text = "interrupted after " + seconds
	default:
		return ""
	}
	text = fmt.Sprintf("%s (sent %d, received %d bytes)", text, o.result.Sent, o.result.Received)
	if o.next {
		text += "; waiting for the next, " + o.observer.outputs.keyboard.endKey() + " ends"
	}
	return text
}

// answerCut reports whether a server was the first to end its side, behind what is no
// whole answer; everything else has a row that says so.
func (o *outcome) answerCut() bool {
	r := &o.result
	return o.observer.role == session.Server && !o.person.types() && r.ClosedFirst && r.Sent > 0 && !o.settled()
}

// leftUnanswered reports whether a server closed without a word about a request that
// the user ended before it was complete. Nobody owed an answer: that is no error.
func (o *outcome) leftUnanswered() bool {
	s, r := &o.result.State, &o.result
	return o.observer.role == session.Client && r.InputEnded && s.Sent.Framed && (s.Sent.Middle || s.Sent.Begun > s.Sent.Complete) &&
		s.Received.Framed && !s.Received.Middle && s.Received.Answered == s.Sent.Complete
}

// answered says why nothing more is waited for.
func (o *outcome) answered() string {
	s := &o.result.State
	switch {
	case !s.Sent.Bytes:
		return "nothing to send"
	case s.Sent.Complete < s.Sent.Begun && o.result.Unsent:
		return "the request is answered, though it was not sent whole"
	case s.Sent.Complete < s.Sent.Begun:
		return "the request was incomplete, and is answered"
	}
	before := o.observer.conversation.AnsweredBefore()
	switch {
	case s.Sent.Complete == 1 && before == 1:
		return "the request is answered, by the response that came before it"
	case s.Sent.Complete == 1:
		return "the request is answered"
	case before == 1:
		return "every request is answered, 1 of them before it was sent"
	case before > 1:
		return fmt.Sprintf("every request is answered, %d of them before they were sent", before)
	}
	return "every request is answered"
}

// error says what the end means for the exit status; nil is a good end.
func (o *outcome) error() error {
	r := &o.result
	switch r.Reason {
	case session.Interrupted, session.OutputFailed:
		return r.Err
	case session.InputFailed:
		return inputFailure(r.Err)
	case session.TimedOut:
		return &failure{status: statusTimeout, problem: o.owed(), hint: o.timeoutHint()}
	case session.Reset:
		if err := o.unread(); err != nil {
			return err
		} else if !o.settled() {
			return o.broken(r.Err)
		}
	}
	if r.WriteErr != nil && !o.settled() && (o.observer.role == session.Server || r.State.Received.Complete == 0) {
		return o.broken(r.WriteErr)
	}
	if err := o.unread(); err != nil {
		return err
	}
	if err := o.missing(); err != nil {
		return err
	}
	return o.httpStatus()
}

// settled reports whether everything asked for was answered before the end.
func (o *outcome) settled() bool {
	s := &o.result.State
	if o.observer.role == session.Client {
		return s.Sent.Framed && s.Sent.Begun > 0 && s.Received.Answered >= s.Sent.Begun
	}
	return s.Received.Complete > 0 && s.Sent.Answered >= s.Received.Complete && !s.Received.Middle && o.result.WriteErr == nil
}

// unread finds requests that stand behind what was to be the last answer, or the
// last request, of the connection. One that was cut short is owed no answer.
func (o *outcome) unread() error {
	s := &o.result.State
	if !o.result.PeerEnded || o.observer.role == session.Server || o.observer.openEnded ||
		s.Received.Answered >= s.Sent.Complete && (o.result.InputEnded || o.observer.person.away()) {
		return nil
	}
	which, why := o.observer.conversation.Unanswered()
	if why == "" {
		return nil
	}
	were := " was"
	if strings.HasPrefix(which, "requests") {
		were = " were"
	}
	return &failure{status: statusCut, problem: which + were + " not answered: " + why, hint: "send " + which + " again on a new connection"}
}

// missing finds messages that were to be received and were not, or not whole.
func (o *outcome) missing() error {
	s := &o.result.State
	received, problem, hint := s.Received, "", ""
	client := o.observer.role == session.Client
	switch {
	case client && o.observer.speaksTLS():
		problem, hint = "the server speaks TLS on this port", "use: rawhttp tls-send "+o.hostPort
	case o.observer.openEnded:
		problem = "the body has no length and its end is not certain: the server closed without close_notify"
	case received.Begun > received.Complete && !received.Framed && o.result.PeerEnded:
		problem = "nobody can tell where the " + o.message() + " ends"
	case received.Middle && o.result.PeerEnded:
		problem = "the " + o.message() + " was cut short"
	case client && s.Sent.Complete > 0 && received.Begun == 0 && received.Bytes && o.result.PeerEnded:
		problem = fmt.Sprintf("what the server sent is not HTTP (%s)", number(int(o.result.Received), "byte"))
	case client && received.Answered < s.Sent.Complete && o.result.PeerEnded:
		problem = fmt.Sprintf("the server closed without answering (%s for %s)",
			number(received.Answered, "response"), number(s.Sent.Complete, "request"))
	case client && o.result.PeerEnded:
		problem = o.unsent()
	}
	if problem == "" {
		return nil
	}
	if client && o.result.ClosedFirst && !received.Bytes && s.Sent.Complete > 0 {
		hint = "-N ends this side behind the request, and some servers take that for a close: leave it out"
	} else if client && hint == "" && !o.observer.tls && !received.Bytes {
		hint = o.tlsHint()
	}
	if o.observer.speaksFrames() && received.Answered == 0 {
		hint = "the server was asked to speak HTTP/2: leave out --alpn, and it is asked to speak HTTP/1.1"
	}
	return &failure{status: statusCut, problem: problem, hint: hint}
}

// unsent says that a server closed while the request was still to come, so that it
// could not be answered; "" when the user had ended it, or sends no HTTP.
func (o *outcome) unsent() string {
	s, r := &o.result.State, &o.result
	switch {
	case r.InputEnded || o.observer.person.away() || !s.Sent.Framed:
	case !s.Sent.Bytes && !s.Received.Bytes && !o.person.types():
		return "the server closed before anything was sent"
	case s.Sent.Begun > s.Sent.Complete || s.Sent.Middle:
		return "the server closed in the middle of the request"
	}
	return ""
}

func (o *outcome) message() string {
	if o.observer.role == session.Client {
		return "response"
	}
	return "request"
}

func (o *outcome) httpStatus() error {
	_, received := o.observer.conversation.State()
	if o.fail && received.Status >= 400 {
		return &failure{status: statusHTTP, problem: fmt.Sprintf("the response's status was %d", received.Status), hint: ""}
	}
	return nil
}

// owed says what the peer still had to send when the time ran out.
func (o *outcome) owed() string {
	s := &o.result.State
	var owed []string
	if o.observer.role == session.Client {
		switch {
		case s.Sent.Begun == 0 || !s.Sent.Framed:
		case o.result.Unsent:
			owed = append(owed, "the request was not sent whole")
		case s.Sent.Middle:
			owed = append(owed, "the request was incomplete")
		case s.Sent.Complete == 1:
			owed = append(owed, "the request was complete")
		default:
			owed = append(owed, fmt.Sprintf("%d requests were complete", s.Sent.Complete))
		}
	}
	_, received := o.observer.conversation.State()
	switch {
	case o.observer.received == 0:
		owed = append(owed, "no "+o.message()+" byte came")
	case received.Middle && received.Owed > 0:
		part := "body"
		if received.Next == http1.ChunkData {
			part = "chunk"
		}
		owed = append(owed, fmt.Sprintf("%s of the %s's %s are missing", number(int(received.Owed), "byte"), o.message(), part))
	case received.Middle:
		owed = append(owed, "the "+o.message()+" is incomplete")
	case o.observer.role == session.Client && s.Received.Answered < s.Sent.Complete:
		owed = append(owed, fmt.Sprintf("%s came", number(s.Received.Answered, "response")))
	}
	text := fmt.Sprintf("%s without a byte from %s", spent(o.timeout), o.peer)
	if o.result.Blocked {
		text = fmt.Sprintf("%s in which %s took no byte of what was sent, and sent none", spent(o.timeout), o.peer)
	}
	if len(owed) > 0 {
		text += "; " + strings.Join(owed, ", ")
	}
	return text
}

func (o *outcome) timeoutHint() string {
	return "-w 0 waits for ever"
}

// number writes a count with its noun.
func number(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// spent writes a duration as a person reads it: 0.012 s, 21.4 s, 1 h 2 min.
func spent(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d%time.Second == 0 && d < time.Minute:
		return fmt.Sprintf("%d s", d/time.Second)
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", d/time.Minute, d%time.Minute/time.Second)
	}
	return fmt.Sprintf("%d h %d min", d/time.Hour, d%time.Hour/time.Minute)
}

var errNoClient = errors.New("no client came in time")
