package serve

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"rawhttp/internal/http1"
)

const host = "Host: localhost\r\n"

func get(target string) string { return "GET " + target + " HTTP/1.1\r\n" + host + "\r\n" }

// TestPages: each page, as the request for it is cut after each byte, and whole.
func TestPages(t *testing.T) {
	for request, want := range map[string]string{
		get("/"):                              "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 32\r\n\r\nhello from a hand-rolled server\n",
		get("/about"):                         "this is /about\n",
		get("/about?a=b"):                     "this is /about\n",
		get("/%61bout"):                       "this is /about\n",
		get("http://localhost/about"):         "this is /about\n",
		get("/echo"):                          "\r\n\r\n" + get("/echo"),
		get("/headers"):                       "\r\n\r\nHost: localhost\n",
		get("/chunked"):                       "Transfer-Encoding: chunked\r\n\r\n4\r\none\n\r\n15\r\ntwo, which is longer\n\r\n6\r\nthree\n\r\n0\r\n\r\n",
		get("/status/204"):                    "HTTP/1.1 204 No Content\r\nDate: D\r\n\r\n",
		get("/status/401"):                    "WWW-Authenticate: Basic realm=\"rawhttp\"\r\n",
		get("/status/599"):                    "HTTP/1.1 599 Not Registered\r\n",
		get("/status/200/x"):                  "HTTP/1.1 404 ",
		get("/status/600"):                    "give a number from 200 to 599\n",
		get("/bytes/70"):                      "Content-Length: 70\r\n\r\n0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXY\n012345",
		get("/bytes/"):                        "HTTP/1.1 404 ",
		get("/slow/0"):                        "slept 0 s\n",
		get("/nowhere/at%20all"):              "HTTP/1.1 404 Not Found\r\nDate: D\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 33\r\n\r\n404 Not Found: /nowhere/at%20all\n",
		get("/a/../about"):                    "HTTP/1.1 400 ",
		get("/a/%2e%2E/about"):                "HTTP/1.1 400 ",
		get("/%00"):                           "HTTP/1.1 400 ",
		get("/%"):                             "HTTP/1.1 400 ",
		get("/a%5cb"):                         "HTTP/1.1 400 ",
		"HEAD / HTTP/1.1\r\n" + host + "\r\n": "Content-Length: 32\r\n\r\n",
		"HEAD /chunked HTTP/1.1\r\n" + host + "\r\n":        "Transfer-Encoding: chunked\r\n\r\n",
		"DELETE / HTTP/1.1\r\n" + host + "\r\n":             "HTTP/1.1 405 Method Not Allowed\r\nDate: D\r\n",
		"OPTIONS * HTTP/1.1\r\n" + host + "\r\n":            "HTTP/1.1 204 No Content\r\nDate: D\r\nAllow: GET, HEAD, OPTIONS\r\n\r\n",
		"BREW / HTTP/1.1\r\n" + host + "\r\n":               "HTTP/1.1 501 Not Implemented\r\n",
		"CONNECT a.example:80 HTTP/1.1\r\n" + host + "\r\n": "HTTP/1.1 405 Method Not Allowed\r\n",
		"GET /chunked HTTP/1.0\r\n\r\n":                     "Connection: close\r\n\r\none\ntwo, which is longer\nthree\n",
		"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n":  "Content-Length: 32\r\nConnection: keep-alive\r\n\r\nhello",
		"GET / HTTP/1.0\r\n\r\n":                            "Connection: close\r\n\r\nhello",
		"POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\nT: u\r\n\r\n": "\r\n\r\nPOST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\nT: u\r\n\r\n",
		"POST /echo HTTP/1.1\r\n" + host + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi":               "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
		"POST /echo HTTP/1.0\r\n" + host + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi":               "\r\n\r\nPOST /echo HTTP/1.0\r\n",
		"GET /headers HTTP/1.1\r\n" + host + "A: 1\r\nA: 2\r\n\r\n":                                            "\r\n\r\nHost: localhost\nA: 1\nA: 2\n",
	} {
		whole := answersTo(Options{Handler: Site(nil)}, []byte(request))
		wants(t, whole, want)
		if cut := answersTo(Options{Handler: Site(nil)}, byBytes(request)...); cut != whole {
			t.Errorf("%q: whole it gets\n%q\nbyte by byte\n%q", request, whole, cut)
		}
		if strings.HasPrefix(request, "HEAD") && !strings.HasSuffix(whole, "\r\n\r\n") {
			t.Errorf("%q got content: %q", request, whole)
		}
		if strings.Contains(request, "HTTP/1.0\r\n") && strings.HasPrefix(whole, "HTTP/1.1 100 ") {
			t.Errorf("%q got 100", request)
		}
	}
}

