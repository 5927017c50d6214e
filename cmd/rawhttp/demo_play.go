package main

import (
	"context"
	"io"
	"time"

	"rawhttp/internal/http1"
	"rawhttp/internal/lesson"
	"rawhttp/internal/transcript"
)

// demoPlayer plays one lesson.
type demoPlayer struct {
	name     string // as errors name it
	lesson   *lesson.Lesson
	screen   *transcript.Screen
	pause    func(ctx context.Context, done, all int) error // before each step but the first
	security *demoTLS                                       // nil without TLS

	wire    *wirePair
	views   []*demoView // of the connection at hand
	framing *http1.Scanner
	begun   int // conversations
	at      *demoView
	gone    bool // the built-in server has ended what it sends
}

// demoView is the transcript of one end.
type demoView struct {
	side           lesson.Side
	conversation   *transcript.Conversation
	sent, received int64
	since          time.Time
}

// play plays all steps; before each but the first it waits for Enter.
func (d *demoPlayer) play(ctx context.Context) error {
	defer d.hangUp()
	for i := range d.lesson.Steps {
		step := &d.lesson.Steps[i]
		if i > 0 {
			if err := d.pause(ctx, i, len(d.lesson.Steps)); err != nil {
				return err
			}
		}
		if err := d.screen.Say("lesson", step.Say...); err != nil {
			return err
		}
		for j := range step.Do {
			if err := d.do(ctx, &step.Do[j]); err != nil {
				return d.explain(ctx, err)
			}
			if err := context.Cause(ctx); err != nil {
				return err
			}
		}
		for _, v := range d.views {
			if err := v.conversation.Pause(); err != nil {
				return err
			}
		}
	}
	return d.part("local")
}

