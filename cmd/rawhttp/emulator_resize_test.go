//go:build linux || darwin

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hinshun/vt10x"
)

// resize changes the size as a window does.
func (e *emulator) resize(columns, rows int) {
	if e.reflows {
		e.reflow(columns, rows)
		return
	}
	for y := range max(e.base.Cursor().Y-rows+1, 0) {
		e.above = append(e.above, e.row(y))
	}
	e.base.Resize(columns, rows)
	e.columns, e.rows = columns, rows
}

// reflow wraps everything anew, and puts the cursor where the same character
// stands.
func (e *emulator) reflow(columns, rows int) {
	old := e.above
	for y := range e.rows {
		old = append(old, e.row(y))
	}
	cursor := e.base.Cursor()
	if e.pendingWrap() {
		cursor.X++
	}
	cursorRow := len(e.above) + cursor.Y
	last := len(old) - 1
	for last > cursorRow && strings.TrimRight(e.text(old[last]), " ") == "" {
		last--
	}
	var made [][]vt10x.Glyph
	var line []vt10x.Glyph
	y, x, offset := 0, 0, -1 // of the cursor: anew, and in line
	for i, row := range old[:last+1] {
		if i == cursorRow {
			offset = len(line) + cursor.X
		}
		line = append(line, slices.DeleteFunc(slices.Clone(row), func(g vt10x.Glyph) bool { return g.Char == edge })...)
		if i < last && row[len(row)-1].Mode&goesOn != 0 {
			continue
		}
		more, cursorY, cursorX := wrapAnew(line, columns, offset)
		if offset >= 0 {
			y, x, offset = len(made)+cursorY, cursorX, -1
		}
		made, line = append(made, more...), nil
	}
	e.draw(made, columns, rows, y, x)
}

// wrapAnew makes rows of a line without the blanks at its end, and returns where
// in them the cell at offset is.
func wrapAnew(line []vt10x.Glyph, columns, offset int) (rows [][]vt10x.Glyph, y, x int) {
	for len(line) > max(offset, 0) && (line[len(line)-1].Char == ' ' || line[len(line)-1].Char == 0) {
		line = line[:len(line)-1]
	}
	for {
		n := min(columns, len(line))
		if n < len(line) && line[n].Char == secondHalf {
			n--
		}
		if offset >= 0 && (offset < n || n == len(line)) {
			y, x = len(rows), min(offset, columns-1)
		}
		offset -= n
		if n == len(line) {
			return append(rows, line), y, x
		}
		row := slices.Clone(line[:n])
		if n < columns {
			row = append(row, vt10x.Glyph{Char: edge})
		}
		row[columns-1].Mode |= goesOn
		rows, line = append(rows, row), line[n:]
	}
}

// draw makes a screen of the last of these rows; the others are above it.
func (e *emulator) draw(rows [][]vt10x.Glyph, columns, height, cursorRow, cursorColumn int) {
	first := max(len(rows)-height, 0)
	e.base = vt10x.New(vt10x.WithSize(columns, height))
	e.columns, e.rows = columns, height
	e.above, e.told = nil, 0
	e.aboveText.Reset()
	for _, row := range rows[:first] {
		e.above = append(e.above, append(slices.Clone(row), make([]vt10x.Glyph, columns-len(row))...))
	}
	for y, row := range rows[first:] {
		for _, cell := range row {
			if cell.Char == 0 {
				cell.Char = ' '
			}
			e.feed(string(cell.Char))
		}
		if y < len(rows)-first-1 && (len(row) < columns || row[columns-1].Mode&goesOn == 0) {
			e.feed("\r\n")
		}
	}
	e.feed(fmt.Sprintf("\x1b[%d;%dH", cursorRow-first+1, cursorColumn+1))
}
