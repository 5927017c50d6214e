package transcript

import (
	"strconv"
	"strings"

	"rawhttp/internal/http1"
)

// Prompt is the gutter of the row of sent bytes that is being typed. It is a
// value: two are equal when they say the same.
type Prompt struct {
	before string // the beginning that the line will have
	kind   http1.Kind
	owed   int64 // bytes of a body or a chunk; 0 or less: none, or nobody knows
}

// Prompt returns the gutter that fits what was sent so far.
func (c *Conversation) Prompt() Prompt {
	c.mu.Lock()
	defer c.mu.Unlock()
	state := c.scan().State(c.ours)
	p := Prompt{kind: state.Next}
	switch state.Next {
	case http1.Body, http1.ChunkData:
		p.owed = state.Owed
	}
	if c.screen.options.Seconds {
		p.before = blanks[:secondsWidth]
	}
	if c.screen.options.Numbers && c.number > 0 {
		p.before += "#" + strconv.Itoa(c.number) + " "
	}
	return p
}

// IdlePrompt is the gutter of a row that is being typed and that nobody gets.
func IdlePrompt() string { return string(markSent) + strings.Repeat(" ", gutterWidth-1) }

// Kind is that of the bytes expected next.
func (p Prompt) Kind() http1.Kind { return p.kind }

// Text returns the gutter, exactly as wide as that of a row: with the kind
// expected next and, in a body or a chunk, how many bytes are still to go beyond
// the n that are typed, or how many would be over. lineEnd is how many bytes
// Enter adds; behind a chunk's data its line end is no part of the data.
func (p Prompt) Text(n, lineEnd int) string {
	label, count := p.kind.Label(), ""
	if p.owed > 0 {
		if p.kind == http1.ChunkData && int64(n) >= p.owed {
			lineEnd = 0
		}
		if over := int64(n+lineEnd) - p.owed; int64(n) < p.owed {
			count = strconv.FormatInt(p.owed-int64(n), 10) + " to go"
		} else if over > 0 {
			count = strconv.FormatInt(over, 10) + " over"
		} else {
			count = "0 to go"
		}
	}
	room := gutterWidth - 4
	switch {
	case len(label)+1+len(count) <= room:
	case len(count) <= room:
		label = "" // of a body it is: nothing else is counted
	default:
		if count = strings.TrimSuffix(count, " to go"); len(count) <= room {
			label = ""
		} else {
			count = ""
		}
	}
	return p.before + string(markSent) + " " + label + strings.Repeat(" ", max(room-len(label)-len(count), 0)) + count + "  "
}
