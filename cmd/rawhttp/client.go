package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"rawhttp/internal/dial"
	"rawhttp/internal/http1"
	"rawhttp/internal/session"
	"rawhttp/internal/transcript"
)

// clientOptions is what send and tls-send do, once the command line is read.
type clientOptions struct {
	conversationFlags
	halfClose bool
	fail      bool
	source    string
	tls       *tlsOptions // nil for send

	command string // "send" or "tls-send"
	word    string // the address as it was given
	address dial.Address
	files   *inputFiles
}

func (o *clientOptions) register(cmd *cobra.Command) {
	set := cmd.Flags()
	o.conversationFlags.register(set)
	set.BoolVarP(&o.halfClose, "half-close", "N", false, "half-close at the end of the input in any case, as nc -N does")
	set.StringVarP(&o.source, "source", "s", "", "connect from the address `ADDR` of this machine")
	set.BoolVarP(&o.fail, "fail", "f", false, "exit 6 when the last response's status is 400 or more")
}

// check finds everything that is wrong with the command line before anything is
// opened.
func (o *clientOptions) check(p *program, args []string) error {
	defaultPort := "80"
	if o.tls != nil {
		defaultPort = "443"
	}
	if len(args) == 0 {
		return usagef(fmt.Sprintf("for instance: rawhttp %s example.com:%s", o.command, defaultPort), "give the address to connect to")
	}
	word, rest := args[0], args[1:]
	if len(rest) > 0 && isDigits(rest[0]) && !hasPort(word) {
		word, rest = joinPort(word, rest[0]), rest[1:]
	}
	var err error
	o.word = word
	if o.address, err = dial.ParseAddress(word, defaultPort); err != nil {
		return asUsage(err)
	}
	if err := o.dialOptions().Check(); err != nil {
		return asUsage(err)
	}
	if err := checkFamily(o.address.Host, o.family()); err != nil {
		return err
	}
	if o.tls != nil {
		o.keyLog = p.keyLogFile(o.set)
	}
	if err := o.conversationFlags.check(p); err != nil {
		return err
	}
	if o.files, err = checkInputFiles(rest, p.stdin, &o.conversationFlags); err != nil {
		if isFile(word) {
			return usagef(fmt.Sprintf("the address comes first: rawhttp %s %s %s", o.command, rest[0], word), "%s", err)
		}
		return err
	}
	if err := o.checkHistory(p, o.files); err != nil {
		return err
	}
	return o.tls.check(o)
}

func (o *clientOptions) dialOptions() dial.Options {
	return dial.Options{Family: o.family(), Source: o.source}
}

// run connects and carries the conversation to its end.
func (o *clientOptions) run(ctx context.Context, p *program) error {
	in, err := p.openSource(o.files, &o.conversationFlags, o.completer())
	if err != nil {
		return err
	}
	out := newOutputs(p, &o.conversationFlags, nil, false)
	out.keyboard, out.person = in.keyboard, in.person
	p.saySuspended(out, "")
	out.again = fmt.Sprintf("rawhttp %s %s", o.command, o.address)
	if err := o.warnOfHistory(out.screen); err != nil {
		return out.close(err)
	}
	err = o.converse(ctx, p, in, out)
	if o.tls != nil {
		if closeErr := o.tls.keys.close(); err == nil {
			err = closeErr
		}
	}
	return out.close(err)
}

// tunnelPause is how long nothing has to cross a tunnel before the end of the input
// half-closes it: a proxy would end the tunnel, and nobody knows what is still to come.
const tunnelPause = 3 * time.Second

func (o *clientOptions) converse(ctx context.Context, p *program, in *source, out *outputs) error {
	conn, opened, err := o.connect(ctx, out)
	p.catching.Wait()
	if err != nil {
		return err
	}
	defer conn.Close()
	out.conn = 1
	seen := newObserver(out, 1, session.Client)
	seen.conversation.Open(opened)
	seen.person, seen.tls, seen.verbose = in.person, o.tls != nil, o.verbose
	options := session.Options{
		Role: session.Client, CRLF: o.convert(in.typed), Interval: time.Duration(o.interval), HalfClose: o.halfClose,
		TunnelPause: tunnelPause, Timeout: o.timeoutOr(in.person != nil), Pause: pauseFor(p, &o.conversationFlags), Interactive: in.person != nil, NoInput: in.person.away,
		Silence: silenceAfter, LongSilence: longSilence, LastKey: in.keyboard.lastKey(), Crash: p.crashed,
	}
	seen.completes = options.CRLF
	in.person.sayAway(out.screen, "")
	if seen.secured = o.tls.connection(); seen.speaksFrames() {
		seen.conversation.Known(http1.HTTP2Frames)
	}
	seen.promptNext()
	p.saySuspended(out, ": the connection stays open")
	result := session.Run(ctx, conn, in.forSession(seen), seen, options)
	p.saySuspended(out, "")
	if o.verbose {
		o.tls.closeNotify(seen.conversation)
	}
	end := &outcome{
		result: result, observer: seen, peer: opened.Remote, hostPort: o.address.String(), person: in.person,
		fail: o.fail, timeout: options.Timeout, view: &o.viewFlags,
	}
	return conclude(ctx, out, in, end)
}

