package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"syscall"

	"rawhttp/internal/console"
	"rawhttp/internal/transcript"
)

func isTerminal(f *os.File) bool { return console.IsTerminal(f) }

// colored decides for one writer: the flag, then NO_COLOR and TERM=dumb, then
// whether it is a terminal.
func colored(p *program, choice string, f *os.File) bool {
	switch choice {
	case "always":
		return true
	case "never":
		return false
	}
	return p.getenv("NO_COLOR") == "" && p.getenv("TERM") != "dumb" && isTerminal(f)
}

// stream marks the errors of a standard stream, which end the program in another
// way than those of the network: a closed one quietly.
type stream struct {
	f       *os.File
	name    string
	through io.Writer  // writes to f in another way; nil: straight
	lines   *lastLines // nil: what is written is not for programs
	echoed  *echo      // nil: f is no terminal, or shows no key
}

// Write implements io.Writer.
func (s stream) Write(p []byte) (int, error) {
	to := s.through
	if to == nil {
		to = s.f
	}
	s.echoed.end(to)
	var n int
	var err error
	if s.lines != nil {
		n, err = s.lines.write(to, p)
	} else {
		n, err = to.Write(p)
	}
	return n, s.mark(err)
}

func (s stream) mark(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, syscall.EPIPE) {
		return &exitStatus{statusDone}
	}
	return failed("cannot write "+s.name+": "+plainFileError(err), err)
}

// movable is a stream to which the kernel may move bytes.
type movable struct{ stream }

// pass implements passable.
func (s movable) pass(_ int64, move func(*os.File) error) error { return s.mark(move(s.f)) }

// peerOutput is standard output for the peer's bytes. A regular file may be other
// programs' standard output, too, and moving bytes there would not take turns with
// their writes, as writing does: one would overwrite the other.
func peerOutput(p *program) io.Writer {
	out := stream{f: p.stdout, name: "standard output"}
	if info, err := p.stdout.Stat(); err != nil || info.Mode().IsRegular() {
		return out
	}
	return movable{out}
}

// passable is a writer that leads to a file and nowhere else, so that bytes may be
// moved there which this program does not have.
type passable interface {
	// pass calls move with the file; what comes of it is as if n bytes were written.
	pass(n int64, move func(*os.File) error) error
}

// outputs is where everything goes: the screen, the peer's bytes, saved files.
type outputs struct {
	screen   *transcript.Screen
	received io.Writer // the peer's bytes as they are; nil when nobody wants them
	sent     io.Writer // the bytes sent as they are; nil when nobody wants them
	files    []*lazyFile
	saveSent *lazyFile
	conn     int    // the connection that errors are about; 0: none
	again    string // the command line that sends saved bytes again
	keyboard *keyboard
	copies   bool   // every byte is read, though nobody needs to see it
	guard    func() // is deferred where a panic could not be caught otherwise

	person    *person     // who types; nil: nobody does, or listen's
	inputOver atomic.Bool // and has ended the input
}

const megabyte = 1 << 20

// newOutputs opens nothing. ready is transcript.Options.Ready; numbers says that
// rows carry their connection's.
func newOutputs(p *program, f *conversationFlags, ready func([]byte) string, numbers bool) *outputs {
	o := &outputs{guard: p.guard, copies: p.copies}
	shown := stream{f: p.stdout, name: "standard output", lines: p.linesOf(&f.viewFlags)}
	if k := p.currentKeyboard(); k != nil {
		shown.through = k.editor
	}
	if f.raw.value != "off" {
		shown = stream{f: p.stderr, name: "standard error"}
		peer := peerOutput(p)
		if f.output != "" {
			peer = o.file(f.output)
		}
		if f.raw.value == "bytes" {
			o.received = peer
		} else {
			o.screen = o.newScreen(p, f, shown, peer, ready, numbers)
		}
	} else if f.output != "" {
		o.received = o.file(f.output)
	}
	if f.saveSent != "" {
		o.saveSent = o.file(f.saveSent)
		o.sent = o.saveSent
	}
	if o.screen == nil {
		o.screen = o.newScreen(p, f, shown, nil, ready, numbers)
	}
	return o
}

func (o *outputs) file(name string) *lazyFile {
	l := &lazyFile{name: name}
	o.files = append(o.files, l)
	return l
}

func (o *outputs) newScreen(p *program, f *conversationFlags, shown stream, content io.Writer, ready func([]byte) string, numbers bool) *transcript.Screen {
	options := f.screenOptions(p, shown)
	options.Content, options.NoRows = content, f.raw.value != "off"
	options.Seconds, options.Numbers, options.Ready, options.Further = f.seconds, numbers, ready, o.further
	if options.NoRows {
		options.BodyLimit, options.JSON = int64(f.bodyLimit), false
	}
	o.keep(&f.viewFlags, &options)
	return transcript.NewScreen(options)
}

// keep is --save.
func (o *outputs) keep(f *viewFlags, options *transcript.Options) {
	if f.save != "" {
		options.Save = o.file(f.save)
		options.SaveJSON = isJSON(f.save)
	}
}

// screenOptions is what the flags of views say, for a screen on a standard stream.
func (f *viewFlags) screenOptions(p *program, shown stream) transcript.Options {
	if isTerminal(shown.f) && shown.through == nil {
		shown.echoed = &p.echoed
	}
	options := transcript.Options{
		Output: shown, Color: colored(p, f.color.value, shown.f), Quiet: f.quiet,
		JSON: f.format.value == "json", Hex: f.format.value == "hex", Plain: f.format.value == "plain",
		BodyLimit: int64(f.bodyLimit), Diagnostics: f.shownFrom(), JSONDiagnostics: f.toldFrom(), Redact: f.redact,
	}
	switch f.body.value {
	case "text":
		options.Body = transcript.BodyText
	case "hex":
		options.Body = transcript.BodyHex
	}
	if isTerminal(shown.f) {
		options.Width = func() int { return console.Width(shown.f) }
		options.ASCII = console.ASCIIOnly(p.getenv)
		if !f.redact && !options.JSON {
			options.SecretNote = "that was a secret: --redact hides the values of Authorization, Proxy-Authorization, Cookie and Set-Cookie"
		}
		if !f.set.Changed("body-limit") && !options.JSON {
			options.BodyLimit = megabyte
		}
	}
	return options
}

// isJSON reports whether a saved transcript is to be in the JSON view.
func isJSON(name string) bool { return strings.HasSuffix(strings.ToLower(name), ".json") }

// close says what was saved, tells the JSON view of err, and closes the files. It
// returns err, or the first error of a file.
func (o *outputs) close(err error) error {
	if o.saveSent != nil && o.saveSent.size > 0 && o.saveSent.err == nil {
		o.screen.Note("saved", fmt.Sprintf("saved %d bytes; again with: %s %s", o.saveSent.size, o.again, o.saveSent.name))
	}
	if eventErr := o.event(o.conn, err); err == nil {
		err = eventErr
	}
	for _, f := range o.files {
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
	}
	return err
}
