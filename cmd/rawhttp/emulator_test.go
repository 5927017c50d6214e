//go:build linux || darwin

package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hinshun/vt10x"
	"golang.org/x/text/width"
)

// Rules of the emulator:
//
//   - Cursor, erasing, line ends and wrapping, the pending wrap at the last
//     column too, are vt10x's. It knows no wide characters, no combining marks
//     and no rows above the screen: that is what is added here.
//   - A wide character is two cells, the second of them secondHalf; one that has
//     no room at the end of a row leaves edge there and begins the next row.
//   - A character with combining marks is one cell with a name of its own.
//   - A terminal that reflows (most do, xterm does not) wraps its rows anew when
//     its columns change.
//   - What is erased from the first column of the first row on is kept above the
//     screen, as in tmux, which takes that for clearing the screen.
//   - A sequence that is not among those the program may need is noted, because
//     it has no business on the terminal.

// What vt10x does not name: the cursor's state, and the mode of a row's last cell.
const (
	wrapNext = 1 << 1 // the row is full
	goesOn   = 1 << 6 // in the next row
)

// Cells that are no characters of the program's: private use, which it escapes.
const (
	secondHalf = '\U000F0000' + iota
	edge
	firstCluster
)

// known are the control sequences there may be, by their last byte; and those
// with a question mark.
const known = "ABCDGHJKm"

var knownModes = []string{"?2004h", "?2004l", "?25h", "?25l"}

// emulator is a terminal's screen.
type emulator struct {
	base          vt10x.Terminal
	columns, rows int
	reflows       bool
	above         [][]vt10x.Glyph // rows that have left the screen at its top
	aboveText     strings.Builder // of the first told of them
	told          int
	clusters      []string // characters with marks, from firstCluster
	pending       []byte   // the beginning of a character
	sequence      []byte   // of a control sequence, ESC first
	strange       []string // sequences and controls not known
}

func newEmulator(columns, rows int) *emulator {
	return &emulator{base: vt10x.New(vt10x.WithSize(columns, rows)), columns: columns, rows: rows}
}

// write takes what a program has written, however it is cut.
func (e *emulator) write(p []byte) {
	p = append(e.pending, p...)
	for len(p) > 0 && (utf8.FullRune(p) || len(p) >= utf8.UTFMax) {
		r, size := utf8.DecodeRune(p)
		e.put(r)
		p = p[size:]
	}
	e.pending = slices.Clone(p)
}

func (e *emulator) put(r rune) {
	switch {
	case len(e.sequence) > 0:
		e.control(r)
	case r == 0x1b:
		e.sequence = append(e.sequence, 0x1b)
	case r == '\n':
		e.scroll()
		e.feed("\n")
	case r == '\r' || r == '\b' || r == '\a' || r == '\t':
		e.feed(string(r))
	case unicode.IsControl(r) || r == utf8.RuneError || r >= secondHalf:
		e.strange = append(e.strange, fmt.Sprintf("%U", r))
	case unicode.In(r, unicode.Mn, unicode.Me):
		e.combine(r)
	default:
		e.character(r)
	}
}

// control takes the next of a control sequence.
func (e *emulator) control(r rune) {
	e.sequence = append(e.sequence, string(r)...)
	if len(e.sequence) == 2 && r == '[' || len(e.sequence) > 2 && (r < 0x40 || r > 0x7e) {
		return
	}
	sequence := string(e.sequence)
	e.sequence = e.sequence[:0]
	body := strings.TrimPrefix(sequence, "\x1b[")
	parameters := body[:len(body)-1]
	if body == sequence || !slices.Contains(knownModes, body) &&
		(!strings.ContainsRune(known, r) || strings.Trim(parameters, "0123456789;") != "") {
		e.strange = append(e.strange, fmt.Sprintf("%q", sequence))
		return
	}
	if sequence == "\x1b[J" && e.screen(false) != "" && e.base.Cursor().X == 0 && e.base.Cursor().Y == 0 && !e.pendingWrap() {
		for y := range len(strings.SplitAfter(e.screen(false), "\n")) {
			e.above = append(e.above, e.row(y))
		}
	}
	e.feed(sequence)
}

