package main

import (
	"rawhttp/internal/http1"
	"rawhttp/internal/session"
)

// What a person who types does next stands in the prompt and in notes.

// promptNext makes the prompt that of the row to be typed next.
func (o *observer) promptNext() {
	if o.outputs.keyboard != nil && !o.outputs.inputOver.Load() {
		o.outputs.keyboard.expect(o.conversation.Prompt())
		if o.outputs.inputOver.Load() { // it has ended meanwhile
			o.outputs.keyboard.idle()
		}
	}
}

// endInput says that nothing typed is sent any more on this connection.
func (o *outputs) endInput() {
	o.inputOver.Store(true)
	o.keyboard.idle()
}

// stillOwed says what an end of the input now would leave out of a message that
// was begun, and what the peer would see; "" when that would be nothing. It may
// be called at any time.
func (o *observer) stillOwed() string {
	q := &quiet{client: o.role == session.Client, typed: true, endKey: o.outputs.keyboard.endKey()}
	q.sent.State, q.received.State = o.conversation.State()
	q.sent.chunk, q.received.chunk = o.conversation.Chunks()
	s := &q.sent
	if foreign(s) || s.Next == http1.Unframed || !(s.Middle || s.Begun > s.Complete) || s.Next == http1.Body && s.Owed < 0 {
		return ""
	}
	why := q.unsent()
	if why.text == "" {
		return ""
	}
	return why.text + "; " + q.endKey + " once more ends here all the same, and the " + q.peer() + " sees the " + message(q.client) + " cut short"
}

// stillWaits says why an end of the input now does not end the program at once;
// "" when it does, or when a note about a half-close says so. It may be called at
// any time.
func (o *observer) stillWaits() string {
	sent, received := o.conversation.State()
	if o.role == session.Server || !stand(sent, 0).Framed || received.Answered >= sent.Complete {
		return ""
	}
	return "end of the input: ends when the server has answered, Ctrl-C ends at once"
}

// further says what the connection does after a response, and what Ctrl-D does.
func (o *outputs) further(keepsAlive bool) string {
	switch {
	case !o.person.types() || o.inputOver.Load():
		return ""
	case keepsAlive:
		return "; the server keeps the connection open for another request, " + o.keyboard.endKey() + " ends"
	}
	return "; the server closes the connection"
}
