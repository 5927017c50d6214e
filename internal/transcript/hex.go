package transcript

const hexRowBytes = 16

// appendHex appends up to 16 bytes as eight groups of two and the printable
// ones beside them: 57 columns, so that a row fits a screen of 80. A hidden byte
// is two hyphens.
func appendHex(dst []byte, r *row) []byte {
	for i := range hexRowBytes {
		if i > 0 && i%2 == 0 {
			dst = append(dst, ' ')
		}
		switch {
		case i >= len(r.bytes):
			dst = append(dst, ' ', ' ')
		case r.hides(i):
			dst = append(dst, '-', '-')
		default:
			dst = append(dst, hexDigits[r.bytes[i]>>4], hexDigits[r.bytes[i]&15])
		}
	}
	dst = append(dst, ' ', ' ')
	for i, c := range r.bytes {
		switch {
		case r.hides(i):
			c = '-'
		case c < 0x20 || c > 0x7e:
			c = '.'
		}
		dst = append(dst, c)
	}
	return dst
}

// hides reports whether byte i of the row is hidden.
func (r *row) hides(i int) bool {
	for _, s := range r.hidden {
		if s.from <= int64(i) && int64(i) < s.to {
			return true
		}
	}
	return false
}
