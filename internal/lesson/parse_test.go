package lesson

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
)

// whole has one of everything.
const whole = `# a remark
title: Everything
show: both
tls: yes

-- say --
A sentence on
two lines.

And another one.
-- client --
GET / HTTP/1.1

-- server escaped --
HTTP/1.1 204 No Content\r\n
\r\n
-- wait 1.5s --
-- half-close client --
-- close server --
-- say --
Again.
-- connect --
-- serve --
-- client --

-- wait 2 --
-- half-close client --
-- close client --
`

func TestParse(t *testing.T) {
	want := &Lesson{Title: "Everything", Show: ShowBoth, TLS: true, Steps: []Step{
		{Line: 6, Say: []string{"A sentence on two lines.", "And another one."}, Do: []Action{
			{Kind: Send, Side: Client, Text: "GET / HTTP/1.1\n\n", Line: 12},
			{Kind: Send, Side: Server, Text: "HTTP/1.1 204 No Content\\r\\n\n\\r\\n\n", Escaped: true, Line: 15},
			{Kind: Wait, For: 1500 * time.Millisecond, Line: 17},
			{Kind: HalfClose, Side: Client, Line: 18},
			{Kind: Close, Side: Server, Line: 19},
		}},
		{Line: 20, Say: []string{"Again."}, Do: []Action{
			{Kind: Connect, Line: 22},
			{Kind: Serve, Line: 23},
			{Kind: Send, Side: Client, Text: "\n", Line: 25},
			{Kind: Wait, For: 2 * time.Second, Line: 26},
			{Kind: HalfClose, Side: Client, Line: 27},
			{Kind: Close, Side: Client, Line: 28},
		}},
	}}
	for name, file := range map[string]string{
		"LF": whole, "CR LF": strings.ReplaceAll(whole, "\n", "\r\n"), "byte order mark": "\xef\xbb\xbf" + whole,
		"blanks behind a section's name": strings.ReplaceAll(whole, " --\n", " -- \t\n"),
	} {
		got, err := Parse([]byte(file))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestMistakes: each mistake has its line, names what is wrong, and says what to
// do.
func TestMistakes(t *testing.T) {
	const head = "title: T\n-- say --\nS.\n"
	for _, c := range []struct {
		file    string
		line    int
		problem string
	}{
		{"", 1, "no title"},
		{head + "--client--\nGET / HTTP/1.1\n", 4, "looks like the name of a section"},
		{head + "-- wait 1s\n", 4, "looks like the name of a section"},
		{head + "—— close server ——\n", 4, "looks like the name of a section"},
		{"-- say --\nHello.\n", 1, "no title"},
		{"title: T\n", 1, "no section"},
		{"title: T\n\n\n", 3, "no section"},
		{"title:\n", 1, "empty"},
		{"title: " + strings.Repeat("x", 61) + "\n", 1, "too long"},
		{"title: a\x1bb\n", 1, "control character"},
		{"title: \xff\n", 1, "UTF-8"},
		{"title: T\ntitle: U\n", 2, "line 1 already"},
		{"title: T\nshow: me\n", 2, `"me" cannot be shown`},
		{"title: T\ntls: 1.3\n", 2, `"1.3"`},
		{"title: T\nspeed: 3\n", 2, `"speed" is no key`},
		{"title: T\nHello there\n", 2, "no key: value line"},
		{"title: T\n-- client --\nGET / HTTP/1.1\n\n", 2, "before any sentence"},
		{"title: T\n-- say --\n\n-- client --\nGET /\n", 2, "says nothing"},
		{"title: T\n-- say --\na\nb\x07\n", 4, "control character"},
		{"title: T\n-- say --\na\n\xe9\n", 4, "UTF-8"},
		{"title: T\n-- say --\n" + strings.Repeat("word ", 200) + "\n", 2, "at most 800"},
		{head + "-- klient --\nGET /\n", 4, "-- klient -- is no section"},
		{head + "-- " + strings.Repeat("x", 100) + " --\n", 4, "..."},
		{head + "--  --\n", 4, "no name"},
		{head + "-- client --\n", 4, "sends nothing"},
		{head + "-- client escaped --\n\n", 4, "sends nothing"},
		{head + "-- serve --\n\nHello.\n", 6, "-- serve -- has no text"},
		{head + "-- wait --\n", 4, "no time to wait"},
		{head + "-- wait long --\n", 4, `"long" is no time to wait`},
		{head + "-- wait 0 --\n", 4, "no time to wait"},
		{head + "-- wait -1s --\n", 4, "no time to wait"},
		{head + "-- wait 61s --\n", 4, "no time to wait"},
		{head + "-- wait 99999999999 --\n", 4, "no time to wait"},
		{head + "-- close --\n", 4, "which side"},
		{head + "-- half-close --\n", 4, "which side"},
		{head + "-- close both --\n", 4, "is no section"},
		{head + "-- serve --\n-- server --\nx\n", 5, "answers since line 4"},
		{head + "-- serve --\n-- serve --\n", 5, "answers since line 4"},
		{head + "-- serve --\n-- close server --\n", 5, "answers since line 4"},
		{head + "-- close server --\n-- client --\nx\n", 5, "closed in line 4"},
		{head + "-- close client --\n-- close client --\n", 5, "closed in line 4"},
		{head + "-- half-close client --\n-- client --\nx\n", 5, "ended what it sends in line 4"},
		{head + "-- half-close server --\n-- serve --\n", 5, "ended what it sends in line 4"},
		{head + "-- half-close server --\n-- half-close server --\n", 5, "ended what it sends in line 4"},
		{head + strings.Repeat("-- wait 1ms --\n", 500), 503, "more than 500"},
		{head + strings.Repeat("x\n", MaximumSize), 1, "longer than"},
	} {
		_, err := Parse([]byte(c.file))
		var mistake *Error
		if !errors.As(err, &mistake) {
			t.Errorf("%.60q: %v", c.file, err)
			continue
		}
		if mistake.Line != c.line || !strings.Contains(mistake.Problem, c.problem) || mistake.Hint() == "" {
			t.Errorf("%.60q: %v (hint %q), want line %d: %s", c.file, err, mistake.Hint(), c.line, c.problem)
		}
	}
}

// FuzzParse: no file makes it panic; a mistake has a line of the file and advice;
// a lesson has sentences that hold nothing a terminal would obey.
func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte("title: T\n-- say --\nS.\n-- wait 1h --"))
	f.Add([]byte("-- \n--  --\n-- a --"))
	f.Fuzz(func(t *testing.T, file []byte) {
		l, err := Parse(file)
		if err != nil {
			var mistake *Error
			if !errors.As(err, &mistake) || mistake.Line < 1 || mistake.Line > 1+strings.Count(string(file), "\n") || mistake.Advice == "" {
				t.Fatalf("%v", err)
			}
			return
		}
		if l.Title == "" || len(l.Steps) == 0 {
			t.Fatalf("%+v", l)
		}
		for _, s := range l.Steps {
			if len(s.Say) == 0 || strings.ContainsFunc(strings.Join(s.Say, ""), func(r rune) bool { return r < ' ' || r == 0x7f }) {
				t.Fatalf("%q", s.Say)
			}
			for _, a := range s.Do {
				if a.Kind == Send && a.Text == "" || a.Kind == Wait && (a.For <= 0 || a.For > maximumWait) {
					t.Fatalf("%+v", a)
				}
			}
		}
	})
}
