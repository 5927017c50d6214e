package main

import (
	"rawhttp/internal/console"
	"rawhttp/internal/transcript"
)

// checkHistory refuses --history where no line is edited, and sets f.past to the
// lines of earlier runs. Nothing is written before a line is entered.
func (f *conversationFlags) checkHistory(p *program, files *inputFiles) error {
	f.past = console.NewHistory()
	if f.history == "" {
		return nil
	}
	why := p.noEditor(f)
	if why == "" && len(files.names) > 0 {
		why = "FILEs are sent"
	}
	if why != "" {
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
