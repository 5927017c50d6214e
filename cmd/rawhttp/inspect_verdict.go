package main

import (
	"fmt"
	"strings"

	"rawhttp/internal/http1"
	"rawhttp/internal/transcript"
)

// conclude ends the stream and says what it came to. err is why reading ended,
// nil at the end of the input.
func (i *inspection) conclude(err error) error {
	if err != nil {
		if i.stream != nil {
			i.stream.Leave()
		}
		return err
	}
	if i.stream == nil {
		return i.empty()
	}
	if err := i.end(); err != nil {
		return err
	}
	found := i.stream.Found()
	if err := i.stream.Note("verdict", i.verdict(found)); err != nil {
		return err
	}
	return i.options.flags.judge(i.problem(found), found)
}

// end says that this was all, or with --open that more may come.
func (i *inspection) end() error {
	if i.options.open {
		return i.stream.Leave()
	}
	return i.stream.End()
}

// empty is what comes of no byte at all. To a script that checks what a program
// wrote that must not look like a success: the message is missing.
func (i *inspection) empty() error {
	text, hint := "nothing to inspect: the file is empty", "did the program that should have written "+i.options.name+" fail?"
	if i.options.name == "" {
		text, hint = "nothing to inspect: standard input is empty", "give a FILE, or pipe the bytes in"
	}
	if i.options.open {
		return i.screen.Note("verdict", text+" so far")
	}
	return &failure{status: statusCut, problem: text, hint: hint, code: "empty"}
}

// verdict is the closing note.
func (i *inspection) verdict(found transcript.Tally) string {
	state := i.stream.Stand()
	messages := "no " + i.side.String()
	if state.Begun > 0 {
		messages = number(state.Begun, i.side.String())
	}
	if n := state.Begun - state.Complete; n > 0 && i.options.open {
		messages += ", the last one not complete yet"
	} else if n > 0 {
		messages += ", the last one incomplete"
	}
	wrong := found.Wrong()
	if wrong == "" && i.problem(found) == nil {
		wrong = "no problem found in framing or syntax"
	} else if wrong == "" {
		wrong = "nothing else found"
	}
	if n := found.Of(http1.Note); n > 0 {
		wrong += "; " + number(n, "note")
	}
	return fmt.Sprintf("%s, %s: %s", number64(i.total, "byte"), messages, wrong)
}

// problem is what gives status 3: an error, or a message that is not whole.
func (i *inspection) problem(found transcript.Tally) error {
	state := i.stream.Stand()
	first, names := http1.Code(0), []string(nil)
	for _, code := range http1.Codes() {
		if found[code] == 0 || code.Entry().Severity != http1.Error {
			continue
		}
		if len(names) == 0 {
			first = code
		}
		names = append(names, code.String())
	}
	called := i.options.called()
	switch {
	case len(names) == 1:
		return &failure{status: statusCut, problem: called + " has an error: " + names[0], hint: i.hint(first), code: "found"}
	case len(names) > 1:
		return &failure{status: statusCut, problem: called + " has errors: " + strings.Join(names, ", "), hint: i.hint(first), code: "found"}
	case i.options.open:
	case state.Begun == 0:
		return &failure{status: statusCut, problem: "there is no " + i.side.String() + " in " + called, hint: looksLike(i.first, false)}
	case state.Begun > state.Complete:
		return &failure{status: statusCut, problem: "the last " + i.side.String() + " in " + called + " is incomplete", hint: "--open, if the stream goes on"}
	}
	return nil
}

// hint says where an error is explained, or what a stream that is no HTTP may be.
func (i *inspection) hint(first http1.Code) string {
	switch {
	case first == http1.WrongDirection && i.options.request:
		return "leave out --request, or give --response"
	case first == http1.WrongDirection && i.options.response:
		return "leave out --response, or give --request"
	case first == http1.ChunkSizeInvalid && i.side == http1.Response:
		return "if curl wrote it: curl -i takes chunks apart, curl -i --raw keeps them"
	case first == http1.TruncatedBody && i.side == http1.Response && len(i.options.methods) == 0 && i.bodyless():
		return "if it answers a HEAD, as curl -I sends it: --request-method HEAD"
	}
	if looks := looksLike(i.first, i.stream.Stand().Begun > 0); looks != "" && !i.options.flags.escapes {
		return looks
	}
	return "more about it: rawhttp inspect --explain " + first.String()
}

// bodyless reports whether the stream ends where a body was to begin.
func (i *inspection) bodyless() bool {
	state := i.stream.Stand()
	return state.Next == http1.Body && state.Owed == state.Size
}

// number64 is number for counts of bytes.
func number64(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
