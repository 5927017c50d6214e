package main

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"rawhttp/internal/http1"
	"rawhttp/internal/session"
	"rawhttp/internal/transcript"
)

// When nothing crosses any more, somebody owes something, and the two people who
// look at the screen both think it is the other. A silence is named: once, and
// once a cause in a message.
//
//   - What the peer owes is named after silenceAfter.
//   - What the user owes is named then too, from a pipe or a FILE; a person who
//     types is given longSilence.
//   - The cause is chosen by cause, from nothing but a quiet; the same words, in
//     the past, say what an input that ended in a request left out.
const (
	silenceAfter = 2 * time.Second
	longSilence  = 20 * time.Second
)

// keepAlive is the code of a connection that stays open for another request.
const keepAlive = "silence-keep-alive"

// quiet is all that the cause of a silence is chosen from.
type quiet struct {
	session.Silence
	client    bool // this end is the client
	typed     bool // somebody types the input
	endKey    string
	sent      flow
	received  flow
	continued bool // an interim response was given to the request at hand
	ended     bool // the words are about an input that has ended
	explained bool // and the transcript has explained its lengths
}

// flow is one direction.
type flow struct {
	http1.State
	bytes   int64
	chunk   transcript.Chunk
	literal bool // the last bytes are \r\n written out in letters
	doubled bool // the last line ends CR CR LF
}

// cause is why it is silent. The zero value is no cause that anybody could name.
type cause struct {
	code string // of the note, and of the cause: it is named once in a message
	text string
	ours bool // the user owes it
	soon bool // and may not know it: a person who types is told as soon as others
}

func theirs(code, format string, args ...any) cause {
	return cause{code: "silence-" + code, text: fmt.Sprintf(format, args...)}
}

func ours(code, format string, args ...any) cause {
	return cause{code: "silence-" + code, text: fmt.Sprintf(format, args...), ours: true}
}

func (q *quiet) peer() string {
	if q.client {
		return "server"
	}
	return "client"
}

// message is what a side sends: the client requests.
func message(client bool) string {
	if client {
		return "request"
	}
	return "response"
}

// unless returns the word for a stream that is open, or the one for an ended.
func (q *quiet) unless(open, ended string) string {
	if q.ended {
		return ended
	}
	return open
}

// cause chooses the one cause that fits.
func (q *quiet) cause() cause {
	switch {
	case q.Writing:
		return theirs("write", "the %s does not take what is sent: it has stopped reading", q.peer())
	case q.client:
		return q.clientCause()
	}
	return q.serverCause()
}

func (q *quiet) clientCause() cause {
	s, r := &q.sent, &q.received
	switch {
	case foreign(r) || s.Next == http1.Tunnel || q.PeerEnded:
		return cause{}
	case r.Middle:
		return q.unreceived()
	case s.bytes == 0 && r.bytes == 0:
		return ours("nothing-sent", "nothing was sent yet")
	case s.bytes == 0:
		return cause{}
	case s.Begun == 0 && s.Next == http1.NonHTTP:
		return theirs("not-http", "what was sent is no HTTP request, and the server has not answered")
	case r.Answered < s.Complete:
		return q.unanswered()
	case q.HalfClosed && (s.Middle || s.Begun > s.Complete):
		return theirs("answer", "the request is incomplete and nothing more will be sent; the server has neither answered nor closed")
	case q.HalfClosed:
		return theirs("close", "everything is answered and nothing more will be sent; the server has not closed")
	case s.Next == http1.NonHTTP:
		return ours("excess", "what follows the request is read as the start of the next one: the server may wait for its rest")
	case s.Middle:
		return q.unsent()
	case s.Begun == 0:
		return ours("nothing-sent", "no request line was sent yet")
	case r.Last:
		return theirs("close", "the response is complete, and the last on this connection; the server has not closed it yet")
	}
	return theirs("keep-alive", "the response is complete; the server keeps the connection open for another request")
}

// unanswered is what a server owes.
func (q *quiet) unanswered() cause {
	waiting := "the server has not answered yet"
	switch {
	case q.continued:
		waiting = "the server has sent an interim response only"
	case q.received.Answered > 0:
		waiting = fmt.Sprintf("the server has answered %d of them", q.received.Answered)
	}
	if q.sent.Complete == 1 {
		return theirs("answer", "the request is complete; %s", waiting)
	}
	return theirs("answer", "%d requests are complete; %s", q.sent.Complete, waiting)
}

