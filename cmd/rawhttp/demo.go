package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"rawhttp/internal/console"
	"rawhttp/internal/lesson"
	"rawhttp/internal/transcript"
)

// demoOptions is what demo does, once the command line is read.
type demoOptions struct {
	flags   conversationFlags // those of views; the others stand at "not given"
	noPause bool

	list    bool
	lessons []*chosenLesson
}

func (p *program) demoCommand() *cobra.Command {
	o := &demoOptions{}
	cmd := &cobra.Command{
		Use:   "demo [LESSON]",
		Short: "play a lesson: a client and a server on this machine, every byte shown",
		Long: `rawhttp demo [LESSON]

Play a lesson, step by step: Enter goes on, q and Enter (or Ctrl-D) ends. The
client and the server are both in this program and talk over real sockets of
this machine; no network and no second terminal is needed.

LESSON is one of ` + "`rawhttp demo list`" + `, a FILE of your own (docs/lessons.md says how
to write one), or nothing: the first lesson. With --no-pause and no LESSON all
are played.

Example:
  rawhttp demo
  rawhttp demo chunked
  rawhttp demo ./my-lesson.txt
`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(p, args); err != nil {
				return err
			}
			return o.run(cmd.Context(), p)
		},
	}
	set := cmd.Flags()
	set.SortFlags = false
	set.BoolVar(&o.noPause, "no-pause", false, "do not wait for Enter between steps")
	o.flags.raw = newChoice("off")
	o.flags.past = console.NewHistory()
	o.flags.viewFlags.register(set)
	return cmd
}

// check finds what is wrong before anything is opened.
func (o *demoOptions) check(p *program, args []string) error {
	if len(args) > 1 {
		return usagef("one after the other: rawhttp demo "+strings.Join(args, "; rawhttp demo "), "demo plays one lesson at a time, not %d", len(args))
	}
	if err := o.flags.check(p); err != nil {
		return err
	}
	all, err := builtinLessons()
	if err != nil {
		return err
	}
	switch {
	case len(args) == 0 && o.noPause:
		o.lessons = all
	case len(args) == 0:
		o.lessons = all[:1]
	case args[0] == "list":
		o.list = true
	default:
		chosen, err := chooseLesson(all, args[0])
		if err != nil {
			return err
		}
		o.lessons = []*chosenLesson{chosen}
	}
	return nil
}

func (o *demoOptions) run(ctx context.Context, p *program) error {
	if o.list {
		return o.printList(p)
	}
	out := &outputs{guard: p.guard}
	pauses := p.openPauses(o)
	shown := stream{f: p.stdout, name: "standard output"}
	if pauses != nil && pauses.keyboard != nil {
		shown.through, out.keyboard = pauses.keyboard.editor, pauses.keyboard
	}
	options := o.flags.screenOptions(p, shown)
	out.keep(&o.flags.viewFlags, &options)
	out.screen = transcript.NewScreen(options)
	if pauses != nil {
		pauses.screen = out.screen
		p.saySuspended(out, "")
	}
	err := o.playAll(ctx, out, pauses)
	if errors.Is(err, demoOver) {
		err = nil
	}
	err = o.flags.judge(err, out.screen.Found())
	return out.close(err)
}

func (o *demoOptions) playAll(ctx context.Context, out *outputs, pauses *demoPauses) error {
	for i, chosen := range o.lessons {
		d := &demoPlayer{name: chosen.name, lesson: chosen.lesson, screen: out.screen, pause: pauses.wait}
		if d.lesson.TLS {
			var err error
			if d.security, err = newDemoTLS(); err != nil {
				return err
			}
		}
		title := chosen.lesson.Title
		if chosen.number > 0 {
			title = fmt.Sprintf("Lesson %d of %d: %s", chosen.number, chosen.of, title)
		}
		if err := out.screen.Say("lesson-title", title); err != nil {
			return err
		}
		if err := d.play(ctx); err != nil {
			return err
		}
		if i == len(o.lessons)-1 && chosen.after != "" {
			if err := out.screen.Say("lesson-end", chosen.after); err != nil {
				return err
			}
		}
	}
	return nil
}

// printList prints the names and titles.
func (o *demoOptions) printList(p *program) error {
	all, err := builtinLessons()
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, l := range all {
		fmt.Fprintf(&text, "  rawhttp demo %-12s %s\n", l.name, l.lesson.Title)
	}
	_, err = io.WriteString(stream{f: p.stdout, name: "standard output"}, text.String())
	return err
}

var _ error = (*lesson.Error)(nil)
