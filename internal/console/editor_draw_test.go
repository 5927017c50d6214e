package console

import (
	"bytes"
	"testing"
)

func plainLook(dst, b []byte, _ bool) ([]byte, int, int) { return append(dst, b[0]), 1, 1 }

// TestReflowAtTheEnd: behind the last character of a row that has become whole rows the
// cursor stays at the end of the last of these. A row too many would be erased of
// those above.
func TestReflowAtTheEnd(t *testing.T) {
	for _, c := range []struct{ width, column, columns, row int }{
		{40, 40, 20, 1}, {40, 39, 20, 1}, {40, 20, 20, 1}, {40, 19, 20, 0}, {41, 41, 20, 2}, {20, 20, 20, 0}, {0, 0, 20, 0}, {40, 40, 39, 1}, {40, 40, 100, 0},
	} {
		d := drawn{rows: [][]byte{bytes.Repeat([]byte("x"), c.width)}, columns: 80, height: 24, column: c.column}
		if d.resize(c.columns, 24, true, &layout{look: plainLook}); d.row != c.row {
			t.Errorf("%d columns, the cursor at %d, on a screen of %d: row %d, want %d", c.width, c.column, c.columns, d.row, c.row)
		}
	}
}
