package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"rawhttp/internal/session"
)

// How conversations of listen end, and listen itself.

// endOf makes Ctrl-C the ordinary end of a listener that was to go on.
func (h *host) endOf(err error) error {
	var signalled *stopped
	if errors.As(err, &signalled) && h.keepOpen && signalled.status() == 130 {
		return nil
	}
	return err
}

// report shows what one of several conversations came to and returns what ends
// them all: an error of this program's own output or input.
func (h *host) report(connection int, err error) error {
	var f *failure
	var quiet *exitStatus
	if errors.As(err, &quiet) {
		return err
	}
	// What a FILE could not give to this client it may give to the next.
	if errors.As(err, &f) && f.status == statusFailed && f.err != nil && !isNetwork(f.err) && !(f.input && h.canned != nil) {
		return err
	}
	if eventErr := h.outputs.event(connection, err); eventErr != nil {
		return eventErr
	}
	return h.outputs.screen.Always("error", fmt.Sprintf("#%d: error: %s", connection, err))
}

// askWhetherToEnd takes a Ctrl-D that may be meant for the connection before, or for
// one on which nothing came.
func (h *host) askWhetherToEnd(ctx context.Context) error {
	if _, err := h.source.input.Next(ctx); !errors.Is(err, io.EOF) {
		return err
	}
	text := h.source.over()
	if h.source.gone == 0 {
		text = fmt.Sprintf("#%d is connected and silent; %s once more", h.silent.Load(), h.source.keyboard.endKey())
	}
	return h.outputs.screen.Always("end-asked", text+" ends rawhttp")
}

// over shows how a conversation ended.
func (h *host) over(ctx context.Context, seen *observer, remote string, result session.Result, timeout time.Duration) error {
	end := &outcome{result: result, observer: seen, peer: remote, person: h.source.person, timeout: timeout, view: &h.viewFlags}
	in := h.source
	h.tally.ended(seen.number, result.State.Sent.Answered)
	if h.keepOpen {
		h.outputs.keyboard.idle()
		in.dropLate(h.outputs.screen, end.observer.number)
		if in.person != nil { // else several may end at once
			in.gone = 0
			if !result.InputEnded {
				in.gone = end.observer.number
			}
		}
		end.next = h.source.person.types()
		in = &source{} // what is typed next is the next client's
	} else {
		h.listener.StopAccepting()
		h.program.saySuspended(h.outputs, "")
	}
	return conclude(ctx, h.outputs, in, end)
}
