package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"rawhttp/internal/transcript"
)

const (
	helpWidth = 80
	flagWidth = 25 // columns of a flag and its value, before what it does
)

// helpOf is a command's own text and its flags. The library's table is as wide
// as its widest flag, which leaves half a screen for the words.
func helpOf(cmd *cobra.Command) string {
	if !cmd.HasParent() {
		return rootHelp
	}
	var text strings.Builder
	text.WriteString(cmd.Long + "\nFlags:\n")
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "help" {
			text.WriteString(flagHelp(f))
		}
	})
	return text.String()
}

// flagHelp is one flag's lines.
func flagHelp(f *pflag.Flag) string {
	value, usage := pflag.UnquoteUsage(f)
	head := "      --" + f.Name
	if f.Shorthand != "" {
		head = "  -" + f.Shorthand + ", --" + f.Name
	}
	switch {
	case f.NoOptDefVal != "" && f.Value.Type() != "bool":
		head += "[=" + value + "]"
	case value != "":
		head += " " + value
	}
	lines := strings.Split(strings.TrimSuffix(transcript.Wrap(usage, helpWidth-flagWidth), "\n"), "\n")
	if len(head) >= flagWidth {
		lines = append([]string{head}, lines...)
	} else {
		lines[0] = head + strings.Repeat(" ", flagWidth-len(head)) + lines[0]
	}
	for i := 1; i < len(lines); i++ {
		lines[i] = strings.Repeat(" ", flagWidth) + strings.TrimPrefix(lines[i], "  ")
	}
	return strings.Join(lines, "\n") + "\n"
}
