package lesson

import (
	"bytes"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maximumSentence = 800 // bytes of one `-- say --`: with its rows it should fit a screen
	maximumSections = 500
	maximumWait     = time.Minute
)

const (
	sayFirst = "begin with what is to be seen: -- say --, and a sentence below it"
	keysHint = "the keys are title, show (client, server or both) and tls (yes or no)"
	namesAre = "sections are say, client, client escaped, server, server escaped, serve, wait 500ms, close client, close server, half-close client, half-close server and connect"
)

// section is a `-- name --` and the lines below it.
type section struct {
	name  string
	line  int      // of the name
	lines []string // without their line breaks
}

// Parse reads a lesson file. Its errors are *Error.
func Parse(file []byte) (*Lesson, error) {
	if len(file) > MaximumSize {
		return nil, mistake(1, "split it into several lessons", "the file is longer than %d bytes", MaximumSize)
	}
	file = bytes.TrimPrefix(file, []byte("\xef\xbb\xbf"))
	text := strings.ReplaceAll(string(file), "\r\n", "\n")
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	head, sections, err := split(lines)
	if err != nil {
		return nil, err
	}
	l := &Lesson{}
	if err := l.readHead(head); err != nil {
		return nil, err
	}
	if len(sections) == 0 {
		return nil, mistake(len(lines), sayFirst, "the lesson has no section")
	}
	w := &wire{}
	for i := range sections {
		if err := l.add(&sections[i], w); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// split finds the sections.
func split(lines []string) (head []string, sections []section, err error) {
	for i, line := range lines {
		if name, ok := marker(line); ok {
			if len(sections) == maximumSections {
				return nil, nil, mistake(i+1, "split it into several lessons", "the lesson has more than %d sections", maximumSections)
			}
			sections = append(sections, section{name: name, line: i + 1})
			continue
		}
		if len(sections) == 0 {
			head = append(head, line)
			continue
		}
		last := &sections[len(sections)-1]
		last.lines = append(last.lines, line)
	}
	return head, sections, nil
}

// marker recognises `-- name --` as txtar does, and forgives blanks behind it.
func marker(line string) (name string, ok bool) {
	line = strings.TrimRight(line, " \t")
	inner, opened := strings.CutPrefix(line, "-- ")
	inner, closed := strings.CutSuffix(inner, " --")
	return strings.Join(strings.Fields(inner), " "), opened && closed
}

// sections are the names, but for `wait`, behind which stands how long.
var sectionNames = []string{"say", "client", "client escaped", "server", "server escaped", "serve", "connect",
	"close client", "close server", "half-close client", "half-close server"}

// almostMarker recognises what was meant for the name of a section: a line that
// begins or ends with two dashes, or a long one, and has only such a name besides.
func almostMarker(line string) (name string, ok bool) {
	text := strings.TrimSpace(strings.NewReplacer("–", "--", "—", "--").Replace(line))
	if !strings.HasPrefix(text, "--") && !strings.HasSuffix(text, "--") {
		return "", false
	}
	name = strings.Join(strings.Fields(strings.Trim(text, "- \t")), " ")
	return name, slices.Contains(sectionNames, name) || strings.HasPrefix(name, "wait ") && len(strings.Fields(name)) == 2
}

// readHead reads the `key: value` lines.
func (l *Lesson) readHead(lines []string) error {
	seen := map[string]int{}
	for i, line := range lines {
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if !ok {
			return mistake(i+1, "write key: value, begin a remark with #, or begin a section with -- say --", "%q is no key: value line", brief(line))
		}
		if before := seen[key]; before != 0 {
			return mistake(i+1, "leave out one of them", "%s was given in line %d already", brief(key), before)
		}
		seen[key] = i + 1
		if err := l.set(i+1, key, value); err != nil {
			return err
		}
	}
	if l.Title == "" {
		return mistake(1, "write at the top, for instance: title: Cookies come back", "the lesson has no title")
	}
	return nil
}

func (l *Lesson) set(line int, key, value string) error {
	switch key {
	case "title":
		if value == "" {
			return mistake(line, "say in a few words what is learnt", "the title is empty")
		}
		if err := checkText(line, value); err != nil {
			return err
		}
		if utf8.RuneCountInString(value) > 60 {
			return mistake(line, "it stands in a list: at most 60 characters", "the title is too long")
		}
		l.Title = value
	case "show":
		i := slices.Index([]string{"client", "server", "both"}, value)
		if i < 0 {
			return mistake(line, "show is client, server or both: whose transcript is seen", "%q cannot be shown", brief(value))
		}
		l.Show = Show(i)
	case "tls":
		if value != "yes" && value != "no" {
			return mistake(line, "tls is yes or no", "tls cannot be %q", brief(value))
		}
		l.TLS = value == "yes"
	default:
		return mistake(line, keysHint, "%q is no key", brief(key))
	}
	return nil
}

// add reads one section into the last step, or begins one.
func (l *Lesson) add(s *section, w *wire) error {
	if s.name == "say" {
		said, err := s.paragraphs()
		if err != nil {
			return err
		}
		l.Steps = append(l.Steps, Step{Line: s.line, Say: said})
		return nil
	}
	action, err := s.action()
	if err != nil {
		return err
	}
	if len(l.Steps) == 0 {
		return mistake(s.line, sayFirst, "-- %s -- comes before any sentence", s.name)
	}
	if err := w.allow(action, s.line); err != nil {
		return err
	}
	step := &l.Steps[len(l.Steps)-1]
	step.Do = append(step.Do, action)
	return nil
}

// paragraphs joins the lines between empty lines.
func (s *section) paragraphs() ([]string, error) {
	var said []string
	size, fresh := 0, true
	for i, line := range s.lines {
		if err := checkText(s.line+1+i, line); err != nil {
			return nil, err
		}
		if name, ok := almostMarker(line); ok {
			return nil, mistake(s.line+1+i, "write -- "+name+" --, on a line of its own", "%q looks like the name of a section, and is none", brief(line))
		}
		line = strings.Join(strings.Fields(line), " ")
		size += len(line)
		switch {
		case line == "":
			fresh = true
		case fresh:
			said, fresh = append(said, line), false
		default:
			said[len(said)-1] += " " + line
		}
	}
	if len(said) == 0 {
		return nil, mistake(s.line, "write a sentence below it", "-- say -- says nothing")
	}
	if size > maximumSentence {
		return nil, mistake(s.line, "say it in several steps: a sentence and its rows should fit a screen",
			"-- say -- has %d bytes; at most %d are allowed", size, maximumSentence)
	}
	return said, nil
}

// checkText refuses what is no text to be read.
func checkText(line int, text string) error {
	if !utf8.ValidString(text) {
		return mistake(line, "save the file as UTF-8; bytes that are no text go into -- client escaped -- as \\xHH", "this is not UTF-8")
	}
	control := func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }
	if strings.ContainsFunc(text, control) {
		return mistake(line, "take it out; bytes to be sent go into -- client escaped -- as \\xHH", "there is a control character in the text")
	}
	return nil
}

// brief is the beginning of a stranger's text.
func brief(text string) string {
	if len(text) > 40 {
		return strings.ToValidUTF8(text[:40], "") + "..."
	}
	return text
}
