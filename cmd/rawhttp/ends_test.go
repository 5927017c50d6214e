package main

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"rawhttp/internal/session"
	"rawhttp/internal/transcript"
)

// TestCutWithoutCloseNotify: a body that ends with the connection is whole only
// if TLS says so.
func TestCutWithoutCloseNotify(t *testing.T) {
	for ending, want := range map[session.Ending]int{session.EndClosed: statusDone, session.EndTruncated: statusCut} {
		var shown bytes.Buffer
		out := &outputs{screen: transcript.NewScreen(transcript.Options{Output: &shown})}
		seen := newObserver(out, 1, session.Client)
		seen.tls = true
		seen.Sent([]byte("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
		seen.Received([]byte("HTTP/1.1 200 OK\r\n\r\nhello"))
		state, err := seen.EndReceived(ending)
		if err != nil {
			t.Fatal(err)
		}
		end := &outcome{observer: seen, result: session.Result{Reason: session.PeerClosed, State: state, PeerEnded: true}}
		status := statusDone
		if err := end.error(); err != nil {
			status = statusOf(err)
			if !strings.Contains(err.Error(), "without close_notify") {
				t.Errorf("ending %d: %v", ending, err)
			}
		}
		if status != want {
			t.Errorf("ending %d: status %d, want %d\n%s", ending, status, want, shown.String())
		}
		if complete := bytes.Contains(shown.Bytes(), []byte("* response complete")); complete != (want == statusDone) {
			t.Errorf("ending %d: called complete: %v", ending, complete)
		}
	}
}

// TestAnswersKeepWhatCanBeReadOnce: a pipe among the FILEs answers every request
// with all it gave.
func TestAnswersKeepWhatCanBeReadOnce(t *testing.T) {
	r, w := io.Pipe()
	go func() {
		io.WriteString(w, "one ")
		io.WriteString(w, "two")
		w.Close()
	}()
	a := newAnswers(&inputFiles{names: []string{"-"}, stdin: r}, false)
	for range 2 {
		answer, err := a.open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(answer)
		if err != nil || string(got) != "one two" {
			t.Errorf("%q %v", got, err)
		}
		answer.Close()
	}
	r, w = io.Pipe()
	broken := errors.New("broken")
	w.CloseWithError(broken)
	a = newAnswers(&inputFiles{names: []string{"-"}, stdin: r}, false)
	if _, err := a.open(t.Context()); !errors.Is(err, broken) {
		t.Errorf("a pipe that fails: %v", err)
	}
}
