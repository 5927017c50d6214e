package serve

import (
	"rawhttp/internal/http1"
)

// sink takes what the Scanner finds in what the client sends. Once the connection
// is ending, what still comes is of no interest.
type sink conn

var _ http1.Sink = (*sink)(nil)

// Token implements http1.Sink.
func (s *sink) Token(t http1.Token) {
	c := (*conn)(s)
	if c.ending != "" {
		return
	}
	r, limits := &c.request, &c.server.limits
	switch t.Kind {
	case http1.EmptyLine, http1.NonHTTP, http1.Unframed, http1.Tunnel: // the diagnostic behind it says what is wrong
	case http1.RequestLine:
		r.begin()
		r.takeLine(t.Bytes[:min(len(t.Bytes), limits.Line)])
		if t.More || len(t.Bytes) > limits.Line {
			c.refuse(414, "the request line is longer than "+decimal(limits.Line)+" bytes")
		}
	case http1.HeaderLine, http1.HeaderFold, http1.HeaderEnd:
		if t.More || len(r.raw)+len(t.Bytes) > limits.Head {
			c.refuse(431, "the head is longer than "+decimal(limits.Head)+" bytes")
			return
		}
		if t.Kind == http1.HeaderLine {
			r.takeField(t.Bytes)
		} else {
			r.raw = append(r.raw, t.Bytes...)
		}
		c.count()
	case http1.TrailerLine, http1.TrailerFold:
		if t.More || len(t.Bytes) > limits.Head {
			c.refuse(431, "a trailer line is longer than "+decimal(limits.Head)+" bytes")
			return
		}
		c.takeBody(t)
	default:
		c.takeBody(t)
	}
}

// free is what each request may hold without being counted.
const free = 4 << 10

// takeBody takes bytes behind the head.
func (c *conn) takeBody(t http1.Token) {
	r, s := &c.request, c.server
	if int64(len(r.raw)-r.head+len(t.Bytes)) > s.limits.Body {
		c.refuse(413, "the body is longer than "+decimal(int(s.limits.Body))+" bytes")
		return
	}
	r.raw = append(r.raw, t.Bytes...)
	if r.chunked && t.Kind == http1.ChunkData {
		r.content = append(r.content, t.Bytes...)
	}
	c.count()
}

// count adds what the request holds to what all of them do. Short field-lines take
// more room in fields than their bytes do.
func (c *conn) count() {
	r, s := &c.request, c.server
	held := int64(r.held())
	if held <= free+c.kept {
		return
	}
	grown := held - c.kept
	c.kept = held
	if s.bodies.Add(grown) > s.limits.Bodies {
		c.refuse(503, "too many large requests at once")
	}
}

// Diagnostic implements http1.Sink: an error is refused, and so is what this
// server does not do.
func (s *sink) Diagnostic(d http1.Diagnostic) {
	c := (*conn)(s)
	if c.ending != "" {
		return
	}
	if status := refusal(d.Code); status != 0 {
		e := d.Code.Entry()
		c.refuse(status, e.Name+": "+e.Title)
	}
}

// Head implements http1.Sink: a body follows.
func (s *sink) Head(m *http1.Message) {
	c := (*conn)(s)
	if c.ending != "" {
		return
	}
	c.request.endHead(m)
	switch {
	case m.Delimiter == http1.DelimiterLength && m.Length > c.server.limits.Body:
		c.refuse(413, "the body is longer than "+decimal(int(c.server.limits.Body))+" bytes")
	case m.ExpectContinue:
		c.add([]byte("HTTP/1.1 100 Continue\r\n\r\n")...)
	}
}

// Message implements http1.Sink.
func (s *sink) Message(m *http1.Message) {
	c := (*conn)(s)
	if c.ending != "" || !m.Complete {
		return
	}
	c.request.finish(m)
	c.answer()
}

// checkPending refuses a line that is too long before its end has come.
func (c *conn) checkPending() {
	if c.scanner == nil {
		return
	}
	state, limits := c.scanner.State(http1.Request), &c.server.limits
	switch {
	case state.Line == 0:
	case state.Next == http1.RequestLine && state.Line > limits.Line:
		if c.takePending() != http1.RequestLine {
			c.refuse(400, "this is no request line")
			return
		}
		c.refuse(414, "the request line is longer than "+decimal(limits.Line)+" bytes")
	case state.Next == http1.RequestLine:
	case state.Next == http1.HeaderLine:
		if len(c.request.raw)+state.Line > limits.Head {
			c.refuse(431, "the head is longer than "+decimal(limits.Head)+" bytes")
		}
	case int64(len(c.request.raw)-c.request.head+state.Line) > limits.Body:
		c.refuse(413, "the body is longer than "+decimal(int(limits.Body))+" bytes")
	}
}

// takePending takes what is there of a request line that has not ended: a HEAD
// request that is refused gets no content either (RFC 9110 section 9.3.2), and the
// access log names it. It returns what kind of line it is so far.
func (c *conn) takePending() http1.Kind {
	if c.scanner == nil || c.scanner.State(http1.Request).Next != http1.RequestLine {
		return 0
	}
	kind, line, _ := c.scanner.Pending(http1.Request)
	c.request.begin()
	if kind == http1.RequestLine {
		c.request.takeLine(line[:min(len(line), c.server.limits.Line)])
	}
	return kind
}
