package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"rawhttp/internal/listen"
	"rawhttp/internal/serve"
	"rawhttp/internal/transcript"
)

// serveOptions is what serve does, once the command line is read.
type serveOptions struct {
	conversationFlags // only those about what is shown
	place
	syscalls       bool
	accessLog      bool
	noTranscript   bool
	dir            string
	maxBody        size
	maxConnections openConnections

	handler serve.Handler
	purpose string // is said at the start, if it is not empty
}

// mostConnections is how many connections are held open unless another number is
// given.
const mostConnections = 16384

// mostBody is what --max-body may be, and bodies how many of that length all
// requests together may hold.
const (
	mostBody = 1 << 30
	bodies   = 4
)

// openConnections is a flag value: how many of them, 1 or more.
type openConnections int

// String implements pflag.Value.
func (c *openConnections) String() string { return strconv.Itoa(int(*c)) }

// Type implements pflag.Value.
func (c *openConnections) Type() string { return "N" }

// Set implements pflag.Value.
func (c *openConnections) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return fmt.Errorf("%q is no number of connections: write 1 or more", text)
	}
	*c = openConnections(n)
	return nil
}

// grace is how long Ctrl-C waits for what is being answered.
const grace = 5 * time.Second

const serveHelp = `rawhttp serve ADDR

Be an HTTP/1.1 server made by hand on raw sockets, with every byte of every
connection shown. Its pages:
`

func (p *program) serveCommand() *cobra.Command {
	o := &serveOptions{place: place{command: "serve"}}
	cmd := &cobra.Command{
		Use:   "serve ADDR",
		Short: "a server made by hand on raw sockets, every byte shown",
		Long:  serveHelp + pages() + "\nADDR is as for listen.\n\nExample:\n  rawhttp serve 8080 --syscalls\n  rawhttp serve --tls 8443\n",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(p, args); err != nil {
				return err
			}
			return o.run(cmd.Context(), p)
		},
	}
	o.register(cmd)
	return cmd
}

// pages lists what the built-in site answers.
func pages() string {
	text := ""
	for _, r := range serve.Routes() {
		text += fmt.Sprintf("  %-14s%s\n", r.Path, r.About)
	}
	return text + fmt.Sprintf("  %-14s%s\n", "/fault/NAME", "a wrong answer on purpose; /fault/list has all")
}

func (o *serveOptions) register(cmd *cobra.Command) {
	set := cmd.Flags()
	set.SortFlags = false
	set.BoolVar(&o.syscalls, "syscalls", false, "show the system calls as they happen")
	set.BoolVar(&o.accessLog, "access-log", false, "show a line a request instead, in the Common Log Format")
	set.BoolVar(&o.noTranscript, "no-transcript", false, "show no connection at all")
	set.StringVar(&o.dir, "dir", "", "serve the files in `DIR` too: / is its index.html, and what is no page above; nothing outside it, no list, no name that begins with a dot")
	o.maxBody = megabyte
	set.Var(&o.maxBody, "max-body", "refuse a body of more than `N` bytes (default 1 MiB)")
	o.maxConnections = mostConnections
	set.Var(&o.maxConnections, "max-connections", "hold at most `N` connections open; beyond, the one that is idle longest gives way (default 16384)")
	o.registerShown(set)
	o.tls.register(set)
}

func (o *serveOptions) check(p *program, args []string) error {
	args, err := o.parse(args)
	if err != nil {
		return err
	}
	if len(args) > 1 {
		return usagef("leave it out", "%q: serve takes one address and nothing else", args[1])
	}
	o.bind(p, &o.conversationFlags)
	if err := o.conversationFlags.check(p); err != nil {
		return err
	}
	for _, quiet := range []string{"access-log", "no-transcript"} {
		for _, name := range []string{"syscalls", "format", "body", "body-limit", "time", "save", "redact", "diagnostics", "strict"} {
			if o.set.Changed(quiet) && o.set.Changed(name) {
				return usagef("leave out one of them", "--%s shows no transcript, so --%s has no meaning", quiet, name)
			}
		}
	}
	switch {
	case o.accessLog && o.noTranscript:
		return usagef("give one of them", "--access-log and --no-transcript exclude each other")
	case o.maxBody < 1 || o.maxBody > mostBody:
		return usagef("give 1 byte to 1GiB, for instance 64k: a request is held until it is whole", "--max-body %s is out of range", o.maxBody.String())
	case o.syscalls && o.tls.on:
		return usagef("leave out one of them", "--syscalls and --tls: the bytes of TLS that a system call carries are not those that are shown")
	}
	if err := o.checkTLS(&o.conversationFlags); err != nil {
		return err
	}
	return o.openDir()
}

// run serves until Ctrl-C.
func (o *serveOptions) run(ctx context.Context, p *program) error {
	h := &served{serveOptions: o, program: p, outputs: o.newOutputs(p)}
	h.troubles.show, h.tally.begun = h.outputs.screen.NoteAbout, time.Now()
	sockets, err := listen.Bind(ctx, o.address, o.family())
	if err != nil {
		return h.outputs.close(connectFailure(ctx, err))
	}
	defer sockets.Close()
	if err := o.tls.saveAuthority(); err != nil {
		return h.outputs.close(err)
	}
	p.saySuspended(h.outputs, ": "+sockets.Addresses()[0]+" stays taken")
	o.sayListening(h.outputs, p, sockets, o.verbose)
	h.saySockets(sockets)
	if o.purpose != "" {
		h.outputs.screen.Note("fault", o.purpose)
	}
	server := serve.New(serve.Options{
		Handler: o.handler, Times: serve.Times{Grace: grace}, Limits: o.limits(),
		Secure: o.tls.secure(p, h.outputs.screen), Open: h.open, Trouble: h.trouble, Crash: p.crashed,
	})
	told := p.mayFinish(ctx, server, h.outputs)
	stopClock := h.silences.start(pauseFor(p, &o.conversationFlags))
	err = server.Serve(ctx, p.hurried, sockets.Listeners()...)
	told()
	stopClock()
	h.troubles.end()
	var signalled *stopped
	if cause := context.Cause(ctx); err == nil && errors.As(cause, &signalled) && signalled.status() != 130 {
		err = cause
	}
	h.tally.say(h.outputs.screen, err)
	if closeErr := o.tls.keys.close(); err == nil {
		err = closeErr
	}
	return h.outputs.close(o.judge(err, h.outputs.screen.Found()))
}

func (o *serveOptions) limits() serve.Limits {
	return serve.Limits{Body: int64(o.maxBody), Bodies: max(256*megabyte, bodies*int64(o.maxBody)), Connections: int(o.maxConnections)}
}

// mayFinish lets Ctrl-C wait for what is being answered, which a second one cuts
// short. What it returns is called when the server is done.
func (p *program) mayFinish(ctx context.Context, server *serve.Server, out *outputs) (joined func()) {
	p.finishes.Store(int64(grace))
	said := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(said)
		if n := server.Busy(); n > 0 {
			out.screen.Note("stopping", more(int64(n), "request is", "requests are")+" still being answered, for at most "+spent(grace)+"; Ctrl-C again ends at once")
		}
	})
	return func() {
		if !stop() {
			<-said
		}
	}
}

func (o *serveOptions) newOutputs(p *program) *outputs {
	if !o.accessLog && !o.noTranscript {
		return newOutputs(p, &o.conversationFlags, nil, true)
	}
	out := &outputs{guard: p.guard}
	options := o.screenOptions(p, stream{f: p.stderr, name: "standard error"})
	options.NoRows = true
	out.screen = transcript.NewScreen(options)
	return out
}
