package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rawhttp/internal/http1"
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

// TestLessonsCountRight: every message that a lesson writes has as many bytes of
// content as it announces, but where the lesson is about a wrong length.
func TestLessonsCountRight(t *testing.T) {
	t.Parallel()
	all, err := builtinLessons()
	if err != nil {
		t.Fatal(err)
	}
	meant := map[string][]string{
		"length":    {"server announces 20 and sends 14", "server announces 5 and sends 14"},
		"head":      {"server announces 15 and sends 0"},           // to HEAD
		"continue":  {"client announces 900000000000 and sends 0"}, // and is refused before
		"smuggling": {"client announces 40 and sends 0"},           // likewise
	}
	for _, chosen := range all {
		wrong := wrongLengths(chosen.lesson)
		if !slices.Equal(wrong, meant[chosen.name]) {
			t.Errorf("%s: %q, and meant are %q", chosen.name, wrong, meant[chosen.name])
		}
	}
}

// wrongLengths compares each Content-Length with the bytes from there to the
// side's next start-line.
func wrongLengths(l *lesson.Lesson) (wrong []string) {
	d := &demoPlayer{framing: http1.New(nobodyLooks{})}
	var message [2][]byte
	judge := func(side lesson.Side) {
		head, content, _ := bytes.Cut(message[side], []byte("\r\n\r\n"))
		message[side] = nil
		if found := regexp.MustCompile(`(?i)\ncontent-length:\s*(\d+)`).FindSubmatch(head); found != nil {
			if announced := string(found[1]); announced != strconv.Itoa(len(content)) {
				wrong = append(wrong, fmt.Sprintf("%s announces %s and sends %d", side, announced, len(content)))
			}
		}
	}
	request := regexp.MustCompile(`^[A-Z]+ \S+ HTTP/1`)
	for _, step := range l.Steps {
		for _, a := range step.Do {
			if a.Kind == lesson.Connect {
				judge(lesson.Client)
				judge(lesson.Server)
				d.framing = http1.New(nobodyLooks{})
			}
			if a.Kind != lesson.Send {
				continue
			}
			p := []byte(a.Text)
			if !a.Escaped {
				p = d.lineEnds(&a)
			}
			for line := range bytes.Lines(p) {
				if bytes.HasPrefix(line, []byte("HTTP/1")) || &line[0] == &p[0] && request.Match(line) {
					judge(a.Side)
				}
				message[a.Side] = append(message[a.Side], line...)
			}
		}
	}
	judge(lesson.Client)
	judge(lesson.Server)
	return wrong
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
