package console

import (
	"bytes"
	"slices"
	"testing"
	"unicode/utf8"
)

// looks is how the tests show bytes: wide characters and escapes are there too.
func looks(dst, b []byte, _ bool) (shown []byte, size, columns int) {
	r, n := utf8.DecodeRune(b)
	switch {
	case r == utf8.RuneError && n == 1 || r < ' ' || r == 0x7f || r == '\\':
		const digits = "0123456789abcdef"
		return append(dst, '\\', 'x', digits[b[0]>>4], digits[b[0]&15]), 1, 4
	case r >= 0x1100:
		return append(dst, b[:n]...), n, 2
	}
	return append(dst, b[:n]...), n, 1
}

func newLine(lines ...string) *line {
	h := NewHistory()
	for _, text := range lines {
		_ = h.Add([]byte(text))
	}
	return &line{history: h, browsing: h.Len()}
}

// do types text and presses keys.
func (l *line) do(keys ...any) string {
	layout := layout{look: looks}
	for _, k := range keys {
		switch k := k.(type) {
		case string:
			l.insert([]byte(k))
		case Key:
			l.move(k, layout.size)
		}
	}
	return string(l.text[:l.cursor]) + "|" + string(l.text[l.cursor:])
}

func TestLine(t *testing.T) {
	for want, keys := range map[string][]any{
		"ab|":           {"ab"},
		"a|b":           {"ab", keyLeft},
		"|ab":           {"ab", keyLeft, keyLeft, keyLeft},
		"abc|":          {"ac", keyLeft, "b", keyRight, keyRight},
		"x|ab":          {"ab", keyHome, "x"},
		"xab|":          {"ab", keyHome, "x", keyEnd},
		"a|c":           {"abc", keyLeft, keyBackspace},
		"b|":            {"ab", keyHome, keyDelete, keyEnd},
		"世|":            {"世界", keyBackspace, keyDelete},
		"a|世":           {"a世", keyLeft},
		"|\xe4\xb8":     {"\xe4\xb8", keyLeft, keyLeft},
		"a|\xff":        {"a\xff", keyLeft},
		"|c":            {"ab c", keyLeft, keyLeft, keyKillStart, keyDelete},
		"cd|":           {"cd ab", keyLeft, keyLeft, keyLeft, keyKillEnd},
		"Host: |":       {"Host: a.b:80", keyKillWord},
		"a.b:80Host: |": {"Host: a.b:80", keyKillWord, keyHome, keyYank, keyEnd},
		"a.b:|80":       {"a.b:80", keyWordLeft},
		"a.|b:80":       {"a.b:80", keyWordLeft, keyWordLeft},
		"a|.b":          {"a.b", keyHome, keyWordRight},
		"|.b":           {"a.b", keyHome, keyDeleteWord},
		"two|":          {keyUp},
		"one|":          {keyUp, keyUp, keyUp},
		"draft|":        {"draft", keyUp, keyUp, keyDown, keyDown, keyDown},
		"two!|":         {keyUp, "!", keyDown, keyUp, "!"},
	} {
		if got := newLine("one", "two").do(keys...); got != want {
			t.Errorf("%v: %q, want %q", keys, got, want)
		}
	}
}

// FuzzLayout: the rows that are kept from one change to the next are those that
// a new layout has; they join to the line; and the cursor stands in one of them.
func FuzzLayout(f *testing.F) {
	f.Add([]byte("hello, \x01\x02世界\xff\x03\x05\x08\x04 and a line that goes on"), 20)
	f.Fuzz(func(t *testing.T, script []byte, room int) {
		room = 8 + max(room, -room)%100
		l, kept := newLine("a line of the history", "世界世界世界世界世界世界世界世界"), layout{look: looks}
		for _, c := range script {
			if c < 0x20 {
				l.move([]Key{keyLeft, keyRight, keyHome, keyEnd, keyBackspace, keyDelete, keyKillEnd, keyKillWord, keyYank, keyUp, keyWordLeft}[c%11], kept.size)
			} else {
				l.insert([]byte{c})
			}
			kept.changed(l.changedAt())
			kept.fill(l.text, room)
			fresh := layout{look: looks}
			fresh.fill(l.text, room)
			if !slices.Equal(kept.starts, fresh.starts) {
				t.Fatalf("%q in %d columns: %v, anew %v", l.text, room, kept.starts, fresh.starts)
			}
			checkRows(t, l, &kept)
		}
	})
}

