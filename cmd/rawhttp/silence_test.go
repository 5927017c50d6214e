package main

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rawhttp/internal/session"
	"rawhttp/internal/transcript"
)

const (
	getHead  = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
	postHead = "POST / HTTP/1.1\r\nHost: x\r\n"
	okHead   = "HTTP/1.1 200 OK\r\n"
	chunked  = "Transfer-Encoding: chunked\r\n\r\n"
	okEmpty  = okHead + "Content-Length: 0\r\n\r\n"
)

// silenceCase is a conversation that fell silent. send is what this end has
// sent, receive what came.
type silenceCase struct {
	send, receive string
	typed         bool
	facts         session.Silence
	want          string // "" is no note; "you: " stands before what the user owes
}

var clientSilences = []silenceCase{
	{"", "", false, session.Silence{}, "you: nothing was sent yet"},
	{"", "220 mail\r\n", false, session.Silence{}, ""},
	{"", "HTTP/1.1 408 Slow\r\nContent-Length: 0\r\n\r\n", false, session.Silence{}, ""},
	{"\r\n", "", false, session.Silence{}, "you: no request line was sent yet"},
	{"HELO x\r\n", "", false, session.Silence{}, "what was sent is no HTTP request, and the server has not answered"},
	{"HELO x\r\n", "250 x\r\n", false, session.Silence{}, ""},
	{"GET / HTTP/1.1", "", false, session.Silence{}, `you: the first line has no line end yet: end it with \r\n`},
	{"GET / HTTP/1.1", "", true, session.Silence{}, `you: the first line has no line end yet: press Enter`},
	{"GET / HTTP/1.1\rHost: x\r\r", "", false, session.Silence{}, "you: no LF was sent, only CR: no line has ended yet"},
	{`GET / HTTP/1.1\r\nHost: x\r\n\r\n`, "", false, session.Silence{}, `you: the first line has no line end yet: the \r\n in it are letters, not line ends (-e would read them as such)`},
	{`GET / HTTP/1.1\r\nHost: x\r\n\r\n` + "\n", "", false, session.Silence{}, `you: the request head has no empty line yet: the \r\n in it are letters, not line ends (-e would read them as such)`},
	{"GET / HTTP/1.1\r\r\nHost: x\r\r\n\r\r\n", "", false, session.Silence{}, `you: the request head has no empty line yet: its lines end CR CR LF (\r\r\n), and none is \r\n alone`},
	{"GET / HTTP/1.1\r\nHost: x\r\n", "", false, session.Silence{}, `you: the request head has no empty line yet: end it with \r\n`},
	{"GET / HTTP/1.1\r\nHost: x\r\n", "", true, session.Silence{}, `you: the request head has no empty line yet: press Enter once more`},
	{"GET / HTTP/1.1\r\nHost: x", "", false, session.Silence{}, `you: the request head has no empty line yet, and its last line no line end: end it with \r\n\r\n`},
	{"GET / HTTP/1.1\r\nHost: x\r", "", false, session.Silence{}, "you: the last header line holds CR and no LF: it has not ended yet"},
	{"GET / HTTP/1.1\r\nHost: x\r\n\r", "", false, session.Silence{}, `you: the request head ends in CR, and LF is missing: its empty line is \r\n`},
	{postHead + "Content-Length: 10\r\n\r\n", "", false, session.Silence{}, "you: Content-Length promised 10 bytes, none was sent: the server waits for them"},
	{postHead + "Content-Length: 10\r\n\r\nhello", "", false, session.Silence{}, "you: Content-Length promised 10 bytes, 5 were sent: the server waits for 5 more"},
	{postHead + "Content-Length: 99999999999999999999\r\n\r\nhello", "", false, session.Silence{Writing: true}, "the server does not take what is sent: it has stopped reading"},
	{postHead + "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n", "", false, session.Silence{}, "the request asks for 100 Continue and the server has not answered; the body may be sent without waiting"},
	{postHead + "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", false, session.Silence{}, "you: the server said 100 Continue: now it waits for the 4 bytes of the body"},
	{postHead + chunked, "", false, session.Silence{}, `you: the last chunk 0 is missing: end with 0\r\n\r\n`},
	{postHead + chunked + "5\r\nhello\r\n", "", true, session.Silence{}, `you: the last chunk 0 is missing: type 0 and press Enter twice`},
	{postHead + chunked + "5", "", false, session.Silence{}, "you: the chunk-size line has no line end yet"},
	{postHead + chunked + "5\r\nhel", "", false, session.Silence{}, "you: the chunk's size is 5; 3 bytes were sent, 2 to go"},
	{postHead + chunked + "11\r\nhello", "", false, session.Silence{}, "you: chunk size 11 is hexadecimal for 17; 5 bytes were sent, 12 to go"},
	{postHead + chunked + "11\r\nhello world", "", false, session.Silence{}, "you: chunk size 11 is hexadecimal for 17; 11 bytes were sent, 6 to go (the chunk size of 11 bytes is b)"},
	{postHead + chunked + "11\r\nhello world\n0\n\n", "", false, session.Silence{}, "you: chunk size 11 is hexadecimal for 17; 15 bytes were sent, 2 to go (the chunk size of the first 11 bytes is b)"},
	{postHead + chunked + "11\r\nhello world\r\n0\r\n\r\n12\r\nhello", "", false, session.Silence{}, "you: the chunk's size is 18 (hexadecimal 12); 5 bytes were sent, 13 to go"},
	{postHead + chunked + "0B\r\nh", "", false, session.Silence{}, "you: chunk size 0B is hexadecimal for 11; 1 byte was sent, 10 to go"},
	{postHead + chunked + "11\r\nhello world\r\n0\r\n\r\n", "", false, session.Silence{}, "you: chunk size 11 is hexadecimal for 17: what followed the first 11 bytes was taken for data too (their chunk size is b), and no last chunk 0 came after that"},
	{postHead + chunked + "5\r\nhello", "", false, session.Silence{}, `you: after the chunk's data a line end is missing: \r\n`},
	{postHead + chunked + "0\r\n", "", false, session.Silence{}, `you: after the last chunk one empty line is missing: end with \r\n`},
	{postHead + chunked + "0\r\n", "", true, session.Silence{}, `you: after the last chunk one empty line is missing: press Enter once more`},
	{postHead + chunked + "0\r\nX: y", "", false, session.Silence{}, "you: the last trailer line has no line end yet, and an empty line must follow it"},
	{postHead + "Content-Length: x\r\n\r\nhello", "", false, session.Silence{}, "you: nobody can tell where the request ends, so the server may wait for more of it"},
	{getHead, "", false, session.Silence{}, "the request is complete; the server has not answered yet"},
	{getHead, "", true, session.Silence{InputEnded: true}, "the request is complete; the server has not answered yet"},
	{getHead, "HTTP/1.1 103 Early Hints\r\n\r\n", false, session.Silence{}, "the request is complete; the server has sent an interim response only"},
	{getHead + getHead, okEmpty, false, session.Silence{}, "2 requests are complete; the server has answered 1 of them"},
	{getHead + getHead, "", false, session.Silence{}, "2 requests are complete; the server has not answered yet"},
	{"GET /\r\n", "", false, session.Silence{}, "the request is complete; the server has not answered yet"},
	{"GET /\r\n", "<html>", false, session.Silence{}, "no length was given, so the body ends when the server closes"},
	{getHead, "HT", false, session.Silence{}, "the server stopped in the middle of a line"},
	{getHead, "HTTP/1.1 200 OK\rA: b\r\r", false, session.Silence{}, "the server sent no LF, only CR: no line has ended yet"},
	{getHead, "HTTP/1.1 200 OK\r\r\nA: b\r\r\n\r\r\n", false, session.Silence{}, `the server's response head has no empty line yet: its lines end CR CR LF (\r\r\n), and none is \r\n alone`},
	{getHead, okHead, false, session.Silence{}, "the server's response head has no empty line yet"},
	{getHead, okHead + "\r", false, session.Silence{}, "the server's response head has no empty line yet: its last line holds CR and no LF"},
	{getHead, okHead + "Content-Length: 1000\r\n\r\n" + strings.Repeat("x", 500), false, session.Silence{}, "the server stopped after 500 of 1000 body bytes"},
	{getHead, okHead + "\r\nhello", false, session.Silence{}, "no length was given, so the body ends when the server closes"},
	{getHead, okHead + chunked + "5\r\nhel", false, session.Silence{}, "the server stopped after 3 of 5 bytes of a chunk"},
	{getHead, okHead + chunked + "11\r\nhello", false, session.Silence{}, "the server stopped after 5 of 17 bytes of a chunk (size 11 is hexadecimal for 17)"},
	{getHead, okHead + chunked + "11\r\nhello world\r\n0\r\n\r\n12\r\nhello", false, session.Silence{}, "the server stopped after 5 of 18 bytes of a chunk"},
	{getHead, okHead + chunked + "5\r\nhello", false, session.Silence{}, "the server has not sent the line end after the chunk's data yet"},
	{getHead, okHead + chunked + "5\r\nhello\r\n", false, session.Silence{}, "the server has sent neither another chunk nor the last chunk 0 yet"},
	{getHead, okHead + chunked + "5", false, session.Silence{}, "the server stopped in the middle of a chunk-size line"},
	{getHead, okHead + chunked + "0\r\n", false, session.Silence{}, "the server has not sent the empty line after the last chunk yet"},
	{getHead, okEmpty, false, session.Silence{}, "the response is complete; the server keeps the connection open for another request"},
	{getHead, okHead + "Connection: close\r\nContent-Length: 0\r\n\r\n", false, session.Silence{}, "the response is complete, and the last on this connection; the server has not closed it yet"},
	{getHead, okEmpty, false, session.Silence{InputEnded: true, HalfClosed: true}, "everything is answered and nothing more will be sent; the server has not closed"},
	{"GET / HTTP/1.1\r\n", "", false, session.Silence{InputEnded: true, HalfClosed: true}, "the request is incomplete and nothing more will be sent; the server has neither answered nor closed"},
	{postHead + "Content-Length: 6\r\n\r\n0123456789", okEmpty, false, session.Silence{}, "you: the last 4 bytes are read as the start of the next request, whose first line has no line end yet"},
	{postHead + "Content-Length: 6\r\n\r\n0123456789\r\n", okEmpty, false, session.Silence{}, "you: what follows the request is read as the start of the next one: the server may wait for its rest"},
	{"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", okHead + "\r\n", false, session.Silence{}, ""},
	{"GET / HTTP/1.1\rHost: x\r\r", "HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n", false, session.Silence{PeerEnded: true}, ""},
}

