package main

import (
	"bytes"

	"rawhttp/internal/http1"
)

// How inspect knows what it is given:
//
//   - --request and --response decide, and so do --request-method (which
//     responses alone can have) and --response-status.
//   - Otherwise the first bytes do, behind a byte order mark and empty lines:
//     HTTP/ in any case is a response, as is the whole of a shorter stream that
//     begins so (HT, HTTP).
//   - So is what was meant for a status line, without HTTP/ or nearly so.
//   - What is no HTTP/1.x is taken for what the side that speaks so sends: a
//     greeting, HTTP/2 frames and TLS from a server are responses.
//   - Everything else is a request.
//
// However the stream is cut, the answer is the same: it waits for the bytes it
// needs, but never for more than sideLimit.

// sideLimit is how many bytes are looked at to tell a request from a response.
const sideLimit = 4 << 10

// taken is what a stream is taken for.
type taken struct {
	side http1.Side
	why  string
	sure bool // the bytes say so themselves
}

// take decides what the stream is that begins with b; known is false when more
// of it is needed. ended says that there is no more.
func (o *inspectOptions) take(b []byte, ended bool) (t taken, known bool) {
	switch {
	case o.request:
		return taken{side: http1.Request, why: "--request"}, true
	case o.response:
		return taken{side: http1.Response, why: "--response" + o.answering()}, true
	}
	t, known = recognise(b, ended || len(b) >= sideLimit)
	switch {
	case t.sure || !known:
	case len(o.methods) > 0:
		t = taken{side: http1.Response, why: "--request-method was given"}
	case len(o.statuses) > 0:
		t = taken{side: http1.Request, why: "--response-status was given"}
	}
	if t.side == http1.Response {
		t.why += o.answering()
	}
	return t, known
}

// answering says what a response is taken to answer when nothing else is known.
func (o *inspectOptions) answering() string {
	if len(o.methods) > 0 {
		return ""
	}
	return " (the answer to GET, or else --request-method M)"
}

// contradiction refuses what is known of the one side for bytes of the other.
func (o *inspectOptions) contradiction(t taken) error {
	switch {
	case t.side == http1.Request && len(o.methods) > 0:
		return usagef("for requests give --response-status, or nothing", "--request-method says what a response answers, and %s begins with a request", o.called())
	case t.side == http1.Response && len(o.statuses) > 0:
		return usagef("for responses give --request-method, or nothing", "--response-status says what a request got, and %s begins with a response", o.called())
	}
	return nil
}

// recognise tells a request from a response by the first bytes. all says that no
// more of them will be looked at.
func recognise(b []byte, all bool) (t taken, known bool) {
	b = b[:min(len(b), sideLimit)]
	if other, answer, open := speech(b, all); open || other != "" {
		side := http1.Request
		if answer {
			side = http1.Response
		}
		return taken{side: side, why: other}, !open
	}
	text, more := opening(b)
	how := ""
	if http1.IsUTF16(b) {
		how = ", written in UTF-16"
	}
	if more && !all {
		return taken{}, false
	}
	const version = "HTTP/"
	n := min(len(text), len(version))
	begins := bytes.EqualFold(text[:n], []byte(version)[:n])
	switch {
	case begins && n == len(version):
		return taken{http1.Response, "it begins with " + version + how, true}, true
	case begins && !all:
		return taken{}, false
	case begins && n > 1:
		return taken{http1.Response, "it is the beginning of " + version + how, true}, true
	case all && len(bytes.TrimSpace(text)) == 0:
		return taken{side: http1.Request, why: "nothing in it says what it is (--response if it is one)"}, true
	}
	return requestLine(text, all, how)
}

