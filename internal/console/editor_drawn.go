package console

import (
	"math"
	"strconv"
)

// drawn is what stands on the screen of the line being edited.
type drawn struct {
	rows    [][]byte // how they look
	columns int      // of the screen then; 0: nothing was drawn
	height  int      // of the screen then
	row     int      // in which the cursor stands
	column  int
	bytes   []byte // that drew it; nil: draw it in any case
	pushed  pushed
}

// pushed is what a smaller screen has moved off its top of the line as it was drawn
// before. As long as there is any, the line begins in the first row.
type pushed struct {
	rows [][]byte
	part int // columns of the first rows of one that was cut: it goes on in the line's first row
}

// resize takes in that the screen has another size, and reports whether the rows
// stand otherwise. Where terminals reflow, a narrower screen has wrapped them anew;
// elsewhere what is beyond the edge is cut off.
func (d *drawn) resize(columns, height int, reflows bool, l *layout) bool {
	if d.columns == 0 || columns == d.columns && height == d.height {
		return false
	}
	changed := columns != d.columns
	wrapAt := columns
	if !reflows {
		wrapAt = math.MaxInt
	}
	if columns < d.columns && d.row < len(d.rows) {
		last := min(d.column, l.width(d.rows[d.row])-1) // behind the last character it stays in that one's row
		at, _ := l.wrap(d.rows[d.row], wrapAt, func(_, end int) bool { return end > last })
		d.row = at + l.wrapped(d.rows[:d.row], wrapAt)
	}
	d.columns, d.height = columns, height
	return d.pull(wrapAt, l) || d.push(wrapAt, l) || changed
}

// pull takes in that a terminal brings back what it has moved off when there is room
// below the line. Where it does not, there is nothing above the line that going further
// up could reach.
func (d *drawn) pull(columns int, l *layout) bool {
	p, room := &d.pushed, d.height-l.wrapped(d.rows, columns)
	if room <= 0 || len(p.rows) == 0 && p.part == 0 {
		return false
	}
	if p.part > 0 && len(d.rows) > 0 {
		n := min((p.part+l.width(d.rows[0])-1)/columns, room)
		room -= n
		d.row += n
	}
	p.part = 0
	for ; room > 0 && len(p.rows) > 0; p.rows = p.rows[:len(p.rows)-1] {
		n := min(l.wrapped(p.rows[len(p.rows)-1:], columns), room)
		room -= n
		d.row += n
	}
	return true
}

// push takes in what is certain to have been moved off: the cursor stays on the screen.
func (d *drawn) push(columns int, l *layout) bool {
	lost := d.row - (d.height - 1)
	if lost <= 0 {
		return false
	}
	d.row = d.height - 1
	d.pushed.part = 0
	for _, row := range d.rows {
		n := l.wrapped([][]byte{row}, columns)
		if n > lost {
			_, d.pushed.part = l.wrap(row, columns, func(row, _ int) bool { return row == lost })
			break
		}
		lost -= n
		d.pushed.rows = append(d.pushed.rows, row)
	}
	return true
}

// width counts the columns of a row.
func (l *layout) width(row []byte) int {
	_, columns := l.wrap(row, math.MaxInt, nil)
	return columns
}

// wrapped counts the rows that these become on a screen.
func (l *layout) wrapped(rows [][]byte, columns int) (n int) {
	for _, row := range rows {
		last, _ := l.wrap(row, columns, nil)
		n += last + 1
	}
	return n
}

// wrap returns in which of the rows that a drawn one becomes on a screen a character
// stands, and how many columns come before: the first of which until, told that row
// and the columns up to its end, reports true; behind the last one where none is.
func (l *layout) wrap(shown []byte, columns int, until func(row, end int) bool) (row, before int) {
	for at := 0; len(shown) > 0; {
		size, width := 1, 1
		if shown[0] != '\\' {
			l.spare, size, width = l.look(l.spare[:0], shown, true)
		}
		if at+width > columns {
			row, at = row+1, 0
		}
		if until != nil && until(row, before+width) {
			break
		}
		at += width
		before += width
		shown = shown[size:]
	}
	return row, before
}

// eraseBelow erases the row of the cursor, which stands at its beginning, but for the
// first column, and all rows below. From that column on it would be the whole screen at
// times: tmux moves what is erased so to what can be scrolled back to.
const eraseBelow = "\x1b[1C\x1b[J\r"

// appendErase appends what goes back to the beginning of the line and erases it
// and all below it.
func (d *drawn) appendErase(dst []byte) []byte {
	return append(d.appendHome(dst), eraseBelow+"\x1b[K"...)
}

func (d *drawn) appendHome(dst []byte) []byte {
	dst = append(dst, '\r')
	return appendMove(dst, d.row, 'A')
}

// appendMove appends a movement of the cursor by n.
func appendMove(dst []byte, n int, direction byte) []byte {
	if n <= 0 {
		return dst
	}
	return append(strconv.AppendInt(append(dst, "\x1b["...), int64(n), 10), direction)
}
