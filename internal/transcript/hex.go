package transcript

const (
	hexRowBytes = 16
	hexColumns  = hexRowBytes*2 + hexRowBytes/2 - 1 // two digits a byte, a blank behind every second
	hexText     = hexColumns + 2
)

// hexLooks is each byte as it stands in a hex row: its digits, and beside them. A
// big body is some millions of rows, so they are looked up.
var hexLooks = func() (t [256]struct{ high, low, shown byte }) {
	for c := range t {
		t[c].high, t[c].low, t[c].shown = hexDigits[c>>4], hexDigits[c&15], '.'
		if c >= 0x20 && c <= 0x7e {
			t[c].shown = byte(c)
		}
	}
	return t
}()

// appendHex appends up to 16 bytes as eight groups of two and the printable
// ones beside them: 57 columns, so that a row fits a screen of 80. A hidden byte
// is two hyphens.
func appendHex(dst []byte, r *row) []byte {
	var line [hexText + hexRowBytes]byte
	copy(line[:], blanks)
	for i, c := range r.bytes[:min(len(r.bytes), hexRowBytes)] {
		look := &hexLooks[c]
		line[i*2+i/2], line[i*2+i/2+1], line[hexText+i] = look.high, look.low, look.shown
	}
	for _, s := range r.hidden {
		for i := s.from; i < s.to; i++ {
			line[i*2+i/2], line[i*2+i/2+1], line[hexText+i] = '-', '-', '-'
		}
	}
	return append(dst, line[:hexText+len(r.bytes)]...)
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
