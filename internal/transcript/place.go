package transcript

import (
	"strconv"

	"rawhttp/internal/http1"
)

const (
	rememberedRows = 128 // of a direction: a long header section
	quotedBytes    = 40  // of a row or of what is wrong in it
)

// remembered is the beginning of a row, to name it later.
type remembered struct {
	offset, end int64
	kind        http1.Kind
	text        [quotedBytes]byte
	length      int  // of text
	clipped     bool // the row goes on
}

// remember keeps the beginning of a row of lines. What is opaque is quoted only
// while it is the last row.
func (b *rowBuilder) remember(r *row) {
	if r.kind.Opaque() || r.hex {
		return
	}
	if b.rows == nil {
		var ok bool
		if b.rows, ok = rowLists.Get().(*rememberedList); !ok {
			b.rows = &rememberedList{}
		}
	}
	m := b.rows.forgotten()
	m.offset, m.end, m.kind = r.offset, r.offset+int64(len(r.bytes)), r.kind
	line := withoutLineEnd(r.shown())
	m.length = copy(m.text[:], line)
	m.clipped = m.length < len(line)
}

// rememberedList is the last rows of lines of one direction.
type rememberedList struct {
	rows   []remembered
	oldest int
}

func (l *rememberedList) forget() { l.rows, l.oldest = l.rows[:0], 0 }

// forgotten returns where there is room for one more.
func (l *rememberedList) forgotten() *remembered {
	if len(l.rows) < rememberedRows {
		l.rows = append(l.rows, remembered{})
		return &l.rows[len(l.rows)-1]
	}
	m := &l.rows[l.oldest]
	l.oldest = (l.oldest + 1) % rememberedRows
	return m
}

// rowOf finds the remembered row in which all of a diagnostic's bytes stand.
func (b *rowBuilder) rowOf(d *http1.Diagnostic) *remembered {
	if b.rows == nil {
		return nil
	}
	for i := range b.rows.rows {
		if r := &b.rows.rows[i]; r.offset <= d.Offset && d.Offset+d.Length <= r.end && d.Offset < r.end {
			return r
		}
	}
	return nil
}

// place says in words where a diagnostic's bytes are, in parentheses; "" when it
// is about what has not come. above is the row that it follows, or nil.
func (c *Conversation) place(above *row, d *http1.Diagnostic) string {
	b := &c.builders[d.Side]
	if d.Length == 0 && (!c.page.rows || d.Offset >= b.offset+int64(len(b.held))) {
		return ""
	}
	bytes, row := b.quotes(above, d)
	switch {
	case bytes != "":
		return " (at " + bytes + ", " + c.position(d) + ")"
	case row != "":
		return " (in " + row + ", " + c.position(d) + ")"
	}
	return " (" + c.position(d) + ")"
}

// position counts from the beginning of the stream.
func (c *Conversation) position(d *http1.Diagnostic) string {
	first := strconv.FormatInt(d.Offset+1, 10)
	text := "byte " + first
	switch {
	case d.Length == 0:
		text = "after byte " + strconv.FormatInt(d.Offset, 10)
	case d.Length > quotedBytes:
		text = "bytes " + first + " to " + strconv.FormatInt(d.Offset+d.Length, 10)
	}
	if d.Side == c.ours {
		return text + " of what was sent"
	}
	return text + " of what was received"
}

// quotes gives the bytes, where they are in the row above, and the beginning of
// the row they stand in; "" for what is not at hand.
func (b *rowBuilder) quotes(above *row, d *http1.Diagnostic) (bytes, row string) {
	if above != nil && !above.hex && d.Length > 0 {
		if from, to := d.Offset-above.offset, d.Offset+d.Length-above.offset; from >= 0 && to <= int64(len(above.bytes)) {
			from, to = above.shownAt(from, to)
			bytes = quoted(above.shown()[from:min(to, from+quotedBytes)], to > from+quotedBytes)
		}
	}
	if r := b.rowOf(d); r != nil && r.length > 0 {
		row = quoted(r.text[:r.length], r.clipped)
	}
	return bytes, row
}

// quoted is TEXT between quotation marks.
func quoted(p []byte, clipped bool) string {
	text := append([]byte{'"'}, appendEscaped(nil, p, false)...)
	if clipped {
		text = append(text, "..."...)
	}
	return string(append(text, '"'))
}

// withoutLineEnd leaves out LF, and a CR directly before it.
func withoutLineEnd(p []byte) []byte {
	n := len(p)
	if n > 0 && p[n-1] == '\n' {
		n--
		if n > 0 && p[n-1] == '\r' {
			n--
		}
	}
	return p[:n]
}
