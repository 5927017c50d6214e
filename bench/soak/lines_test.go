//go:build linux

package soak

import (
	"bytes"
	"encoding/json"
	"testing"
)

// jsonLines holds every line written to it to be one whole JSON object.
type jsonLines struct {
	t     *testing.T
	lines int
	rest  []byte
	each  func(line []byte) // nil: nothing more
}

// Write implements io.Writer.
func (j *jsonLines) Write(p []byte) (int, error) {
	n := len(p)
	for {
		line, after, whole := bytes.Cut(p, []byte("\n"))
		if !whole {
			j.rest = append(j.rest, p...)
			return n, nil
		}
		if len(j.rest) > 0 {
			line = append(j.rest, line...)
			j.rest = j.rest[:0]
		}
		if line = bytes.TrimSuffix(line, []byte("\r")); !json.Valid(line) || len(line) == 0 || line[0] != '{' {
			j.t.Errorf("line %d is no JSON object: %.300q", j.lines+1, line)
		}
		if j.each != nil {
			j.each(line)
		}
		j.lines++
		p = after
	}
}

// whole is to be asked at the end.
func (j *jsonLines) whole() {
	j.t.Helper()
	if len(j.rest) > 0 {
		j.t.Errorf("the last line is cut: %.300q", j.rest)
	}
}
