package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"rawhttp/internal/serve"
)

// faultHelp is the hint that leads to all of them.
const faultHelp = "all of them: rawhttp listen --fault list"

// notWithFault are the flags that are about answers by a person, a pipe or a
// FILE, or about one conversation; --strict would always fail.
var notWithFault = []string{
	"reply", "reply-body", "crlf", "escapes", "interval", "timeout", "connect-timeout",
	"raw", "output", "save-sent", "history", "max-waiting", "strict",
}

// listsFaults reports whether all that is wanted is the table.
func (o *listenOptions) listsFaults() bool { return o.set.Changed("fault") && o.faultName == "list" }

func listFaults(p *program) error {
	_, err := io.WriteString(stream{f: p.stdout, name: "standard output"}, serve.FaultList())
	return err
}

// checkFault finds the fault that is asked for. args are the address and what
// stands behind it.
func (o *listenOptions) checkFault(args []string) error {
	fault, ok := serve.FaultNamed(o.faultName)
	switch {
	case o.faultName == "all":
		return usagef("give the name of one; "+faultHelp, "--fault all: an answer is wrong in one way at a time")
	case !ok:
		return usagef(nearFaults(o.faultName), "there is no fault %q", o.faultName)
	case len(args) > 1:
		return usagef("leave out one of them", "--fault answers by itself, and so does %s", args[1])
	}
	for _, name := range notWithFault {
		if o.set.Changed(name) {
			return usagef("leave out one of them", "--fault answers every request by itself, so --%s has no meaning", name)
		}
	}
	if !o.keepOpen {
		return &usageError{"--fault answers every request of every connection, until Ctrl-C: that is -k",
			"use: rawhttp listen -k " + o.word + " --fault " + o.faultName, true}
	}
	o.fault = fault
	return nil
}

// playFault is serve with a handler that plays the fault, until Ctrl-C.
func (o *listenOptions) playFault(ctx context.Context, p *program) error {
	s := &serveOptions{
		conversationFlags: o.conversationFlags, place: o.place, maxBody: megabyte, maxConnections: mostConnections,
		handler: o.fault.Play, purpose: "every answer is wrong on purpose: " + o.fault.About,
	}
	return s.run(ctx, p)
}

// nearFaults is the hint for a name that is none.
func nearFaults(word string) string {
	word = strings.ToLower(strings.NewReplacer("_", "-", " ", "-").Replace(word))
	distances := map[string]int{}
	var names []string
	for _, f := range serve.Faults() {
		d := distance(word, f.Name)
		if len(word) > 2 && strings.Contains(f.Name+" "+strings.ToLower(f.About), word) {
			d = min(d, 1)
		}
		if d <= max(2, len(word)/3) {
			distances[f.Name] = d
			names = append(names, f.Name)
		}
	}
	if len(names) == 0 {
		return faultHelp
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(distances[a], distances[b]) })
	return fmt.Sprintf("did you mean %s? %s", strings.Join(names[:min(len(names), 4)], ", "), faultHelp)
}
