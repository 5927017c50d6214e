package main

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"rawhttp/internal/listen"
	"rawhttp/internal/serve"
	"rawhttp/internal/session"
	"rawhttp/internal/transcript"
)

const (
	holdAnswer = 3 * time.Second // how long a piped answer waits for the client's next byte
	linger     = 5 * time.Second // how long a client may be silent after the answer
	atOnce     = 64              // connections that FILEs answer at once
)

// listenOptions is what listen does, once the command line is read.
type listenOptions struct {
	conversationFlags
	keepOpen     bool
	maxWaiting   connections
	status, body string // --reply, --reply-body
	faultName    string
	place

	files *inputFiles
	reply *reply       // nil without --reply
	fault *serve.Fault // nil without --fault
}

func (o *listenOptions) register(cmd *cobra.Command) {
	set := cmd.Flags()
	o.conversationFlags.register(set)
	set.BoolVarP(&o.keepOpen, "keep-open", "k", false, "go on with the next connection when one is over")
	o.maxWaiting = 128
	set.Var(&o.maxWaiting, "max-waiting", "let at most `N` connections wait while others are served (default 128)")
	set.StringVar(&o.status, "reply", "", "answer each complete request with `STATUS`, such as 404, by itself")
	set.StringVar(&o.body, "reply-body", "", "the body of that: `TEXT`, or @FILE, whose name says its type, such as @page.html")
	set.StringVar(&o.faultName, "fault", "", "with -k: answer every request wrongly on purpose, as `NAME` says; list: show them all")
	o.tls.register(set)
}

func (o *listenOptions) check(p *program, args []string) error {
	args, err := o.parse(args)
	if err != nil {
		return err
	}
	o.bind(p, &o.conversationFlags)
	if err := o.conversationFlags.check(p); err != nil {
		return err
	}
	if err := o.checkTLS(&o.conversationFlags); err != nil {
		return err
	}
	if o.set.Changed("fault") {
		return o.checkFault(args)
	}
	if o.set.Changed("reply") || o.set.Changed("reply-body") {
		if err := o.checkReply(args[1:]); err != nil {
			return err
		}
		return o.checkHistory(p, o.files)
	}
	if o.files, err = checkInputFiles(args[1:], p.stdin, &o.conversationFlags); err != nil {
		return err
	}
	if slices.Contains(o.files.names, "-") && isTerminal(p.stdin) {
		return usagef("leave out the FILEs to type the answers", "- is the terminal, and what is typed cannot answer again and again")
	}
	return o.checkHistory(p, o.files)
}

// host is one run of listen.
type host struct {
	*listenOptions
	program  *program
	source   *source
	outputs  *outputs
	listener *listen.Listener
	canned   canned // nil where a person or a pipe answers
	notes    *orderedNotes
	tally    serverTally
	silent   atomic.Int64 // the number of the connection last said to be silent, while it may be there; 0: none
	pipeUsed bool         // standard input is a pipe that answered a connection
}

func (o *listenOptions) run(ctx context.Context, p *program) error {
	h := &host{listenOptions: o, program: p}
	err := h.openSource()
	if err != nil {
		return err
	}
	h.outputs = newOutputs(p, &o.conversationFlags, h.ready, o.keepOpen)
	h.outputs.keyboard = h.source.keyboard
	h.outputs.again = "rawhttp listen " + h.tls.flag() + h.address.String()
	h.notes = &orderedNotes{show: h.outputs.screen.NoteAbout, seats: h.seats()}
	if err := o.warnOfHistory(h.outputs.screen); err != nil {
		return h.outputs.close(err)
	}
	h.listener, err = listen.Open(ctx, o.address, listen.Options{
		Family: o.family(), Eager: o.raw.value != "off", Seats: h.seats(), MaxWaiting: int(o.maxWaiting),
		Patience: h.patience(), Secure: h.tls.secure(p, h.outputs.screen), Event: h.event,
	})
	if err != nil {
		return h.outputs.close(connectFailure(ctx, err))
	}
	if err := h.tls.saveAuthority(); err != nil {
		h.listener.Close()
		return h.outputs.close(err)
	}
	p.saySuspended(h.outputs, ": "+h.listener.Addresses()[0]+" stays taken")
	h.tally.begun = time.Now()
	h.sayListening(h.outputs, p, h.listener.Sockets, h.verbose)
	h.source.person.sayAway(h.outputs.screen, ", clients are held until they close")
	serve := h.serveAll
	if h.seats() > 1 {
		serve = h.serveSeveral
	}
	if err = serve(ctx); o.keepOpen {
		h.tally.say(h.outputs.screen, err)
		err = o.judge(err, h.outputs.screen.Found())
	}
	h.listener.Close()
	if closeErr := h.tls.keys.close(); err == nil {
		err = closeErr
	}
	return h.outputs.close(err)
}

// patience: a piped answer is for silent clients too, as in protocols in which
// the server speaks first.
func (h *host) patience() time.Duration {
	if h.canned == nil && h.source.person == nil {
		return holdAnswer
	}
	return 0
}