// TestLayoutCharacter: a character of four bytes that is typed byte by byte, and
// taken back in parts, wherever the row before it ends.
func TestLayoutCharacter(t *testing.T) {
	const room = 9
	for filled := range 3 * room {
		l, kept := newLine(), layout{look: looks}
		same := func(what string) {
			t.Helper()
			kept.changed(l.changedAt())
			kept.fill(l.text, room)
			fresh := layout{look: looks}
			if fresh.fill(l.text, room); !slices.Equal(kept.starts, fresh.starts) {
				t.Errorf("%s of %q: %v, anew %v", what, l.text, kept.starts, fresh.starts)
			}
		}
		l.insert(bytes.Repeat([]byte{'a'}, filled))
		same("the row before")
		for _, c := range []byte("😀") {
			l.insert([]byte{c})
			same("a byte more")
		}
		l.remove(filled+3, filled+4)
		same("a byte less")
		l.insert([]byte("\x80"))
		same("another byte")
		l.cursor = filled + 3
		l.insert([]byte("b"))
		same("a byte between")
	}
}

func checkRows(t *testing.T, l *line, rows *layout) {
	t.Helper()
	cursors := 0
	var joined []byte
	for i := range rows.starts {
		row, column := rows.row(nil, l.text, i, l.cursor)
		if column >= 0 {
			cursors++
			if at := rows.rowOf(l.cursor); at != i {
				t.Fatalf("%q: the cursor is in row %d, and is said to be in %d", l.text, i, at)
			}
			if column >= rows.room {
				t.Fatalf("%q: the cursor is in column %d of %d", l.text, column, rows.room)
			}
		}
		if i < len(rows.starts)-1 {
			row = bytes.TrimSuffix(row, []byte{'\\'})
		}
		if n := width(row); n > rows.room-1 {
			t.Fatalf("%q: row %q has %d columns of %d", l.text, row, n, rows.room)
		}
		joined = append(joined, row...)
	}
	var whole []byte
	for at := 0; at < len(l.text); {
		var size int
		whole, size, _ = looks(whole, l.text[at:], true)
		at += size
	}
	if cursors != 1 || !bytes.Equal(joined, whole) {
		t.Fatalf("%q: %d cursors, rows %q, want %q", l.text, cursors, joined, whole)
	}
}

// width counts columns of what is shown, in which no escape stands for itself.
func width(shown []byte) int {
	n := 0
	for len(shown) > 0 {
		r, size := utf8.DecodeRune(shown)
		if n++; r >= 0x1100 {
			n++
		}
		shown = shown[size:]
	}
	return n
}

// TestCutInsideCharacter: a character that is typed byte by byte may move into
// the row before it, once it is whole.
func TestCutInsideCharacter(t *testing.T) {
	l, rows := newLine(), layout{look: looks}
	for _, c := range []byte("123456世") {
		l.insert([]byte{c})
		rows.changed(l.changedAt())
		rows.fill(l.text, 9)
	}
	if !slices.Equal(rows.starts, []int{0}) {
		t.Errorf("rows begin at %v", rows.starts)
	}
}

// TestReflow: a terminal that becomes narrower puts the cursor into the row of
// the byte that it stands on; behind a row that just fits, into that row.
func TestReflow(t *testing.T) {
	for _, c := range []struct {
		widths              []int
		row, column, narrow int
		want                int
	}{
		{[]int{62}, 0, 62, 80, 0},
		{[]int{80}, 0, 80, 80, 0},
		{[]int{81}, 0, 80, 80, 1},
		{[]int{81}, 0, 81, 80, 1},
		{[]int{120, 80}, 1, 80, 80, 2},
		{[]int{120, 120}, 1, 120, 60, 3},
		{[]int{120, 120}, 1, 18, 60, 2},
	} {
		d := drawn{row: c.row, column: c.column, columns: 120, height: 24}
		for _, width := range c.widths {
			d.rows = append(d.rows, bytes.Repeat([]byte("x"), width))
		}
		if d.resize(c.narrow, 24, true, &layout{look: plainLook}); d.row != c.want {
			t.Errorf("%v, row %d, column %d, to %d: row %d, want %d", c.widths, c.row, c.column, c.narrow, d.row, c.want)
		}
	}
}
