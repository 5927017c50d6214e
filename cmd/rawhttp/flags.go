package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"rawhttp/internal/console"
)

// duration is a flag value: 1.5s, 200ms, or a bare number of seconds, as the
// fingers that know nc write it.
type duration time.Duration

// String implements pflag.Value.
func (d *duration) String() string { return time.Duration(*d).String() }

// Type implements pflag.Value.
func (d *duration) Type() string { return "D" }

// Set implements pflag.Value.
func (d *duration) Set(text string) error {
	value, err := time.ParseDuration(text)
	if err != nil {
		seconds, numberErr := strconv.ParseFloat(text, 64)
		if numberErr != nil || seconds != seconds {
			return fmt.Errorf("%q is no duration: write 1.5s, 200ms, or a number of seconds", text)
		}
		if seconds > 1e9 {
			return fmt.Errorf("%q is too long; 0 is for ever", text)
		}
		value = time.Duration(seconds * float64(time.Second))
		if value == 0 && seconds != 0 {
			return fmt.Errorf("%q is too short", text)
		}
	}
	if value < 0 {
		return fmt.Errorf("%q is negative", text)
	}
	*d = duration(value)
	return nil
}

// size is a flag value: a number of bytes, or of KiB, MiB or GiB with k, M or G.
type size int64

// String implements pflag.Value.
func (s *size) String() string { return strconv.FormatInt(int64(*s), 10) }

// Type implements pflag.Value.
func (s *size) Type() string { return "N" }

// Set implements pflag.Value.
func (s *size) Set(text string) error {
	digits := strings.TrimRight(text, "kKMGiB")
	n, err := strconv.ParseInt(digits, 10, 64)
	shift, known := map[string]uint{"": 0, "B": 0, "k": 10, "K": 10, "KiB": 10, "M": 20, "MiB": 20, "G": 30, "GiB": 30}[text[len(digits):]]
	if err != nil || !known || n < 0 || n > (1<<62)>>shift {
		return fmt.Errorf("%q is no number of bytes: write 4096, 64k, 1MiB, or 0 for all", text)
	}
	*s = size(n << shift)
	return nil
}

// maxConnections is the most that --max-waiting takes: each costs a file
// descriptor and some 10 KiB.
const maxConnections = 1024

// connections is a flag value: how many of them.
type connections int

// String implements pflag.Value.
func (c *connections) String() string { return strconv.Itoa(int(*c)) }

// Type implements pflag.Value.
func (c *connections) Type() string { return "N" }

// Set implements pflag.Value.
func (c *connections) Set(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > maxConnections {
		return fmt.Errorf("%q is no number of connections: write 0 to %d", text, maxConnections)
	}
	*c = connections(n)
	return nil
}

// choice is a flag value out of a few words.
type choice struct {
	value string
	words []string
}

func newChoice(words ...string) *choice { return &choice{words[0], words} }

// String implements pflag.Value.
func (c *choice) String() string { return c.value }

// Type implements pflag.Value.
func (c *choice) Type() string { return strings.Join(c.words, "|") }

// Set implements pflag.Value.
func (c *choice) Set(text string) error {
	for _, word := range c.words {
		if word == text {
			c.value = word
			return nil
		}
	}
	return fmt.Errorf("%q is none of %s", text, strings.Join(c.words, ", "))
}

// viewFlags say how things are shown; every command that shows bytes has them.
type viewFlags struct {
	save      string
	quiet     bool
	format    *choice
	body      *choice
	bodyLimit size
	color     *choice
	threshold *choice
	strict    bool
	redact    bool
	set       *pflag.FlagSet
}

func (f *viewFlags) register(set *pflag.FlagSet) {
	f.set = set
	f.format = newChoice("text", "hex", "plain", "json")
	f.body = newChoice("auto", "text", "hex")
	f.color = newChoice("auto", "always", "never")
	f.threshold = &choice{"warning", []string{"note", "warning", "error", "none"}}
	set.StringVar(&f.save, "save", "", "save the transcript in `FILE` too: plain text, or JSON when it ends in .json")
	set.BoolVarP(&f.quiet, "quiet", "q", false, "show no * notes")
	set.Var(f.format, "format", "show rows as `VIEW`: text, hex, plain for a screen reader, or json for programs (default: the variable RAWHTTP_FORMAT, or text)")
	set.Var(f.body, "body", "show body bytes as `VIEW`: auto, text or hex")
	set.Var(&f.bodyLimit, "body-limit", "show at most `N` bytes of a body, count the rest; 0: all (default 1 MiB at a terminal)")
	set.BoolVar(&f.redact, "redact", false, "hide the values of Authorization, Proxy-Authorization, Cookie and Set-Cookie")
	set.Var(f.threshold, "diagnostics", "show diagnostics from `LEVEL` on: note, warning, error or none (default warning)")
	set.BoolVar(&f.strict, "strict", false, "exit 3 on any warning or error, hidden ones too, on either side")
	set.Var(f.color, "color", "colour: `WHEN` is auto, always or never")
}

// check refuses what the views cannot do.
func (f *viewFlags) check(p *program) error {
	if err := f.readEnvironment(p); err != nil {
		return err
	}
	p.plain.Store(f.format.value == "plain")
	if f.format.value != "json" {
		return nil
	}
	for _, name := range []string{"body", "body-limit", "time"} {
		if f.set.Changed(name) {
			return usagef("leave out one of them", "--format json has every byte and every time, so --%s has no meaning", name)
		}
	}
	return nil
}

