package serve

import (
	"bytes"
	"strconv"
	"strings"
	"sync"
	"time"

	"rawhttp/internal/http1"
)

const (
	allowed     = "GET, HEAD, OPTIONS"
	allowedEcho = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"

	mostBytes = 1 << 30 // of /bytes/N
	mostSlow  = 60      // seconds of /slow/N
)

// Route is one page of the built-in site.
type Route struct {
	Path  string // as it is shown, for instance "/slow/N"
	About string // what it does, in a line
	serve func(w *Response, r *Request, rest string)
}

// routes are found by their first segment; the rest of the path goes to serve.
var routes = []Route{
	{"/", "hello", func(w *Response, _ *Request, _ string) { w.Send(200, plainText, hello) }},
	{"/about", "another page", func(w *Response, _ *Request, _ string) { w.Send(200, plainText, about) }},
	{"/echo", "the request's own bytes; any method", func(w *Response, r *Request, _ string) { w.Send(200, plainText, r.Bytes()) }},
	{"/headers", "the request's field-lines", sendFields},
	{"/chunked", "three chunks", sendChunks},
	{"/stream", "server-sent events, one a second", sendEvents},
	{"/slow/N", "an answer after N seconds", sendSlowly},
	{"/status/NNN", "an answer with that status, 200 to 599", sendStatus},
	{"/bytes/N", "N bytes of text", sendBytes},
	{"/gzip", "content in gzip", sendGzip},
}

var (
	hello = []byte("hello from a hand-rolled server\n")
	about = []byte("this is /about\n")
)

// Routes returns the pages of the built-in site, but not /fault/NAME.
func Routes() []Route { return routes }

// Site answers with the built-in pages. other, if not nil, is asked first for what
// no page is; it reports whether it has answered.
func Site(other func(w *Response, r *Request, path string) bool) Handler {
	return func(w *Response, r *Request) { site(w, r, other) }
}

func site(w *Response, r *Request, other func(*Response, *Request, string) bool) {
	if len(r.Target) == 1 && r.Target[0] == '/' && string(r.Method) == "GET" && other == nil {
		w.Send(200, plainText, hello) // what is measured most
		return
	}
	if string(r.Target) == "*" { // OPTIONS, or it would have been refused
		w.Field("Allow", allowed)
		w.Begin(204, "", 0)
		return
	}
	if string(r.Method) == "CONNECT" {
		w.Close() // what follows may be meant for a tunnel
		w.Field("Allow", allowed)
		w.Send(405, plainText, []byte("405 Method Not Allowed: CONNECT is for proxies\n"))
		return
	}
	decoded, _, wrong := path(r.Target)
	if wrong != "" {
		w.Send(400, plainText, []byte("400 Bad Request: "+wrong+"\n"))
		return
	}
	first, rest := decoded, ""
	if i := strings.IndexByte(decoded[1:], '/'); i >= 0 {
		first, rest = decoded[:i+1], decoded[i+2:]
	}
	for i := range routes {
		name, parameter, _ := strings.Cut(routes[i].Path[1:], "/")
		if first[1:] == name && (parameter == "") == (first == decoded) && !(name == "" && other != nil) {
			if allow(w, r, name == "echo") {
				routes[i].serve(w, r, rest)
			}
			return
		}
	}
	faulty := first == "/fault" && first != decoded
	switch {
	case faulty && sendFault(w, r, rest):
	case other != nil && other(w, r, decoded):
	case faulty:
		noSuchFault(w, r)
	default:
		notFound(w, r)
	}
}

func notFound(w *Response, r *Request) {
	w.Send(404, plainText, []byte("404 Not Found: "+string(r.Target)+"\n"))
}

// allow answers requests whose method is none of the page's.
func allow(w *Response, r *Request, echo bool) bool {
	methods := allowed
	if echo {
		methods = allowedEcho
	}
	switch method := string(r.Method); method {
	case "GET", "HEAD":
		return true
	case "OPTIONS":
		w.Field("Allow", methods)
		w.Begin(204, "", 0)
	case "POST", "PUT", "PATCH", "DELETE":
		if echo {
			return true
		}
		fallthrough
	case "TRACE", "CONNECT":
		w.Field("Allow", methods)
		w.Send(405, plainText, []byte("405 Method Not Allowed: "+method+" "+string(r.Target)+"\n"))
	default:
		w.Field("Allow", methods)
		w.Send(501, plainText, []byte("501 Not Implemented: this server does not know the method "+method+"\n"))
	}
	return false
}