// TestPipelined: as many answers, in order, and none behind the one that closes.
func TestPipelined(t *testing.T) {
	got := answersTo(Options{Handler: Site(nil)}, []byte(get("/about")+get("/")+
		"POST /echo HTTP/1.1\r\nContent-Length: 3\r\nConnection: close\r\n"+host+"\r\nabc"+get("/about")))
	wants(t, got, "this is /about\n", "hello from", "abc")
	if n := strings.Count(got, "HTTP/1.1 200 OK\r\n"); n != 3 {
		t.Errorf("%d answers\n%s", n, got)
	}
	wants(t, got, "Connection: close\r\n")
}

// FuzzServer: whatever comes, cut anywhere, the answers are the same; they are
// correct responses to the requests that http1 finds, as many and in order; and
// behind a message with an error there is one refusal and nothing more.
func FuzzServer(f *testing.F) {
	for _, seed := range []string{
		get("/") + get("/chunked") + "HEAD /gzip HTTP/1.1\r\n" + host + "\r\n",
		"POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" + get("/status/304"),
		"GET / HTTP/1.1\nHost: a\n\n", "GET  / HTTP/1.1\r\n\r\n", "\r\n\r\nGET /about\r\n", get("/") + "HEAD\n", "HEAD / HTTP/1.1\r\n" + host + "\r\nost\r\n", "HEAD / HTTP/1.1\r\nHost: \xff\r\n", "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
		"POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"PUT /echo HTTP/1.1\r\n" + host + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\nab", "OPTIONS * HTTP/1.1\r\n" + host + "\r\nCONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
		"POST /echo HTTP/1.1\r\n" + host + "\r\n3\r\n", "HEAD " + strings.Repeat("0", 200) + "\n", " HEAD\n", get("/") + "HEAD /" + strings.Repeat("0", 200),
	} {
		f.Add([]byte(seed), uint16(5), uint16(33))
	}
	f.Fuzz(func(t *testing.T, in []byte, first, second uint16) {
		if bytes.Contains(in, []byte("/s")) || bytes.Contains(in, []byte("fault")) || bytes.Contains(in, []byte("/b")) || bytes.Contains(in, []byte("%")) {
			return // pages that take their time
		}
		options := Options{Handler: Site(nil), Limits: Limits{Line: 200, Head: 500, Body: 300}}
		whole := answersTo(options, in)
		a := int(first) % (len(in) + 1)
		b := a + int(second)%(len(in)-a+1)
		if cut := answersTo(options, in[:a], in[a:b], in[b:]); lines.ReplaceAllString(cut, "") != lines.ReplaceAllString(whole, "") {
			t.Fatalf("%q cut at %d and %d\nwhole: %q\ncut:   %q", in, a, b, whole, cut)
		}
		checkAnswers(t, in, whole)
	})
}

// lines is the refusal of a first line that is too long: before it ends it may not
// be known whether it is a request line.
var lines = regexp.MustCompile(`(?s)HTTP/1.1 4(00|14) .*$`)

// checkAnswers reads requests and answers together.
func checkAnswers(t *testing.T, in []byte, answers string) {
	requests := &found{}
	scanner := http1.New(requests)
	scanner.Feed(http1.Request, in)
	scanner.End(http1.Request)
	responses := &found{}
	both := http1.New(responses)
	both.Feed(http1.Request, in)
	both.End(http1.Request) // a line without its end may be a refused HEAD
	responses.errors, responses.complete = nil, nil
	both.Feed(http1.Response, []byte(answers))
	both.End(http1.Response)
	for _, code := range responses.errors {
		if code != http1.UnansweredRequest && code != http1.UnsolicitedResponse && code != http1.MissingFinalResponse {
			t.Fatalf("%q is answered with %v: %q", in, code, answers)
		}
	}
	reader := bufio.NewReader(strings.NewReader(answers))
	for n := 0; ; n++ {
		method := "GET"
		if n < len(requests.methods) {
			method = requests.methods[n]
		}
		response, err := http.ReadResponse(reader, &http.Request{Method: method})
		if err != nil {
			if reader.Buffered() > 0 || err != io.ErrUnexpectedEOF && err != io.EOF {
				t.Fatalf("%q: answer %d of %q: %v", in, n+1, answers, err)
			}
			return
		}
		if response.StatusCode == 100 {
			n--
			continue
		}
		if _, err := io.Copy(io.Discard, response.Body); err != nil {
			t.Fatalf("%q: answer %d of %q: %v", in, n+1, answers, err)
		}
		if response.Close && reader.Buffered() > 0 {
			t.Fatalf("%q: something behind the last answer: %q", in, answers)
		}
	}
}

// found is what a Scanner found.
type found struct {
	methods  []string
	errors   []http1.Code
	complete []int
}

func (f *found) Token(t http1.Token) {
	if t.Kind == http1.RequestLine {
		f.methods = append(f.methods, strings.Fields(string(t.Bytes))[0])
	}
}

func (f *found) Diagnostic(d http1.Diagnostic) {
	if d.Code.Entry().Severity == http1.Error && d.Side == http1.Response {
		f.errors = append(f.errors, d.Code)
	}
}
func (f *found) Head(*http1.Message)      {}
func (f *found) Message(m *http1.Message) {}
