package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"rawhttp/internal/console"
	"rawhttp/internal/http1"
	"rawhttp/internal/transcript"
)

// openInput opens the FILE, or takes standard input. What cannot be opened is a
// wrong command line, as it is for send.
func (o *inspectOptions) openInput(p *program) (io.Reader, error) {
	if o.name == "" {
		switch info, err := p.stdin.Stat(); {
		case err != nil:
			return nil, usagef("", "cannot read standard input: %s", plainFileError(err))
		case info.IsDir():
			return nil, usagef("give the name of a file in it", "cannot read standard input: it is a directory")
		case console.Background(p.stdin):
			return nil, usagef("give a FILE", "started in the background, inspect cannot read the terminal")
		}
		return p.stdin, nil
	}
	if err := o.notAFile(); err != nil {
		return nil, err
	}
	f, err := os.Open(o.name)
	if err == nil {
		var info os.FileInfo
		if info, err = f.Stat(); err == nil && !info.IsDir() {
			return f, nil
		}
		f.Close()
	}
	if err == nil {
		return nil, usagef("give a file in it", "cannot read %s: it is a directory", o.name)
	}
	return nil, usagef("give the path of a file with the bytes, or pipe them in", "cannot read %s: %s", o.name, plainFileError(err))
}

// notAFile recognises a URL or an address that stands where FILE should.
func (o *inspectOptions) notAFile() error {
	if _, err := os.Lstat(o.name); err == nil {
		return nil
	}
	if scheme, rest, ok := strings.Cut(o.name, "://"); ok {
		command, port := "send", "80"
		if scheme == "https" {
			command, port = "tls-send", "443"
		}
		host, _, _ := strings.Cut(rest, "/")
		if !hasPort(host) {
			host += ":" + port
		}
		return usagef("inspect connects to nothing; to talk to that server: rawhttp "+command+" "+host, "%s is a URL, and inspect reads a file", o.name)
	}
	if hasPort(o.name) && !strings.ContainsAny(o.name, `/\`) && isDigits(o.name[strings.LastIndexByte(o.name, ':')+1:]) {
		return usagef("inspect connects to nothing; use: rawhttp send "+o.name, "%s is an address, and inspect reads a file", o.name)
	}
	return nil
}

// called is what the input is called.
func (o *inspectOptions) called() string {
	if o.name == "" {
		return "standard input"
	}
	return o.name
}

// inspection is one run of inspect.
type inspection struct {
	options *inspectOptions
	screen  *transcript.Screen
	stream  *transcript.Stream // nil while the side is not known
	side    http1.Side
	first   []byte // what came before the side was known, and at most sideLimit of what came then
	total   int64
}

// read hands the bytes to the transcript as they come.
func (i *inspection) read(ctx context.Context, input *console.Input) error {
	for {
		p, err := input.Next(ctx)
		switch {
		case errors.Is(err, io.EOF):
			return i.begin(true)
		case err != nil:
			if beginErr := i.begin(true); beginErr != nil {
				return beginErr
			}
			return i.readError(err)
		}
		i.total += int64(len(p))
		if i.stream != nil {
			err = i.stream.Feed(p)
		} else {
			i.first = append(i.first, p...)
			err = i.begin(false)
		}
		if err != nil {
			return err
		}
	}
}

// begin shows what has come as soon as it is known what it is; ended says that
// nothing more comes.
func (i *inspection) begin(ended bool) error {
	if i.stream != nil || i.total == 0 && !i.hasContext() {
		return nil
	}
	taken, known := i.options.take(i.first, ended)
	if !known {
		return nil
	}
	if err := i.options.contradiction(taken); err != nil {
		return err
	}
	i.side = taken.side
	i.stream = i.screen.Alone(i.side, i.options.known)
	i.stream.Note("inspecting", i.options.called()+" is read as a "+i.side.String()+": "+taken.why)
	held := i.first
	i.first = append([]byte(nil), held[:min(len(held), sideLimit)]...)
	if len(held) == 0 {
		return nil
	}
	return i.stream.Feed(held)
}

// hasContext reports whether an empty stream has a meaning: that nothing was
// answered.
func (i *inspection) hasContext() bool { return len(i.options.methods) > 0 }

// readError says why the bytes cannot be read to their end.
func (i *inspection) readError(err error) error {
	var signalled *stopped
	if errors.As(err, &signalled) {
		return signalled
	}
	var escape *console.EscapeError
	if errors.As(err, &escape) {
		return &failure{status: statusFailed, problem: escape.Error() + " of " + i.options.called(), hint: escape.Hint(), err: err, code: "input"}
	}
	return &failure{status: statusFailed, err: err, code: "input",
		problem: fmt.Sprintf("cannot read %s further than %s: %s", i.options.called(), number64(i.total, "byte"), plainFileError(err))}
}