// conclude shows the closing notes, and waits for Ctrl-D where somebody may
// still be typing.
func conclude(ctx context.Context, out *outputs, in *source, end *outcome) error {
	out.keyboard.idle()
	interrupted := end.result.Reason == session.Interrupted || end.result.Reason == session.OutputFailed
	if !interrupted {
		end.askMore(in)
	}
	err := end.view.judge(end.error(), end.observer.conversation.Found())
	if !interrupted {
		end.observer.over(&end.result)
	}
	end.observer.conversation.Close(end.closed())
	if interrupted {
		if note := end.closingNote(); note != "" {
			_ = end.observer.conversation.Note("closed", note)
		}
		return err
	}
	stay := in.person.types() && !end.result.InputEnded
	if end.observer.asksForHTTPS() {
		end.observer.conversation.Note("tls-port", "the server wants TLS on this port; use: rawhttp tls-send "+end.hostPort)
	}
	if note := end.closingNote(); note != "" {
		code := "closed"
		if stay {
			code = "over" // which a program is told too: it may ask itself why this one does not end
			note += "; " + in.keyboard.endKey() + " ends"
		}
		if noteErr := end.observer.conversation.Note(code, note); noteErr != nil {
			return noteErr
		}
	}
	if stay {
		if waitErr := in.afterwards(ctx, out.screen); waitErr != nil {
			return waitErr
		}
	}
	return err
}

// connect returns the connection and what is known of it.
func (o *clientOptions) connect(ctx context.Context, out *outputs) (session.Conn, transcript.Opened, error) {
	none := transcript.Opened{}
	limit := time.Duration(o.conversationFlags.connect)
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, limit, fmt.Errorf("no answer within %s", spent(limit)))
		defer cancel()
	}
	started := time.Now()
	said := afterSilence(out, "silence-connect", func() string { return "no answer from " + o.address.String() + " yet (host down, or a firewall)" })
	conn, err := dial.Dial(ctx, o.address, o.dialOptions())
	said()
	if err != nil {
		return nil, none, o.advised(connectFailure(ctx, err))
	}
	peer := o.address.String()
	if o.address.Path == "" {
		peer = conn.RemoteAddr().String()
	}
	out.screen.Note("connected", o.connectedNote(peer, started, time.Since(started)))
	if o.verbose {
		out.screen.Note("connected-from", "from "+conn.LocalAddr().String())
	}
	opened := transcript.Opened{Time: time.Now(), Local: addressText(conn.LocalAddr()), Remote: peer}
	if o.tls == nil {
		return conn, opened, nil
	}
	secured, summary, err := o.tls.handshake(ctx, conn, &o.address, out, o.verbose)
	if err != nil {
		return nil, none, err
	}
	opened.TLS = tlsFacts(summary)
	return secured, opened, nil
}

// connectedNote names the peer, and the host where that is another word. In TLS
// two notes more follow before the first byte, so there it takes two rows at most
// (of 80 columns): what is left out, the user has given.
func (o *clientOptions) connectedNote(peer string, at time.Time, took time.Duration) string {
	host := ""
	if o.address.Path == "" && o.address.Host != hostOf(peer) {
		host = o.address.Host
	}
	if o.tls != nil {
		peer = clipped(peer, 62)
		host = clipped(host, max(24, 62-len(peer)))
	}
	note := "connected to " + peer
	if host != "" {
		note += " (" + host + ")"
	}
	note += " in " + spent(took)
	if o.seconds {
		note += " at " + at.Format("2006-01-02 15:04:05.000 MST")
	}
	return note + o.legend("> you send, < they send, bytes a row")
}

// connectFailure lets a signal through as what it is.
func connectFailure(ctx context.Context, err error) error {
	var signalled *stopped
	if cause := context.Cause(ctx); errors.As(cause, &signalled) {
		return signalled
	}
	return err
}

// pauseFor is how long a row that has not ended waits for its rest.
func pauseFor(p *program, f *conversationFlags) time.Duration {
	shown := p.stdout
	if f.raw.value != "off" {
		shown = p.stderr
	}
	if isTerminal(shown) {
		return 50 * time.Millisecond
	}
	return 2 * time.Second
}
