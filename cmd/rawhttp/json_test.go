package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"rawhttp/internal/console"
)

// schema is docs/json.schema.json.
var schema = sync.OnceValues(func() (*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	return c.Compile("../../docs/json.schema.json")
})

// object is one line of the JSON view, with the fields that the laws are about.
type object struct {
	Event, Dir, Kind, Text, Bytes string
	Version, Conn                 int
	T                             float64
	Offset, Length                int64
	Message                       int
	More                          bool
	Head, Body, Framing, Total    int64
}

// readObject parses a line and holds it to the schema.
func readObject(line string) (*object, error) {
	s, err := schema()
	if err != nil {
		return nil, err
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
	if err == nil {
		err = s.Validate(value)
	}
	o := &object{}
	if err == nil {
		err = json.Unmarshal([]byte(line), o)
	}
	if err != nil {
		return nil, fmt.Errorf("%s%w", line, err)
	}
	return o, nil
}

// streamSeen is one direction of a connection, as the events tell it.
type streamSeen struct {
	bytes       bytes.Buffer
	ends        int
	begun, told map[int]bool
	more        string // the kind of the line that goes on
}

// connSeen is one connection.
type connSeen struct {
	open, closed bool
	streams      map[string]*streamSeen
}

// readJSON holds what one run of the program said in the JSON view to the schema
// and to the laws of docs/json.md.
func readJSON(text string) (map[int]*connSeen, error) {
	conns := map[int]*connSeen{}
	last := 0.0
	for line := range strings.Lines(text) {
		o, err := readObject(line)
		if err != nil {
			return nil, err
		}
		if (o.Version == 1) != (len(conns) == 0) || o.T < last {
			return nil, fmt.Errorf("version or time: %s", line)
		}
		last = o.T
		c := conns[o.Conn]
		if c == nil {
			c = &connSeen{streams: map[string]*streamSeen{}}
			for _, dir := range []string{"sent", "received"} {
				c.streams[dir] = &streamSeen{begun: map[int]bool{}, told: map[int]bool{}}
			}
			conns[o.Conn] = c
		}
		if err := c.take(o); err != nil {
			return nil, fmt.Errorf("%w: %s", err, line)
		}
	}
	for number, c := range conns {
		if c.open != c.closed {
			return nil, fmt.Errorf("connection %d: open %v, closed %v", number, c.open, c.closed)
		}
		for dir, s := range c.streams {
			if c.open && (s.ends != 1 || s.more != "" || fmt.Sprint(s.begun) != fmt.Sprint(s.told)) {
				return nil, fmt.Errorf("connection %d: %s: %+v", number, dir, s)
			}
		}
	}
	return conns, nil
}

func (c *connSeen) take(o *object) error {
	switch o.Event {
	case "open":
		if c.open {
			return fmt.Errorf("opened again")
		}
		c.open = true
		return nil
	case "close":
		c.closed = true
		fallthrough
	case "data", "diagnostic", "message", "end":
		if !c.open || c.closed && o.Event != "close" {
			return fmt.Errorf("on a connection that is not open")
		}
	}
	s := c.streams[o.Dir]
	switch o.Event {
	case "data":
		return s.take(o)
	case "message":
		s.told[o.Message] = true
		if o.Head+o.Body+o.Framing != o.Total {
			return fmt.Errorf("the parts are not the total")
		}
	case "end":
		s.ends++
	}
	return nil
}

func (s *streamSeen) take(o *object) error {
	b, err := base64.StdEncoding.DecodeString(o.Bytes)
	if err != nil {
		return err
	}
	read, err := io.ReadAll(console.NewUnescaper(strings.NewReader(o.Text)))
	if err != nil || !bytes.Equal(read, b) || int64(len(b)) != o.Length || o.Offset != int64(s.bytes.Len()) {
		return fmt.Errorf("bytes, text, length or offset differ (%v)", err)
	}
	if s.ends > 0 || s.more != "" && s.more != o.Kind {
		return fmt.Errorf("after the end, or a %s is not over", s.more)
	}
	s.more = ""
	if o.More {
		s.more = o.Kind
	}
	if o.Message > 0 {
		s.begun[o.Message] = true
	}
	s.bytes.Write(b)
	return nil
}

// cmdJSON checks what a program said in the JSON view, and that the bytes of all
// connections joined are what FILE has.
func cmdJSON(ts *testscript.TestScript, neg bool, args []string) {
	sent, received := option(&args, "-sent"), option(&args, "-received")
	need(ts, !neg && len(args) == 1, "json [-sent FILE] [-received FILE] FILE")
	conns, err := readJSON(ts.ReadFile(args[0]))
	ts.Check(err)
	for dir, file := range map[string]string{"sent": sent, "received": received} {
		all := ""
		for number := 0; file != "" && number <= len(conns)*10; number++ {
			if c := conns[number]; c != nil {
				all += c.streams[dir].bytes.String()
			}
		}
		if file != "" && all != ts.ReadFile(file) {
			ts.Fatalf("%s: %q\n%s has %q", dir, all, file, ts.ReadFile(file))
		}
	}
}

// The examples of docs/json.md are valid, and there is one of each event.
func TestJSONExamples(t *testing.T) {
	text, err := os.ReadFile("../../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "{") {
			continue
		}
		o, err := readObject(line)
		if err != nil {
			t.Error(err)
			continue
		}
		seen[o.Event] = true
	}
	for _, event := range []string{"listening", "open", "data", "diagnostic", "message", "note", "end", "close", "error"} {
		if !seen[event] {
			t.Errorf("no example of %s", event)
		}
	}
}

// The schema refuses what is not in the reference.
func TestJSONSchemaRefuses(t *testing.T) {
	const valid = `{"event":"end","t":1.5,"conn":1,"dir":"sent","reason":"local","complete":true}`
	if _, err := readObject(valid); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`"conn":1`, `"conn":0`}, {`"t":1.5,`, ``}, {`"local"`, `"somehow"`}, {`true`, `1`}, {`true`, `true,"more":true`}, {`"end"`, `"ended"`},
	} {
		if line := strings.Replace(valid, change[0], change[1], 1); line == valid {
			t.Fatal(change)
		} else if _, err := readObject(line); err == nil {
			t.Errorf("taken: %s", line)
		}
	}
}
