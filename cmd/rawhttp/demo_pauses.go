package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"rawhttp/internal/console"
	"rawhttp/internal/transcript"
)

// demoPauses waits for a person between two steps. A nil one does not.
type demoPauses struct {
	input    *console.Input
	keyboard *keyboard // nil: the prompt is a note
	screen   *transcript.Screen
	width    func() int
	told     bool // how to end
}

// demoOver says that a person has seen enough.
var demoOver = &exitStatus{statusDone}

// openPauses returns nil where nobody is to be waited for.
func (p *program) openPauses(o *demoOptions) *demoPauses {
	if o.noPause || o.flags.format.value == "json" || !isTerminal(p.stdin) || !isTerminal(p.stdout) || console.Background(p.stdin) {
		return nil
	}
	p.typed.Store(true)
	w := &demoPauses{width: func() int { return console.Width(p.stdout) }}
	var reader io.Reader = p.stdin
	if w.keyboard = p.openKeyboard(&o.flags, completer{}); w.keyboard != nil {
		reader = w.keyboard.editor
		w.prompt()
	}
	w.input = console.NewInput(reader, true)
	if w.keyboard != nil {
		w.input.SetPiece(console.PieceSize)
	}
	return w
}

// prompt stands at the end of the screen until the next one: the first of texts
// that fits.
func (w *demoPauses) prompt(texts ...string) {
	w.keyboard.editor.SetPrompt(func([]byte) string {
		const typed = 8 // columns that the editor wants beside it
		room := w.width() - typed
		for _, text := range texts {
			if len(text) <= room {
				return text
			}
		}
		return ""
	})
}

// wait waits for Enter; done of all steps were shown. Its error is demoOver when
// the person ends the lesson.
func (w *demoPauses) wait(ctx context.Context, done, all int) error {
	if w == nil {
		return nil
	}
	if err := w.ask(done, all); err != nil {
		return err
	}
	p, err := w.input.Next(ctx)
	if w.keyboard != nil {
		w.prompt()
	}
	switch {
	case errors.Is(err, io.EOF):
		return demoOver
	case err != nil:
		return err
	case slices.Contains([]string{"q", "quit", "exit"}, strings.ToLower(strings.TrimSpace(string(p)))):
		return demoOver
	}
	return nil
}

// ask says what Enter does and, once, how to end.
func (w *demoPauses) ask(done, all int) error {
	if err := w.screen.Say("pause"); err != nil { // an empty line, so that the prompt stands apart
		return err
	}
	goesOn := fmt.Sprintf("[%d of %d] Enter goes on", done, all)
	texts := []string{goesOn + " ", "Enter goes on ", "Enter "}
	if !w.told {
		end := w.keyboard.endKey()
		texts = append([]string{goesOn + "; q and Enter, or " + end + ", ends ", goesOn + "; " + end + " ends "}, texts...)
	}
	w.told = true
	if w.keyboard == nil {
		return w.screen.Always("pause", strings.TrimSpace(texts[0]))
	}
	w.prompt(texts...)
	return nil
}
