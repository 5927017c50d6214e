// Package transcript shows what crossed a connection: a row for every run of
// bytes with its direction, kind, length and text, notes, and diagnostics.
//
// The form of what it writes is docs/transcript.md. It decides nothing: what it
// is told goes through an http1.Scanner for the labels, and to the screen.
package transcript

import (
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"rawhttp/internal/http1"
)

// Body says how bytes of a body are shown.
type Body uint8

// The views of a body.
const (
	BodyAuto Body = iota // hex when it is not text
	BodyText
	BodyHex
)

// Options is how a Screen looks. The zero value writes plain text rows without
// wrapping. The writers are called one at a time, the functions concurrently
// where there are several Conversations; they must not call the Screen.
type Options struct {
	Output io.Writer // required; one Write a call of the Screen or a Conversation
	Save   io.Writer // a second transcript, plain text that is never wrapped; may be nil
	// JSON and SaveJSON make Output and Save the JSON view: one object a line.
	// Then nothing below that is about rows has a meaning for it.
	JSON, SaveJSON bool

	Width func() int // columns to wrap Output at, asked anew for each row; nil or 0: never
	Color bool
	ASCII bool // Output can show nothing but ASCII

	Hex       bool // every row in hex
	Plain     bool // for a screen reader: lines of words, never wrapped or coloured
	Body      Body
	BodyLimit int64 // bytes of a body to show on Output; 0: all

	// Redact hides the values of Authorization, Proxy-Authorization, Cookie and
	// Set-Cookie from every view. Content is not changed by it.
	Redact bool
	// SecretNote is shown once, after the first head with one of these fields;
	// empty: never.
	SecretNote string

	Diagnostics     Threshold // which diagnostics are shown and counted in closing notes
	JSONDiagnostics Threshold // which are in the JSON view
	NoSentences     bool      // a diagnostic is its title alone
	// Helps reports whether the flag of a diagnostic's advice is one that the
	// command has; nil: it is.
	Helps func(http1.Code) bool

	NoRows  bool // Output gets notes and diagnostics only
	Quiet   bool // show no notes but those given to Always
	Seconds bool // begin each line with the seconds since the Screen was made
	Numbers bool // begin each line of a Conversation with its number

	// Content gets the content of received messages and nothing else: bodies
	// without their chunk framing. May be nil.
	Content io.Writer

	Now func() time.Time // nil: time.Now

	// Further, if not nil, gives what is appended to the note that a received
	// response is complete and that none is waited for any more; for instance
	// "; the server keeps the connection open".
	Further func(keepsAlive bool) string

	// Ready says what is appended to the note that a received request is complete,
	// for instance "; your turn"; start is its start line without the line end,
	// borrowed, and as the peer wrote it. nil: nothing.
	Ready func(start []byte) string
}

// Screen is where everything is shown. All methods of it and its Conversations
// may be called concurrently; page.go says how its lines are kept whole.
//
// Rows of several Conversations may stand between each other, each with its
// number; what one holds of a row that has not ended is not cut by another's rows
// or notes, nor by the Screen's, so between Conversations the order is that in
// which rows ended.
type Screen struct {
	options   Options
	papers    []*paper // views for people
	books     []*book  // views for programs
	rows      bool     // some paper shows rows
	unlimited bool     // some paper shows bodies beyond BodyLimit
	started   time.Time
	pages     sync.Pool // of *page

	mu      sync.Mutex      // of the outputs, and of what follows; deliver is due when it is free again
	content *output         // nil when nobody wants it
	told    map[string]bool // sentences of codes that were shown
	last    *lastRow
	queue   queue

	counts     sync.Mutex      // of what follows
	found      Tally           // of all Conversations
	open       []*Conversation // begun, and not closed
	secretTold atomic.Bool     // SecretNote was shown
}

// NewScreen makes a Screen. It owns neither Output nor Save.
func NewScreen(o Options) *Screen {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Screen{options: o, started: o.Now(), told: map[string]bool{}, last: &lastRow{}}
	if o.Plain {
		o.Color, o.Width = false, nil
	}
	if out := (&output{w: o.Output}); o.JSON {
		s.books = append(s.books, &book{output: out})
	} else {
		s.papers = append(s.papers, &paper{
			output: out, style: newStyle(o.Color), width: o.Width, ascii: o.ASCII, rows: !o.NoRows, limited: true, plain: o.Plain,
		})
	}
	if out := (&output{w: o.Save}); o.Save != nil && o.SaveJSON {
		s.books = append(s.books, &book{output: out, saved: true})
	} else if o.Save != nil {
		s.papers = append(s.papers, &paper{output: out, rows: true, plain: o.Plain})
		s.unlimited = true
	}
	if o.Content != nil {
		s.content = &output{w: o.Content}
	}
	s.rows = !o.NoRows && !o.JSON || s.unlimited
	return s
}

// output remembers the first error of a writer and writes no more after it.
type output struct {
	w   io.Writer
	err error
}

func (o *output) write(b []byte) {
	if o.err == nil {
		_, o.err = o.w.Write(b)
	}
}

// Note shows a `*` line, unless the Screen is quiet; where one Conversation is
// open, behind the bytes it holds. code names what is said, in
// a word that never changes, for instance "half-closed"; the text is for people.
// The error is Output's.
func (s *Screen) Note(code, text string) error {
	if s.options.Quiet {
		return nil
	}
	return s.Always(code, text)
}

// NoteAbout is Note about a connection that is not, or not yet, a Conversation:
// the JSON view has its number, for people the text names it.
func (s *Screen) NoteAbout(conn int, code, text string) error {
	if s.options.Quiet {
		return nil
	}
	return s.always(conn, code, text)
}

// Always shows a `*` line even on a quiet Screen.
func (s *Screen) Always(code, text string) error { return s.always(0, code, text) }

func (s *Screen) always(about int, code, text string) error {
	if c := s.only(); c != nil {
		c.begin()
		defer c.end()
		c.showHeld()
		c.page.noteAbout(about, code, text)
		return c.flush()
	}
	p := s.page()
	p.noteAbout(about, code, text)
	return p.flush()
}

func (s *Screen) opened(c *Conversation) {
	s.counts.Lock()
	defer s.counts.Unlock()
	s.open = append(s.open, c)
}

func (s *Screen) closed(c *Conversation) {
	s.counts.Lock()
	defer s.counts.Unlock()
	if i := slices.Index(s.open, c); i >= 0 {
		s.open = slices.Delete(s.open, i, i+1)
	}
}

// only returns the Conversation that is open, if it is one.
func (s *Screen) only() *Conversation {
	s.counts.Lock()
	defer s.counts.Unlock()
	if len(s.open) == 1 {
		return s.open[0]
	}
	return nil
}
