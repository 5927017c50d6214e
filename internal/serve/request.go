package serve

import (
	"bytes"
	"strings"
	"unsafe"

	"rawhttp/internal/http1"
)

// Request is one whole request: every byte of it, and where its parts are. It is
// valid until its Handler returns.
type Request struct {
	Method  []byte
	Target  []byte // as it was sent
	Minor   int    // of the version: 0 for HTTP/1.0, 1 for HTTP/1.1
	Remote  string // the client's address
	raw     []byte
	line    int // length of the request line, its line end left out
	head    int // length of the head, with the empty line
	fields  []field
	content []byte // of a chunked body; otherwise it is raw[head:]
	chunked bool
	closes  bool // the connection ends after it
}

// field is where a name and a value are in raw.
type field struct{ name, nameEnd, value, valueEnd int }

// Line returns the request line without its line end.
func (r *Request) Line() []byte { return r.raw[:r.line] }

// Bytes returns the request as it came: head, body and chunk framing.
func (r *Request) Bytes() []byte { return r.raw }

// Head returns the head as it came, with the empty line.
func (r *Request) Head() []byte { return r.raw[:r.head] }

// Content returns the content, without chunk framing.
func (r *Request) Content() []byte {
	if r.chunked {
		return r.content
	}
	return r.raw[r.head:]
}

// Field returns the value of the first field of that name, in any case, and
// whether there is one. Field lines that follow under the same name are given by
// Fields.
func (r *Request) Field(name string) ([]byte, bool) {
	for i := range r.fields {
		if n, v := r.at(i); len(n) == len(name) && bytes.EqualFold(n, []byte(name)) {
			return v, true
		}
	}
	return nil, false
}

// Fields yields every field line of the head in order, repeated ones too; trailers
// are left out.
func (r *Request) Fields(yield func(name, value []byte) bool) {
	for i := range r.fields {
		if !yield(r.at(i)) {
			return
		}
	}
}

func (r *Request) at(i int) (name, value []byte) {
	f := &r.fields[i]
	return r.raw[f.name:f.nameEnd], r.raw[f.value:f.valueEnd]
}

// isHead tells a HEAD request, whose answer has no content, as soon as its request
// line is there.
func (r *Request) isHead() bool {
	line := bytes.TrimLeft(r.raw, blanks)
	return len(line) > 4 && string(line[:4]) == "HEAD" && (line[4] == '\n' || strings.IndexByte(blanks, line[4]) >= 0)
}

// begin forgets the request before.
func (r *Request) begin() {
	r.raw, r.fields, r.content = r.raw[:0], r.fields[:0], r.content[:0]
	r.Method, r.Target = nil, nil
	r.line, r.head, r.Minor = 0, 0, 1
	r.chunked, r.closes = false, false
}

// held is how many bytes the request's memory is.
func (r *Request) held() int {
	return cap(r.raw) + cap(r.content) + cap(r.fields)*int(unsafe.Sizeof(field{}))
}

const blanks = " \t\v\f\r"

// takeLine takes the request line, whose words http1 has judged. The slices point
// into raw, which is fixed when the head is complete.
func (r *Request) takeLine(line []byte) {
	r.raw = append(r.raw, line...)
	r.line = len(bytes.TrimRight(line, "\r\n"))
}

// takeField takes one line of the header section.
func (r *Request) takeField(line []byte) {
	start := len(r.raw)
	r.raw = append(r.raw, line...)
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 {
		return // an error: it will be refused
	}
	value := bytes.Trim(line[colon+1:], " \t\r\n")
	from := colon + 1
	for from < len(line) && (line[from] == ' ' || line[from] == '\t') {
		from++
	}
	r.fields = append(r.fields, field{start, start + colon, start + from, start + from + len(value)})
}

// endHead is called when the head is complete.
func (r *Request) endHead(m *http1.Message) {
	r.head = len(r.raw)
	r.chunked = m.Delimiter == http1.DelimiterChunked
}

// finish is called when the request is complete.
func (r *Request) finish(m *http1.Message) {
	if r.head == 0 {
		r.endHead(m)
	}
	line := r.raw[:r.line]
	if end := bytes.IndexAny(line, blanks); end >= 0 {
		r.Method = line[:end]
		rest := bytes.TrimLeft(line[end:], blanks)
		if end := bytes.LastIndexAny(rest, blanks); end >= 0 {
			r.Minor = 1
			if bytes.HasSuffix(rest, []byte("HTTP/1.0")) {
				r.Minor = 0
			}
			r.Target = bytes.TrimRight(rest[:end], blanks)
		}
	}
	r.closes = !m.KeepsAlive
}
