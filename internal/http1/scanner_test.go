package http1

import (
	"strings"
	"testing"
)

const (
	get  = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"                                // 27 bytes
	post = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" // 56 bytes
	ok   = "HTTP/1.1 200 OK\r\n"                                              // 17 bytes
)

// cases are one conversation each: the request bytes, then the response bytes,
// then both ends. They are about framing; the other diagnostics have the
// catalogue for a test.
var cases = []struct {
	name              string
	request, response string
	want              string // rows of the request side | of the response side
	diagnostics       string
	messages          string
}{
	{"the textbook", get, ok + "Content-Length: 14\r\n\r\nhello, client\n",
		"request 16, header 9, end 2 | status 17, header 20, end 2, body 14", "",
		"request 1: 27+0+0 none keep; response 1: 39+14+0 content-length keep answers 1"},
	{"empty lines at a boundary", "\r\n\n" + get, "",
		"empty 2, empty 1, request 16, header 9, end 2 | ", "bare-lf@2+1",
		"request 1: 27+0+0 none keep"},
	{"bare LF", "GET / HTTP/1.1\nHost: a\n\n", "",
		"request 15, header 8, end 1 | ", "bare-lf@14+1, bare-lf@22+1, bare-lf@23+1",
		"request 1: 24+0+0 none keep"},
	{"a CR inside a line is an ordinary byte", "GET / HTTP/1.1\r\nA: b\rc\r\r\nHost: a\r\n\r\n", "",
		"request 16, header 9, header 9, end 2 | ", "", "request 1: 36+0+0 none keep"},
	{"words are separated by CR, VT and FF too", "GET\v/\fHTTP/1.1\rx\r\nHost: a\r\n\r\n", "",
		"request 18, header 9, end 2 | ", "", "request 1: 29+0+0 none keep"},
	{"any later word that begins HTTP/", "hello there http/9 x\r\nHost: a\r\n\r\n", "",
		"request 22, header 9, end 2 | ", "", "request 1: 33+0+0 none keep"},
	{"a registered method without a version", "POST /form\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", "",
		"request 12, header 9, header 19, end 2, body 2 | ", "", "request 1: 42+2+0 content-length keep"},
	{"not HTTP, to the end", "hello there\r\n" + get, "SSH-2.0-x\r\nmore",
		"non-http 40 | non-http 15", "not-http@0+11, other-protocol-banner@0+9", ""},
	{"HTTP/0.9", "GET /\r\n", "<html>\nhi",
		"request 7 | body 9", "http09-request@0+5",
		"request 1: 7+0+0 none; response 1: 0+9+0 close answers 1"},
	{"HTTP/0.9 answered with a status line", "GET /\r\n", ok + "Content-Length: 1\r\n\r\nx",
		"request 7 | status 17, header 19, end 2, body 1", "http09-request@0+5",
		"request 1: 7+0+0 none; response 1: 38+1+0 content-length keep answers 1"},
	{"HTTP/0.9 answered with half a status line", "GET /\r\n", "HTT",
		"request 7 | status 3", "http09-request@0+5, truncated-start-line@3+0",
		"request 1: 7+0+0 none; response 1: 3+0+0 none cut answers 1"},
	{"headers after a request-line without version", "GET /\r\nHost: a\r\n\r\n", "",
		"request 7, non-http 11 | ", "http09-request@0+5", "request 1: 7+0+0 none"},
	{"excess", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello world", "",
		"request 17, header 9, header 19, end 2, body 5, non-http 6 | ", "excess-data@52+6",
		"request 1: 47+5+0 content-length keep"},
	{"a body that nothing announced", "POST / HTTP/1.1\r\nHost: a\r\n\r\nname=1", "",
		"request 17, header 9, end 2, non-http 6 | ", "request-body-without-length@28+6",
		"request 1: 28+0+0 none keep"},
	{"bytes that may be a tunnel's", "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\nSSH-2.0-x\r\n", "",
		"request 22, header 11, end 2, non-http 11 | ", "", "request 1: 35+0+0 none keep"},
	{"bytes of a protocol that was asked for", "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nhello\r\n", "",
		"request 16, header 9, header 21, header 12, end 2, non-http 7 | ", "", "request 1: 60+0+0 none keep"},
	{"a request after close", "GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n" + get, "",
		"request 16, header 9, header 22, end 2, request 16, header 9, end 2 | ", "data-after-close@49+14",
		"request 1: 49+0+0 none; request 2: 27+0+0 none keep"},
	{"a line of spaces does not end a head", "GET / HTTP/1.1\r\n x\r\nHost: a\r\n \r\n\r\n", "",
		"request 16, fold 4, header 9, fold 3, end 2 | ", "", "request 1: 34+0+0 none keep"},
	{"no Host", "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.0\r\n\r\n", "",
		"request 16, end 2, request 16, end 2 | ", "host-missing@16+2",
		"request 1: 18+0+0 none keep; request 2: 18+0+0 none"},
	{"Host with a space before the colon is one", "GET / HTTP/1.1\r\nHOST\t : a\r\n\r\n", "",
		"request 16, header 11, end 2 | ", "", "request 1: 29+0+0 none keep"},
	{"HEAD, 204 and 304 have no body", "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get + get,
		ok + "Content-Length: 9\r\n\r\nHTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\nHTTP/1.1 304 No\r\nContent-Length: 9\r\n\r\n",
		"request 17, header 9, end 2, request 16, header 9, end 2, request 16, header 9, end 2 | status 17, header 19, end 2, status 17, header 28, end 2, status 17, header 19, end 2", "",
		"request 1: 28+0+0 none keep; request 2: 27+0+0 none keep; request 3: 27+0+0 none keep; response 1: 38+0+0 none keep answers 1; response 2: 47+0+0 none keep answers 2; response 3: 38+0+0 none keep answers 3"},
	{"interim responses", get, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nContent-Length: 3\r\n\r\n" + ok + "Content-Length: 1\r\n\r\nx",
		"request 16, header 9, end 2 | status 23, end 2, status 20, header 19, end 2, status 17, header 19, end 2, body 1", "",
		"request 1: 27+0+0 none keep; response 1: 25+0+0 none keep answers 1; response 2: 41+0+0 none keep answers 1; response 3: 38+1+0 content-length keep answers 1"},
	{"an interim response does not end the connection", get, "HTTP/1.1 103 Early\r\nConnection: close\r\n\r\n" + ok + "Content-Length: 0\r\n\r\n",
		"request 16, header 9, end 2 | status 20, header 19, end 2, status 17, header 19, end 2", "",
		"request 1: 27+0+0 none keep; response 1: 41+0+0 none keep answers 1; response 2: 38+0+0 content-length keep answers 1"},
	{"a fold in the middle of a coding is a space", get, ok + "Transfer-Encoding: chun\r\n ked\r\n\r\n0\r\n\r\n",
		"request 16, header 9, end 2 | status 17, header 25, fold 6, end 2, body 5", "",
		"request 1: 27+0+0 none keep; response 1: 50+5+0 close answers 1"},
	{"until close", get, "HTTP/1.0 200 OK\r\n\r\nabc\r\n\r\nHTTP/1.1 200 OK\r\n",
		"request 16, header 9, end 2 | status 17, end 2, body 24", "",
		"request 1: 27+0+0 none keep; response 1: 19+24+0 close answers 1"},
	{"Transfer-Encoding wins over Content-Length", "POST / HTTP/1.0\r\nContent-Length: 3\r\nTransfer-Encoding: gzip\r\n , , chunked;x=y ,\r\n\r\n0\r\n\r\n", "",
		"request 17, header 19, header 25, fold 20, end 2, last 3, end 2 | ", "cl-te-conflict@36+23",
		"request 1: 83+0+5 chunked"},
	{"the last coding is not chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
		ok + "Transfer-Encoding: gzip\r\n\r\nabc",
		"request 17, header 9, header 34, end 2, unframed 5 | status 17, header 25, end 2, body 3", "",
		"request 1: 62+5+0 unframed cut; response 1: 44+3+0 close answers 1"},
	{"an empty coding list is none", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ,\r\n\r\n", "",
		"request 17, header 9, header 22, end 2 | ", "", "request 1: 50+0+0 none keep"},
	{"lengths that agree", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 03, 3\r\nContent-Length:\r\n 3\r\n\r\nabc", "",
		"request 17, header 9, header 23, header 17, fold 4, end 2, body 3 | ", "",
		"request 1: 72+3+0 content-length keep"},
	{"lengths that do not", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", "",
		"request 17, header 9, header 19, header 19, end 2, unframed 6 | ", "content-length-conflict@61+1",
		"request 1: 66+6+0 unframed cut"},
	{"no number", "", ok + "Content-Length: +5\r\nContent-Length: 5,,\r\nContent-Length: 1\r\n 2\r\n\r\nhello",
		" | status 17, header 20, header 21, header 19, fold 4, end 2, unframed 5",
		"content-length-invalid@33+2, content-length-invalid@55+1, content-length-invalid@37+19, content-length-conflict@74+1", ""},
	{"a length beyond 64 bits", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\nab", "",
		"request 17, header 9, header 41, end 2, body 2 | ", "truncated-body@71+0",
		"request 1: 69+2+0 content-length cut"},
	{"chunked with extensions and trailers", post + "5;a=b\r\nhello\r\n 0A \r\n0123456789\r\n000;z\r\nT: u\r\n v\r\n\r\n" + get, "",
		"request 17, header 9, header 28, end 2, chunk 7, data 5, data-end 2, chunk 6, data 10, data-end 2, last 7, trailer 6, fold 4, end 2, request 16, header 9, end 2 | ", "",
		"request 1: 56+15+36 chunked keep; request 2: 27+0+0 none keep"},
	{"chunk lines that end in LF alone", post + "5\nhello\n0\n\r\n", "",
		"request 17, header 9, header 28, end 2, chunk 2, data 5, data-end 1, last 2, end 2 | ", "",
		"request 1: 56+5+7 chunked keep"},
	{"no chunk size", post + "0x5\r\nhello\r\n0\r\n\r\n", "",
		"request 17, header 9, header 28, end 2, unframed 17 | ", "chunk-size-invalid@56+3",
		"request 1: 56+17+0 chunked cut"},
	{"data longer than the chunk", post + "3\r\nhello\r\n", "",
		"request 17, header 9, header 28, end 2, chunk 3, data 3, unframed 4 | ", "chunk-data-unterminated@62+1",
		"request 1: 56+7+3 chunked cut"},
	{"CR and something else after a chunk", post + "3\r\nhel\rlo", "",
		"request 17, header 9, header 28, end 2, chunk 3, data 3, unframed 3 | ", "chunk-data-unterminated@62+1",
		"request 1: 56+6+3 chunked cut"},
	{"CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", ok + "Content-Length: 5\r\n\r\n\x16\x03\x01",
		"request 24, header 9, end 2 | status 17, header 19, end 2, tunnel 3", "",
		"request 1: 35+0+0 none keep; response 1: 38+0+0 none keep answers 1"},
	{"CONNECT refused", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 403 No\r\nContent-Length: 1\r\n\r\nx",
		"request 24, header 9, end 2 | status 17, header 19, end 2, body 1", "",
		"request 1: 35+0+0 none keep; response 1: 38+1+0 content-length keep answers 1"},
	{"TLS on both sides", "\x16\x03\x01\x00\n", "\x15\x03\x03\x00\x02\x02F",
		"non-http 5 | non-http 7", "tls-bytes@0+3, tls-bytes@0+3", ""},
	{"nearly TLS", "\x16\x03\x05\r\n", "\x15\x02",
		"non-http 5 | non-http 2", "not-http@0+3, not-http@0+2", ""},
	{"the HTTP/2 preface", preface + "\x00\x00", "", "non-http 26 | ", "http2-preface@0+24", ""},
	{"nearly the HTTP/2 preface", preface[:20] + "\r\n", "",
		"request 16, end 2, non-http 4 | ", "host-missing@16+2, excess-data@18+2", "request 1: 18+0+0 none keep"},
	{"a part of the HTTP/2 preface", preface[:17], "",
		"request 16, end 1 | ", "truncated-headers@17+0", "request 1: 17+0+0 none cut"},
	{"cut in the request line", "GET /inde", "HT",
		"request 9 | status 2", "truncated-start-line@9+0, truncated-start-line@2+0",
		"request 1: 9+0+0 none cut; response 1: 2+0+0 none cut answers 1"},
	{"cut in the method", "GE", "http/1", "request 2 | status 6",
		"truncated-start-line@2+0, truncated-start-line@6+0",
		"request 1: 2+0+0 none cut; response 1: 6+0+0 none cut answers 1"},
	{"no method begins so", "GX", "", "non-http 2 | ", "not-http@0+2", ""},
	{"cut in the head", "GET / HTTP/1.1\r\nHost: a\r\n", ok + "A: b",
		"request 16, header 9 | status 17, header 4", "truncated-headers@25+0, truncated-headers@21+0",
		"request 1: 25+0+0 none cut; response 1: 21+0+0 none cut answers 1"},
	{"a lone CR at the end", "GET / HTTP/1.1\r\nHost: a\r\n\r", "\r",
		"request 16, header 9, end 1 | empty 1", "truncated-headers@26+0", "request 1: 26+0+0 none cut"},
	{"cut in the body", "", ok + "Content-Length: 10\r\n\r\nhello",
		" | status 17, header 20, end 2, body 5", "truncated-body@44+0", "response 1: 39+5+0 content-length cut"},
	{"cut in a chunk size", post + "5", "", "request 17, header 9, header 28, end 2, chunk 1 | ",
		"truncated-chunked-body@57+0", "request 1: 56+0+1 chunked cut"},
	{"cut before a chunk size", post + " ", "", "request 17, header 9, header 28, end 2, chunk 1 | ",
		"truncated-chunked-body@57+0", "request 1: 56+0+1 chunked cut"},
	{"cut in a chunk end", post + "1\r\na\r", "", "request 17, header 9, header 28, end 2, chunk 3, data 1, data-end 1 | ",
		"truncated-chunked-body@61+0", "request 1: 56+1+4 chunked cut"},
	{"cut before the last empty line", post + "0\r\nA: b\r\n\r", "", "request 17, header 9, header 28, end 2, last 3, trailer 6, end 1 | ",
		"missing-final-crlf@66+0", "request 1: 56+0+10 chunked cut"},
}

