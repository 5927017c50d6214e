package serve

import (
	"io/fs"
	"strconv"
	"strings"
	"time"
)

// settled is the age from which a file cannot have changed again without another
// time in its directory, even where times are kept in steps of 2 s.
const settled = 2 * time.Second

// validators tell one state of a file from another (RFC 9110 section 8.8).
type validators struct {
	tag      string    // without W/
	weak     bool      // the file is so new that it may change and keep its tag
	modified time.Time // in whole seconds; zero when it is none that can be said
}

func validatorsOf(info fs.FileInfo, now time.Time) validators {
	t := info.ModTime()
	v := validators{
		tag:  `"` + strconv.FormatInt(t.UnixNano(), 36) + "-" + strconv.FormatInt(info.Size(), 36) + `"`,
		weak: now.Sub(t) < settled,
	}
	// A Last-Modified behind Date would be wrong (RFC 9110 section 8.8.2.1).
	if !t.After(now) && t.Unix() > 0 {
		v.modified = t.UTC().Truncate(time.Second)
	}
	return v
}

// addTo adds the field-lines. no-cache has each use of a copy asked for, so that
// a file that was changed is seen at once, and every request on the wire.
func (v *validators) addTo(w *Response) {
	tag := v.tag
	if v.weak {
		tag = "W/" + tag
	}
	w.Field("ETag", tag)
	if !v.modified.IsZero() {
		w.Field("Last-Modified", v.modified.Format(dateLayout))
	}
	w.Field("Cache-Control", "no-cache")
}

// judge returns the status that the conditions of a request lead to, in the order
// of RFC 9110 section 13.2.2: 412, 304, or 200.
func (v *validators) judge(r *Request) int {
	if match, asked := v.among(r, "If-Match", true); asked {
		if !match {
			return 412
		}
	} else if t, ok := dateField(r, "If-Unmodified-Since"); ok && !v.modified.IsZero() && v.modified.After(t) {
		return 412
	}
	if match, asked := v.among(r, "If-None-Match", false); asked {
		if match {
			return 304
		}
	} else if t, ok := dateField(r, "If-Modified-Since"); ok && !v.modified.IsZero() && !v.modified.After(t) {
		return 304
	}
	return 200
}

// allowRange judges If-Range, which compares strongly.
func (v *validators) allowRange(r *Request) bool {
	if _, there := r.Field("If-Range"); !there {
		return true
	}
	value, once := onlyField(r, "If-Range")
	if !once || v.weak {
		return false
	}
	if strings.HasPrefix(value, `"`) {
		return value == v.tag
	}
	t, ok := parseDate(value)
	return ok && t.Equal(v.modified)
}

// among tells whether a field lists the tag, and whether there is such a field.
// Compared strongly a weak tag is like no other (RFC 9110 section 8.8.3.2).
func (v *validators) among(r *Request, field string, strongly bool) (match, asked bool) {
	for name, value := range r.Fields {
		if !strings.EqualFold(string(name), field) {
			continue
		}
		asked = true
		if string(value) == "*" {
			return true, true
		}
		for tag, weak := range entityTags(string(value)) {
			match = match || tag == v.tag && !(strongly && (weak || v.weak))
		}
	}
	return match, asked
}

// entityTags yields the tags of a list, without W/, up to what is none.
func entityTags(list string) func(yield func(tag string, weak bool) bool) {
	return func(yield func(string, bool) bool) {
		for {
			list = strings.TrimLeft(list, " \t,")
			rest, weak := strings.CutPrefix(list, "W/")
			if !strings.HasPrefix(rest, `"`) {
				return
			}
			end := strings.IndexByte(rest[1:], '"')
			if end < 0 || !yield(rest[:end+2], weak) {
				return
			}
			list = rest[end+2:]
		}
	}
}

// dateField returns the time of a field that is there once and is a date.
func dateField(r *Request, name string) (time.Time, bool) {
	value, ok := onlyField(r, name)
	if !ok {
		return time.Time{}, false
	}
	return parseDate(value)
}

// parseDate reads the three forms of RFC 9110 section 5.6.7.
func parseDate(value string) (time.Time, bool) {
	for _, layout := range []string{dateLayout, "Monday, 02-Jan-06 15:04:05 GMT", time.ANSIC} {
		if t, err := time.Parse(layout, value); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

func decimal64(n int64) string { return strconv.FormatInt(n, 10) }
