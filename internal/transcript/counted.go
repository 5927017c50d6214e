package transcript

import "strconv"

// countedLimit is how much of a body is counted: a longer one was not written by
// hand, and would be slowed.
var countedLimit int64 = 1 << 20 // a test has another

// counted counts what a length may have been taken for.
type counted struct {
	bytes   int64
	runes   int64 // characters, if it is UTF-8
	astral  int64 // of them, those that JavaScript and Java count twice
	high    int64 // bytes beyond ASCII
	lf      int64 // LFs without CR
	crlf    int64
	added   int64 // of them, those whose CR would not be there in a body
	broken  bool  // no UTF-8
	more    int   // bytes that the character at hand still has
	end     [2]byte
	tooLong bool
}

// take counts bytes, in any cut.
func (t *counted) take(p []byte) {
	t.bytes += int64(len(p))
	if t.tooLong = t.tooLong || t.bytes > countedLimit; t.tooLong {
		return
	}
	for i := 0; i < len(p); i++ {
		if n := plainRun(p[i:]); n > 1 && t.more == 0 {
			t.runes += int64(n)
			i += n
			t.end = [2]byte(p[i-2 : i])
			if i == len(p) {
				return
			}
		}
		b := p[i]
		if b == '\n' && t.end[1] == '\r' {
			t.crlf++
		} else if b == '\n' {
			t.lf++
		}
		t.end[0], t.end[1] = t.end[1], b
		t.character(b)
	}
}

func (t *counted) character(b byte) {
	if b >= 0x80 {
		t.high++
	}
	if t.more > 0 && b&0xC0 == 0x80 {
		t.more--
		return
	}
	t.broken = t.broken || t.more > 0
	t.more = 0
	t.runes++
	switch {
	case b < 0x80:
	case 0xC2 <= b && b <= 0xDF:
		t.more = 1
	case 0xE0 <= b && b <= 0xEF:
		t.more = 2
	case 0xF0 <= b && b <= 0xF4:
		t.more = 3
		t.astral++
	default:
		t.broken = true
	}
}

// addedCR says that the line end it ends in would be LF alone in a body.
func (t *counted) addedCR() {
	t.added++
	t.end[0] = 0
}

// inBody counts what it would be if it were all sent in a body.
func (t *counted) inBody() counted {
	b := *t
	b.bytes, b.runes, b.crlf, b.lf, b.added = t.bytes-t.added, t.runes-t.added, t.crlf-t.added, t.lf+t.added, 0
	return b
}

// isText reports whether all of it is UTF-8.
func (t *counted) isText() bool { return !t.broken && t.more == 0 }

// lineEnd is the length of the line end it ends in.
func (t *counted) lineEnd() int64 {
	switch {
	case t.bytes == 0 || t.end[1] != '\n':
		return 0
	case t.bytes > 1 && t.end[0] == '\r':
		return 2
	}
	return 1
}

// lineEndsInBody says why a count is less than what was sent.
const lineEndsInBody = "; in a body line ends are LF alone"

// tooSmall says why n may have been taken for the length of all of it, which is
// more, and what would have been right.
func (t *counted) tooSmall(n int64) string {
	if t.added > 0 {
		body := t.inBody()
		return body.tooSmall(n) + lineEndsInBody
	}
	end, them := t.lineEnd(), " did not count them"
	if t.bytes-n == 1 {
		them = " did not count it"
	}
	if t.tooLong {
		return them
	}
	for _, without := range []int64{0, end} {
		bytes, runes := t.bytes-without, t.runes-without
		if t.isText() && bytes > runes && (n == runes || n == runes+t.astral) {
			return " counts characters, and the body has " + count(bytes, "byte") + " but " + count(n, "character")
		}
		lines := t.crlf
		if without == 2 {
			lines--
		}
		if lines > 0 && n == bytes-lines {
			return " counts each CR LF as one byte, and the body has " + count(bytes, "byte")
		}
	}
	return them + " (" + strconv.FormatInt(t.bytes, 10) + " would have)"
}

// tooLarge says why n may have been taken for the length of all of it, which is
// less; empty if nothing fits to the byte.
func (t *counted) tooLarge(n int64) string {
	short := n - t.bytes
	switch {
	case t.tooLong || t.bytes == 0:
	case t.lineEnd() == 0 && short == 1 && t.lf == 0 && t.crlf == 0:
		return " counts a final newline that is not there (echo adds one, printf does not)"
	case t.lineEnd() == 0 && short == 1:
		return " counts a final newline that is not there"
	case t.lineEnd() == 0 && short == 2:
		return " counts a final CR LF that is not there"
	case t.lf > 0 && short == t.lf:
		return " would with CR LF in place of LF"
	case t.high > 0 && !t.isText() && short == t.high:
		return " counts it in UTF-8, but it is in an encoding of one byte a character"
	}
	return ""
}

// chunkMeasure finds a chunk whose data ends where its size, read as a decimal
// number, ends it. One that was found is kept.
type chunkMeasure struct {
	text    [16]byte // the size as it was written
	length  int      // of text; 0 if it was longer
	size    int64
	decimal int64 // the size read as a decimal number; 0 if it is none, or the same
	passed  int64
	cr      bool // the byte after the decimal end was a CR
	found   bool // a line end stands at the decimal end
	before  bool // and other chunks came after it
	told    bool
}

// begin reads a chunk-size line.
func (k *chunkMeasure) begin(line []byte) {
	if k.found {
		k.before = true
		return
	}
	*k = chunkMeasure{told: k.told}
	i := 0
	for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
		i++
	}
	start := i
	for i < len(line) && hexValue(line[i]) >= 0 {
		i++
	}
	if i-start > len(k.text)-1 {
		return
	}
	k.length = copy(k.text[:], line[start:i])
	decimal := true
	for _, c := range k.text[:k.length] {
		v := hexValue(c)
		k.size = k.size<<4 | v
		k.decimal = k.decimal*10 + v
		decimal = decimal && v < 10
	}
	if !decimal || k.decimal == k.size {
		k.decimal = 0
	}
}

func hexValue(c byte) int64 {
	switch {
	case '0' <= c && c <= '9':
		return int64(c - '0')
	case 'a' <= c && c <= 'f':
		return int64(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int64(c-'A') + 10
	}
	return -1
}

// take counts chunk data, in any cut.
func (k *chunkMeasure) take(p []byte) {
	if k.found || k.decimal == 0 {
		return
	}
	for _, at := range [2]int64{k.decimal, k.decimal + 1} {
		i := at - k.passed
		if i < 0 || i >= int64(len(p)) {
			continue
		}
		switch {
		case p[i] == '\n' && (at == k.decimal || k.cr):
			k.found = true
		case p[i] == '\r' && at == k.decimal:
			k.cr = true
		}
	}
	k.passed += int64(len(p))
}

// decided reports whether no chunk data that comes now can make fits another.
func (k *chunkMeasure) decided() bool {
	return k.found || k.decimal == 0 || k.passed > k.decimal+1
}

// fits reports whether the chunk at hand, if the stream ends here, or one before
// it has as many bytes as its size says in decimal.
func (k *chunkMeasure) fits() bool {
	return k.found || k.decimal > 0 && (k.passed == k.decimal || k.cr && k.passed == k.decimal+1)
}

// follows reports whether, if it fits, more than that was taken for data.
func (k *chunkMeasure) follows() bool { return k.found || k.passed != k.decimal }

func (k *chunkMeasure) digits() string { return string(k.text[:k.length]) }

func (k *chunkMeasure) known() Chunk {
	return Chunk{k.digits(), k.decimal, k.fits(), k.fits() && k.follows(), k.before}
}
