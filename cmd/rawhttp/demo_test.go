package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"rawhttp/internal/lesson"
	"rawhttp/internal/transcript"
)

// TestLessonsFitTheScreen plays each lesson for a terminal of 80x24: what stands
// between two pauses, with the prompt below it, never scrolls away.
func TestLessonsFitTheScreen(t *testing.T) {
	t.Parallel()
	all, err := builtinLessons()
	if err != nil {
		t.Fatal(err)
	}
	for _, chosen := range all {
		t.Run(chosen.name, func(t *testing.T) {
			t.Parallel()
			var shown bytes.Buffer
			screen := transcript.NewScreen(transcript.Options{Output: &shown, Width: func() int { return 80 }, Diagnostics: (&viewFlags{threshold: &choice{value: "warning"}}).shownFrom()})
			d := &demoPlayer{name: chosen.name, lesson: chosen.lesson, screen: screen}
			d.pause = func(_ context.Context, done, _ int) error {
				if err := screen.Say("pause"); err != nil {
					return err
				}
				const room = 23 // and the prompt
				if lines := strings.Count(shown.String(), "\n"); lines > room {
					t.Errorf("step %d has %d lines, and there is room for %d:\n%s", done, lines, room, shown.String())
				}
				shown.Reset()
				return nil
			}
			if chosen.lesson.TLS {
				if d.security, err = newDemoTLS(); err != nil {
					t.Fatal(err)
				}
			}
			if err := screen.Say("lesson-title", chosen.lesson.Title); err != nil {
				t.Fatal(err)
			}
			if err := d.play(context.Background()); err != nil {
				t.Fatal(err)
			}
			d.pause(context.Background(), len(chosen.lesson.Steps), 0)
			if steps := len(chosen.lesson.Steps); steps > 12 {
				t.Errorf("%d steps are too many", steps)
			}
		})
	}
}

// TestDocumentedLesson: the example of docs/lessons.md is a lesson.
func TestDocumentedLesson(t *testing.T) {
	page, err := os.ReadFile("../../docs/lessons.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(page), "```\n")
	example, _, _ = strings.Cut(example, "```\n")
	l, err := readLesson("docs/lessons.md", []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	screen := transcript.NewScreen(transcript.Options{Output: io.Discard})
	d := &demoPlayer{lesson: l, screen: screen, pause: (*demoPauses)(nil).wait}
	if err := d.play(context.Background()); err != nil {
		t.Fatal(err)
	}
	if wrong := screen.Found().Wrong(); wrong != "" {
		t.Error(wrong)
	}
}

// TestLessonMuch: more than a connection holds goes both ways at once, to the
// built-in server and by hand.
func TestLessonMuch(t *testing.T) {
	t.Parallel()
	const head = "title: Much\nshow: both\n-- say --\nS.\n"
	requests := strings.Repeat("GET /bytes/20000 HTTP/1.1\nHost: x\n\n", 1000)
	for name, text := range map[string]string{
		"pipelined": head + "-- serve --\n-- client --\n" + requests,
		"by hand":   head + "-- client --\nPOST / HTTP/1.1\nHost: x\nContent-Length: 1000001\n\n" + strings.Repeat("x", 1000000) + "\n",
		"one page":  head + "-- serve --\n-- client --\nGET /bytes/20000000 HTTP/1.1\nHost: x\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := lesson.Parse([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			screen := transcript.NewScreen(transcript.Options{Output: io.Discard})
			d := &demoPlayer{lesson: l, screen: screen}
			if err := d.play(context.Background()); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestLessonInterrupted: whatever a lesson is waiting for, a signal ends it with
// the signal's cause, and nothing is left running.
func TestLessonInterrupted(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"a wait":       "title: T\n-- say --\nS.\n-- client --\nGET / HTTP/1.1\n-- wait 60s --\n",
		"a slow page":  "title: T\n-- say --\nS.\n-- serve --\n-- client --\nGET /slow/60 HTTP/1.1\nHost: x\n\n",
		"endless page": "title: T\n-- say --\nS.\n-- serve --\n-- client --\nGET /stream HTTP/1.1\nHost: x\n\n",
		"in TLS":       "title: T\ntls: yes\n-- say --\nS.\n-- serve --\n-- client --\nGET /slow/60 HTTP/1.1\nHost: x\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := lesson.Parse([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancelCause(context.Background())
			sent := writerFunc(func(p []byte) {
				if bytes.Contains(p, []byte("> request")) {
					cancel(&stopped{})
				}
			})
			d := &demoPlayer{lesson: l, screen: transcript.NewScreen(transcript.Options{Output: sent})}
			if l.TLS {
				if d.security, err = newDemoTLS(); err != nil {
					t.Fatal(err)
				}
			}
			if err := d.play(ctx); err != context.Cause(ctx) {
				t.Errorf("%v", err)
			}
		})
	}
}

type writerFunc func(p []byte)

func (f writerFunc) Write(p []byte) (int, error) {
	f(p)
	return len(p), nil
}