func (e *emulator) feed(text string) { _, _ = e.base.Write([]byte(text)) }

// pendingWrap reports whether the next character begins a new row.
func (e *emulator) pendingWrap() bool { return e.base.Cursor().State&wrapNext != 0 }

// scroll keeps the first row when the cursor is about to leave the last one.
func (e *emulator) scroll() {
	if e.base.Cursor().Y == e.rows-1 {
		e.above = append(e.above, e.row(0))
	}
}

// character puts one that takes columns.
func (e *emulator) character(r rune) {
	wide := columnsOf(r) == 2
	if wide && e.base.Cursor().X == e.columns-1 && !e.pendingWrap() {
		e.feed(string(edge))
	}
	if e.pendingWrap() {
		e.scroll()
	}
	e.feed(string(r))
	if wide {
		e.feed(string(secondHalf))
	}
}

func columnsOf(r rune) int {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// combine adds a mark to the character before the cursor.
func (e *emulator) combine(mark rune) {
	cursor := e.base.Cursor()
	x, half := cursor.X-1, ""
	if e.pendingWrap() {
		x++
	}
	if x > 0 && e.base.Cell(x, cursor.Y).Char == secondHalf {
		x, half = x-1, string(secondHalf)
	}
	if x < 0 {
		return
	}
	e.clusters = append(e.clusters, e.name(e.base.Cell(x, cursor.Y).Char)+string(mark))
	e.feed(fmt.Sprintf("\x1b[%dG%c%s", x+1, firstCluster+len(e.clusters)-1, half))
}

// name is what a cell looks like.
func (e *emulator) name(r rune) string {
	switch {
	case r == 0 || r == edge:
		return " "
	case r == secondHalf:
		return ""
	case r >= firstCluster:
		return e.clusters[r-firstCluster]
	}
	return string(r)
}

func (e *emulator) row(y int) []vt10x.Glyph {
	row := make([]vt10x.Glyph, e.columns)
	for x := range row {
		row[x] = e.base.Cell(x, y)
	}
	return row
}

// text is how a row looks. Of half a wide character nothing is seen.
func (e *emulator) text(row []vt10x.Glyph) string {
	var b strings.Builder
	whole := false // a wide character was begun and goes on
	for x, cell := range row {
		name := e.name(cell.Char)
		first, _ := utf8.DecodeRuneInString(name)
		wide := columnsOf(first) == 2
		half := cell.Char == secondHalf && !whole
		whole = wide && x+1 < len(row) && row[x+1].Char == secondHalf
		if half || wide && !whole {
			name = " "
		}
		b.WriteString(name)
	}
	return b.String()
}

// cursorMark stands before the cell at which the cursor is.
const cursorMark = "▮"

// screen is the rows without blanks at their ends, and without empty rows at
// the end. With the cursor, cursorMark stands in it.
func (e *emulator) screen(cursor bool) string {
	at := e.base.Cursor()
	var rows []string
	for y := range e.rows {
		row := e.row(y)
		if text := e.text(row); !cursor || y != at.Y {
			rows = append(rows, strings.TrimRight(text, " "))
		} else {
			rows = append(rows, e.text(row[:at.X])+cursorMark+strings.TrimRight(e.text(row[at.X:]), " "))
		}
	}
	return strings.TrimRight(strings.Join(rows, "\n"), "\n")
}

// all is what is above the screen and the screen down to the cursor, as lines: a
// row that was full and goes on in the next one is one line with it.
func (e *emulator) all() string {
	for _, row := range e.above[e.told:] {
		e.aboveText.WriteString(e.line(row))
	}
	e.told = len(e.above)
	last := strings.Count(e.screen(true), "\n")
	var b strings.Builder
	for y := range last {
		b.WriteString(e.line(e.row(y)))
	}
	b.WriteString(strings.TrimRight(e.text(e.row(last)), " "))
	return e.aboveText.String() + b.String()
}

// line is a row's text with the end that it has.
func (e *emulator) line(row []vt10x.Glyph) string {
	if row[len(row)-1].Mode&goesOn != 0 {
		return strings.TrimSuffix(e.text(row), " ") // that of an edge
	}
	return strings.TrimRight(e.text(row), " ") + "\n"
}
