// Package transcript shows what crossed a connection: a row for every run of
// bytes with its direction, kind, length and text, notes, and diagnostics.
//
// The form of what it writes is docs/transcript.md. It decides nothing: what it
// is told goes through an http1.Scanner for the labels, and to the screen.
package transcript

import (
	"io"
	"strconv"
	"sync"
	"time"
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
// wrapping.
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
	// borrowed, and as the peer wrote it. nil: nothing. It must not call the Screen.
	Ready func(start []byte) string
}

// Screen is where everything is shown. One lock keeps its lines whole and in
// order; all methods of it and its Conversations may be called concurrently.
//
// Rows of several Conversations may stand between each other, each with its
// number; what one holds of a row that has not ended is not cut by another's rows
// or notes, nor by the Screen's, so between Conversations the order is that in
// which rows ended.
type Screen struct {
	mu         sync.Mutex
	options    Options
	sheets     []*sheet   // views for people
	journals   []*journal // views for programs
	content    *output    // nil when nobody wants it
	rows       bool       // some sheet shows rows
	unlimited  bool       // some sheet shows bodies beyond BodyLimit
	started    time.Time
	told       map[string]bool // codes whose sentence was shown
	found      Tally           // of all Conversations
	open       []*Conversation // begun, and not closed
	last       lastRow
	secretTold bool // SecretNote was shown
}

// lastRow is the row that stands directly above the next line.
type lastRow struct {
	valid    bool
	of       *Conversation
	received bool
	row      row
}

// NewScreen makes a Screen. It owns neither Output nor Save.
func NewScreen(o Options) *Screen {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := &Screen{options: o, started: o.Now(), told: map[string]bool{}}
	if o.Plain {
		o.Color, o.Width = false, nil
	}
	if out := (&output{w: o.Output}); o.JSON {
		s.journals = append(s.journals, &journal{output: out})
	} else {
		s.sheets = append(s.sheets, &sheet{
			output: out, style: newStyle(o.Color), width: o.Width, ascii: o.ASCII, rows: !o.NoRows, limited: true, plain: o.Plain,
		})
	}
	if out := (&output{w: o.Save}); o.Save != nil && o.SaveJSON {
		s.journals = append(s.journals, &journal{output: out, saved: true})
	} else if o.Save != nil {
		s.sheets = append(s.sheets, &sheet{output: out, rows: true, plain: o.Plain})
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

// flushAt is when a long call writes what it has so far.
const flushAt = 64 << 10

// flush writes what the sheets hold; the error is the first one of any output.
func (s *Screen) flush() error {
	var err error
	for _, sh := range s.sheets {
		if len(sh.buffer) > 0 {
			sh.output.write(sh.buffer)
			sh.buffer = sh.buffer[:0]
		}
		if err == nil {
			err = sh.output.err
		}
	}
	for _, j := range s.journals {
		j.flush()
		if err == nil {
			err = j.output.err
		}
	}
	if err == nil && s.content != nil {
		err = s.content.err
	}
	return err
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
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.open) == 1 {
		s.open[0].showHeld()
	}
	s.show(0, []byte(text))
	s.recordNote(about, code, text)
	return s.flush()
}

// note appends a `*` line; number 0 is no connection's.
func (s *Screen) note(number int, code, text string) {
	s.show(number, []byte(text))
	s.recordNote(number, code, text)
}

// show appends a `*` line to the views for people.
func (s *Screen) show(number int, text []byte) {
	s.last.valid = false
	for _, sh := range s.sheets {
		s.begin(sh, number)
		sh.note(text)
	}
}

// secondsWidth is how many columns the seconds before a line take.
const secondsWidth = 9

// begin sets the beginning that a sheet's next lines carry.
func (s *Screen) begin(sh *sheet, number int) {
	sh.apart = false
	seconds := ""
	if s.options.Seconds {
		seconds = strconv.FormatFloat(s.options.Now().Sub(s.started).Seconds(), 'f', 3, 64)
	}
	if !s.options.Numbers {
		number = 0
	}
	if sh.plain {
		sh.plainPrefix(seconds, number)
		return
	}
	sh.prefix = sh.prefix[:0]
	if seconds != "" {
		sh.prefix = appendPadding(sh.prefix, secondsWidth-1-len(seconds))
		sh.prefix = append(append(sh.prefix, seconds...), ' ')
	}
	if number > 0 {
		sh.prefix = append(sh.prefix, '#')
		sh.prefix = strconv.AppendInt(sh.prefix, int64(number), 10)
		sh.prefix = append(sh.prefix, ' ')
	}
}

// row shows one row of a conversation.
func (s *Screen) row(c *Conversation, r *row) {
	for _, sh := range s.sheets {
		if !sh.rows || r.beyond && sh.limited {
			continue
		}
		s.begin(sh, c.number)
		sh.row(r)
		if len(sh.buffer) >= flushAt {
			sh.output.write(sh.buffer)
			sh.buffer = sh.buffer[:0]
		}
	}
	if r.beyond {
		return
	}
	kept := append(s.last.row.bytes[:0], r.bytes...)
	s.last.valid, s.last.of, s.last.received, s.last.row = true, c, r.mark == markReceived, *r
	s.last.row.bytes = kept
}