const formatVariable = "RAWHTTP_FORMAT"

// readEnvironment takes the format from the environment, unless the flag is
// given.
func (f *viewFlags) readEnvironment(p *program) error {
	text := p.getenv(formatVariable)
	if text == "" || f.set.Changed("format") {
		return nil
	}
	if err := f.format.Set(text); err != nil {
		return usagef("unset "+formatVariable+", or give --format", "the environment says %s=%s: %s", formatVariable, text, err)
	}
	return nil
}

// legend explains the marks of rows, where they have marks.
func (f *viewFlags) legend(text string) string {
	if f.format.value == "plain" {
		return ""
	}
	return " (" + text + ")"
}

// conversationFlags are the flags that listen, send and tls-send share.
type conversationFlags struct {
	viewFlags
	crlf      bool
	escapes   bool
	interval  duration
	timeout   duration
	connect   duration
	raw       *choice
	output    string
	saveSent  string
	history   string
	keyLog    writtenFile      // of tls-send and listen --tls
	savedCA   writtenFile      // of listen --tls
	past      *console.History // of this process, or of --history; checkHistory sets it
	verbose   bool
	seconds   bool
	four, six bool
}

func (f *conversationFlags) register(set *pflag.FlagSet) {
	set.SortFlags = false
	set.BoolVarP(&f.crlf, "crlf", "C", false, "send CR LF for a bare LF in heads, never in bodies (default at a terminal)")
	set.BoolVarP(&f.escapes, "escapes", "e", false, `the input is written with \r \n \t \\ \xHH; its line breaks are dropped`)
	set.VarP(&f.interval, "interval", "i", "wait `D` between the lines of what is sent")
	set.VarP(&f.timeout, "timeout", "w", "wait at most `D` for the peer's next byte; 0 is for ever (default 30s, none at a terminal)")
	f.connect = duration(10 * time.Second)
	set.Var(&f.connect, "connect-timeout", "wait at most `D` for the connection (listen: for a client; no limit unless given)")
	f.raw = newChoice("off", "bytes", "body")
	set.VarP(f.raw, "raw", "r", "only the peer's bytes on standard output; --raw=`body`: the bodies alone, de-chunked")
	set.Lookup("raw").NoOptDefVal = "bytes"
	set.StringVarP(&f.output, "output", "o", "", "save the peer's bytes in `FILE` (with --raw: instead of standard output)")
	set.StringVar(&f.saveSent, "save-sent", "", "save the bytes sent in `FILE`, to be sent again")
	set.StringVar(&f.history, "history", "", "keep the lines typed in `FILE`, for the up arrow of later runs")
	f.registerShown(set)
}

// registerShown makes the flags about what is shown, and the version of IP.
func (f *conversationFlags) registerShown(set *pflag.FlagSet) {
	if f.raw == nil {
		f.raw = newChoice("off")
	}
	f.viewFlags.register(set)
	set.BoolVarP(&f.verbose, "verbose", "v", false, "show more * notes")
	set.BoolVar(&f.seconds, "time", false, "begin each row with the seconds since the start")
	set.BoolVarP(&f.four, "ipv4", "4", false, "IPv4 only")
	set.BoolVarP(&f.six, "ipv6", "6", false, "IPv6 only")
}

// family is 4, 6, or 0 for both.
func (f *conversationFlags) family() int {
	switch {
	case f.four:
		return 4
	case f.six:
		return 6
	}
	return 0
}

// check refuses flags that contradict each other or what they are used on.
func (f *conversationFlags) check(p *program) error {
	if f.four && f.six {
		return usagef("give one of them, or neither for both", "-4 and -6 exclude each other")
	}
	if f.quiet && f.verbose {
		return usagef("give one of them", "-q and -v exclude each other")
	}
	if f.redact {
		for _, name := range []string{"raw", "output", "save-sent", "history"} {
			if f.set.Changed(name) {
				return usagef("leave out one of them; --save saves the transcript without the secrets",
					"--%s is for the bytes as they are, in which --redact can hide nothing", name)
			}
		}
	}
	if f.raw.value != "off" {
		for _, name := range []string{"format", "body", "time"} {
			if f.set.Changed(name) {
				return usagef("leave out one of them", "--raw gives the peer's bytes and nothing else, so --%s has no meaning", name)
			}
		}
		if f.output == "" && isTerminal(p.stdout) {
			return &usageError{"--raw would put the peer's bytes on this terminal, control sequences and all",
				"leave out --raw to see the bytes with their line ends, or pipe it: rawhttp ... --raw | cat", true}
		}
	}
	if err := f.viewFlags.check(p); err != nil {
		return err
	}
	return f.checkFiles(p)
}

// timeoutOr returns -w, or its default.
func (f *conversationFlags) timeoutOr(interactive bool) time.Duration {
	if !f.set.Changed("timeout") && !interactive {
		return 30 * time.Second
	}
	return time.Duration(f.timeout)
}

// convert reports whether bare LFs are completed: where all is typed, unless it
// is switched off or the input is written with escapes.
func (f *conversationFlags) convert(typed bool) bool {
	if f.set.Changed("crlf") {
		return f.crlf
	}
	return typed && !f.escapes
}
