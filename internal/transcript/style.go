package transcript

import (
	"strings"

	"github.com/fatih/color"
)

// paint is a way to colour a run of text: what is written before and after it.
// The zero value changes nothing.
type paint struct{ on, off string }

// style is how one output is coloured. Only bold, underline, reverse, red and
// magenta are used, which read on white and on black; nothing is told by colour
// alone.
type style struct {
	start   paint // start lines
	bad     paint // status lines from 400 on, errors
	warning paint
	escape  paint // escapes in TEXT: line ends, odd bytes
}

func newStyle(colored bool) style {
	if !colored {
		return style{}
	}
	return style{
		start:   newPaint(color.Bold),
		bad:     newPaint(color.Bold, color.FgRed),
		warning: newPaint(color.Bold, color.FgMagenta),
		escape:  newPaint(color.FgMagenta),
	}
}

// newPaint takes the sequences from the library, per colour and never from its
// global switch, which looks at standard output only.
func newPaint(attributes ...color.Attribute) paint {
	c := color.New(attributes...)
	c.EnableColor()
	on, off, _ := strings.Cut(c.Sprint("\x00"), "\x00")
	return paint{on, off}
}
