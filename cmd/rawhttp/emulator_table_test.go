//go:build linux || darwin

package main

import (
	"strings"
	"testing"
)

// TestEmulator: the emulator is one that the tests of screens may believe. Rows
// are 10 columns, "/" stands between them, ▮ is the cursor.
func TestEmulator(t *testing.T) {
	for name, c := range map[string]struct{ written, want string }{
		"line ends":             {"ab\r\ncd\ne", "ab/cd/  e▮"},
		"movements":             {"abc\x1b[2Dx\x1b[5;3Hy\x1b[A\x1b[Gz\x1b[1B\x1b[3Cw", "axc///z/  y w▮"},
		"not beyond the edges":  {"\x1b[99A\x1b[99Da\x1b[99C\x1b[99Bb", "a////         ▮b"},
		"erase a row's end":     {"abcdef\x1b[3D\x1b[K", "abc▮"},
		"erase below":           {"a\r\nb\r\nc\x1b[2A\r\x1b[J", "▮"},
		"erase from the cursor": {"abc\r\ndef\x1b[A\x1b[D\x1b[J", "ab▮"},
		"erase all":             {"ab\r\nc\x1b[2Jd", "/ d▮"},
		"full row":              {"0123456789", "012345678▮9"},
		"full row, CR":          {"0123456789\rA", "A▮123456789"},
		"full row, CR LF":       {"0123456789\r\nA", "0123456789/A▮"},
		"full row, movement":    {"0123456789\x1b[DA", "01234567A▮9"},
		"full row, erase":       {"0123456789\x1b[K", "012345678▮"},
		"wrapped":               {"0123456789A", "0123456789/A▮"},
		"scrolled":              {"1\r\n2\r\n3\r\n4\r\n5\r\n6", "2/3/4/5/6▮"},
		"scrolled by wrapping":  {"1\r\n2\x1b[5;1H0123456789A", "2///0123456789/A▮"},
		"wide":                  {"世界x\x1b[3D", "世▮界x"},
		"emoji":                 {"😀x\x1b[D", "😀▮x"},
		"wide at the edge":      {"012345678世x", "012345678/世x▮"},
		"wide in a full row":    {"01234567世x", "01234567世/x▮"},
		"second half replaced":  {"世界\x1b[3Dx", " x▮界"},
		"first half replaced":   {"世界\rx", "x▮ 界"},
		"replaced by a mark's":  {"世x\re\u0301", "e\u0301▮ x"},
		"half erased":           {"世界\x1b[D\x1b[K", "世 ▮"},
		"combining":             {"e\u0301x", "e\u0301x▮"},
		"combining, wide":       {"世\u0301\u0302x", "世\u0301\u0302x▮"},
		"combining, full row":   {"012345678e\u0301x", "012345678e\u0301/x▮"},
		"styles":                {"\x1b[1;31ma\x1b[0mb\x1b[38;5;200mc\x1b[m", "abc▮"},
		"modes":                 {"\x1b[?2004ha\x1b[?25l\x1b[?25h\x1b[?2004lb", "ab▮"},
	} {
		for _, piece := range []int{1, 1000} {
			e := newEmulator(10, 5)
			for p := []byte(c.written); len(p) > 0; {
				n := min(piece, len(p))
				e.write(p[:n])
				p = p[n:]
			}
			if got := strings.ReplaceAll(e.screen(true), "\n", "/"); got != c.want || len(e.strange) != 0 {
				t.Errorf("%s: %q, want %q (%q)", name, got, c.want, e.strange)
			}
		}
	}
}

// TestEmulatorResize: xterm cuts rows off; most others wrap them anew.
func TestEmulatorResize(t *testing.T) {
	for name, c := range map[string]struct {
		written       string
		columns, rows int
		cut, reflowed string
	}{
		"narrower":          {"01234567\r\nabc", 5, 5, "01234/abc▮", "01234/567/abc▮"},
		"wider":             {"01234567\r\nabc", 15, 5, "01234567/abc▮", "01234567/abc▮"},
		"wider, wrapped":    {"0123456789abc", 15, 5, "0123456789/abc▮", "0123456789abc▮"},
		"in a wrapped line": {"0123456789abcdef\x1b[3D", 5, 5, "01234/abc▮de", "01234/56789/abc▮de/f"},
		"wide":              {"0123世界", 5, 5, "0123▮", "0123/世界▮"},
		"wide, full":        {"0123世界\x1b[A\r", 6, 5, "▮0123世", "▮0123世/界"},
		"lower":             {"1\r\n2\r\n3\r\n4", 10, 2, "3/4▮", "3/4▮"},
		"too much":          {"1\r\n2\r\n0123456789abcdef", 5, 3, "2/01234/abcd▮e", "56789/abcde/f▮"},
	} {
		for _, reflows := range []bool{false, true} {
			e := newEmulator(10, 5)
			e.reflows = reflows
			e.write([]byte(c.written))
			e.resize(c.columns, c.rows)
			want := c.cut
			if reflows {
				want = c.reflowed
			}
			if got := strings.ReplaceAll(e.screen(true), "\n", "/"); got != want {
				t.Errorf("%s, reflows %v: %q, want %q", name, reflows, got, want)
			}
		}
	}
}

// TestEmulatorAbove: every row that leaves the screen is kept, once, and what
// does not belong on a terminal is noted.
func TestEmulatorAbove(t *testing.T) {
	e := newEmulator(10, 2)
	e.write([]byte("1\r\n2\r\n0123456789abc\r\n世\r\n\x1b[A\x1b[C\x1b[J\r\x1b[K"))
	if got, want := e.all(), "1\n2\n0123456789abc\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	e.write([]byte("\n1\r\n2\x1b[H\x1b[J\x1b[H\x1b[J"))
	if got, want := e.all(), "1\n2\n0123456789abc\n\n1\n2\n"; got != want {
		t.Errorf("erased from the first column of the first row: %q, want %q", got, want)
	}
	e.write([]byte("\x1b[6n\x1bc\x1b[?1049h\x1b[>1m\x07\x00\xff\u009b"))
	if got, want := strings.Join(e.strange, " "), `"\x1b[6n" "\x1bc" "\x1b[?1049h" "\x1b[>1m" U+0000 U+FFFD U+009B`; got != want {
		t.Errorf("strange: %s, want %s", got, want)
	}
}