func TestCases(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			segments := []segment{{Request, []byte(c.request)}, {Response, []byte(c.response)}}
			for _, cut := range []int{0, 1, 2, 3, 7} {
				r, _ := scan(segments, cut, true)
				if got := r.side(Request) + " | " + r.side(Response); got != c.want {
					t.Errorf("cut %d:\n got %s\nwant %s", cut, got, c.want)
				}
				// Which side ends first is this test's choice, so compare as sets by order of finding.
				if got := r.framing(); !sameItems(got, c.diagnostics) {
					t.Errorf("cut %d: diagnostics\n got %s\nwant %s", cut, got, c.diagnostics)
				}
				if got := r.messages(); c.messages != "" && !sameItems(got, c.messages) {
					t.Errorf("cut %d: messages\n got %s\nwant %s", cut, got, c.messages)
				}
				if r.violate != "" {
					t.Error(r.violate)
				}
			}
		})
	}
}

// sameItems compares two lists without regard to order: which side's end is
// told first is the test's choice, not the scanner's.
func sameItems(a, b string) bool {
	count := map[string]int{}
	for _, s := range strings.FieldsFunc(a, func(r rune) bool { return r == ';' || r == ',' }) {
		count[strings.TrimSpace(s)]++
	}
	for _, s := range strings.FieldsFunc(b, func(r rune) bool { return r == ';' || r == ',' }) {
		count[strings.TrimSpace(s)]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

// TestStateOfWhatIsOwed: what a silence is explained from.
func TestStateOfWhatIsOwed(t *testing.T) {
	const post = "POST / HTTP/1.1\r\nHost: x\r\n"
	for _, c := range []struct {
		fed  string
		want State
	}{
		{"GET / HTTP/1.1\rH", State{Next: RequestLine, Middle: true, Line: 16, CR: true}},
		{"GET / HTTP/1.1\r\nHo", State{Next: HeaderLine, Middle: true, Begun: 1, Line: 2}},
		{post + "Content-Length: 10\r\n\r\nhello", State{Next: Body, Middle: true, Begun: 1, Owed: 5, Size: 10, Delimiter: DelimiterLength}},
		{post + "Expect: 100-continue\r\nContent-Length: 10\r\n\r\n", State{Next: Body, Middle: true, Begun: 1, Owed: 10, Size: 10, Delimiter: DelimiterLength, Expect: true}},
		{post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n11\r\nhell", State{Next: ChunkData, Middle: true, Begun: 1, Owed: 13, Size: 17, Delimiter: DelimiterChunked}},
		{post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r", State{Next: ChunkEnd, Middle: true, Begun: 1, Line: 1, CR: true, Delimiter: DelimiterChunked}},
		{post + "Transfer-Encoding: chunked\r\n\r\n0\r\n", State{Next: TrailerLine, Middle: true, Begun: 1, Delimiter: DelimiterChunked}},
	} {
		for _, n := range []int{1, len(c.fed)} {
			s := New(new(discard))
			for i := 0; i < len(c.fed); i += n {
				s.Feed(Request, []byte(c.fed[i:min(i+n, len(c.fed))]))
			}
			if got := s.State(Request); got != c.want {
				t.Errorf("%q, %d at once: %+v, want %+v", c.fed, n, got, c.want)
			}
		}
	}
}
