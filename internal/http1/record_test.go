package http1

import (
	"fmt"
	"slices"
	"strings"
)

// recorder is a Sink that keeps what it was told, tokens of opaque kinds
// joined, so that two runs over differently cut input can be compared.
type recorder struct {
	bytes   [2][]byte
	tokens  [2][]Token
	found   []Diagnostic
	heads   int
	done    []Message
	violate string
}

func (r *recorder) Token(t Token) {
	if len(t.Bytes) == 0 {
		r.violate = "empty token"
	}
	if t.Offset != int64(len(r.bytes[t.Side])) {
		r.violate = fmt.Sprintf("token at %d, %d bytes so far", t.Offset, len(r.bytes[t.Side]))
	}
	r.bytes[t.Side] = append(r.bytes[t.Side], t.Bytes...)
	t.Bytes = append([]byte(nil), t.Bytes...)
	list := r.tokens[t.Side]
	if n := len(list); n > 0 && t.Kind.Opaque() && list[n-1].Kind == t.Kind && list[n-1].Message == t.Message {
		list[n-1].Bytes = append(list[n-1].Bytes, t.Bytes...)
		return
	}
	r.tokens[t.Side] = append(list, t)
}

func (r *recorder) Diagnostic(d Diagnostic) { r.found = append(r.found, d) }
func (r *recorder) Head(m *Message)         { r.heads++ }

func (r *recorder) Message(m *Message) {
	if m.Complete && m.Total() == 0 && !m.Version09 {
		r.violate = "complete message without bytes"
	}
	c := *m
	c.Start = append([]byte(nil), m.Start...)
	r.done = append(r.done, c)
}

// side writes one direction's tokens, for instance
// "request-line 16, header-end 2 #1".
func (r *recorder) side(s Side) string {
	var out []string
	for _, t := range r.tokens[s] {
		more := ""
		if t.More {
			more = "+"
		}
		out = append(out, fmt.Sprintf("%s %d%s", t.Kind.Label(), len(t.Bytes), more))
	}
	return strings.Join(out, ", ")
}

func (r *recorder) diagnostics() string {
	var out []string
	for _, d := range r.found {
		out = append(out, fmt.Sprintf("%s@%d+%d", d.Code, d.Offset, d.Length))
	}
	return strings.Join(out, ", ")
}

// framing lists the diagnostics that say that framing is lost or in danger.
func (r *recorder) framing() string {
	all := r.found
	defer func() { r.found = all }()
	r.found = slices.DeleteFunc(slices.Clone(all), func(d Diagnostic) bool { return !aboutFraming[d.Code] })
	return r.diagnostics()
}

var aboutFraming = map[Code]bool{
	BareLF: true, HTTP09Request: true, HostMissing: true, ContentLengthInvalid: true, ContentLengthConflict: true,
	BothLengths: true, TruncatedStartLine: true, TruncatedHeaders: true, TruncatedBody: true, TruncatedChunkedBody: true,
	MissingFinalCRLF: true, ChunkSizeInvalid: true, ChunkDataUnterminated: true, ExcessData: true, RequestBodyWithoutLength: true,
	DataAfterClose: true, NotHTTP: true, TLSBytes: true, HTTP2Preface: true, OtherProtocolBanner: true,
}

func (r *recorder) messages() string {
	var out []string
	for _, m := range r.done {
		end := ""
		if !m.Complete {
			end = " cut"
		}
		if m.KeepsAlive && m.Complete {
			end += " keep"
		}
		if m.Side == Response && m.Request > 0 {
			end += fmt.Sprintf(" answers %d", m.Request)
		}
		out = append(out, fmt.Sprintf("%s %d: %d+%d+%d %s%s", m.Side, m.Number, m.Head, m.Body, m.Framing, m.Delimiter, end))
	}
	return strings.Join(out, "; ")
}

// all is everything a recorder saw, for comparing runs.
func (r *recorder) all() string {
	var b strings.Builder
	for side, tokens := range r.tokens {
		for _, t := range tokens {
			fmt.Fprintf(&b, "%d %s #%d %v %q\n", side, t.Kind, t.Message, t.More, t.Bytes)
		}
	}
	for _, d := range r.found {
		fmt.Fprintf(&b, "%v %v\n", d, d.Code)
	}
	fmt.Fprintf(&b, "%d heads\n", r.heads)
	for _, m := range r.done {
		fmt.Fprintf(&b, "%+v\n", m)
	}
	return b.String()
}

// segment is a run of bytes of one side.
type segment struct {
	side Side
	data []byte
}

// scan feeds segments, each cut into pieces of at most cut bytes (0: whole).
func scan(segments []segment, cut int, end bool) (*recorder, *Scanner) {
	r := new(recorder)
	s := New(r)
	for _, g := range segments {
		for b := g.data; len(b) > 0; {
			n := len(b)
			if cut > 0 && n > cut {
				n = cut
			}
			// A copy, so that a Scanner that keeps its input is found out.
			piece := append([]byte(nil), b[:n]...)
			s.Feed(g.side, piece)
			for i := range piece {
				piece[i] = '?'
			}
			b = b[n:]
		}
	}
	if end {
		s.End(Request)
		s.End(Response)
	}
	return r, s
}
