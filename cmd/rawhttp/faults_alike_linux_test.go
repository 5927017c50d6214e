package main

import (
	"errors"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestSendBrokenRaw: --raw has the same bytes, and the same end.
func TestSendBrokenRaw(t *testing.T) {
	for _, kind := range []faultKind{reset, ended} {
		everyFault(t, kind, 7, func(t *testing.T, e *exchange, f fault) {
			if f.in == toServer && f.after == 0 {
				return
			}
			s, w := faultySend(t, e, f, true, "--raw")
			statuses, reasons := e.due(f)
			if got := w.took(toClient); s.json != string(got) || !among(strconv.Itoa(s.status), statuses) {
				t.Errorf("%d: status %d, %s due; %q, carried %q\n%s", f.after, s.status, statuses, s.json, got, s.errors)
			}
			note := false
			for reason := range strings.FieldsSeq(reasons) {
				note = note || regexp.MustCompile(`(?m)^\* (`+closingTexts[reason]+`).*received `+strconv.Itoa(len(s.json))+` bytes\)$`).MatchString(s.errors)
			}
			if !note || s.status != 0 != strings.Contains(s.errors, "rawhttp: error: ") {
				t.Errorf("%d: the end is not told:\n%s", f.after, s.errors)
			}
		})
	}
}

// TestSendBytewise: segments of one byte change nothing.
func TestSendBytewise(t *testing.T) {
	for name, e := range exchanges {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var text string
			for _, f := range []fault{{kind: unbroken}, {kind: bytewise}} {
				s, w := faultySend(t, &e, f, false, everyView...)
				if err := s.agrees(w.took(toClient), w.took(toServer)); err != nil || string(s.kept) != e.response || s.status != 0 {
					t.Errorf("%s: %v, status %d, received %q", f.kind, err, s.status, s.kept)
				}
				switch now := timeless(s.text); {
				case strings.Contains(now, "half-closed"): // when that is depends on the reading of the input
				case name == "tunnel": // whether it is one when its bytes are sent depends on when the answer comes
				case text != "" && now != text:
					t.Errorf("in one piece:\n%s\nin bytes:\n%s", text, now)
				default:
					text = now
				}
			}
		})
	}
}

// TestSendStalled: the peer falls silent at each byte, for ever, or for a while that
// -w outlasts: RAWHTTP_SOAK_FAULTS seconds.
func TestSendStalled(t *testing.T) {
	forEver, while := "2", 50*time.Millisecond
	if seconds, err := strconv.Atoi(os.Getenv("RAWHTTP_SOAK_FAULTS")); err == nil {
		while = time.Duration(seconds) * time.Second
	}
	var all sync.WaitGroup
	places := make(chan struct{}, 200)
	for _, e := range exchanges {
		for d, stream := range map[direction]string{toServer: e.request, toClient: e.response} {
			for k := 0; k < len(stream); k += stepOf(9) {
				for _, stall := range []time.Duration{0, while} {
					places <- struct{}{}
					all.Go(func() {
						stallOnce(t, &e, fault{kind: stalled, in: d, after: k, stall: stall}, forEver)
						<-places
					})
				}
			}
		}
	}
	all.Wait()
}

func stallOnce(t *testing.T, e *exchange, f fault, patient string) {
	args := everyView
	if f.stall == 0 {
		args = append([]string{"-w", patient}, args...)
	}
	s, w := faultySend(t, e, f, false, args...)
	err := s.agrees(w.took(toClient), w.took(toServer))
	tunnel := strings.HasPrefix(e.request, "CONNECT") && f.after >= len(headOnly) // where none is named
	switch named := strings.Contains(s.json, `"code":"silence-`); {
	case err != nil:
	case f.stall == 0 && (s.status != statusTimeout || s.close.Reason != "timeout" || !strings.Contains(s.errors, " without a byte from ")):
		err = errors.New("-w did not run out")
	case f.stall > 0 && (s.status != statusDone || string(s.kept) != e.response):
		err = errors.New("not what it is without the stall")
	case f.stall > silenceAfter && !named && f.in == toClient && !tunnel:
		err = errors.New("the silence is not named")
	}
	if err != nil {
		t.Errorf("%+v: %v\nstatus %d %s\n%s", f, err, s.status, s.errors, s.text)
	}
}
