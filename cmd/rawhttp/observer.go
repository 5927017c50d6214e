package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"rawhttp/internal/dial"
	"rawhttp/internal/http1"
	"rawhttp/internal/session"
	"rawhttp/internal/tlsdial"
	"rawhttp/internal/transcript"
)

// firstBytes is how much of what the peer sends first is remembered, to tell a
// server that asks for HTTPS.
const firstBytes = 1024

// observer is the transcript, and whatever else wants the bytes, as a session
// sees it.
type observer struct {
	outputs        *outputs
	conversation   *transcript.Conversation
	role           session.Role
	person         *person // who types; nil: nobody does
	tls            bool
	secured        *tlsdial.Conn // of tls-send; nil: there is none
	verbose        bool
	completes      bool // session.Options.CRLF
	files          bool // FILEs answer
	used           bool // the pipe was used up by a conversation before
	sent, received int64
	first          []byte
	openEnded      bool // a body until close was cut by the end of TLS
	peerEnded      bool

	sentTail, receivedTail tail
	atEnd                  *quiet   // when no more was to be sent
	cutSaid                bool     // what the request left out was said
	named                  []string // causes of silence, in the messages at hand
	namedAt                [4]int   // which those are
	answered               int      // final responses
	interim, interimBefore int      // interim responses, and those before the last final one
	number                 int      // of the connection
}

func newObserver(o *outputs, number int, role session.Role) *observer {
	side := http1.Request
	if role == session.Server {
		side = http1.Response
	}
	o.inputOver.Store(false)
	return &observer{outputs: o, conversation: o.screen.Conversation(number, side), role: role, number: number}
}

// Sent implements session.Observer.
func (o *observer) Sent(p []byte) (session.State, error) {
	var err error
	if o.completes && string(p) == "\r\n" {
		err = o.conversation.SentLineEnd()
	} else {
		err = o.conversation.Sent(p)
	}
	o.sent += int64(len(p))
	o.sentTail.take(p)
	if err == nil && o.outputs.sent != nil {
		_, err = o.outputs.sent.Write(p)
	}
	return o.state(), err
}

// Received implements session.Observer.
func (o *observer) Received(p []byte) (session.State, error) {
	if room := firstBytes - len(o.first); room > 0 {
		o.first = append(o.first, p[:min(room, len(p))]...)
	}
	o.received += int64(len(p))
	o.receivedTail.take(p)
	var err error
	if o.outputs.received != nil {
		_, err = o.outputs.received.Write(p)
	}
	if showErr := o.conversation.Received(p); err == nil {
		err = showErr
	}
	return o.state(), err
}

// PassSent implements session.Passer.
func (o *observer) PassSent(n int64) (session.State, error) {
	o.sent += n
	o.sentTail = tail{}
	err := o.conversation.SkipSent(n)
	return o.state(), err
}

// PassReceived implements session.Passer.
func (o *observer) PassReceived(n int64, move func(*os.File) error) (session.State, error) {
	o.received += n
	o.receivedTail = tail{}
	err := o.outputs.received.(passable).pass(n, move)
	if showErr := o.conversation.SkipReceived(n); err == nil {
		err = showErr
	}
	return o.state(), err
}

// unseen returns how many of the next bytes, sent and received, nobody needs to see.
func (o *observer) unseen() (sent, received int64) {
	if o.outputs.copies {
		return 0, 0
	}
	sent, received = o.conversation.Unseen()
	if o.outputs.sent != nil {
		sent = 0
	}
	if _, ok := o.outputs.received.(passable); !ok || len(o.first) < firstBytes {
		received = 0
	}
	return sent, received
}

// EndSent implements session.Observer.
func (o *observer) EndSent() (session.State, error) {
	if o.atEnd == nil {
		o.atEnd = o.quiet()
		o.atEnd.ended, o.atEnd.explained = true, true
	}
	err := o.conversation.EndSent()
	return o.state(), err
}

// EndReceived implements session.Observer. Without close_notify nobody can tell
// whether a body that ends with the connection is complete.
func (o *observer) EndReceived(e session.Ending) (session.State, error) {
	var err error
	o.peerEnded = e != session.EndLocal
	if o.secured != nil && o.secured.Broken() {
		o.conversation.Known(http1.UnansweredRequest) // the closing note says why
	}
	if e == session.EndReset { // the sentences are about a sender that stopped
		o.conversation.Known(http1.TruncatedBody, http1.TruncatedChunkedBody, http1.MissingFinalCRLF, http1.UnansweredRequest)
	}
	if _, received := o.conversation.State(); e == session.EndLocal {
		err = o.conversation.LeaveReceived()
	} else if e != session.EndClosed && received.Owed < 0 && received.Middle {
		o.openEnded = true
		err = o.conversation.BreakReceived(endOf(e, o.tls))
	} else {
		err = o.conversation.EndReceived(endOf(e, o.tls))
	}
	return o.state(), err
}

