package serve

import (
	"math"
	"strings"
)

// span is the part of a file from one offset to before another.
type span struct{ from, to int64 }

// rangeOf returns what is asked of a file and the status that goes with it: 206,
// 416, or 200 for all of it. A Range that is invalid or has several ranges is
// left alone, as a server may (RFC 9110 section 14.2), and so is any of an empty
// file, which has no part.
func rangeOf(r *Request, size int64) (span, int) {
	whole := span{0, size}
	value, ok := onlyField(r, "Range")
	if !ok || size == 0 {
		return whole, 200
	}
	first, last, ok := parseRange(value)
	switch {
	case !ok:
		return whole, 200
	case first < 0: // the last bytes
		if last == 0 {
			return whole, 416
		}
		return span{max(0, size-last), size}, 206
	case first >= size:
		return whole, 416
	case last >= size-1:
		return span{first, size}, 206
	}
	return span{first, last + 1}, 206
}

// parseRange reads the value of a Range field with one range of bytes. For the
// last N bytes first is -1 and last is N; where the last is left out it is beyond
// every file, and so are numbers that are too big.
func parseRange(value string) (first, last int64, ok bool) {
	unit, set, found := strings.Cut(value, "=")
	if !found || !strings.EqualFold(unit, "bytes") {
		return 0, 0, false
	}
	one := ""
	for element := range strings.SplitSeq(set, ",") { // RFC 9110 section 5.6.1: empty ones are not counted
		element = strings.Trim(element, " \t")
		if element != "" && one != "" {
			return 0, 0, false
		}
		one += element
	}
	from, to, found := strings.Cut(one, "-")
	if !found || from == "" && to == "" {
		return 0, 0, false
	}
	first, ok1 := position(from, -1)
	last, ok2 := position(to, math.MaxInt64)
	return first, last, ok1 && ok2 && (first <= last || from == "")
}

// position reads a number of digits alone, or of none.
func position(digits string, none int64) (int64, bool) {
	if digits == "" {
		return none, true
	}
	n := int64(0)
	for i := range len(digits) {
		d := digits[i] - '0'
		if d > 9 {
			return 0, false
		}
		if n > (math.MaxInt64-9)/10 {
			n = math.MaxInt64
			continue
		}
		n = n*10 + int64(d)
	}
	return n, true
}

// onlyField returns the value of a field that is there exactly once.
func onlyField(r *Request, name string) (value string, ok bool) {
	for n, v := range r.Fields {
		if !strings.EqualFold(string(n), name) {
			continue
		}
		if ok {
			return "", false
		}
		value, ok = string(v), true
	}
	return value, ok
}
