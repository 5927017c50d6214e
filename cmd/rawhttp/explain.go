package main

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"rawhttp/internal/console"
	"rawhttp/internal/http1"
	"rawhttp/internal/transcript"
)

// longExample is how many bytes of an example are shown on a terminal: what
// shows that a line is too long would fill it many times over.
const longExample = 1500

// explanation prints what is known of a code, or all of them.
func (o *inspectOptions) explanation(p *program, args []string) error {
	if err := o.checkExplain(args); err != nil {
		return err
	}
	e := &explainer{program: p, options: o}
	if isTerminal(p.stdout) {
		e.width = console.Width(p.stdout)
	}
	code, known := http1.CodeNamed(strings.ToLower(o.explain))
	var err error
	switch list := o.explain == "list"; {
	case !list && !known:
		return usagef(nearCodes(o.explain), "there is no diagnostic %q", o.explain)
	case list && o.flags.format.value == "json":
		err = explainJSON(&e.text, http1.Codes(), false)
	case list:
		e.list()
	case o.flags.format.value == "json":
		err = explainJSON(&e.text, []http1.Code{code}, true)
	default:
		err = e.entry(code)
	}
	if err != nil {
		return err
	}
	_, err = stream{f: p.stdout, name: "standard output"}.Write(e.text.Bytes())
	return err
}

// checkExplain refuses what has no meaning beside --explain.
func (o *inspectOptions) checkExplain(args []string) error {
	if len(args) > 0 {
		return usagef("leave out one of them", "--explain reads no FILE, so %s has no meaning", args[0])
	}
	if o.explain == "" {
		return usagef("give a code, for instance bare-lf, or list", "--explain needs a code")
	}
	var err error
	o.flags.set.Visit(func(f *pflag.Flag) {
		meant := []string{"explain", "color", "format", "body"}
		if o.explain == "list" || o.flags.format.value == "json" {
			meant = []string{"explain", "format"}
		}
		if o.explain == "list" && o.flags.format.value == "hex" {
			meant = []string{"explain"}
		}
		if err == nil && !slices.Contains(meant, f.Name) {
			err = usagef("leave it out", "--%s has no meaning beside --explain %s", f.Name, o.explain)
		}
	})
	return err
}

// explainer writes the catalogue for a person.
type explainer struct {
	*program
	options *inspectOptions
	width   int // of the terminal; 0: none
	text    bytes.Buffer
}

// line writes a paragraph, wrapped at the terminal's width.
func (e *explainer) line(format string, a ...any) {
	e.text.WriteString(transcript.Wrap(fmt.Sprintf(format, a...), e.width))
}

var sidesText = map[http1.Sides]string{
	http1.OnBoth: "on requests and responses", http1.OnRequests: "on requests", http1.OnResponses: "on responses",
}

// entry writes one code's.
func (e *explainer) entry(code http1.Code) error {
	row := code.Entry()
	example, err := http1.ExampleOf(code)
	if err != nil {
		return failed(err.Error(), err)
	}
	e.line("%s (%s, %s): %s", row.Name, row.Severity, sidesText[row.Sides], row.Title)
	e.text.WriteByte('\n')
	e.line("%s", strings.TrimSpace(row.Sentence+" "+row.Advice))
	if of := code.Sentence(http1.Response); of != row.Sentence {
		e.line("On a response: %s", of)
	}
	e.line("%s", row.RFC)
	e.example(code, example, example.Side, example.Bytes)
	if example.Response != nil {
		e.example(code, example, http1.Response, example.Response)
	}
	e.behaviours("What servers did with it", example.Servers)
	e.behaviours("What clients did with it", example.Clients)
	return nil
}

// example shows one stream as a transcript.
func (e *explainer) example(code http1.Code, x *http1.Example, side http1.Side, b []byte) {
	title := "Example, a " + side.String()
	if side == x.Side && len(x.RequestMethods) > 0 {
		title += " to " + strings.Join(x.RequestMethods, ", ")
	}
	if side == x.Side && len(x.ResponseStatuses) > 0 {
		title += fmt.Sprintf(" answered %d", x.ResponseStatuses[0])
	}
	e.text.WriteString("\n" + title + ":\n")
	switch {
	case len(b) == 0:
		e.text.WriteString("(not one byte)\n")
	case len(b) > longExample && e.width > 0:
		e.line("(%d bytes; to see them all: rawhttp inspect --explain %s | less -S)", len(b), code)
		return
	}
	options := e.options.flags.screenOptions(e.program, stream{f: e.stdout, name: "standard output"})
	options.Output, options.BodyLimit, options.NoSentences = &e.text, 0, true
	known := http1.Known{}
	if side == x.Side {
		known = http1.Known{RequestMethods: x.RequestMethods, ResponseStatuses: x.ResponseStatuses}
	}
	shown := transcript.NewScreen(options).Alone(side, known)
	shown.Feed(b)
	shown.End()
}

// behaviours lists what programs did, those that did the same together.
func (e *explainer) behaviours(title string, list []http1.Behaviour) {
	if len(list) == 0 {
		return
	}
	e.text.WriteString("\n" + title + ":\n")
	var dids []string
	programs := map[string][]string{}
	for _, b := range list {
		if programs[b.Did] == nil {
			dids = append(dids, b.Did)
		}
		programs[b.Did] = append(programs[b.Did], b.Program)
	}
	for _, did := range dids {
		e.line("  %s: %s", strings.Join(programs[did], ", "), did)
	}
}

const listColumn = 35 // where the titles stand

// list writes all codes in their groups, each with its title.
func (e *explainer) list() {
	fmt.Fprintf(&e.text, "%d diagnostics (E error, W warning, n note); more: inspect --explain CODE\n", len(http1.Codes()))
	group := ""
	for _, code := range http1.Codes() {
		row := code.Entry()
		if row.Group != group {
			group = row.Group
			e.text.WriteString("\n" + group + "\n")
		}
		mark := [...]string{http1.Note: "n", http1.Warning: "W", http1.Error: "E"}[row.Severity]
		fmt.Fprintf(&e.text, "  %s %-*s %s\n", mark, listColumn, row.Name, row.Title)
	}
}

// nearCodes is the hint for a code that is none: the ones that are spelled most
// alike, or have the word in their name or title.
func nearCodes(word string) string {
	word = strings.ToLower(strings.NewReplacer("_", "-", " ", "-").Replace(word))
	type near struct {
		name     string
		distance int
	}
	var all []near
	for _, code := range http1.Codes() {
		row := code.Entry()
		d := distance(word, row.Name)
		if len(word) > 2 && (strings.Contains(row.Name, word) || strings.Contains(strings.ToLower(row.Title), word)) {
			d = min(d, 1)
		}
		if d <= max(2, len(word)/3) {
			all = append(all, near{row.Name, d})
		}
	}
	if len(all) == 0 {
		return "all of them: rawhttp inspect --explain list"
	}
	slices.SortStableFunc(all, func(a, b near) int { return cmp.Compare(a.distance, b.distance) })
	names := make([]string, 0, 4)
	for _, n := range all[:min(len(all), 4)] {
		names = append(names, n.name)
	}
	return "did you mean " + strings.Join(names, ", ") + "?"
}

// distance is how many letters must be changed, added or left out.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
