package main

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"

	"rawhttp/internal/console"
	"rawhttp/internal/lesson"
)

// lessonFiles are the built-in lessons, in their order: NUMBER-NAME.txt.
//
//go:embed lessons/*.txt
var lessonFiles embed.FS

// chosenLesson is a lesson and where it stands among the others.
type chosenLesson struct {
	name       string
	lesson     *lesson.Lesson
	number, of int    // 0: a file of the user's
	after      string // what to say behind it
}

// builtinLessons reads them once; an error is a bug, which a test finds.
var builtinLessons = sync.OnceValues(func() ([]*chosenLesson, error) {
	names, err := fs.Glob(lessonFiles, "lessons/*.txt")
	if err != nil {
		return nil, err
	}
	var all []*chosenLesson
	for i, file := range names {
		text, err := lessonFiles.ReadFile(file)
		if err != nil {
			return nil, err
		}
		_, name, _ := strings.Cut(strings.TrimSuffix(file, ".txt"), "-")
		read, err := readLesson(file, text)
		if err != nil {
			return nil, err
		}
		all = append(all, &chosenLesson{name: name, lesson: read, number: i + 1, of: len(names)})
	}
	for i, l := range all {
		l.after = "That was the last lesson. All of them: rawhttp demo list"
		if i+1 < len(all) {
			l.after = "Next: rawhttp demo " + all[i+1].name
		}
	}
	return all, nil
})

// chooseLesson finds a lesson by its name, or reads a file.
func chooseLesson(all []*chosenLesson, word string) (*chosenLesson, error) {
	for _, l := range all {
		if l.name == word {
			return l, nil
		}
	}
	if !strings.ContainsAny(word, `./\`) {
		return nil, unknownLesson(all, word)
	}
	text, err := readLessonFile(word)
	if err != nil {
		return nil, err
	}
	read, err := readLesson(word, text)
	if err != nil {
		return nil, err
	}
	return &chosenLesson{name: word, lesson: read}, nil
}

// unknownLesson knows near names, and a file that could be meant.
func unknownLesson(all []*chosenLesson, word string) error {
	if info, err := os.Stat(word); err == nil && info.Mode().IsRegular() {
		return &usageError{problem: fmt.Sprintf("%q is no lesson", word), hint: "for the file use: rawhttp demo ./" + quote(word), final: true}
	}
	hint, best := "all lessons: rawhttp demo list", max(2, len(word)/3+1)
	for _, l := range all {
		lower := strings.ToLower(word)
		d := distance(lower, l.name)
		if len(word) > 2 && (strings.HasPrefix(l.name, lower) || strings.Contains(strings.ToLower(l.lesson.Title), lower)) {
			d = min(d, 1)
		}
		if d < best {
			hint, best = "did you mean: rawhttp demo "+l.name, d
		}
		if word == strconv.Itoa(l.number) {
			hint, best = "lesson "+word+" is: rawhttp demo "+l.name, 0
		}
	}
	return &usageError{problem: fmt.Sprintf("%q is no lesson", word), hint: hint, final: true}
}

// readLessonFile reads a file of the user's, no more than a lesson may have.
func readLessonFile(name string) ([]byte, error) {
	unreadable := func(err error) error {
		return &usageError{problem: fmt.Sprintf("cannot read %s: %s", name, plainFileError(err)), hint: "give the path of a lesson file, or a name of rawhttp demo list", final: true}
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return nil, unreadable(errors.New("is a directory"))
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, unreadable(err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, lesson.MaximumSize+1))
	if err != nil {
		return nil, unreadable(err)
	}
	return text, nil
}

// readLesson parses a lesson and reads its escapes. A mistake is a usage error
// with its line.
func readLesson(name string, text []byte) (*lesson.Lesson, error) {
	l, err := lesson.Parse(text)
	if err != nil {
		return nil, &usageError{problem: name + ": " + err.Error(), hint: hintOf(err), final: true}
	}
	for i := range l.Steps {
		for j := range l.Steps[i].Do {
			if err := unescape(name, &l.Steps[i].Do[j]); err != nil {
				return nil, err
			}
		}
	}
	return l, nil
}

// unescape makes the text of an escaped section what is sent.
func unescape(name string, a *lesson.Action) error {
	if !a.Escaped {
		return nil
	}
	plain, err := io.ReadAll(console.NewUnescaper(strings.NewReader(a.Text)))
	var escape *console.EscapeError
	if errors.As(err, &escape) {
		at := &lesson.Error{Line: a.Line + strings.Count(a.Text[:escape.Offset], "\n"), Problem: escape.Text + " is no escape"}
		if escape.Text == "" {
			at.Problem = "an escape is not complete"
		}
		return &usageError{problem: name + ": " + at.Error(), hint: escape.Hint(), final: true}
	}
	a.Text = string(plain)
	return err
}