func sendFields(w *Response, r *Request, _ string) {
	var b []byte
	for name, value := range r.Fields {
		b = append(append(append(append(b, name...), ": "...), value...), '\n')
	}
	w.Send(200, plainText, b)
}

func sendChunks(w *Response, _ *Request, _ string) {
	w.Begin(200, plainText, -1)
	for _, part := range []string{"one\n", "two, which is longer\n", "three\n"} {
		_, _ = w.Write([]byte(part))
	}
}

// sendEvents goes on until the client goes or the server stops (the format is
// that of the HTML standard, section 9.2).
func sendEvents(w *Response, r *Request, _ string) {
	w.Field("Cache-Control", "no-cache")
	w.Begin(200, "text/event-stream", -1)
	if string(r.Method) == "HEAD" {
		return
	}
	for n := 1; ; n++ {
		event := "id: " + decimal(n) + "\ndata: " + time.Now().UTC().Format(time.RFC3339) + "\n\n"
		if _, err := w.Write([]byte(event)); err != nil {
			return
		}
		if w.Wait(time.Second) != nil || w.Stopping() {
			return
		}
	}
}

// number reads what stands for N in a path.
func number(w *Response, r *Request, text string, least, most int) (int, bool) {
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most || text[0] == '+' {
		w.Send(404, plainText, []byte("404 Not Found: "+string(r.Target)+": give a number from "+decimal(least)+" to "+decimal(most)+"\n"))
		return 0, false
	}
	return n, true
}

func sendSlowly(w *Response, r *Request, rest string) {
	n, ok := number(w, r, rest, 0, mostSlow)
	if !ok || w.Wait(time.Duration(n)*time.Second) != nil {
		return
	}
	w.Send(200, plainText, []byte("slept "+rest+" s\n"))
}

func sendStatus(w *Response, r *Request, rest string) {
	n, ok := number(w, r, rest, 200, 599)
	if !ok {
		return
	}
	for line := range strings.Lines(http1.RequiredFields(n)) {
		name, value, _ := strings.Cut(line, ": ")
		w.Field(name, strings.TrimSpace(value))
		if name == "Upgrade" {
			w.Field("Connection", "Upgrade")
		}
	}
	switch {
	case n == 204 || n == 304:
		w.Begin(n, "", 0)
		return
	case n == 205:
		w.Begin(n, "", 0)
		return
	case n == 206:
		w.Field("Content-Range", "bytes 0-"+decimal(len(hello)-1)+"/"+decimal(len(hello)))
		w.Send(n, plainText, hello)
		return
	case 300 <= n && n <= 399:
		w.Field("Location", "/about")
	}
	w.Send(n, plainText, []byte(rest+" "+reason(n)+"\n"))
}

// sendBytes sends lines of 64 bytes, the last one cut.
func sendBytes(w *Response, r *Request, rest string) {
	n, ok := number(w, r, rest, 0, mostBytes)
	if !ok {
		return
	}
	w.Begin(200, plainText, int64(n))
	for n > 0 && w.c.broken == nil {
		part := block()[:min(n, blockSize)]
		_, _ = w.Write(part)
		n -= len(part)
	}
}

const blockSize = 64 << 10

var block = sync.OnceValue(func() []byte {
	const line = "0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXY\n"
	return bytes.Repeat([]byte(line), blockSize/len(line))
})

// sendGzip sends gzip whether it was asked for or not, so that everybody can see
// it; Vary says on what it should have depended.
func sendGzip(w *Response, _ *Request, _ string) {
	w.Field("Content-Encoding", "gzip")
	w.Field("Vary", "Accept-Encoding")
	w.Send(200, plainText, []byte(zipped))
}

// zipped is hello in gzip. It is written down because the package that makes it
// would have tables made at the start of every command.
const zipped = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xcaH\xcd\xc9\xc9WH+\xca\xcfUHT\xc8H\xccK\xd1-\xca\xcf\xc9" +
	"IMQ(N-*K-\xe2\x02\x04\x00\x00\xff\xffb\xa5\xe2\xd1 \x00\x00\x00"

// reason returns the reason phrase of a status, or words that say that it has none.
func reason(status int) string {
	if phrase := http1.ReasonPhrase(status); phrase != "" {
		return phrase
	}
	return "Not Registered"
}