// requestLine looks whether the first line says itself that it is a request. how
// is added to that.
func requestLine(text []byte, all bool, how string) (taken, bool) {
	t := taken{side: http1.Request, why: "it does not begin with HTTP/ (--response if it is one)"}
	line, _, whole := bytes.Cut(text, []byte("\n"))
	if !whole && !all {
		return taken{}, false
	}
	if http1.NearStatusLine(line) {
		return taken{side: http1.Response, why: "it begins nearly like a status line"}, true
	}
	for _, word := range bytes.Fields(line)[min(1, len(bytes.Fields(line))):] {
		if len(word) >= 5 && bytes.EqualFold(word[:5], []byte("HTTP/")) {
			return taken{http1.Request, "it begins with a request line" + how, true}, true
		}
	}
	return t, true
}

// opening is the text behind a byte order mark, empty lines and blanks; UTF-16 is
// read as the ASCII in it. more says that its beginning is not there yet.
func opening(b []byte) (text []byte, more bool) {
	wide := http1.IsUTF16(b)
	for _, mark := range []string{"\xef\xbb\xbf", "\xff\xfe", "\xfe\xff"} {
		if len(b) < len(mark) && bytes.HasPrefix([]byte(mark), b) {
			return nil, true
		}
		if bytes.HasPrefix(b, []byte(mark)) {
			wide = wide || len(mark) == 2
			b = b[len(mark):]
			break
		}
	}
	if wide {
		b = bytes.ReplaceAll(b, []byte{0}, nil)
	}
	text = bytes.TrimLeft(b, " \t\r\n")
	return text, len(text) == 0
}

// speeches are how peers of other protocols begin, and whether servers do.
var speeches = []struct {
	begins string
	what   string
	answer bool
}{
	{"SSH-", "it begins with a server's SSH greeting", true},
	{"220 ", "it begins with a server's greeting (SMTP, FTP)", true}, {"220-", "it begins with a server's greeting (SMTP, FTP)", true},
	{"+OK", "it begins with a server's greeting (POP3)", true}, {"-ERR", "it begins with a server's greeting (POP3)", true},
	{"* OK", "it begins with a server's greeting (IMAP)", true},
	{"RFB ", "it begins with a server's greeting (VNC)", true}, {"ICY ", "it begins with a server's greeting (Shoutcast)", true},
	{"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "it begins with the preface of an HTTP/2 client", false},
}

// speech recognises other protocols. what is empty when it is none; open says
// that more bytes are needed.
func speech(b []byte, all bool) (what string, answer, open bool) {
	for _, s := range speeches {
		n := min(len(b), len(s.begins))
		if string(b[:n]) != s.begins[:n] || n == 0 {
			continue
		}
		if n == len(s.begins) {
			return s.what, s.answer, false
		}
		open = open || !all
	}
	if open || len(b) == 0 {
		return "", false, open
	}
	if b[0] < 0x14 || b[0] > 0x17 {
		return frames(b, all)
	}
	if n := min(len(b), 3); n > 1 && b[1] != 3 || n > 2 && b[2] > 4 {
		return "", false, false
	}
	if len(b) < 6 && !all {
		return "", false, true
	}
	if len(b) < 3 {
		return "", false, false
	}
	// An alert, and a handshake that is a ServerHello (RFC 8446 section 4).
	if b[0] == 0x15 || len(b) > 5 && b[0] == 0x16 && b[5] == 2 {
		return "it begins with the TLS of a server", true, false
	}
	return "it begins with the TLS of a client", false, false
}

// frames recognises the SETTINGS on stream 0 that an HTTP/2 server begins with
// (RFC 9113 section 3.4).
func frames(b []byte, all bool) (what string, answer, open bool) {
	const header = 9
	rest := []byte{4, 0, 0, 0, 0, 0} // type, flags, stream
	if b[0] != 0 {
		return "", false, false
	}
	for i, want := range rest {
		if at := 3 + i; at < len(b) && b[at] != want && i != 1 {
			return "", false, false
		}
	}
	if len(b) < header {
		return "", false, !all
	}
	return "it begins with the frames of an HTTP/2 server", true, false
}
