package main

import (
	"context"
	"fmt"
	"time"

	"rawhttp/internal/lesson"
)

// wait lets time pass, and names the silence.
func (d *demoPlayer) wait(ctx context.Context, how time.Duration) error {
	for _, v := range d.views {
		if err := v.conversation.Pause(); err != nil {
			return err
		}
	}
	if how >= silenceAfter {
		if err := sleep(ctx, silenceAfter); err != nil {
			return err
		}
		d.nameSilence()
		how -= silenceAfter
	}
	return sleep(ctx, how)
}

func sleep(ctx context.Context, how time.Duration) error {
	timer := time.NewTimer(how)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// nameSilence says at the first end that is shown what is waited for.
func (d *demoPlayer) nameSilence() {
	if len(d.views) == 0 {
		return
	}
	v := d.views[0]
	q := &quiet{client: v.side == lesson.Client}
	q.sent.State, q.received.State = v.conversation.State()
	q.sent.chunk, q.received.chunk = v.conversation.Chunks()
	q.sent.bytes, q.received.bytes = v.sent, v.received
	if why := q.cause(); why.text != "" {
		v.conversation.Note(why.code, fmt.Sprintf("%s of silence: %s", spent(silenceAfter), why.text))
	}
}
