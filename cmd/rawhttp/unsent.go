package main

import (
	"fmt"
	"time"

	"rawhttp/internal/http1"
	"rawhttp/internal/session"
)

// A request may have a body that is shorter than its Content-Length, or the peer or
// the network may have ended the sending before the body's end: what is said of the
// two must not be mistaken.

// moreWait is how long an input that has shown neither bytes nor its end is asked. A
// file has one of them at once.
const moreWait = 100 * time.Millisecond

// askMore finds out whether the input had more for a request that stayed incomplete:
// the session may have ended between two pieces of it.
func (o *outcome) askMore(in *source) {
	r := &o.result
	s := &r.State.Sent
	if r.Unsent || r.InputEnded || in.person != nil || o.observer.role == session.Server || !s.Middle && s.Begun == s.Complete {
		return
	}
	late := time.NewTimer(moreWait)
	defer late.Stop()
	select {
	case <-in.input.Ready():
		r.Unsent = !in.input.AtEnd()
	case <-late.C:
	}
}

// notSent says how much of a request went out of which more was to go: what is
// missing then is not the user's mistake. Rows and the Scanner have bytes that did
// not go out, too, and may call the request complete.
func (o *observer) notSent(r *session.Result) string {
	q := o.quiet()
	s := &q.sent
	note, unsent := "the request was not sent whole", o.sent-r.Sent
	switch whole := !s.Middle && s.Begun == s.Complete; {
	case o.role == session.Server || s.Begun == 0 || !stand(s.State, 0).Framed:
		return ""
	case !whole && s.Next == http1.Body && s.Owed >= 0:
		return fmt.Sprintf("%s: %d of the %s of its body went out", note, max(0, s.Size-s.Owed-unsent), promised(s.Size))
	case whole && r.WriteErr != nil:
		return "" // it is said
	case whole:
		return fmt.Sprintf("%s: %d of the %d bytes shown went out", note, r.Sent, o.sent)
	}
	return note
}
