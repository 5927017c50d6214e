package http1

import "math"

// lengthList reads the Content-Length values of a message: all lines, comma
// lists split, folds joined (rule 11). A value has no upper limit.
type lengthList struct {
	first, digits []byte // the first number, and the one at hand, without leading zeros
	have          bool   // first is set
	spoilt        bool   // a value is no number, or another number: no length counts

	inMember, gap, valid bool
	told                 bool  // the member at hand was reported
	start, stop          int64 // of the member at hand, in the stream

	lineOffset, lineLength int64 // of the field's first line

	badOffset, badLength int64 // what was found wrong last
	foundConflict        bool
}

func (l *lengthList) reset() {
	*l = lengthList{first: l.first[:0], digits: l.digits[:0]}
}

// begin is called at the beginning of a Content-Length line.
func (l *lengthList) begin(offset, length int64) {
	l.lineOffset, l.lineLength = offset, length
	l.startMember()
}

func (l *lengthList) startMember() {
	l.inMember, l.gap, l.valid, l.told = false, false, true, false
	l.digits = l.digits[:0]
}

// take reads one byte of the value; true means that something was found wrong.
func (l *lengthList) take(c byte, offset int64) bool {
	if c == ',' {
		bad := l.finish(offset, 1)
		l.startMember()
		return bad
	}
	if isOptionalSpace(c) {
		l.gap = l.inMember
		return false
	}
	if !l.inMember {
		l.inMember, l.start = true, offset
	}
	l.stop = offset + 1
	if l.gap || !isDigit(c) {
		l.valid = false
	} else if (c != '0' || len(l.digits) > 0) && len(l.digits) < pieceSize {
		l.digits = append(l.digits, c)
	}
	return false
}

// pause is called at the end of each line: what is wrong already is said now,
// while the line is on the screen. A fold may still follow.
func (l *lengthList) pause() bool {
	l.gap = l.inMember
	return l.inMember && l.finish(l.start, l.stop-l.start)
}

// end is called when the field is over; only now a missing value is missing.
func (l *lengthList) end() bool {
	return l.finish(l.lineOffset, l.lineLength)
}

// finish judges the member at hand; the given place stands for a missing one.
func (l *lengthList) finish(offset, length int64) bool {
	if l.told {
		return false
	}
	switch {
	case !l.inMember || !l.valid:
		if l.inMember {
			offset, length = l.start, l.stop-l.start
		}
		l.foundConflict = false
	case !l.have:
		l.have = true
		l.first = append(l.first[:0], l.digits...)
		return false
	case string(l.first) != string(l.digits):
		offset, length = l.start, l.stop-l.start
		l.foundConflict = true
	default:
		return false
	}
	l.told, l.spoilt = true, true
	l.badOffset, l.badLength = offset, length
	return true
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