// seats is how many connections are served at once: several where what answers
// is there for all of them, and where only rows, which carry the connection's
// number, show what crosses.
func (h *host) seats() int {
	if h.keepOpen && h.canned != nil && h.raw.value == "off" && h.output == "" && h.saveSent == "" {
		return atOnce
	}
	return 1
}

// serveAll serves connections, one at a time, until one is enough, or the input
// or ctx ends.
func (h *host) serveAll(ctx context.Context) error {
	for {
		conn, err := h.next(ctx)
		if err != nil || conn == nil {
			return h.endOf(err)
		}
		h.outputs.conn = conn.Number
		h.silent.CompareAndSwap(int64(conn.Number), 0)
		err = h.serve(ctx, conn)
		h.listener.Free()
		var signalled *stopped
		switch {
		case errors.As(err, &signalled):
			return h.endOf(err)
		case !h.keepOpen:
			return err
		case err != nil:
			if fatal := h.report(conn.Number, err); fatal != nil {
				return fatal
			}
		}
		h.outputs.conn = 0
	}
}

// next waits for the connection that gets the seat. A line typed while nobody
// has it gives it to the oldest open connection. nil, nil is the end.
func (h *host) next(ctx context.Context) (*listen.Conn, error) {
	if limit := h.clientLimit(); limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, limit, errNoClient)
		defer cancel()
	}
	asked := false
	for {
		var typed <-chan struct{}
		person := h.source.person
		switch {
		case person.types():
			if err := person.await(ctx, h.outputs.screen); err != nil {
				return nil, err
			}
			typed = h.source.input.Ready()
		case person.away():
			typed = person.came
		}
		conn, err := h.listener.Next(ctx, typed)
		switch {
		case err == nil:
			return conn, nil
		case errors.Is(err, errNoClient):
			return nil, h.noClient()
		case !errors.Is(err, listen.ErrWoken):
			return nil, err
		case typed == person.came:
			continue
		}
		if h.source.input.AtEnd() && (h.source.gone != 0 || h.keepOpen && h.silent.Load() != 0) && !asked {
			asked = true
			if err := h.askWhetherToEnd(ctx); err != nil {
				return nil, err
			}
			continue
		}
		if conn := h.listener.Oldest(); conn != nil && !h.source.input.AtEnd() {
			return conn, nil
		} else if conn != nil {
			conn.Close() // Ctrl-D with a silent client: it is not waited for
		}
		switch _, err := h.source.input.Next(ctx); {
		case errors.Is(err, io.EOF):
			return nil, nil // Ctrl-D with nobody connected
		case err != nil && !refused(err):
			return nil, err
		}
		h.source.gone = 0
		if err := h.outputs.screen.Always("not-sent", "not sent"+h.source.again("nobody is connected")); err != nil {
			return nil, err
		}
	}
}

// serve carries one conversation.
func (h *host) serve(ctx context.Context, conn *listen.Conn) error {
	note := "connection from " + conn.Remote + h.legend("< they send, > you send, bytes a row")
	if h.seconds {
		note += " at " + conn.Accepted.Format("2006-01-02 15:04:05.000 MST")
	}
	seen := newObserver(h.outputs, conn.Number, session.Server)
	seen.person, seen.used, seen.verbose = h.source.person, h.pipeUsed, h.verbose
	handshake := summaryOf(conn.Conn)
	seen.tls = handshake != nil
	seen.conversation.Open(transcript.Opened{
		Time: conn.Accepted, Server: true, Local: addressText(conn.LocalAddr()), Remote: conn.Remote,
		TLS: serverTLSFacts(handshake),
	})
	seen.conversation.Note("connected", note)
	if h.verbose {
		seen.conversation.Note("connected-to", "to "+conn.LocalAddr().String()+", accepted "+spent(time.Since(conn.Accepted))+" ago")
	}
	sayHandshake(seen.conversation, handshake, h.verbose)
	h.notes.begun(conn.Number)
	defer h.notes.over()
	options := session.Options{
		Role: session.Server, CRLF: h.convert(h.source.typed), Interval: time.Duration(h.interval),
		Timeout: h.timeoutOr(h.source.person != nil), Pause: pauseFor(h.program, &h.conversationFlags),
		Interactive: h.source.person != nil, NoInput: h.source.person.away, Linger: linger,
		Silence: silenceAfter, LongSilence: longSilence, LastKey: h.source.keyboard.lastKey(), Crash: h.program.crashed,
	}
	seen.completes = options.CRLF
	var input session.Input
	switch {
	case h.canned != nil:
		options.Answers, seen.files = h.canned(seen.conversation), true
		if h.reply != nil {
			options.Continue = []byte("HTTP/1.1 100 Continue\r\n\r\n")
		}
	case h.pipeUsed:
		input = nothing{}
	default:
		input = h.source.forSession(seen)
		if h.raw.value == "off" && h.source.person == nil && !conn.HandedSilent {
			options.Hold = holdAnswer
		}
	}
	seen.promptNext()
	result := session.Run(ctx, conn, input, seen, options)
	if h.source.person == nil && h.canned == nil && result.State.Sent.Bytes {
		h.pipeUsed = true
	}
	return h.over(ctx, seen, conn.Remote, result, options.Timeout)
}
