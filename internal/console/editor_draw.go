package console

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

// layout is where the rows of the line being edited begin. It is kept from one
// drawing to the next, because a line may be long and keys many.
type layout struct {
	look   func(dst, b []byte, based bool) (shown []byte, size, columns int)
	room   int   // columns of a row, the cut's backslash among them
	starts []int // bytes at which rows begin; the first is 0
	spare  []byte
}

// size is how many bytes the first character of b has.
func (l *layout) size(b []byte) int {
	var n int
	l.spare, n, _ = l.look(l.spare[:0], b, true)
	return n
}

// rereadable is how many bytes before a change may be read in another way, and so begin
// a row or not.
const rereadable = utf8.UTFMax - 1

// changed forgets where rows begin that a change at a byte may concern. A row that
// begins before those bytes does so for what stands there, whatever comes behind.
func (l *layout) changed(at int) {
	if at < 0 {
		return
	}
	keep, _ := slices.BinarySearch(l.starts, at-rereadable)
	l.starts = l.starts[:keep]
}

// fill lays out text from where it is not known yet.
func (l *layout) fill(text []byte, room int) {
	if room != l.room {
		l.room, l.starts = room, l.starts[:0]
	}
	if len(l.starts) == 0 {
		l.starts = append(l.starts, 0)
	}
	at := l.starts[len(l.starts)-1]
	column, based := 0, false
	for at < len(text) {
		shown, size, columns := l.look(l.spare[:0], text[at:], based)
		l.spare = shown
		if column > 0 && column+columns > room-1 {
			l.starts = append(l.starts, at)
			column, based = 0, false
			continue // the first of a row may look otherwise
		}
		column += columns
		based = isItself(shown, text[at:])
		at += size
	}
}

// isItself reports whether a character stands for itself.
func isItself(shown, b []byte) bool {
	return len(shown) > 0 && bytes.HasPrefix(b, shown) && shown[0] != '\\'
}

// row appends row i of text and returns the column at which the byte cursor
// stands, or -1 when it is in another row.
func (l *layout) row(dst, text []byte, i, cursor int) ([]byte, int) {
	at, end := l.starts[i], len(text)
	if i+1 < len(l.starts) {
		end = l.starts[i+1]
	}
	column, cursorColumn, based := 0, -1, false
	for at < end {
		if at == cursor {
			cursorColumn = column
		}
		from := len(dst)
		var size, columns int
		dst, size, columns = l.look(dst, text[at:], based)
		based = isItself(dst[from:], text[at:])
		if cursor > at && cursor < at+size {
			cursorColumn = column
		}
		column += columns
		at += size
	}
	switch {
	case i+1 < len(l.starts):
		dst = append(dst, '\\')
	case cursor >= at:
		cursorColumn = column
	}
	return dst, cursorColumn
}

// rowOf returns the row in which the cursor stands.
func (l *layout) rowOf(cursor int) int {
	i, found := slices.BinarySearch(l.starts, cursor)
	if !found {
		i--
	}
	return i
}

func (e *Editor) height() int {
	if _, rows, err := term.GetSize(int(e.o.Output.Fd())); err == nil && rows > 0 {
		return rows
	}
	return 24
}

const (
	leastText = 8    // columns that text must have beside a prompt
	spareRows = 2    // of the screen that a long line leaves free
	hintGap   = "  " // between words
)

// draw writes p above the line, erases what stood there of it, and draws it
// again, in one Write. The terminal is ours, and e.mu is held.
func (e *Editor) draw(p []byte) error {
	columns, height := Width(e.o.Output), e.height()
	e.layout.look = e.o.Look
	changed := e.drawn.resize(columns, height, e.o.Reflows, &e.layout)
	var out []byte
	if len(p) > 0 || changed { // a line that was wrapped anew and is not erased is joined again later
		out = e.drawn.appendErase(make([]byte, 0, len(p)+1024))
		for line := range bytes.Lines(p) {
			if n := len(line); line[n-1] == '\n' {
				out = append(append(out, line[:n-1]...), "\r\n"...)
			} else {
				out = append(out, line...)
			}
		}
	} else {
		out = e.drawn.appendHome(nil)
	}
	before, start := e.drawn, len(out)
	e.drawn = drawn{columns: columns, height: height}
	if len(p) == 0 {
		e.drawn.pushed = before.pushed
	}
	if !e.inFlight || e.replaced && len(e.line.text) > 0 {
		out = e.appendLine(out)
		if len(p) == 0 && !changed && bytes.Equal(out[start:], before.bytes) {
			e.drawn = before // nothing would look different
			return nil
		}
		e.drawn.bytes = bytes.Clone(out[start:])
	} else if len(p) == 0 {
		if len(before.rows) == 0 {
			return nil
		}
		out = before.appendErase(nil) // what was typed ahead was taken back
	}
	_, err := e.o.Output.Write(out)
	return err
}

// gutter is what stands before the line.
func (e *Editor) gutter(columns int) string {
	prompt := e.prompt
	if prompt == nil {
		prompt = e.o.Idle
	}
	if prompt == nil {
		return ""
	}
	text := prompt(e.line.text)
	if len(text) > columns-leastText {
		return "" // no room for it
	}
	return text
}

// appendLine appends the line, or as many of its rows as there is room for, and
// puts the cursor into it.
func (e *Editor) appendLine(out []byte) []byte {
	columns := e.drawn.columns
	gutter := e.gutter(columns)
	e.layout.fill(e.line.text, columns-len(gutter))
	at := e.layout.rowOf(e.line.cursor)
	room := max(e.drawn.height-spareRows, 1)
	first := max(at-room+1, 0)
	last := min(len(e.layout.starts), first+room)
	d := &e.drawn
	for i := first; i < last; i++ {
		if i > first {
			out = append(out, "\r\n"...)
		}
		if i == last-1 {
			out = append(out, eraseBelow...) // and not behind the row, see below
		}
		from := len(out)
		if i == first {
			out = append(out, gutter...)
		} else {
			out = append(out, bytes.Repeat([]byte{' '}, len(gutter))...)
		}
		var column int
		out, column = e.layout.row(out, e.line.text, i, e.line.cursor)
		if column >= 0 {
			d.row, d.column = i-first, len(gutter)+column
		}
		d.rows = append(d.rows, bytes.Clone(out[from:]))
		if e.layout.width(out[from:]) < columns { // behind the last column some terminals erase that one
			out = append(out, "\x1b[K"...)
		}
	}
	if e.hint != "" {
		out = e.appendHint(out, columns, room-(last-first))
	}
	out = appendMove(out, len(d.rows)-1-d.row, 'A')
	out = append(out, '\r')
	return appendMove(out, d.column, 'C')
}

// appendHint appends the rows of the hint, cut between its words.
func (e *Editor) appendHint(out []byte, columns, room int) []byte {
	for hint := e.hint; hint != "" && room > 0; room-- {
		n := min(len(hint), columns-1)
		if at := strings.LastIndex(hint[:n], hintGap); n < len(hint) && at > 0 {
			n = at
		}
		out = append(out, "\r\n"...)
		out = append(append(out, hint[:n]...), "\x1b[K"...)
		e.drawn.rows = append(e.drawn.rows, []byte(hint[:n]))
		hint = strings.TrimLeft(hint[n:], " ")
	}
	return out
}
