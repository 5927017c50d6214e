package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"time"

	"rawhttp/internal/http1"
	"rawhttp/internal/lesson"
	"rawhttp/internal/transcript"
)

// nobodyLooks is a scanner's sink where only its State is wanted.
type nobodyLooks struct{}

func (nobodyLooks) Token(http1.Token)           {}
func (nobodyLooks) Diagnostic(http1.Diagnostic) {}
func (nobodyLooks) Head(*http1.Message)         {}
func (nobodyLooks) Message(*http1.Message)      {}

// lineEnds writes a text as it is sent: with CR LF where -C would write it, and
// as a message of its own where it begins with a start-line.
func (d *demoPlayer) lineEnds(a *lesson.Action) []byte {
	side := http1.Request
	if a.Side == lesson.Server {
		side = http1.Response
	}
	d.regain(side, a.Text)
	var p []byte
	for line := range bytes.Lines([]byte(a.Text)) {
		text := stand(d.framing.State(side), 0).TextLine
		line, ended := bytes.CutSuffix(line, []byte("\n"))
		d.framing.Feed(side, line)
		p = append(p, line...)
		if !ended {
			continue
		}
		end := "\n"
		if text || stand(d.framing.State(side), 0).AfterChunk {
			end = "\r\n"
		}
		d.framing.Feed(side, []byte(end))
		p = append(p, end...)
	}
	return p
}

// regain has a text that begins with a start-line begin a message for lineEnds,
// where a wrong length before it has lost the framing of either side: else the
// LF of its body would become CR LF, and its own length wrong.
func (d *demoPlayer) regain(side http1.Side, text string) {
	lost := func(k http1.Kind) bool { return k == http1.NonHTTP || k == http1.Unframed }
	ours, other := d.framing.State(side), d.framing.State(1-side)
	if !lost(ours.Next) && !lost(other.Next) || other.Middle && !lost(other.Next) {
		return
	}
	start, _, _ := strings.Cut(text, "\n")
	anew := http1.New(nobodyLooks{})
	anew.Feed(side, []byte(start+"\r\n"))
	if s := anew.State(side); s.Begun == 1 && !lost(s.Next) {
		d.framing = http1.New(nobodyLooks{})
	}
}

// close has one side close, and the other see it.
func (d *demoPlayer) close(side lesson.Side) error {
	if err := d.ends(side, "closed", "the "+side.String()+" closes the connection"); err != nil {
		return err
	}
	from, to := d.wire.client, d.wire.server
	if side == lesson.Server {
		from, to = to, from
	}
	err := from.Close()
	if err == nil && d.wire.served == nil {
		err = awaitEnd(to)
	}
	if err != nil {
		return networkFailure("cannot close: ", err)
	}
	if err := d.ended(side, "the "+side.String()+" closed the connection"); err != nil {
		return err
	}
	return d.part("peer")
}

// halfClose has one side say that it will send nothing more.
func (d *demoPlayer) halfClose(ctx context.Context, a *lesson.Action) error {
	side := a.Side
	if err := d.ends(side, "half-closed", "the "+side.String()+" half-closes: it will send nothing more"); err != nil {
		return err
	}
	from, to := d.wire.client, d.wire.server
	if side == lesson.Server {
		from, to = to, from
	}
	if d.wire.served != nil {
		d.wire.served.expectEnd()
	}
	if err := from.CloseWrite(); err != nil {
		return networkFailure("cannot half-close: ", err)
	}
	if d.wire.served == nil {
		if err := awaitEnd(to); err != nil {
			return networkFailure("the connection broke: ", err)
		}
	}
	err := d.ended(side, "the "+side.String()+" half-closed: it will send nothing more")
	if err != nil || d.wire.served == nil {
		return err
	}
	return d.answers(ctx, a)
}

// awaitEnd reads to the end of a stream in which nothing is left.
func awaitEnd(conn io.Reader) error {
	_, err := io.Copy(io.Discard, conn)
	return err
}

// ends shows at a side's own end that it sends nothing more.
func (d *demoPlayer) ends(side lesson.Side, code, how string) error {
	v := d.view(side)
	if v == nil {
		return nil
	}
	d.turn(v)
	if err := v.conversation.EndSent(); err != nil {
		return err
	}
	return v.conversation.Note(code, how)
}

// ended shows at the other end that nothing more comes from this side; how says
// why.
func (d *demoPlayer) ended(side lesson.Side, how string) error {
	v := d.view(1 - side)
	if v == nil {
		return nil
	}
	d.turn(v)
	why := transcript.EndEOF
	if d.wire.agreed != nil {
		why = transcript.EndCloseNotify
	}
	if err := v.conversation.EndReceived(why); err != nil {
		return err
	}
	return v.conversation.Note("peer-half-closed", how)
}

// part closes the connection at hand, if there is one.
func (d *demoPlayer) part(reason string) error {
	if d.wire == nil {
		return nil
	}
	for _, v := range d.views {
		if err := v.conversation.Over(); err != nil {
			return err
		}
		err := v.conversation.Close(transcript.Closed{
			Sent: v.sent, Received: v.received, Seconds: time.Since(v.since).Seconds(), Reason: reason,
		})
		if err != nil {
			return err
		}
	}
	d.hangUp()
	return nil
}

// hangUp closes both ends and waits for what serves one.
func (d *demoPlayer) hangUp() {
	if d.wire == nil {
		return
	}
	d.wire.closeBoth()
	d.wire.stop()
	d.wire, d.views, d.at = nil, nil, nil
}