var serverSilences = []silenceCase{
	{"", "", false, session.Silence{}, "the client has sent nothing yet"},
	{"220 mail\r\n", "", false, session.Silence{}, ""},
	{"", "GET / HTTP/1.1\r\n", false, session.Silence{}, "the client's request head has no empty line yet"},
	{"", `GET / HTTP/1.1\r\nHost: x\r\n\r\n` + "\n", false, session.Silence{}, `the client's request head has no empty line yet: the \r\n in it are letters, not line ends`},
	{"", "GET / HTTP/1.1\rHost: x\r\r", false, session.Silence{}, "the client sent no LF, only CR: no line has ended yet"},
	{"", postHead + "Content-Length: 10\r\n\r\nhello", false, session.Silence{}, "the client stopped after 5 of 10 body bytes"},
	{"", postHead + "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n", false, session.Silence{}, "you: the client waits for HTTP/1.1 100 Continue before it sends the body"},
	{"HTTP/1.1 100 Continue\r\n\r\n", postHead + "Expect: 100-continue\r\nContent-Length: 4\r\n\r\n", false, session.Silence{}, "the client stopped after 0 of 4 body bytes"},
	{"", postHead + chunked + "11\r\nhello world\r\n0\r\n\r\n", false, session.Silence{}, "the client's chunk size 11 is hexadecimal for 17: what followed the first 11 bytes was taken for data too, and no last chunk 0 came after that"},
	{"", postHead + "Content-Length: x\r\n\r\nhello", false, session.Silence{}, "nobody can tell where the request ends; the client may have sent all of it"},
	{"", "HELO x\r\n", false, session.Silence{}, "you: what the client sent is no HTTP request, and was not answered yet"},
	{"", getHead, false, session.Silence{}, "you: the request is complete; nothing was answered yet"},
	{"", getHead, false, session.Silence{PeerEnded: true}, "you: the request is complete; nothing was answered yet"},
	{okEmpty, getHead + getHead, false, session.Silence{}, "you: 2 requests are complete; 1 of them answered"},
	{okHead, getHead, true, session.Silence{}, "you: the response head has no empty line yet: press Enter once more"},
	{okHead + "Content-Length: 14\r\n\r\nhello", getHead, false, session.Silence{}, "you: Content-Length promised 14 bytes, 5 were sent: the client waits for 9 more"},
	{okHead + "\r\nhello", getHead, true, session.Silence{}, "you: no length was given, so the body ends when this side closes: Ctrl-D closes"},
	{okHead + "\r\nhello", getHead, false, session.Silence{}, "you: no length was given, so the body ends when this side closes: the end of the input closes"},
	{okEmpty, getHead, false, session.Silence{}, "the response is complete; the client keeps the connection open for another request"},
	{okHead + "Connection: close\r\nContent-Length: 0\r\n\r\n", getHead, true, session.Silence{}, "you: the response is complete, and the last on this connection: Ctrl-D closes"},
	{okEmpty, getHead, false, session.Silence{InputEnded: true, HalfClosed: true}, "everything was sent; the client has not closed yet"},
	{okEmpty, getHead, false, session.Silence{PeerEnded: true}, ""},
	{okEmpty, getHead, false, session.Silence{Writing: true}, "the client does not take what is sent: it has stopped reading"},
}

