package http1

import "math"

// lengthList reads the Content-Length values of a message: all lines, comma
// lists split, folds joined (rule 11). A value has no upper limit.
type lengthList struct {
	first, digits []byte // the first number, and the one at hand, without leading zeros
	have          bool   // first is set
	spoilt        bool   // a value is no number, or another number: no length counts

	inMember, gap, valid bool
	told                 bool  // the member at hand was reported to be no length
	counted              bool  // it was taken for a length
	count                int   // its digits
	zero                 bool  // the first of them is 0
	start, stop          int64 // of the member at hand, in the stream

	lineOffset, lineLength int64 // of the field's first line
	body                   bool  // a member says that there is content: it is not 0

	found []lengthFinding // since it was last emptied
}

// lengthFinding is something odd about one value.
type lengthFinding struct {
	code           Code
	offset, length int64
}

func (l *lengthList) reset() {
	*l = lengthList{first: l.first[:0], digits: l.digits[:0], found: l.found[:0]}
}

// begin is called at the beginning of a Content-Length line.
func (l *lengthList) begin(offset, length int64) {
	l.lineOffset, l.lineLength = offset, length
	l.startMember()
}

func (l *lengthList) startMember() {
	l.inMember, l.gap, l.valid, l.told, l.counted = false, false, true, false, false
	l.count, l.zero = 0, false
	l.digits = l.digits[:0]
}

// take reads one byte of the value.
func (l *lengthList) take(c byte, offset int64) {
	if c == ',' {
		l.finish(offset, 1)
		l.startMember()
		return
	}
	if isOptionalSpace(c) {
		l.gap = l.inMember
		return
	}
	if !l.inMember {
		l.inMember, l.start = true, offset
	}
	l.stop = offset + 1
	if l.gap || !isDigit(c) {
		l.valid = false
		return
	}
	if l.count++; l.count == 1 {
		l.zero = c == '0'
	}
	if (c != '0' || len(l.digits) > 0) && len(l.digits) < pieceSize {
		l.digits = append(l.digits, c)
	}
}

// pause is called at the end of each line: what is wrong already is said now,
// while the line is on the screen. A fold may still follow.
func (l *lengthList) pause() {
	l.gap = l.inMember
	if l.inMember {
		l.finish(l.start, l.stop-l.start)
	}
}

// end is called when the field is over; only now a missing value is missing.
func (l *lengthList) end() { l.finish(l.lineOffset, l.lineLength) }

// finish judges the member at hand; the given place stands for a missing one.
func (l *lengthList) finish(offset, length int64) {
	if l.inMember {
		offset, length = l.start, l.stop-l.start
		l.body = l.body || !l.valid || len(l.digits) > 0
	}
	switch {
	case l.told:
		return
	case !l.inMember || !l.valid:
		l.told, l.spoilt = true, true
		l.find(ContentLengthInvalid, offset, length)
		return
	case l.counted:
		return
	}
	l.counted = true
	if l.zero && l.count > 1 {
		l.find(ContentLengthLeadingZero, offset, length)
	}
	if len(l.digits) > len(longest) || len(l.digits) == len(longest) && string(l.digits) > longest {
		l.find(ContentLengthTooLarge, offset, length)
	}
	switch {
	case !l.have:
		l.have = true
		l.first = append(l.first[:0], l.digits...)
	case string(l.first) == string(l.digits):
		l.find(ContentLengthRepeated, offset, length)
	default:
		l.told, l.spoilt = true, true
		l.find(ContentLengthConflict, offset, length)
	}
}

// longest is the largest length that 63 bits hold.
const longest = "9223372036854775807"

func (l *lengthList) find(code Code, offset, length int64) {
	for _, f := range l.found {
		if f.code == code {
			return // once a line
		}
	}
	l.found = append(l.found, lengthFinding{code, offset, length})
}

// isZero reports whether the length is 0.
func (l *lengthList) isZero() bool {
	n, ok := l.value()
	return ok && n == 0
}

// value returns the length when every member is the same number, at most
// math.MaxInt64, which is more than any stream has.
func (l *lengthList) value() (n int64, ok bool) {
	if !l.have || l.spoilt {
		return 0, false
	}
	for _, c := range l.first {
		if n > (math.MaxInt64-9)/10 {
			return math.MaxInt64, true
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}
