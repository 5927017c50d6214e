package transcript

import (
	"encoding/binary"
	"math/bits"
)

// Most rows of a big body are alike: lines of plain text, or hex rows of 16 bytes.
// What is the same for all of them is asked and made once, and the rows are written
// in one loop each, in a third of the time (docs/performance.md). Whatever is odd
// about a row (an escape but the line end, a length, hidden bytes, a width) leaves it
// to sheet.row: the two must come to the same.

// alike shows the rows at the beginning of p that are alike, and returns their size;
// 0 where the first one is not.
func (b *rowBuilder) alike(p []byte) int {
	page := b.conversation.page
	if !b.kind.Opaque() || len(b.held)+len(b.spans)+len(b.waiting) > 0 || len(page.sheets) != 1 || b.beyond {
		return 0
	}
	r := &row{mark: b.mark, kind: b.kind, hex: b.look == lookHex}
	n := page.rowsAlike(b.conversation.number, r, p)
	if n > 0 {
		b.offset += int64(n)
		r.offset = b.offset - int64(len(r.bytes))
		page.last().set(b.conversation, r)
	}
	return n
}

// rowsAlike appends rows like r to the page's only sheet, and returns how many bytes
// of p they show; r.bytes are those of the last one.
func (p *page) rowsAlike(number int, r *row, b []byte) int {
	s := p.sheets[0]
	if !s.rows || s.plain || !r.hex && s.columns() > 0 {
		return 0
	}
	all := 0
	for {
		p.begin(s, number)
		n, last := s.alike(r, b[all:])
		if n > 0 {
			all += n
			r.bytes = b[all-last : all]
		}
		if !p.isLong(len(s.buffer)) {
			return all
		}
		s.flush()
	}
}

// alike appends rows like r until the buffer is long, and returns how many bytes of
// b they show, and how many the last one.
func (s *sheet) alike(r *row, b []byte) (all, last int) {
	if r.hex {
		r.bytes = b[:min(len(b), hexRowBytes)]
		head := appendGutter(append(s.head[:0], s.prefix...), r)
		s.head = head
		s.buffer, all = appendHexRows(s.buffer, head, b)
		return all, hexRowBytes
	}
	r.bytes = nil
	head := appendGutter(append(s.head[:0], s.prefix...), r)
	head[len(head)-3] = ' ' // the length's 0
	s.head = head
	paint := s.style.escape
	s.buffer, all, last = appendLines(s.buffer, head, paint.on+`\n`+paint.off+"\n", paint.on+`\r\n`+paint.off+"\n", b)
	return all, last
}

// appendLines appends a row for each line at the beginning of b that consists of
// bytes that stand for themselves, as long as dst is not long. head is what each
// begins with, with room for the length before its last two columns; lf and crlf is
// how it ends.
func appendLines(dst, head []byte, lf, crlf string, b []byte) (_ []byte, all, last int) {
	for len(dst) < flushAt {
		line := b[all:]
		dst = reserve(dst, len(head)+maximumRow+len(crlf))
		row := dst[len(dst):cap(dst)]
		text := row[copy(row, head):]
		odd, n := uint64(0), 0
		for ; n+8 <= min(len(line), maximumRow-8); n += 8 {
			eight := binary.LittleEndian.Uint64(line[n:])
			binary.LittleEndian.PutUint64(text[n:], eight)
			if odd = notPlain(eight); odd != 0 {
				n += bits.TrailingZeros64(odd) / 8
				break
			}
		}
		if odd == 0 {
			break
		}
		size, end := n+1, lf
		if line[n] == '\r' && n+1 < len(line) && line[n+1] == '\n' {
			size, end = n+2, crlf
		} else if line[n] != '\n' {
			break
		}
		for rest, at := size, len(head)-3; rest > 0; rest, at = rest/10, at-1 {
			row[at] = '0' + byte(rest%10)
		}
		dst = dst[:len(dst)+len(head)+n+copy(text[n:], end)]
		all, last = all+size, size
	}
	return dst, all, last
}

// appendHexRows appends a row for each 16 bytes at the beginning of b, as long as
// dst is not long. head is what each begins with.
func appendHexRows(dst, head, b []byte) (_ []byte, all int) {
	for len(dst) < flushAt && all+hexRowBytes <= len(b) {
		dst = append(dst, head...)
		dst = append(dst, blanks[:hexText]...)
		line := dst[len(dst)-hexText:]
		bytes := (*[hexRowBytes]byte)(b[all:])
		for group := range hexRowBytes / 2 {
			four := (*[4]byte)(line[group*5:])
			high, low := &hexLooks[bytes[group*2]], &hexLooks[bytes[group*2+1]]
			four[0], four[1], four[2], four[3] = high.high, high.low, low.high, low.low
		}
		dst = binary.LittleEndian.AppendUint64(dst, dotted(binary.LittleEndian.Uint64(bytes[:])))
		dst = binary.LittleEndian.AppendUint64(dst, dotted(binary.LittleEndian.Uint64(bytes[8:])))
		dst = append(dst, '\n')
		all += hexRowBytes
	}
	return dst, all
}

// dotted makes dots of those of eight bytes that are not printable ASCII.
func dotted(x uint64) uint64 {
	const each = 0x0101010101010101
	low := x & (0x7f * each)
	odd := (x | ^(low + 0x60*each) | (low + each)) & (0x80 * each) // from 0x80 on, below 0x20, 0x7f
	odd = odd >> 7 * 0xff
	return x&^odd | '.'*each&odd
}

// reserve returns dst with room for n bytes more.
func reserve(dst []byte, n int) []byte {
	if cap(dst)-len(dst) < n {
		dst = append(make([]byte, 0, len(dst)+n+flushAt), dst...)
	}
	return dst
}
