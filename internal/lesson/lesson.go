// Package lesson reads lesson files: what a client and a server send each other,
// step by step, and a sentence before each step.
//
// It parses and checks text and does nothing else: no input or output, no
// sockets. docs/lessons.md is the format's reference for who writes one. A
// mistake in a file is an *Error with its line and what to do.
package lesson

import (
	"fmt"
	"time"
)

// MaximumSize is the most bytes a lesson file may have.
const MaximumSize = 1 << 20

// Show says whose transcript a lesson shows.
type Show uint8

// The transcripts.
const (
	ShowClient Show = iota
	ShowServer
	ShowBoth
)

// Lesson is a file that has no mistake but, perhaps, in its escapes.
type Lesson struct {
	Title string
	Show  Show
	TLS   bool // every connection is made in TLS
	Steps []Step
}

// Step is what happens between two pauses.
type Step struct {
	Line int      // of its `-- say --`, from 1
	Say  []string // paragraphs, each one line without control characters
	Do   []Action // may be empty
}

// Side is an end of the connection.
type Side uint8

// The sides.
const (
	Client Side = iota
	Server
)

// String returns "client" or "server".
func (s Side) String() string {
	if s == Server {
		return "server"
	}
	return "client"
}

// Kind is what an Action does.
type Kind uint8

// The kinds of actions.
const (
	Send      Kind = iota // Side sends Text
	Serve                 // the built-in server answers from here on, on this connection
	Wait                  // nothing is sent for a time
	Close                 // Side closes the connection
	HalfClose             // Side says that it will send nothing more
	Connect               // a new connection; the one before is closed
)

// Action is one section of a step.
type Action struct {
	Kind    Kind
	Side    Side          // of Send, Close and HalfClose
	Text    string        // of Send, with LF for each line break of the file
	Escaped bool          // Text is written with backslash escapes, and its line breaks mean nothing
	For     time.Duration // of Wait
	Line    int           // of the first line of Text, or of the section's name where it has none
}

// Error is a mistake in a lesson file.
type Error struct {
	Line    int // from 1
	Problem string
	Advice  string // what to do; never empty
}

// Error says what is wrong, and in which line.
func (e *Error) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Problem) }

// Hint says what to do.
func (e *Error) Hint() string { return e.Advice }

func mistake(line int, advice, format string, a ...any) *Error {
	return &Error{Line: line, Problem: fmt.Sprintf(format, a...), Advice: advice}
}
