package serve

import (
	"errors"
	"net"
	"strconv"
	"time"
)

const plainText = "text/plain; charset=utf-8"

// Response puts an answer together. One of Send, Begin and Raw comes first; a
// Handler that calls none of them has answered 204.
type Response struct {
	c       *conn
	extra   []byte // field-lines of the handler
	status  int
	begun   bool
	raw     bool  // the handler writes the bytes of the message itself
	chunked bool  // the content is written in chunks
	owed    int64 // content still to be written; -1 until the end
	body    int64 // content written
	hidden  bool  // HEAD: content is not sent
	closes  bool
	stays   bool // Raw bytes were a whole answer
}

func (w *Response) begin(c *conn) {
	extra := w.extra[:0]
	*w = Response{c: c, extra: extra}
}

// Field adds a field-line; it is called before Send or Begin. Line breaks and
// other control characters of value are left out.
func (w *Response) Field(name, value string) {
	w.extra = append(append(w.extra, name...), ": "...)
	for i := range len(value) {
		if b := value[i]; b >= ' ' && b != 0x7f || b == '\t' {
			w.extra = append(w.extra, b)
		}
	}
	w.extra = append(w.extra, "\r\n"...)
}

// Close makes this the last answer of the connection.
func (w *Response) Close() { w.closes = true }

// Send answers with all of the content.
func (w *Response) Send(status int, contentType string, content []byte) {
	w.Begin(status, contentType, int64(len(content)))
	_, _ = w.Write(content)
}

// Begin sends the head. length is how much content Write will be given, or -1
// for any: then it is chunked, or in HTTP/1.0 ends with the connection. A status
// that has no content takes none (RFC 9110 section 6.4.1).
func (w *Response) Begin(status int, contentType string, length int64) {
	c := w.c
	old := c.request.Minor == 0
	empty := status < 200 || status == 204 || status == 304
	w.begun, w.status, w.owed = true, status, length
	w.hidden = empty || c.request.isHead()
	w.chunked = length < 0 && !old && !empty
	w.closes = w.closes || length < 0 && old && !empty || c.request.closes || c.server.stopping.Load()
	c.borrow()
	b := append(c.out, "HTTP/1.1 "...)
	b = append(strconv.AppendInt(b, int64(status), 10), ' ')
	b = append(append(b, reason(status)...), "\r\n"...)
	b = append(b, c.server.date.at(c.now)...)
	if contentType != "" {
		b = append(append(append(b, "Content-Type: "...), contentType...), "\r\n"...)
	}
	b = append(b, w.extra...)
	switch {
	case empty:
	case w.chunked:
		b = append(b, "Transfer-Encoding: chunked\r\n"...)
	case length >= 0:
		b = append(strconv.AppendInt(append(b, "Content-Length: "...), length, 10), "\r\n"...)
	}
	switch {
	case w.closes:
		b = append(b, "Connection: close\r\n"...)
	case old: // its client asked for it, and waits to hear that it is so
		b = append(b, "Connection: keep-alive\r\n"...)
	}
	c.out = append(b, "\r\n"...)
}

// Write adds content; after Begin with a length it takes no more than that.
func (w *Response) Write(p []byte) (int, error) {
	if w.raw {
		return len(p), w.put(p)
	}
	if w.owed >= 0 {
		if int64(len(p)) > w.owed {
			return 0, errors.New("more content than the length that was announced")
		}
		w.owed -= int64(len(p))
	}
	if w.hidden || len(p) == 0 {
		return len(p), w.c.broken
	}
	w.body += int64(len(p))
	if w.chunked {
		w.c.borrow()
		w.c.out = append(strconv.AppendInt(w.c.out, int64(len(p)), 16), "\r\n"...)
	}
	if err := w.put(p); err != nil {
		return 0, err
	}
	if w.chunked {
		w.c.add('\r', '\n')
	}
	return len(p), nil
}

// put hands on bytes, which are copied while they are few.
func (w *Response) put(p []byte) error {
	c := w.c
	if len(c.out)+len(p) <= flushAt {
		c.add(p...)
		return c.broken
	}
	if err := c.flush(); err != nil {
		return err
	}
	return c.write(p)
}

// Raw sends bytes as they are, in place of or behind anything else; the
// connection is closed after the handler, unless it calls Stay.
func (w *Response) Raw(p []byte) error {
	w.raw, w.begun, w.closes = true, true, true
	return w.put(p)
}

// Stay makes of the bytes of Raw an answer like any other: the connection stays
// open for the next request, unless the client wants it closed.
func (w *Response) Stay() { w.stays = !w.c.request.closes }

// Reset closes the connection at once, so that the client sees a reset.
func (w *Response) Reset() {
	_ = w.c.flush()
	w.raw, w.begun, w.closes, w.c.reset = true, true, true, true
}

// Drop closes the connection after what was written, without a word.
func (w *Response) Drop() { w.raw, w.begun, w.closes = true, true, true }

// Wait sends what was written so far and waits; the error is the end of the
// connection. A server that is told to stop lets a Handler go on for Times.Grace.
func (w *Response) Wait(d time.Duration) error {
	c := w.c
	if err := c.flush(); err != nil {
		return err
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		c.now = time.Now()
	case <-c.server.halt:
		c.broken, c.ending = net.ErrClosed, Stopped
	}
	return c.broken
}

// Stopping reports whether the server was told to stop: a Handler without an end
// of its own ends.
func (w *Response) Stopping() bool { return w.c.server.stopping.Load() }

// answer has the request answered.
func (c *conn) answer() {
	w := &c.response
	w.begin(c)
	c.server.options.Handler(w, &c.request)
	if !w.begun && c.broken == nil {
		w.Begin(204, "", 0)
	}
	c.finish()
	closing := c.request.closes
	c.request.begin() // a refusal that follows is not its answer
	switch {
	case c.ending != "":
	case w.stays && !c.server.stopping.Load():
	case w.raw:
		c.ending, c.linger = BrokenOnDuty, !c.reset
	case w.owed > 0 && !w.hidden:
		c.ending = BrokenOnDuty // what follows would be read as the rest of it
	case w.closes:
		c.ending = Asked
		c.linger = !closing // the client does not expect it, and may be sending
	}
}

// finish ends the answer at hand and tells of it.
func (c *conn) finish() {
	w := &c.response
	if w.chunked && !w.hidden && !w.raw {
		c.add([]byte("0\r\n\r\n")...)
	}
	if w.status != 0 && c.broken == nil && (w.owed <= 0 || w.hidden) {
		c.answered++
	}
	if len(c.out) >= flushAt {
		_ = c.flush()
	}
	if c.watch.Answered != nil {
		c.keep(c.watch.Answered(Answer{Time: c.now, Line: c.line(), Status: w.status, Body: w.body}))
	}
}
