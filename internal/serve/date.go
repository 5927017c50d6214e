package serve

import (
	"sync/atomic"
	"time"
)

// date keeps the Date field of the second at hand (RFC 9110 section 6.6.1).
type date struct{ last atomic.Pointer[dateLine] }

type dateLine struct {
	second int64
	line   []byte
}

const dateLayout = "Mon, 02 Jan 2006 15:04:05 GMT"

// at returns the field-line of a moment; it must not be changed.
func (d *date) at(now time.Time) []byte {
	second := now.Unix()
	if kept := d.last.Load(); kept != nil && kept.second == second {
		return kept.line
	}
	made := &dateLine{second, []byte("Date: " + now.UTC().Format(dateLayout) + "\r\n")}
	d.last.Store(made)
	return made.line
}
