package main

import (
	"errors"

	"rawhttp/internal/transcript"
)

// shownFrom is --diagnostics as the transcript has it.
func (f *viewFlags) shownFrom() transcript.Threshold {
	switch f.threshold.value {
	case "note":
		return transcript.ShowNotes
	case "error":
		return transcript.ShowErrors
	case "none":
		return transcript.ShowNone
	}
	return transcript.ShowWarnings
}

// toldFrom is --diagnostics as the JSON view has it: all of them unless it is given.
func (f *viewFlags) toldFrom() transcript.Threshold {
	if !f.set.Changed("diagnostics") {
		return transcript.ShowNotes
	}
	return f.shownFrom()
}

// judge applies --strict to what a conversation, or all of them, came to: any
// warning or error, shown or not, is status 3. What ends with another status
// than 0, 3 or 6 stays what it is.
func (f *viewFlags) judge(err error, found transcript.Tally) error {
	wrong := found.Wrong()
	if !f.strict || wrong == "" {
		return err
	}
	strict := &failure{status: statusCut, problem: "--strict: " + wrong, code: "strict"}
	if level := f.threshold.value; level == "none" || level == "error" {
		strict.hint = "leave out --diagnostics " + level + " to see where"
	}
	if err == nil {
		return strict
	}
	var cut *failure
	if !errors.As(err, &cut) || cut.status != statusCut && cut.status != statusHTTP {
		return err
	}
	strict.problem = err.Error() + "; " + strict.problem
	if cut.hint != "" {
		strict.hint = cut.hint
	}
	return strict
}
