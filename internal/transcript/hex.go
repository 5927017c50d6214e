package transcript

const hexRowBytes = 16

// appendHex appends up to 16 bytes as eight groups of two and the printable
// ones beside them: 57 columns, so that a row fits a screen of 80.
func appendHex(dst, b []byte) []byte {
	for i := range hexRowBytes {
		if i > 0 && i%2 == 0 {
			dst = append(dst, ' ')
		}
		if i < len(b) {
			dst = append(dst, hexDigits[b[i]>>4], hexDigits[b[i]&15])
		} else {
			dst = append(dst, ' ', ' ')
		}
	}
	dst = append(dst, ' ', ' ')
	for _, c := range b {
		if c < 0x20 || c > 0x7e {
			c = '.'
		}
		dst = append(dst, c)
	}
	return dst
}