// explain keeps what a signal did from looking like a fault of the network.
func (d *demoPlayer) explain(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

func (d *demoPlayer) do(ctx context.Context, a *lesson.Action) error {
	if a.Kind == lesson.Wait {
		return d.wait(ctx, a.For)
	}
	if a.Kind == lesson.Connect || d.wire == nil {
		if err := d.connect(ctx); err != nil {
			return err
		}
	}
	if d.gone && a.Kind != lesson.Connect && a.Kind != lesson.Close {
		return d.mistake(a, "the server has closed this connection", "-- connect -- begins a new one")
	}
	switch a.Kind {
	case lesson.Send:
		return d.send(ctx, a)
	case lesson.Serve:
		d.wire.serve(ctx)
	case lesson.Close:
		return d.close(a.Side)
	case lesson.HalfClose:
		return d.halfClose(ctx, a)
	}
	return nil
}

// mistake is one that only playing shows.
func (d *demoPlayer) mistake(a *lesson.Action, problem, advice string) error {
	line := a.Line
	if a.Kind == lesson.Send {
		line-- // the section's name
	}
	return &usageError{problem: d.name + ": " + (&lesson.Error{Line: line, Problem: problem}).Error(), hint: advice, final: true}
}

// connect makes a connection and the transcripts of it.
func (d *demoPlayer) connect(ctx context.Context) error {
	if err := d.part("local"); err != nil {
		return err
	}
	w, err := connectPair(ctx, d.security)
	if err != nil {
		return err
	}
	d.wire, d.framing, d.gone = w, http1.New(nobodyLooks{}), false
	for _, side := range []lesson.Side{lesson.Client, lesson.Server} {
		if d.lesson.Show == lesson.ShowBoth || d.lesson.Show == lesson.Show(side) {
			if err := d.open(side); err != nil {
				return err
			}
		}
	}
	return nil
}

// open begins the transcript of one end.
func (d *demoPlayer) open(side lesson.Side) error {
	d.begun++
	v := &demoView{side: side, since: time.Now()}
	ours, local, remote := http1.Request, d.wire.client.LocalAddr(), d.wire.client.RemoteAddr()
	if side == lesson.Server {
		ours, local, remote = http1.Response, remote, local
	}
	v.conversation = d.screen.Conversation(d.begun, ours)
	opened := transcript.Opened{Time: v.since, Server: side == lesson.Server, Local: addressText(local), Remote: addressText(remote)}
	if d.wire.agreed != nil {
		opened.TLS = tlsFacts(d.wire.agreed)
	}
	if err := v.conversation.Open(opened); err != nil {
		return err
	}
	d.views = append(d.views, v)
	if side == lesson.Server {
		return v.conversation.Note("connected", "connection from "+opened.Remote)
	}
	err := v.conversation.Note("connected", "connected to "+opened.Remote)
	if d.wire.agreed == nil || err != nil {
		return err
	}
	for i, line := range d.wire.agreed.Lines() {
		code := "certificate"
		if i == 0 {
			code = "tls"
		}
		if err := v.conversation.Note(code, line); err != nil {
			return err
		}
	}
	return nil
}

// turn says whose rows follow, where both sides' are shown.
func (d *demoPlayer) turn(v *demoView) {
	if d.lesson.Show != lesson.ShowBoth || d.at == v {
		return
	}
	d.at = v
	for _, held := range d.views {
		held.conversation.Pause() // what the other end holds stands above
	}
	v.conversation.Always("side", "at the "+v.side.String()+":")
}

func (d *demoPlayer) view(side lesson.Side) *demoView {
	for _, v := range d.views {
		if v.side == side {
			return v
		}
	}
	return nil
}

// send has one side write and the other read.
func (d *demoPlayer) send(ctx context.Context, a *lesson.Action) error {
	p := []byte(a.Text)
	if !a.Escaped {
		p = d.lineEnds(a)
	}
	if err := d.showSent(a.Side, p); err != nil {
		return err
	}
	if d.wire.served != nil {
		return d.ask(ctx, a, p)
	}
	from, to := d.wire.client, d.wire.server
	if a.Side == lesson.Server {
		from, to = to, from
	}
	came, err := pass(from, to, p)
	if err != nil {
		return networkFailure("the connection broke: ", err)
	}
	return d.showReceived(1-a.Side, came)
}

// ask sends to the built-in server, and shows its answers at the same time: they
// may have to be read before it reads on.
func (d *demoPlayer) ask(ctx context.Context, a *lesson.Action, p []byte) error {
	d.wire.served.expect(len(p))
	written := make(chan error, 1)
	go func(client io.Writer) {
		_, err := client.Write(p)
		written <- err
	}(d.wire.client)
	err := d.answers(ctx, a)
	if err != nil {
		d.hangUp() // which ends the writing
	}
	if writeErr := <-written; err == nil && writeErr != nil && !d.gone {
		err = networkFailure("cannot send: ", writeErr)
	}
	return err
}

// What a lesson waits for an answer of the built-in server, and shows of it.
const (
	longestAnswer = 20 * time.Second
	mostAnswered  = 24 << 20
)

// answers shows what the built-in server reads and writes, until it waits for
// more. Some of its pages have no end.
func (d *demoPlayer) answers(ctx context.Context, a *lesson.Action) error {
	limit, begun, shown := silenceAfter, time.Now(), 0
	for {
		next := d.wire.served.next(limit)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if shown += len(next.crossed.bytes); shown > mostAnswered || time.Since(begun) > longestAnswer {
			return d.mistake(a, "the server's answer does not end, or is too long", "ask for a page that ends: /stream does not, and no lesson waits longer than "+spent(longestAnswer))
		}
		limit = silenceAfter
		var err error
		switch {
		case next.crossed.received:
			err = d.showReceived(lesson.Server, next.crossed.bytes)
		case len(next.crossed.bytes) > 0:
			err = d.answer(next.crossed.bytes)
		case next.silent:
			d.nameSilence()
			limit = longestAnswer - time.Since(begun) + time.Second // once is enough
		case next.shut:
			d.gone = true
			if err := d.ends(lesson.Server, "closed", "the server closes the connection"); err != nil {
				return err
			}
			return d.ended(lesson.Server, "the server closed the connection")
		default:
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// answer takes at the client's end what the built-in server wrote.
func (d *demoPlayer) answer(p []byte) error {
	if err := d.showSent(lesson.Server, p); err != nil {
		return err
	}
	came := make([]byte, len(p))
	if _, err := io.ReadFull(d.wire.client, came); err != nil {
		return networkFailure("the connection broke: ", err)
	}
	d.framing.Feed(http1.Response, came)
	return d.showReceived(lesson.Client, came)
}

func (d *demoPlayer) showSent(side lesson.Side, p []byte) error {
	v := d.view(side)
	if v == nil {
		return nil
	}
	d.turn(v)
	v.sent += int64(len(p))
	return v.conversation.Sent(p)
}

func (d *demoPlayer) showReceived(side lesson.Side, p []byte) error {
	v := d.view(side)
	if v == nil {
		return nil
	}
	d.turn(v)
	v.received += int64(len(p))
	return v.conversation.Received(p)
}
