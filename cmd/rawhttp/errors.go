package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/fatih/color"

	"rawhttp/internal/console"
	"rawhttp/internal/dial"
	"rawhttp/internal/tlsdial"
	"rawhttp/internal/transcript"
)

// The exit statuses; docs/commands.md explains them.
const (
	statusDone    = 0
	statusFailed  = 1 // no connection, or the network or this program's own input or output ended it
	statusUsage   = 2 // the command line was wrong; nothing was opened
	statusCut     = 3 // an orderly end, but a message received is missing, cut short or unframed
	statusTimeout = 4
	statusTLS     = 5
	statusHTTP    = 6 // --fail, and the last response's status was 400 or more
)

// usageError says that the command line is wrong. Nothing was opened.
type usageError struct {
	problem, hint string
	final         bool // no better hint is to be looked for
}

func (e *usageError) Error() string { return e.problem }

// Hint says what to do.
func (e *usageError) Hint() string { return e.hint }

func usagef(hint, format string, a ...any) error {
	return &usageError{problem: fmt.Sprintf(format, a...), hint: hint}
}

// asUsage makes a usage error of an error of a check, keeping its hint.
func asUsage(err error) error {
	if err == nil {
		return nil
	}
	return &usageError{problem: err.Error(), hint: hintOf(err)}
}

// failure is an error with an exit status and a hint.
type failure struct {
	status  int
	problem string
	hint    string
	err     error
	input   bool   // reading the input failed
	code    string // for the JSON view; "" is the status's
}

func (e *failure) Error() string { return e.problem }

// Hint says what to do.
func (e *failure) Hint() string { return e.hint }

func (e *failure) Unwrap() error { return e.err }

// failed is a failure of this program's own output, with status 1 and no hint.
func failed(problem string, err error) *failure {
	return &failure{status: statusFailed, problem: problem, err: err, code: "output"}
}

// exitStatus ends the program without another word.
type exitStatus struct{ status int }

func (e *exitStatus) Error() string { return fmt.Sprintf("exit status %d", e.status) }

// hinted is an error that knows what to do about it.
type hinted interface{ Hint() string }

func hintOf(err error) string {
	var h hinted
	if errors.As(err, &h) {
		return h.Hint()
	}
	return ""
}

// statusOf picks the exit status of an error that was not caught before.
func statusOf(err error) int {
	var (
		usage     *usageError
		fail      *failure
		signalled *stopped
		verify    *tlsdial.VerifyError
		handshake *tlsdial.HandshakeError
	)
	switch {
	case errors.As(err, &signalled):
		return signalled.status()
	case errors.As(err, &usage):
		return statusUsage
	case errors.As(err, &fail):
		return fail.status
	case errors.As(err, &verify), errors.As(err, &handshake):
		return statusTLS
	}
	return statusFailed
}

// printError is the one place that prints errors: what is wrong, then what to
// do. A signal is no error worth a line.
func printError(p *program, err error) {
	if isSilent(err) {
		return
	}
	plain := p.plain.Load() || p.getenv(formatVariable) == "plain"
	label := color.New(color.Bold, color.FgRed)
	if !plain && colored(p, "", p.stderr) {
		label.EnableColor()
	} else {
		label.DisableColor()
	}
	width := 0
	if !plain && isTerminal(p.stderr) {
		width = console.Width(p.stderr)
	}
	problem := strings.TrimSpace(err.Error())
	if plain {
		problem = transcript.Spoken(problem)
	}
	text := transcript.Wrap("rawhttp: error: "+problem, width)
	text = strings.Replace(text, "error:", label.Sprint("error:"), 1)
	if hint := hintOf(err); hint != "" {
		text += transcript.Wrap("rawhttp: hint: "+hint, width)
	}
	fmt.Fprint(p.stderr, text)
}

// isSilent reports whether an error ends the program without a word.
func isSilent(err error) bool {
	var signalled *stopped
	var quiet *exitStatus
	return err == nil || errors.As(err, &signalled) || errors.As(err, &quiet) || errors.Is(err, context.Canceled)
}

// networkFailure puts an error of a connection into words.
func networkFailure(what string, err error) *failure {
	if alert, ok := tlsdial.AsAlert(err); ok {
		return &failure{status: statusTLS, problem: what + alert.Error(), hint: alert.Hint(), err: err}
	}
	return &failure{status: statusFailed, problem: what + dial.Explain(err), err: err, code: "network"}
}

// inputFailure tells a bad escape in the input from other errors of reading it.
func inputFailure(err error) *failure {
	var escape *console.EscapeError
	if errors.As(err, &escape) {
		return &failure{status: statusFailed, problem: escape.Error() + " of the input; nothing from there on was sent", hint: escape.Hint(), err: err, input: true, code: "input"}
	}
	return &failure{status: statusFailed, problem: "cannot read the input: " + plainFileError(err), err: err, input: true, code: "input"}
}
