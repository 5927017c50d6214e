package console

import "strings"

// complete does what TAB says: it puts in what all words have in common, and
// shows them when that is nothing more. e.mu is held.
func (e *Editor) complete() {
	from := -1
	var words []string
	if e.o.Complete != nil {
		from, words = e.o.Complete(e.line.text[:e.line.cursor])
	}
	if from < 0 {
		e.insert(&press{text: []byte{'\t'}})
		return
	}
	if len(words) == 0 {
		return
	}
	typed := e.line.text[from:e.line.cursor]
	common := words[0]
	for _, word := range words[1:] {
		common = common[:commonPrefix(common, word)]
	}
	if len(e.line.text)+len(common)-len(typed) > LineLimit {
		return
	}
	if len(common) > len(typed) || len(words) == 1 {
		e.line.remove(from, e.line.cursor)
		e.line.cursor = from
		e.line.insert([]byte(common))
		return
	}
	e.hint = strings.Join(words, hintGap)
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