func TestCauseOfSilence(t *testing.T) {
	for role, cases := range map[session.Role][]silenceCase{session.Client: clientSilences, session.Server: serverSilences} {
		for _, c := range cases {
			o, _ := observed(t, role)
			o.person = seated(c.typed)
			feed(t, o, c)
			q := o.quiet()
			q.Silence = c.facts
			why := q.cause()
			got := why.text
			if why.ours {
				got = "you: " + got
			}
			if got != c.want {
				t.Errorf("sent %q, received %q:\n%q, want\n%q", c.send, c.receive, got, c.want)
			}
			if (why.code == "") != (got == "") || strings.Contains(got, "%!") {
				t.Errorf("%q has the code %q", got, why.code)
			}
		}
	}
}

// observed is an observer with a screen of its own.
func observed(t *testing.T, role session.Role) (*observer, *bytes.Buffer) {
	t.Helper()
	var screen bytes.Buffer
	out := &outputs{screen: transcript.NewScreen(transcript.Options{Output: &screen}), guard: func() {}}
	return newObserver(out, 1, role), &screen
}

// feed gives an observer what crossed, a byte at a time, in the order of a
// conversation: requests first.
func feed(t *testing.T, o *observer, c silenceCase) {
	t.Helper()
	take := func(text string, f func([]byte) (session.State, error)) {
		for _, b := range []byte(text) {
			if _, err := f([]byte{b}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if o.role == session.Client {
		take(c.send, o.Sent)
		take(c.receive, o.Received)
		return
	}
	take(c.receive, o.Received)
	take(c.send, o.Sent)
}

// TestSilenceIsNamedOnce: once a silence and once a cause in a message; what a
// person who types owes only when it is long.
func TestSilenceIsNamedOnce(t *testing.T) {
	o, screen := observed(t, session.Client)
	notes := func(want int, text string) {
		t.Helper()
		if got := strings.Count(screen.String(), text); got != want {
			t.Errorf("%q stands %d times, want %d, in\n%s", text, got, want, screen)
		}
	}
	short := session.Silence{}
	o.Sent([]byte("GET / HTTP/1.1\r\n"))
	o.Silence(short)
	o.Sent([]byte("Host: x\r\n"))
	o.Silence(short)
	notes(1, "* 2 s of silence: the request head has no empty line yet")
	o.Sent([]byte("\r\n"))
	o.Silence(short)
	o.Silence(short)
	notes(1, "the server has not answered yet")
	o.Received([]byte(okHead + "Content-Length: 4\r\n\r\na"))
	o.Silence(short)
	notes(1, "after 1 of 4 body bytes")
	o.Received([]byte("b"))
	o.Silence(short)
	notes(0, "after 2 of 4 body bytes")
	o.Received([]byte("cd"))
	o.Silence(short)
	o.Sent([]byte("GET / HTTP/1.1\r\n"))
	o.Silence(short)
	notes(2, "the request head has no empty line yet")
	notes(5, "of silence")
}

func TestSilenceOfAPersonWhoTypes(t *testing.T) {
	o, screen := observed(t, session.Client)
	o.person = seated(true)
	o.Silence(session.Silence{})
	if screen.Len() > 0 {
		t.Errorf("named too early:\n%s", screen)
	}
	o.Silence(session.Silence{Long: true})
	o.Sent([]byte(getHead))
	screen.Reset()
	o.Silence(session.Silence{})
	o.Silence(session.Silence{Long: true})
	if got := screen.String(); got != "* 2 s of silence: the request is complete; the server has not answered yet\n" {
		t.Errorf("%s", got)
	}
	o, screen = observed(t, session.Client)
	o.person = seated(true)
	o.outputs.person = o.person
	o.Sent([]byte(getHead))
	o.Received([]byte(okEmpty))
	o.Silence(session.Silence{})
	if got := screen.String(); strings.Contains(got, "of silence") {
		t.Errorf("what the response's note says is said again:\n%s", got)
	}
	o, screen = observed(t, session.Client)
	o.person = &person{came: make(chan struct{})} // nobody can type
	o.Silence(session.Silence{})
	if screen.Len() > 0 {
		t.Errorf("named what nobody can change:\n%s", screen)
	}
}

// TestCutRequest: the end of the input names the same causes, in the past.
func TestCutRequest(t *testing.T) {
	const began = "the input ended in the middle of a request (half-closed, nothing more can come)"
	for send, want := range map[string]string{
		"GET / HTTP/1.1\r\n":                                  `: the request head has no empty line: add one at its end (\r\n)`,
		"GET / HTTP/1.1\rHost: x\r\r":                         ": no LF was sent, only CR: no line has ended",
		"GET / HTTP/1.1\r\nHost: x":                           `: the request head has no empty line, and its last line no line end: end it with \r\n\r\n`,
		postHead + "Content-Length: 10\r\n\r\n":               ": Content-Length promised 10 bytes, none was sent",
		postHead + "Content-Length: 10\r\n\r\nhello":          ": Content-Length promised 10 bytes, 5 were sent: 5 are missing",
		postHead + "Content-Length: 6\r\n\r\nhello":           ": Content-Length promised 6 bytes, 5 were sent: 1 is missing",
		postHead + chunked + "11\r\nhello world":              ": chunk size 11 is hexadecimal for 17; 11 bytes were sent, 6 are missing",
		postHead + chunked + "11\r\nhello world\n0\n\n":       ": chunk size 11 is hexadecimal for 17: 2 of them are missing",
		postHead + chunked + "11\r\nhello world\r\n0\r\n\r\n": ": no last chunk 0 came after the 17 bytes that chunk size 11 announced",
		postHead + chunked + "5\r\nhello\r\n":                 `: the last chunk 0 is missing: end with 0\r\n\r\n`,
		postHead + chunked + "0\r\n":                          `: after the last chunk one empty line is missing: end with \r\n`,
	} {
		o, screen := observed(t, session.Client)
		o.person = seated(true) // what to press is no help any more
		feed(t, o, silenceCase{send: send})
		o.EndSent()
		o.Event(session.HalfClosedCut, nil)
		if !strings.HasSuffix(screen.String(), "* "+began+want+"\n") {
			t.Errorf("%q: got\n%s\nwant at its end\n%s", send, screen, began+want)
		}
	}
}

// TestAfterSilence: a step that takes long is said to, and one that does not is not.
func TestAfterSilence(t *testing.T) {
	var screen bytes.Buffer
	out := &outputs{screen: transcript.NewScreen(transcript.Options{Output: &screen}), guard: func() {}}
	synctest.Test(t, func(*testing.T) {
		over := afterSilence(out, "silence-connect", func() string { return "first" })
		<-time.After(silenceAfter - time.Millisecond)
		over()
		over = afterSilence(out, "silence-connect", func() string { return "second" })
		<-time.After(silenceAfter + time.Millisecond)
		over()
	})
	if got := screen.String(); got != "* second\n" {
		t.Errorf("%q", got)
	}
}

// TestTail: it is the same however the bytes are cut.
func TestTail(t *testing.T) {
	text := []byte(`GET / HTTP/1.1\r\n` + "\r\n")
	for cut := range text {
		var at tail
		at.take(text[:cut])
		at.take(text[cut:])
		if !at.literal() {
			t.Errorf("cut at %d: %q", cut, at)
		}
	}
	var at tail
	at.take([]byte("hello\r\n"))
	if at.literal() {
		t.Error("a line end is taken for letters")
	}
}

// TestLeftOut: what a request lacked is named when the server did not wait for
// its end, unless something else made it not wait.
func TestLeftOut(t *testing.T) {
	const noLF = "the request was incomplete: no LF was sent, only CR: no line has ended"
	const refused = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
	for _, c := range []struct {
		send, receive string
		typed         bool
		want          string
	}{
		{"GET / HTTP/1.1\rHost: x\r\r", refused, false, noLF},
		{"GET / HTTP/1.1\rHost: x\r\r", refused, true, noLF},
		{"GET / HTTP/1.1\r\n", refused, false, `the request was incomplete: the request head has no empty line: add one at its end (\r\n)`},
		{postHead + chunked + "11\r\nhello world\n0\n\n", refused, false, "the request was incomplete: chunk size 11 is hexadecimal for 17: 2 of them are missing (the chunk size of the first 11 bytes is b)"},
		{"GET / HTTP/1.1\r\n", refused, true, ""},
		{"GET / HTTP/1.1\r\n", "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n", false, ""},
		{"GET / HTTP/1.1\r\n", "\x15\x03\x01\x00\x02\x02\x46", false, ""},
		{getHead, refused, false, ""},
	} {
		o, _ := observed(t, session.Client)
		o.person = seated(c.typed)
		feed(t, o, silenceCase{send: c.send, receive: c.receive})
		if got := o.leftOut(); got != c.want {
			t.Errorf("%q, typed %v: %q, want %q", c.send, c.typed, got, c.want)
		}
		o.EndSent()
		o.Event(session.HalfClosedCut, nil)
		if got := o.leftOut(); got != "" {
			t.Errorf("%q is said twice: %q", c.send, got)
		}
	}
}

// seated is a person who can type, or nobody.
func seated(typed bool) *person {
	if !typed {
		return nil
	}
	who := &person{came: make(chan struct{})}
	close(who.came)
	return who
}