// Pause implements session.Observer.
func (o *observer) Pause() error { return o.conversation.Pause() }

// Event implements session.Observer.
func (o *observer) Event(e session.Event, detail error) error {
	code, text := "", ""
	switch e {
	case session.HalfClosed, session.HalfClosedQuiet:
		if o.role == session.Server && !o.verbose && !o.person.types() {
			return nil // how a response without a length ends is said where it ends
		}
		code, text = "half-closed", "end of the input: half-closed, nothing more will be sent"
		if e == session.HalfClosedQuiet {
			text = "end of the input, and no byte in the tunnel for " + spent(tunnelPause) + ": half-closed, nothing more will be sent"
		}
		if o.tls {
			text += " (in TLS that is a close_notify, which many " + o.peer() + "s take for a full close)"
		}
		if o.role == session.Server && o.person.types() && !o.peerEnded {
			text += "; the client has " + spent(linger) + " to close"
		}
	case session.HalfClosedCut:
		code, text = "half-closed-cut", o.halfClosedCut()
	case session.WriteFailed:
		code, text = "write-failed", "the "+o.peer()+" takes no more bytes"+writeText(detail)+"; what it sent is still read"
	case session.PeerHalfClosed:
		code, text = "peer-half-closed", "the "+o.peer()+" has closed its side, or is gone; what is still to be sent may reach it"
		if o.person.types() {
			text += ", " + o.outputs.keyboard.endKey() + " closes"
		}
	case session.NothingToAnswer:
		code, text = "nothing-to-answer", "nothing to answer with: give a FILE or type"
		if o.files {
			text = "nothing to answer with: the FILEs are empty"
		}
		if o.used {
			text = "nothing to answer with: the pipe was used up by the first answer; a FILE answers every request"
		}
	case session.HeldUntilSilence:
		code, text = "held-until-silence", "no complete request yet, and silence: sending what was given"
	case session.TruncatedWithoutTLS:
		if _, received := o.conversation.State(); o.role == session.Server && !received.Middle && !o.verbose {
			return nil // many clients do, and nothing can be missing
		}
		code, text = "no-close-notify", "the "+o.peer()+" closed without close_notify: somebody may have cut the stream"
	}
	return o.conversation.Note(code, text)
}

func (o *observer) peer() string {
	if o.role == session.Client {
		return "server"
	}
	return "client"
}

func (o *observer) state() session.State {
	sent, received := o.conversation.State()
	responses := &received
	if o.role == session.Server {
		responses = &sent
	}
	o.interim = responses.Complete - responses.Answered
	if responses.Answered != o.answered {
		o.answered, o.interimBefore = responses.Answered, o.interim
	}
	o.promptNext()
	state := session.State{Sent: stand(sent, o.sent), Received: stand(received, o.received)}
	state.Sent.Unseen, state.Received.Unseen = o.unseen()
	return state
}

// stand is what a session needs to know of one side.
func stand(s http1.State, bytes int64) session.Stand {
	return session.Stand{
		Bytes:      bytes > 0,
		TextLine:   s.Next != http1.Body && s.Next != http1.ChunkData && s.Next != http1.Tunnel,
		AfterChunk: s.Next == http1.ChunkEnd,
		Middle:     s.Middle,
		Framed:     s.Next != http1.NonHTTP && s.Next != http1.Tunnel && s.Next != http1.Unframed,
		Tunnel:     s.Next == http1.Tunnel,
		Expects:    s.Expect && s.Middle,
		Closes:     s.Last,
		Begun:      s.Begun,
		Complete:   s.Complete,
		Answered:   s.Answered,
	}
}

// speaksTLS reports whether the peer's first bytes are a TLS record.
func (o *observer) speaksTLS() bool {
	return len(o.first) >= 3 && 0x14 <= o.first[0] && o.first[0] <= 0x17 && o.first[1] == 3 && o.first[2] <= 4
}

// asksForHTTPS recognises what nginx, Apache and Go answer to plain HTTP on a
// TLS port.
func (o *observer) asksForHTTPS() bool {
	if _, received := o.conversation.State(); o.role == session.Server || o.tls || received.Status != 400 {
		return false
	}
	for _, text := range []string{"HTTPS port", "HTTPS server", "SSL-enabled server"} {
		if bytes.Contains(o.first, []byte(text)) {
			return true
		}
	}
	return false
}

// speaksFrames reports whether the server was asked, by ALPN, to speak HTTP/2.
func (o *observer) speaksFrames() bool {
	return o.secured != nil && binaryProtocol(o.secured.ConnectionState().NegotiatedProtocol)
}

// writeText says why a write failed and how much went out: rows show what was
// to be sent.
func writeText(err error) string {
	var failed *session.WriteError
	if !errors.As(err, &failed) {
		return " (" + dial.Explain(err) + ")"
	}
	return fmt.Sprintf(" (%s; %d of the %d bytes shown went out)", dial.Explain(failed.Err), failed.Sent, failed.All)
}
