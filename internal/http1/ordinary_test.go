package http1

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// ordinary is one stream that nothing is wrong with. Its file is named
// NAME.SIDE, or NAME.KNOWN.SIDE where KNOWN are the methods of the requests
// that a response stream answers, or the statuses that a request stream got.
type ordinary struct {
	name  string
	side  Side
	known Known
	bytes []byte
}

// ordinaryFiles are streams as browsers, tools and servers write them: most of
// them captured, and the rest written after what those programs send.
func ordinaryFiles(t testing.TB) []ordinary {
	t.Helper()
	names, err := filepath.Glob("testdata/ordinary/*")
	if err != nil {
		t.Fatal(err)
	}
	var list []ordinary
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		o := ordinary{name: filepath.Base(name), bytes: content}
		words := strings.Split(o.name, ".")
		switch words[len(words)-1] {
		case "request":
		case "response":
			o.side = Response
		default:
			t.Fatalf("%s is neither a .request nor a .response", name)
		}
		for _, word := range words[1 : len(words)-1] {
			if o.side == Response {
				o.known.RequestMethods = append(o.known.RequestMethods, word)
				continue
			}
			status, err := strconv.Atoi(word)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			o.known.ResponseStatuses = append(o.known.ResponseStatuses, status)
		}
		list = append(list, o)
	}
	return list
}

// TestOrdinary: of what real programs send nothing above a note is said, every
// message is complete, and the stream ends at a message boundary; in one piece
// and one byte at a time.
func TestOrdinary(t *testing.T) {
	files := ordinaryFiles(t)
	if len(files) < 60 {
		t.Errorf("%d files are too few", len(files))
	}
	for _, o := range files {
		t.Run(o.name, func(t *testing.T) {
			whole := scanOrdinary(t, &o, len(o.bytes))
			if single := scanOrdinary(t, &o, 1); single.all() != whole.all() {
				t.Errorf("one byte at a time:\n%s\nwhole:\n%s", single.all(), whole.all())
			}
			if string(whole.bytes[o.side]) != string(o.bytes) {
				t.Error("the tokens' bytes are not the file's")
			}
		})
	}
}

// scanOrdinary scans one stream in pieces of cut bytes and complains of what it
// should not say.
func scanOrdinary(t *testing.T, o *ordinary, cut int) *recorder {
	t.Helper()
	r := new(recorder)
	s := NewAlone(r, o.side, o.known)
	for b := o.bytes; len(b) > 0; {
		n := min(cut, len(b))
		s.Feed(o.side, b[:n])
		b = b[n:]
	}
	// A body until the close is complete only at the end.
	if state := s.State(o.side); state.Middle && state.Owed >= 0 {
		t.Errorf("the stream ends in the middle of a message: %+v", state)
	}
	s.End(o.side)
	for _, d := range r.found {
		if e := d.Code.Entry(); e.Severity > Note {
			t.Errorf("%s %s at %d+%d, message %d", e.Severity, e.Name, d.Offset, d.Length, d.Message)
		}
	}
	if len(r.done) == 0 {
		t.Error("no message")
	}
	for _, m := range r.done {
		if !m.Complete {
			t.Errorf("incomplete: %s", r.messages())
		}
	}
	for _, token := range r.tokens[o.side] {
		if token.Kind == NonHTTP || token.Kind == Unframed || token.Kind == EmptyLine {
			t.Errorf("%s at %d: %.40q", token.Kind, token.Offset, token.Bytes)
		}
	}
	return r
}