func (q *quiet) serverCause() cause {
	s, r := &q.sent, &q.received
	switch {
	case foreign(s) && s.bytes > 0 || r.Next == http1.Tunnel:
		return cause{}
	case q.HalfClosed:
		return theirs("close", "everything was sent; the client has not closed yet")
	case r.Middle && !q.PeerEnded:
		return q.unreceived()
	case r.bytes == 0 && s.bytes == 0:
		return theirs("nothing-received", "the client has sent nothing yet")
	case s.Middle:
		return q.unsent()
	case r.Begun == 0 && r.Next == http1.NonHTTP:
		return ours("not-http", "what the client sent is no HTTP request, and was not answered yet")
	case s.Answered < r.Complete && s.Answered == 0 && r.Complete == 1:
		return ours("answer", "the request is complete; nothing was answered yet")
	case s.Answered < r.Complete:
		return ours("answer", "%d requests are complete; %d of them answered", r.Complete, s.Answered)
	case s.Complete == 0 || r.Complete == 0 || q.PeerEnded:
		return cause{}
	case s.Last || r.Last:
		last := ours("close", "the response is complete, and the last on this connection: %s", q.closing())
		last.soon = true
		return last
	case q.typed:
		return theirs("keep-alive", "the response is complete; the client keeps the connection open for another request, %s", q.closing())
	}
	return theirs("keep-alive", "the response is complete; the client keeps the connection open for another request")
}

// foreign reports whether a stream cannot be followed.
func foreign(f *flow) bool {
	return f.Next == http1.Tunnel || f.Next == http1.NonHTTP && f.Begun == 0
}

// quiet gathers what the cause of a silence is chosen from.
func (o *observer) quiet() *quiet {
	q := &quiet{client: o.role == session.Client, typed: o.person.types(), endKey: o.outputs.keyboard.endKey(), continued: o.interim > o.interimBefore}
	q.sent.State, q.received.State = o.conversation.State()
	q.sent.chunk, q.received.chunk = o.conversation.Chunks()
	q.sent.bytes, q.received.bytes = o.sent, o.received
	q.sent.literal, q.received.literal = o.sentTail.literal(), o.receivedTail.literal()
	q.sent.doubled, q.received.doubled = o.sentTail.doubled(), o.receivedTail.doubled()
	return q
}

// Silence implements session.Observer.
func (o *observer) Silence(s session.Silence) error {
	q := o.quiet()
	q.Silence = s
	why := q.cause()
	if q.client && why.code == keepAlive && o.outputs.further(true) != "" {
		return nil // the closing note of the response has said it
	}
	if why.text == "" || why.ours && o.person.away() || s.Long != (why.ours && !why.soon && o.person.types()) {
		return nil
	}
	at := [4]int{q.sent.Begun, q.sent.Complete, q.received.Begun, q.received.Complete}
	if at != o.namedAt {
		o.namedAt, o.named = at, nil
	}
	if slices.Contains(o.named, why.code) {
		return nil
	}
	o.named = append(o.named, why.code)
	after := silenceAfter
	if s.Long {
		after = longSilence
	}
	return o.conversation.Note(why.code, spent(after)+" of silence: "+why.text)
}

// halfClosedCut says what the input left out.
func (o *observer) halfClosedCut() string {
	o.cutSaid = true
	text := "the input ended in the middle of a request (half-closed, nothing more can come)"
	if why := o.atEnd.unsent(); why.text != "" {
		text += ": " + why.text
	}
	return text
}

// over says what only the end of the conversation shows. An error of the output
// comes with the note that closes it, too.
func (o *observer) over(r *session.Result) {
	o.conversation.Over()
	note := o.leftOut()
	if r.Unsent {
		note = o.notSent(r)
	}
	if note != "" {
		o.conversation.Note("request-incomplete", note)
	}
}

// leftOut names what the request left out, when the server did not wait for the
// end of the input. It is empty if nothing was, if that was said, or if it is not
// why the server did not wait: it wants TLS, or somebody was typing on.
func (o *observer) leftOut() string {
	q := o.quiet()
	s := &q.sent
	if o.role == session.Server || o.cutSaid || !(s.Begun > s.Complete || s.Begun == 0 && s.Line > 0) {
		return ""
	}
	if o.person.types() && !s.CR && !s.literal || o.asksForHTTPS() || o.speaksTLS() {
		return ""
	}
	q.ended = true
	why := q.unsent()
	if o.atEnd != nil {
		why = o.atEnd.unsent()
	}
	if why.text == "" {
		return ""
	}
	return "the request was incomplete: " + why.text
}

// tail is the last bytes of a stream.
type tail [6]byte

func (t *tail) take(p []byte) {
	if len(p) >= len(t) {
		copy(t[:], p[len(p)-len(t):])
		return
	}
	copy(t[:], t[len(p):])
	copy(t[len(t)-len(p):], p)
}

// literal reports whether the stream ends in \r\n written out in letters.
func (t *tail) literal() bool {
	return bytes.HasSuffix(bytes.TrimRight(t[:], "\r\n"), []byte(`\r\n`))
}

// doubled reports whether the stream ends in a line end that was converted twice.
func (t *tail) doubled() bool { return bytes.HasSuffix(t[:], []byte("\r\r\n")) }

// afterSilence says something once nothing has come of a step for silenceAfter:
// text is asked then. The function it returns ends that, and waits while it is being said.
func afterSilence(out *outputs, code string, text func() string) (over func()) {
	said := make(chan struct{})
	timer := time.AfterFunc(silenceAfter, func() {
		defer close(said)
		defer out.guard()
		out.screen.Note(code, text())
	})
	return func() {
		if !timer.Stop() {
			<-said
		}
	}
}
