package console

import (
	"fmt"
	"io"
)

// EscapeError is a backslash escape that -e does not know.
type EscapeError struct {
	Offset int64  // of the backslash, in the input
	Text   string // the escape as written; empty at the end of the input
}

// Error says what is wrong.
func (e *EscapeError) Error() string {
	if e.Text == "" {
		return fmt.Sprintf("the input ends in the middle of an escape (byte %d)", e.Offset+1)
	}
	return fmt.Sprintf("unknown escape %s at byte %d", e.Text, e.Offset+1)
}

// Hint says what may be written instead.
func (e *EscapeError) Hint() string {
	return `-e knows \r \n \t \\ \0 \e \xHH and octal \033; a backslash itself is \\`
}

// escapeState is where an Unescaper stands between two bytes.
type escapeState uint8

const (
	betweenEscapes escapeState = iota
	afterBackslash
	inHex
	inOctal
	afterJoin // after a backslash at a line's end: blanks are dropped
)

// Unescaper reads text with backslash escapes and gives the bytes they stand
// for: \r \n \t \\ \0 \e \xHH and octal (\033). The text's own line breaks are
// dropped, and so is a backslash at a line's end with the blanks that follow
// the break, so that the text column of a transcript gives back its bytes.
type Unescaper struct {
	reader  io.Reader
	raw     []byte // what was read last and is not decoded yet
	buffer  []byte
	state   escapeState
	value   int
	digits  int
	offset  int64 // of the next byte of raw
	start   int64 // of the escape at hand
	written []byte
	err     error
	typed   bool // r is a terminal: a bad escape costs its line and nothing else
}

// NewUnescaper returns an Unescaper of r.
func NewUnescaper(r io.Reader) *Unescaper {
	return &Unescaper{reader: r, buffer: make([]byte, 32<<10)}
}

// NewTypedUnescaper returns an Unescaper of a terminal, each read of which gives
// one line. Of a line with a bad escape nothing is given but the error, and the
// next Read goes on with the next line. Reads must be of PieceSize, or of as many
// bytes as a line may have.
func NewTypedUnescaper(r io.Reader) *Unescaper {
	return &Unescaper{reader: r, buffer: make([]byte, PieceSize), typed: true}
}

// Read implements io.Reader. Its errors are r's, or an *EscapeError after the
// bytes before it were given.
func (u *Unescaper) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n := 0
	for n == 0 {
		if len(u.raw) == 0 {
			if err := u.fill(); err != nil {
				return u.end(p, err)
			}
		}
		for len(u.raw) > 0 && n < len(p) {
			c, ok, err := u.step(u.raw[0])
			if err != nil {
				u.offset += int64(len(u.raw))
				u.raw, u.state = nil, betweenEscapes // nothing after it may be sent
				if u.typed {
					return 0, err
				}
				u.err = err
				if n > 0 {
					return n, nil
				}
				return 0, err
			}
			if ok {
				p[n] = c
				n++
			}
		}
	}
	return n, nil
}

func (u *Unescaper) fill() error {
	if u.err != nil {
		return u.err
	}
	n, err := u.reader.Read(u.buffer)
	u.raw = u.buffer[:n]
	if n > 0 {
		return nil // an error that came with bytes comes again without them
	}
	return err
}

// end finishes an escape that the end of the input cuts or completes.
func (u *Unescaper) end(p []byte, err error) (int, error) {
	if u.err != nil || err != io.EOF {
		return 0, err
	}
	switch u.state {
	case inOctal:
		u.state = betweenEscapes
		p[0] = byte(u.value)
		return 1, nil
	case afterBackslash, inHex:
		u.state = betweenEscapes
		cut := &EscapeError{Offset: u.start}
		if !u.typed {
			u.err = cut
		}
		return 0, cut
	}
	return 0, io.EOF
}

// step takes one byte; ok says that c is a byte of the result. A byte that ends
// an octal escape stays in raw.
func (u *Unescaper) step(b byte) (c byte, ok bool, err error) {
	if u.state == inOctal && (b < '0' || b > '7' || u.digits == 3) {
		u.state = betweenEscapes
		return byte(u.value), true, nil
	}
	u.raw = u.raw[1:]
	u.offset++
	switch u.state {
	case afterBackslash:
		return u.afterBackslash(b)
	case inHex:
		d, is := hexValue(b)
		u.written = append(u.written, b)
		if !is {
			return 0, false, u.unknown()
		}
		u.value, u.digits = u.value*16+d, u.digits+1
		if u.digits == 2 {
			u.state = betweenEscapes
			return byte(u.value), true, nil
		}
		return 0, false, nil
	case inOctal:
		u.value, u.digits = u.value*8+int(b-'0'), u.digits+1
		return 0, false, nil
	case afterJoin:
		if b == ' ' || b == '\t' || b == '\r' || b == '\n' {
			return 0, false, nil
		}
		u.state = betweenEscapes
	}
	switch b {
	case '\r', '\n':
		return 0, false, nil
	case '\\':
		u.state, u.start = afterBackslash, u.offset-1
		u.written = append(u.written[:0], '\\')
		return 0, false, nil
	}
	return b, true, nil
}

func (u *Unescaper) unknown() error {
	return &EscapeError{Offset: u.start, Text: string(u.written)}
}

func (u *Unescaper) afterBackslash(b byte) (byte, bool, error) {
	u.state = betweenEscapes
	u.value, u.digits = 0, 0
	switch b {
	case 'r':
		return '\r', true, nil
	case 'n':
		return '\n', true, nil
	case 't':
		return '\t', true, nil
	case 'e':
		return 0x1b, true, nil
	case '\\':
		return '\\', true, nil
	case 'x':
		u.state = inHex
		u.written = append(u.written, b)
		return 0, false, nil
	case '\r', '\n':
		u.state = afterJoin
		return 0, false, nil
	}
	if '0' <= b && b <= '3' {
		u.state, u.value, u.digits = inOctal, int(b-'0'), 1
		return 0, false, nil
	}
	u.written = append(u.written, b)
	return 0, false, u.unknown()
}

func hexValue(c byte) (int, bool) {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0'), true
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10, true
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10, true
	}
	return 0, false
}
