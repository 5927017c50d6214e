package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestUnescaper(t *testing.T) {
	for in, want := range map[string]string{
		`GET / HTTP/1.1\r\n` + "\n" + `Host: a\r\n\r\n` + "\r\n": "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
		`a\t\\b\x00\xfF\0\033[\e\1012`:                           "a\t\\b\x00\xff\x00\x1b[\x1bA2",
		"ab\\\n        cd\\\r\n\t ef":                            "abcdef",
		"a b \n c":                                               "a b  c",
		"":                                                       "",
		"\n\n":                                                   "",
	} {
		for name, r := range readers(in) {
			got, err := io.ReadAll(NewUnescaper(r))
			if err != nil || string(got) != want {
				t.Errorf("%s %q: %q %v, want %q", name, in, got, err, want)
			}
		}
	}
}

func readers(s string) map[string]io.Reader {
	return map[string]io.Reader{
		"whole": strings.NewReader(s), "one byte at a time": iotest.OneByteReader(strings.NewReader(s)),
		"error with data": iotest.DataErrReader(strings.NewReader(s)),
	}
}

func TestUnescaperErrors(t *testing.T) {
	for in, want := range map[string]EscapeError{
		`abc\qdef`: {3, `\q`}, `\xg0`: {0, `\xg`}, `ab\x1`: {2, ""}, `\`: {0, ""}, `\x1z`: {0, `\x1z`},
	} {
		for name, r := range readers(in) {
			u := NewUnescaper(r)
			got, err := io.ReadAll(u)
			var e *EscapeError
			if !errors.As(err, &e) || *e != want {
				t.Errorf("%s %q: %v (%#v), want %#v", name, in, err, e, want)
			}
			if _, again := u.Read(make([]byte, 100)); again != err {
				t.Errorf("%s %q: then %v", name, in, again)
			}
			if len(got) != int(want.Offset) {
				t.Errorf("%s %q: %d bytes before the error", name, in, len(got))
			}
		}
	}
}

// TestTypedUnescaper: at a terminal a bad escape costs its line.
func TestTypedUnescaper(t *testing.T) {
	in := NewInput(NewTypedUnescaper(&script{"a\\r\\n\n", "b\\qc\n", "d\\x\n", "e\n", ""}), true)
	var got []string
	for i := range 5 {
		if <-in.Ready(); in.AtEnd() != (i == 4) {
			t.Errorf("%d: at end %v", i, in.AtEnd())
		}
		p, err := in.Next(t.Context())
		got = append(got, fmt.Sprint(string(p), err))
	}
	want := []string{"a\r\n<nil>", `unknown escape \q at byte 8`, "unknown escape \\x\n at byte 13", "e<nil>", "EOF"}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: %q, want %q", i, got[i], want[i])
		}
	}
}

// FuzzUnescaper: any bytes, written with escapes, come back, however they are
// cut and whatever line breaks stand between.
func FuzzUnescaper(f *testing.F) {
	f.Add([]byte("GET / HTTP/1.1\r\n\x00\\ "), uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, every uint8) {
		var text strings.Builder
		for i, c := range data {
			if every > 0 && i%int(every) == 0 {
				text.WriteString("\n")
			}
			switch {
			case c == '\n':
				text.WriteString(`\n`)
			case c == '\r':
				text.WriteString(`\r`)
			case c == '\\':
				text.WriteString(`\\`)
			case c >= 0x20 && c < 0x7f:
				text.WriteByte(c)
			case i%2 == 0:
				fmt.Fprintf(&text, `\%03o`, c)
			default:
				fmt.Fprintf(&text, `\x%02x`, c)
			}
		}
		for name, r := range readers(text.String()) {
			got, err := io.ReadAll(NewUnescaper(r))
			if err != nil || !bytes.Equal(got, data) {
				t.Fatalf("%s: %q %v, want %q", name, got, err, data)
			}
		}
	})
}

// TestTypedUnescaperLong: of a long line with a bad escape nothing is given, neither
// what is before it nor what is behind it.
func TestTypedUnescaperLong(t *testing.T) {
	bad := strings.Repeat("a", LineLimit/2) + `\q`
	bad += strings.Repeat("b", LineLimit-len(bad))
	u := NewTypedUnescaper(io.MultiReader(strings.NewReader(bad+"\n"), strings.NewReader("good\n")))
	p := make([]byte, PieceSize)
	var refused *EscapeError
	if n, err := u.Read(p); n != 0 || !errors.As(err, &refused) {
		t.Errorf("%d bytes of it, %v", n, err)
	}
	if n, err := u.Read(p); string(p[:n]) != "good" || err != nil {
		t.Errorf("%q, %v", p[:n], err)
	}
}

func TestInput(t *testing.T) {
	r, w := io.Pipe()
	in := NewInput(r, false)
	go func() {
		w.Write([]byte("one"))
		w.Write([]byte("two"))
		w.Close()
	}()
	for _, want := range []string{"one", "two"} {
		<-in.Ready()
		if in.AtEnd() {
			t.Fatal("at end")
		}
		if p, err := in.Next(t.Context()); string(p) != want || err != nil {
			t.Fatalf("%q %v", p, err)
		}
	}
	for range 3 {
		if _, err := in.Next(t.Context()); err != io.EOF {
			t.Fatalf("%v at the end", err)
		}
		if <-in.Ready(); !in.AtEnd() {
			t.Fatal("not at end")
		}
	}
}

// TestInputWaits: a Next that is given up loses nothing.
func TestInputWaits(t *testing.T) {
	r, w := io.Pipe()
	in := NewInput(r, false)
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	cancel(cause)
	if _, err := in.Next(ctx); err != cause {
		t.Fatal(err)
	}
	go w.Write([]byte("late"))
	<-in.Ready()
	if p, err := in.Next(t.Context()); string(p) != "late" || err != nil {
		t.Fatalf("%q %v", p, err)
	}
}

// script is a reader that returns its pieces, "" standing for an end of input,
// as Ctrl-D at a terminal does.
type script []string

func (s *script) Read(p []byte) (int, error) {
	if len(*s) == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	piece := (*s)[0]
	*s = (*s)[1:]
	if piece == "" {
		return 0, io.EOF
	}
	return copy(p, piece), nil
}

func TestTerminalInputGoesOn(t *testing.T) {
	in := NewInput(&script{"one\n", "", "two\n", "", ""}, true)
	var got []string
	for {
		p, err := in.Next(t.Context())
		if err == io.ErrUnexpectedEOF {
			break
		}
		got = append(got, fmt.Sprint(string(p), err))
	}
	if s := strings.Join(got, ","); s != "one\n<nil>,EOF,two\n<nil>,EOF,EOF" {
		t.Errorf("%q", s)
	}
}

func TestInputReadsAheadByOnePiece(t *testing.T) {
	r, w := io.Pipe()
	in := NewInput(r, false)
	second := make(chan struct{})
	go func() {
		w.Write([]byte("one"))
		w.Write([]byte("two")) // returns when it is read
		close(second)
	}()
	p, _ := in.Next(t.Context())
	select {
	case <-second:
		t.Error("the next piece was read into the buffer of the one at hand")
	default:
	}
	if string(p) != "one" {
		t.Errorf("%q", p)
	}
	in.Ready()
	<-second
}

func TestASCIIOnly(t *testing.T) {
	for _, c := range []struct {
		all, ctype, lang string
		want             bool
	}{
		{"", "", "", false}, {"", "", "C", false}, {"", "", "en_US.UTF-8", false}, {"", "", "de_DE.ISO-8859-1@euro", true},
		{"C.utf8", "x.latin1", "x.latin1", false}, {"", "x.latin1", "en_US.UTF-8", true},
	} {
		env := map[string]string{"LC_ALL": c.all, "LC_CTYPE": c.ctype, "LANG": c.lang}
		if got := ASCIIOnly(func(k string) string { return env[k] }); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}
