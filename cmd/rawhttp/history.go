package main

import (
	"rawhttp/internal/console"
	"rawhttp/internal/transcript"
)

// typedAt reports whether a person types all of the input and sees what is shown:
// then lines can be edited.
func (p *program) typedAt(files *inputFiles) bool {
	return len(files.names) == 0 && isTerminal(p.stdin) && isTerminal(p.stdout)
}

// checkHistory refuses --history where no line is edited, and sets f.past to the
// lines of earlier runs. Nothing is written before a line is entered.
func (f *conversationFlags) checkHistory(p *program, typed bool) error {
	f.past = console.NewHistory()
	if f.history == "" {
		return nil
	}
	if !typed {
		why := "FILEs are sent"
		if !isTerminal(p.stdin) {
			why = "standard input is no terminal"
		} else if !isTerminal(p.stdout) {
			why = "standard output is no terminal"
		}
		return usagef("leave it out; --save-sent keeps the bytes sent", "--history is for lines typed at a terminal, and %s", why)
	}
	past, err := console.OpenHistory(f.history)
	if err != nil {
		return usagef("give the path of a file that may be read and written, or of one to be made",
			"cannot use --history %s: %s", f.history, plainFileError(err))
	}
	f.past = past
	return nil
}

// warnOfHistory says that others can read what is typed.
func (f *conversationFlags) warnOfHistory(screen *transcript.Screen) error {
	if !f.past.WideOpen() {
		return nil
	}
	return screen.Always("history-open", "others can read "+f.history+", and what is typed may hold secrets: chmod 600 "+f.history)
}
