package main

import (
	"context"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rawhttp/internal/console"
	"rawhttp/internal/http1"
	"rawhttp/internal/transcript"
)

// inspectOptions is what inspect does, once the command line is read.
type inspectOptions struct {
	flags    conversationFlags // those of views and --escapes; the others stand at "not given"
	request  bool
	response bool
	open     bool
	methods  []string
	statuses []string
	explain  string

	name  string // the FILE; "" for standard input
	known http1.Known
}

// inspectPiece is how much is read at once.
const inspectPiece = 256 << 10

func (p *program) inspectCommand() *cobra.Command {
	o := &inspectOptions{}
	cmd := &cobra.Command{
		Use:   "inspect [FILE]",
		Short: "annotate and check bytes from a file or a pipe, no network",
		Long: `rawhttp inspect [FILE]

Show the bytes of a request, a response or a stream of several from FILE (or
standard input), and say what is wrong with them. Nothing is sent.

What begins with HTTP/ is read as a response, anything else as a request.
The exit status is 0 when nothing is wrong, 3 after an error or an incomplete
message.

Example:
  printf 'GET / HTTP/1.1\nHost: example.com\n\n' | rawhttp inspect
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("explain") {
				return o.explanation(p, args)
			}
			if err := o.check(p, args); err != nil {
				return err
			}
			return o.run(cmd.Context(), p)
		},
	}
	o.register(cmd)
	return cmd
}

func (o *inspectOptions) register(cmd *cobra.Command) {
	set := cmd.Flags()
	set.SortFlags = false
	set.StringVar(&o.explain, "explain", "", "say what the diagnostic `CODE` means, with an example and who accepts it; list: all codes")
	set.BoolVar(&o.request, "request", false, "read the bytes as requests, whatever they begin with")
	set.BoolVar(&o.response, "response", false, "read the bytes as responses, whatever they begin with")
	set.StringArrayVar(&o.methods, "request-method", nil, "a response answers a request with method `M` (repeatable, in order; GET unless given)")
	set.StringArrayVar(&o.statuses, "response-status", nil, "a request was answered with status `N` (repeatable, in order)")
	set.BoolVar(&o.open, "open", false, "the stream goes on after the last byte: nothing is called cut")
	set.BoolVarP(&o.flags.escapes, "escapes", "e", false, `the input is written with \r \n \t \\ \xHH; its line breaks are dropped`)
	o.flags.raw = newChoice("off")
	o.flags.viewFlags.register(set)
	o.flags.threshold.value = "note"
	level := set.Lookup("diagnostics")
	level.DefValue = "note"
	level.Usage = strings.Replace(level.Usage, "default warning", "default note", 1)
	cmd.SetFlagErrorFunc(inspectFlagError)
}

// check finds what is wrong with the command line before anything is read.
func (o *inspectOptions) check(p *program, args []string) error {
	if len(args) > 1 {
		return usagef("each by itself: rawhttp inspect "+strings.Join(args, "; rawhttp inspect "), "inspect takes one FILE, not %d", len(args))
	}
	switch {
	case o.request && o.response:
		return usagef("give one of them, or neither", "--request and --response exclude each other")
	case len(o.methods) > 0 && (o.request || len(o.statuses) > 0):
		return usagef("for requests give --response-status", "--request-method says what a response answers, and this is to be read as a request")
	case len(o.statuses) > 0 && o.response:
		return usagef("for responses give --request-method", "--response-status says what a request got, and this is to be read as a response")
	}
	if err := o.checkKnown(); err != nil {
		return err
	}
	if len(args) == 1 && args[0] != "-" {
		o.name = args[0]
	}
	if err := o.flags.check(p); err != nil {
		return err
	}
	return o.checkSaved(p)
}

// checkSaved refuses to write the transcript over what is read.
func (o *inspectOptions) checkSaved(p *program) error {
	saved, err := os.Stat(o.flags.save)
	if o.flags.save == "" || err != nil {
		return nil
	}
	read, err := p.stdin.Stat()
	if o.name != "" {
		read, err = os.Stat(o.name)
	}
	if err == nil && os.SameFile(saved, read) {
		return usagef("give another name", "--save %s would overwrite what is to be inspected", o.flags.save)
	}
	return nil
}

// commonMethods are those of which a lower-case spelling is a slip.
var commonMethods = []string{"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"}

// checkKnown reads the methods and statuses.
func (o *inspectOptions) checkKnown() error {
	for _, method := range o.methods {
		switch upper := strings.ToUpper(method); {
		case !http1.IsToken(method):
			return usagef("a method is one word, for instance HEAD", "--request-method %q is no method", method)
		case upper != method && slices.Contains(commonMethods, upper):
			return usagef("methods are case-sensitive: --request-method "+upper, "--request-method %s is no registered method", method)
		}
	}
	o.known.RequestMethods = o.methods
	for _, text := range o.statuses {
		status, err := strconv.Atoi(text)
		if err != nil || len(text) != 3 || status < 100 || status > 599 {
			return usagef("a status is a number from 100 to 599", "--response-status %q is no status", text)
		}
		o.known.ResponseStatuses = append(o.known.ResponseStatuses, status)
	}
	return nil
}

// run reads the bytes to their end and says what they come to.
func (o *inspectOptions) run(ctx context.Context, p *program) error {
	out := &outputs{conn: 1}
	options := o.flags.screenOptions(p, stream{f: p.stdout, name: "standard output", lines: p.linesOf(&o.flags.viewFlags)})
	out.keep(&o.flags.viewFlags, &options)
	if options.JSON || options.SaveJSON {
		options.Now = func() time.Time { return time.Time{} } // when it is read has no meaning
	}
	options.Helps = func(code http1.Code) bool { return !strings.HasPrefix(code.Entry().Advice, "-C ") } // nothing is sent
	out.screen = transcript.NewScreen(options)
	return out.close(o.inspect(ctx, p, out.screen))
}

func (o *inspectOptions) inspect(ctx context.Context, p *program, screen *transcript.Screen) error {
	if info, err := os.Stat(o.name); err == nil && info.Mode()&os.ModeNamedPipe != 0 && !strings.HasPrefix(o.name, "/dev/") {
		screen.Note("reading", o.name+" is a FIFO: inspect waits for a writer")
	}
	reader, err := o.openInput(p)
	if err != nil {
		return err
	}
	if o.name == "" && isTerminal(p.stdin) {
		p.typed.Store(true)
		screen.Always("reading", "type or paste what is to be inspected; Enter gives LF alone, and "+console.EndKey(false)+" ends")
	}
	if o.flags.escapes {
		reader = console.NewUnescaper(reader)
	}
	input := console.NewInput(reader, false)
	input.SetPiece(inspectPiece)
	i := &inspection{options: o, screen: screen}
	return i.conclude(i.read(ctx, input))
}

// inspectFlagError knows the names that come to mind first.
func inspectFlagError(_ *cobra.Command, err error) error {
	problem := strings.TrimSpace(err.Error())
	for meant, flag := range map[string]string{
		"--method": "--request-method", "--status": "--response-status", "--req": "--request", "--res": "--response", "--resp": "--response",
		"--code": "--explain", "--list": "--explain list", "--json": "--format json", "--hex": "--format hex", "--file": "the FILE alone",
	} {
		if problem == "unknown flag: "+meant {
			return usagef("did you mean "+flag+"?", "%s", problem)
		}
	}
	if problem == "unknown flag: --crlf" || strings.HasPrefix(problem, "unknown shorthand flag: 'C'") {
		return usagef("inspect shows line ends as they are; -C converts what is sent: rawhttp send -C HOST:PORT FILE", "%s", problem)
	}
	if problem == "flag needs an argument: --explain" {
		return usagef("give a code, for instance bare-lf, or list", "--explain needs a code")
	}
	return usagef("try: rawhttp inspect --help", "%s", problem)
}
