package transcript

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// Most rows of a big body are alike: lines of plain text, or hex rows of 16 bytes.
// What is the same for all of them is asked and made once, and the rows are written
// in one loop each, in a third of the time (docs/performance.md). Whatever is odd
// about a row (an escape but the line end, a length, hidden bytes, a width) leaves it
// to sheet.row: the two must come to the same.

// alikeFrom is from how many bytes on it pays to begin a loop.
const alikeFrom = 512

// alike shows the rows at the beginning of p that are alike, and returns their size;
// 0 where the first one is not.
func (b *rowBuilder) alike(p []byte) int {
	page := b.conversation.page
	if len(p) < alikeFrom || !b.kind.Opaque() || len(b.held)+len(b.spans)+len(b.waiting) > 0 || len(page.sheets) != 1 || b.beyond {
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
		s.head = appendGutter(append(s.head[:0], s.prefix...), r)
		s.head = append(append(s.head, blanks[:hexRowEnd-1]...), '\n')
		s.buffer, all = appendHexRows(s.buffer, s.head, b)
		return all, hexRowBytes
	}
	r.bytes = nil
	s.head = appendGutter(append(s.head[:0], s.prefix...), r)
	s.head[len(s.head)-lengthEnd] = ' ' // the length's 0
	head, paint := newAffix(string(s.head)), s.style.escape
	lf, crlf := newAffix(paint.on+`\n`+paint.off+"\n"), newAffix(paint.on+`\r\n`+paint.off+"\n")
	s.buffer, all, last = appendLines(s.buffer, &head, &lf, &crlf, b)
	return all, last
}

// lengthEnd is where, from the end of the gutter, the length's last digit is.
const lengthEnd = 3

// affix is what stands before or behind many rows: longer than it mostly is, so
// that it is copied by a few moves of the processor.
type affix struct {
	bytes [32]byte
	size  int
}

// newAffix makes one of size 0 where there is no room.
func newAffix(text string) (a affix) {
	if len(text) <= len(a.bytes) {
		a.size = copy(a.bytes[:], text)
	}
	return a
}

// to writes it to the beginning of dst, and nobody knows what behind it.
func (a *affix) to(dst []byte) { *(*[len(a.bytes)]byte)(dst) = a.bytes }

// appendLines appends a row for each line at the beginning of b that consists of
// bytes that stand for themselves, as long as dst is not long. head is what each
// begins with, but for the length; lf and crlf is how it ends.
func appendLines(dst []byte, head, lf, crlf *affix, b []byte) (_ []byte, all, last int) {
	for len(dst) < flushAt && head.size > 0 {
		dst = slices.Grow(dst, maximumRow+2*len(head.bytes))
		row := dst[len(dst):cap(dst)]
		head.to(row)
		text, line := row[head.size:], b[all:]
		line = line[:min(len(line), maximumRow-8)]
		odd, n := uint64(0), 0
		for text := text[:len(line)]; n <= len(line)-8; n += 8 {
			eight := binary.LittleEndian.Uint64(line[n : n+8])
			binary.LittleEndian.PutUint64(text[n:n+8], eight)
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
		for rest, at := size, head.size-lengthEnd; rest > 0; rest, at = rest/10, at-1 {
			row[at] = '0' + byte(rest%10)
		}
		end.to(text[n:])
		dst = dst[:len(dst)+head.size+n+end.size]
		all, last = all+size, size
	}
	return dst, all, last
}

const hexRowEnd = hexText + hexRowBytes + 1

// appendHexRows appends a row for each 16 bytes at the beginning of b, as long as
// dst is not long. alike is such a row with blanks for bytes.
func appendHexRows(dst, alike, b []byte) (_ []byte, all int) {
	for len(dst) < flushAt && all+hexRowBytes <= len(b) {
		dst = append(dst, alike...)
		bytes, line := (*[hexRowBytes]byte)(b[all:]), (*[hexRowEnd]byte)(dst[len(dst)-hexRowEnd:])
		for i := 0; i < hexRowBytes; i += 2 {
			two := uint32(hexPairs[bytes[i]]) | uint32(hexPairs[bytes[i+1]])<<16
			binary.LittleEndian.PutUint32(line[i/2*5:], two)
		}
		binary.LittleEndian.PutUint64(line[hexText:], dotted(binary.LittleEndian.Uint64(bytes[:])))
		binary.LittleEndian.PutUint64(line[hexText+8:], dotted(binary.LittleEndian.Uint64(bytes[8:])))
		all += hexRowBytes
	}
	return dst, all
}

// hexPairs is each byte's two digits, the first one in the low byte.
var hexPairs = func() (t [256]uint16) {
	for c := range t {
		t[c] = uint16(hexDigits[c>>4]) | uint16(hexDigits[c&15])<<8
	}
	return t
}()

// dotted makes dots of those of eight bytes that are not printable ASCII.
func dotted(x uint64) uint64 {
	const each = 0x0101010101010101
	low := x & (0x7f * each)
	odd := (x | ^(low + 0x60*each) | (low + each)) & (0x80 * each) // from 0x80 on, below 0x20, 0x7f
	odd = odd >> 7 * 0xff
	return x&^odd | '.'*each&odd
}
