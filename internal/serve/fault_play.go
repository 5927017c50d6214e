package serve

import (
	"bytes"
	"strconv"
	"time"
)

const (
	sixBytes  = "hello\n"
	line200   = "HTTP/1.1 200 OK\r\n"
	headOfSix = line200 + "Content-Length: 6\r\n\r\n"

	second       = time.Second
	firstDelay   = 10 * second            // of the delayed first byte
	beforeCut    = 100 * time.Millisecond // for the client to see what comes before a reset
	endlessBytes = 16 << 20               // bytes: more than any client is known to read of a head
)

// parting sends head and body as they are and closes. A client that asked with
// HEAD gets the head alone: content would be a fault that nobody asked for.
func parting(head, body string) Handler {
	return func(w *Response, r *Request) { w.play(r, head, body) }
}

// staying does the same, and the connection stays open for the next request.
func staying(head, body string) Handler {
	return func(w *Response, r *Request) {
		w.play(r, head, body)
		w.Stay()
	}
}

func (w *Response) play(r *Request, head, body string) {
	if len(head) >= len("HTTP/1.1 200") && head[:5] == "HTTP/" {
		w.status, _ = strconv.Atoi(head[9:12]) // otherwise 0: no status line
	}
	_ = w.Raw([]byte(head))
	if !r.isHead() {
		w.body = int64(len(body))
		_ = w.Raw([]byte(body))
	}
}

// playTwice answers one request with two responses.
func playTwice(w *Response, r *Request) {
	w.play(r, line200+"Content-Length: 6\r\n\r\n", "first\n")
	w.play(r, line200+"Content-Length: 7\r\n\r\n", "second\n")
	w.Stay()
}

// playMute is HTTP/0.9: content and nothing else, whatever was asked.
func playMute(w *Response, _ *Request) { _ = w.Raw([]byte("hello from 1991\n")) }

func playDrop(w *Response, _ *Request) { w.Drop() }

func playReset(w *Response, _ *Request) { w.Reset() }

// playResetInside resets the connection when a part of the body has arrived.
func playResetInside(w *Response, r *Request) {
	w.play(r, line200+"Content-Length: 100\r\n\r\n", "hello, this is the begin")
	_ = w.Wait(beforeCut)
	w.Reset()
}

// playLoop redirects to where the client is.
func playLoop(w *Response, r *Request) {
	w.Field("Location", string(r.Target))
	w.Send(302, plainText, []byte("302 Found: here\n"))
}

// playLate is right, but for the time it takes.
func playLate(w *Response, _ *Request) {
	if !w.goesOn(firstDelay) {
		w.Drop()
		return
	}
	w.Send(200, plainText, hello)
}

func playSlowHead(w *Response, r *Request) {
	w.status = 200
	if !w.slowly(headOfSix) {
		return
	}
	w.play(r, "", sixBytes)
	w.status = 200
	w.Stay()
}

func playSlowBody(w *Response, r *Request) {
	body := string(hello)
	w.play(r, line200+"Content-Length: "+decimal(len(body))+"\r\n\r\n", "")
	if !r.isHead() && !w.slowly(body) {
		return
	}
	w.Stay()
}

// goesOn waits and reports whether to go on then: it is false within a second when
// the server is told to stop.
func (w *Response) goesOn(d time.Duration) bool {
	for ; d > 0 && !w.Stopping(); d -= second {
		if w.Wait(min(d, second)) != nil {
			return false
		}
	}
	if w.Stopping() {
		w.c.ending = Stopped
	}
	return w.c.ending == ""
}

// slowly sends a byte a second; it is false where it was ended before.
func (w *Response) slowly(text string) bool {
	for i := range len(text) {
		if i > 0 && !w.goesOn(second) || w.Raw([]byte{text[i]}) != nil {
			return false
		}
	}
	return true
}

// playEndless sends field-lines until the client has had enough, which all
// have before the last of them.
func playEndless(w *Response, _ *Request) {
	w.status = 200
	if w.Raw([]byte(line200)) != nil {
		return
	}
	lines := bytes.Repeat([]byte("X-Endless: and there is more to come of this header section\r\n"), 256)
	for sent := 0; sent < endlessBytes; sent += len(lines) {
		if w.Raw(lines) != nil || !w.goesOn(0) {
			return
		}
	}
}
