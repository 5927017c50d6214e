package main

import (
	"bytes"
	"io"
	"sync/atomic"
	"time"

	"rawhttp/internal/console"
	"rawhttp/internal/http1"
	"rawhttp/internal/transcript"
)

// keyboard is the line editor and what it is told of the conversation. A nil
// keyboard is a terminal without one, or no terminal.
type keyboard struct {
	editor  *console.Editor
	escapes bool // what is typed is written with escapes, and Enter sends nothing
	words   completer
	prompt  atomic.Pointer[transcript.Prompt] // nil: nobody gets what is typed
}

// endKey names the key that ends the input.
func (k *keyboard) endKey() string { return console.EndKey(k != nil) }

// noEditor says why lines cannot be edited here, or "". Rows and typed lines must
// share a terminal that can draw over itself. A view of lines of words or of JSON
// has no gutter, and a screen reader would read each drawing.
func (p *program) noEditor(f *conversationFlags) string {
	switch {
	case !isTerminal(p.stdin):
		return "standard input is no terminal"
	case !isTerminal(p.stdout):
		return "standard output is no terminal"
	case f.raw.value != "off":
		return "with --raw no line is edited"
	case f.format.value == "plain" || f.format.value == "json":
		return "with --format " + f.format.value + " no line is edited"
	case p.getenv("TERM") == "dumb":
		return "TERM=dumb is a terminal on which no line can be edited"
	}
	return ""
}

// openKeyboard starts the line editor, or returns nil: then the terminal's own
// line editing has to do.
func (p *program) openKeyboard(f *conversationFlags, words completer) *keyboard {
	if p.noEditor(f) != "" {
		return nil
	}
	p.catching.Wait()
	k := &keyboard{escapes: f.escapes, words: words}
	ascii := console.ASCIIOnly(p.getenv)
	editor, err := console.NewEditor(console.EditorOptions{
		Input: p.stdin, Output: p.stdout,
		Look: func(dst, b []byte, based bool) ([]byte, int, int) {
			if k.escapes && b[0] == '\\' {
				return append(dst, '\\'), 1, 1
			}
			return transcript.Character(dst, b, based, ascii)
		},
		Idle:     idlePrompt,
		Complete: k.complete,
		History:  f.past,
		Signal:   p.pressed,
		Crash:    p.crashed,
		Reflows:  p.getenv("XTERM_VERSION") == "" && p.getenv("TERM") != "linux", // these two cut off
	})
	if err != nil {
		return nil
	}
	k.editor = editor
	p.setKeyboard(k)
	return k
}

// lastKey is session.Options.LastKey.
func (k *keyboard) lastKey() func() time.Time {
	if k == nil {
		return nil
	}
	return k.editor.LastKey
}

// expect makes the gutter of the row that is expected next the prompt.
func (k *keyboard) expect(next transcript.Prompt) {
	if k == nil {
		return
	}
	if before := k.prompt.Swap(&next); before != nil && *before == next {
		return
	}
	k.editor.SetPrompt(func(line []byte) string {
		if k.escapes {
			return next.Text(decoded(line), 0)
		}
		return next.Text(len(line), 1)
	})
}

// idle says that nobody gets what is typed.
func (k *keyboard) idle() {
	if k != nil && k.prompt.Swap(nil) != nil {
		k.editor.SetPrompt(nil)
	}
}

// idlePrompt shows nothing until something is typed: it would ask for it.
func idlePrompt(line []byte) string {
	if len(line) == 0 {
		return ""
	}
	return transcript.IdlePrompt()
}

// decoded is how many bytes a line stands for, as far as its escapes can be read.
func decoded(line []byte) int {
	n, _ := io.Copy(io.Discard, console.NewUnescaper(bytes.NewReader(line)))
	return int(n)
}

// complete is what TAB may put in. Where the bytes are content, TAB is a byte.
func (k *keyboard) complete(line []byte) (from int, words []string) {
	kind := http1.StatusLine
	if k.words.client {
		kind = http1.RequestLine
	}
	if next := k.prompt.Load(); next != nil {
		kind = next.Kind()
	}
	if kind.Opaque() {
		return -1, nil
	}
	return k.words.complete(kind, line)
}

// dropPaste throws away the rest of what was pasted when the line before it
// could not be sent, and reports whether that was pasted.
func (k *keyboard) dropPaste() bool { return k != nil && k.editor.DropPaste() }
