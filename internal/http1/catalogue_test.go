package http1

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// alone scans one side of a connection, cut into pieces of at most cut bytes.
func alone(side Side, known Known, stream []byte, cut int) *recorder {
	r := new(recorder)
	s := NewAlone(r, side, known)
	for rest := stream; len(rest) > 0; {
		n := len(rest)
		if cut > 0 {
			n = min(n, cut)
		}
		s.Feed(side, rest[:n:n])
		rest = rest[n:]
	}
	s.End(side)
	return r
}

func (r *recorder) codes() []string {
	var names []string
	for _, d := range r.found {
		names = append(names, d.Code.String())
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// TestCatalogue: each example shows its code, and exactly those that the
// catalogue lists beside it, on the side it is about.
func TestCatalogue(t *testing.T) {
	for _, code := range Codes() {
		t.Run(code.String(), func(t *testing.T) {
			e, err := ExampleOf(code)
			if err != nil {
				t.Fatal(err)
			}
			if on := code.Entry().Sides; on == OnRequests && e.Side != Request || on == OnResponses && e.Side != Response {
				t.Errorf("an example of a %s", e.Side)
			}
			want := []string{code.String()}
			for _, also := range e.Also {
				want = append(want, also.String())
			}
			slices.Sort(want)
			known := Known{RequestMethods: e.RequestMethods, ResponseStatuses: e.ResponseStatuses}
			for _, cut := range []int{0, 1, 2, 7} {
				r := alone(e.Side, known, e.Bytes, cut)
				if got := r.codes(); !slices.Equal(got, want) {
					t.Errorf("cut %d: got %v, want %v", cut, got, want)
				}
			}
			if e.Response != nil {
				if r := alone(Response, Known{}, e.Response, 0); !slices.Contains(r.codes(), code.String()) {
					t.Errorf("the response %q: %v", e.Response, r.codes())
				}
			}
		})
	}
}

// TestNothingToSay: a run of usual exchanges shows nothing at all, notes included.
func TestNothingToSay(t *testing.T) {
	r, _ := scan([]segment{
		{Request, []byte(get + post + "5\r\nhello\r\n0\r\n\r\n" + "HEAD /a.b/c?d=%20&e=f HTTP/1.1\r\nHost: [::1]:8080\r\nConnection: keep-alive\r\n\r\n")},
		{Response, []byte(ok + "Content-Length: 5\r\n\r\nhello" + ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" +
			"HTTP/1.1 404 Not Found\r\nContent-Length: 5\r\nConnection: close\r\n\r\n")},
	}, 0, true)
	if got := r.diagnostics(); got != "" {
		t.Error(got)
	}
}

// TestPlaces: the diagnostics of more telling lines, with their places.
func TestPlaces(t *testing.T) {
	for _, c := range []struct{ name, request, want string }{
		{"each word of a request line", "G@T  /a b\xff#c HTTP/1.1 \r\nHost: a\r\n\r\n",
			"request-line-whitespace@3+2, method-invalid@1+1, request-target-space@7+1, request-target-non-ascii@9+1, request-target-fragment@10+2"},
		{"the first run only", "GET /|||x|| HTTP/1.1\r\nHost: a\r\n\r\n", "request-target-unsafe-char@5+3"},
		{"escapes", "GET /%zz%4%00%7f HTTP/1.1\r\nHost: a\r\n\r\n", "request-target-bad-escape@5+3, request-target-encoded-control@10+3"},
		{"dots behind an authority", "GET http://a/b/%2E./c HTTP/1.1\r\nHost: a\r\n\r\n", "absolute-form-target@4+17, request-target-dot-segments@15+4"},
		{"no dots in a query", "GET /a.b?/../ HTTP/1.1\r\nHost: a\r\n\r\n", ""},
		{"words behind the version", "GET / HTTP/1.1 x\r\nHost: a\r\n\r\n", "http-version-invalid@6+10"},
		{"a request behind PROXY", "PROXY UNKNOWN\r\nGET / HTTP/1.1\r\n\r\n", "proxy-protocol@0+13, host-missing@31+2"},
		{"PROXY twice", "PROXY TCP4 a\r\nPROXY TCP4 a\r\nGET / HTTP/1.1\r\n\r\n", "proxy-protocol@0+12, not-http@14+12"},
		{"PROXY of no network", "PROXY TCP5 a\r\nGET / HTTP/1.1\r\n\r\n", "not-http@0+12"},
		{"half a line of PROXY", "PROXY TCP4 a", "proxy-protocol@0+12"},
		{"PROXY, version 2", "\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0cGET / HTTP/1.1\r\n\r\n", "leading-empty-line@0+2, leading-empty-line@2+2, proxy-protocol@4+1"},
		{"a zero byte elsewhere", "\r\n\x00\r\nQUIT\n", "leading-empty-line@0+2, not-http@2+1"},
		{"a fold", "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n\tc\x01\r\n\r\n", "obs-fold@31+1, header-value-control-char@33+1"},
		{"a coding that a fold spoils", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n x\r\n\r\n", "obs-fold@54+1, te-malformed@45+11, te-not-chunked-final@45+7"},
		{"a coding that a fold adds", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip,\r\n chunked\r\n\r\n0\r\n\r\n", "te-compression@45+4, obs-fold@52+1"},
		{"empty members, said once a line", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ,chunked,,\r\n\r\n0\r\n\r\n", "te-malformed@45+1"},
		{"an empty coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \r\n\r\n", "te-malformed@43+2"},
		{"a length repeated, over lines and in a list", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 01\r\nContent-Length: 1\r\n\r\nx",
			"content-length-leading-zero@45+2, content-length-repeated@45+2, content-length-repeated@65+1"},
		{"no length, at the end of the stream", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n", "content-length-invalid@26+15, truncated-headers@43+0"},
		{"a comma, at the end of the stream", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked,\r\n", "te-malformed@52+1, truncated-headers@55+0"},
		{"a body on GET, said once", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
			"unexpected-request-body@25+17, content-length-repeated@60+1"},
		{"a length that is not 0 before one that is", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 0\r\n\r\n",
			"content-length-conflict@44+1, unexpected-request-body@25+20"},
		{"an address without a port", "CONNECT [::1] HTTP/1.1\r\nHost: a\r\n\r\nGET [::1] HTTP/1.1\r\nHost: a\r\n\r\nGET [::1]:8 HTTP/1.1\r\nHost: a\r\n\r\n",
			"connect-target-invalid@8+5, relative-target@39+5, authority-form-misuse@70+7"},
		{"a URL without a host", "GET http:// HTTP/1.1\r\nHost:\r\n\r\n", "absolute-form-target@4+7, host-empty@27+0"},
		{"a version first, in any case", "http/1.1 HTTP/1.1\r\nHost: a\r\n\r\n", "wrong-direction@0+17, method-invalid@4+1, request-target-missing@8+1"},
		{"a CR at the end of a line", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", "cr-cr-lf@14+1"},
		{"CRs within a line and at its end", "GET /  HTTP/1.1 \r\r\nHost: a\rb\r\r\n\r\r\nA\r\n\r\n",
			"cr-cr-lf@16+1, request-line-whitespace@5+2, bare-cr@26+1, cr-cr-lf@28+1, host-invalid@25+3, cr-cr-lf@31+1, header-missing-colon@34+1"},
		{"a line of CRs that is cut", "GET / HTTP/1.1\r\nA: b\r\n\r\r", "bare-cr@22+1, truncated-headers@24+0"},
		{"only CR", "GET / HTTP/1.1\rHost: a\r\r", "bare-cr@14+1, truncated-start-line@24+0"},
		{"a no-break space", "GET\u00a0/ HTTP/1.1\r\nHost\u00a0: a\r\nA: \u00a0b\r\nB: c\xa0\r\nC: d\u00a0e\r\n\r\n",
			"odd-space@3+2, method-invalid@3+3, request-target-missing@6+1, odd-space@21+2, header-name-invalid-char@21+2, odd-space@31+2, header-value-non-ascii@31+2, odd-space@40+1, header-value-non-ascii@40+1, header-value-non-ascii@47+2, host-missing@52+2"},
		{"chunk lines", post + " 5 ; a = \"b\\\"c\" ;d\r\nhello\r\n00;a=\r\nHost: x\r\n\r\n",
			"chunk-size-whitespace@56+1, chunk-extension@59+15, chunk-size-leading-zero@83+2, chunk-extension@85+3, chunk-extension-malformed@85+3, trailer-fields@90+7, trailer-forbidden-field@90+7"},
		{"a chunk size that counts the CR", post + "6\r\nhello\r\n0\r\n\r\n", "chunk-data-unterminated@65+1"},
		{"a chunk size in decimal", post + "11\r\nhello world\r\n0\r\n\r\n", "chunk-data-unterminated@77+1, truncated-chunked-body@78+0"},
		{"a chunk whose data ends in LF", post + "6\r\nhello\n\n0\r\n\r\n", "chunk-line-bare-lf@65+1"},
		{"a body that nothing announced, after close", "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nx=1\n",
			"post-without-length@45+2, request-body-without-length@47+3, data-after-close@47+3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, cut := range []int{0, 1, 3} {
				if got := alone(Request, Known{}, []byte(c.request), cut).diagnostics(); got != c.want {
					t.Errorf("cut %d:\n got %s\nwant %s", cut, got, c.want)
				}
			}
		})
	}
}

// TestPlacesOfResponses does the same for responses.
func TestPlacesOfResponses(t *testing.T) {
	for _, c := range []struct {
		name     string
		response string
		methods  string
		want     string
	}{
		{"an answer nobody asked for", ok + "Content-Length: 0\r\n\r\n" + ok + "Content-Length: 0\r\n\r\n", "GET", "unsolicited-response@38+15"},
		{"nobody knows what was asked", ok + "Content-Length: 0\r\n\r\n" + ok + "Content-Length: 0\r\n\r\n", "", ""},
		{"too few", ok + "Content-Length: 0\r\n\r\n", "GET GET", "unanswered-request@38+0"},
		{"a body to HEAD", ok + "Content-Length: 5\r\n\r\nhello", "HEAD", "body-not-allowed@38+5"},
		{"two bytes of gzip in two chunks", ok + "Content-Encoding: x-gzip\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n\x1f\r\n1\r\nx\r\n0\r\n\r\n", "GET", "content-encoding-mismatch@76+1"},
		{"a part of gzip", "HTTP/1.1 206 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx", "GET", ""},
		{"gzip and br", ok + "Content-Encoding: gzip, br\r\nContent-Length: 2\r\n\r\nxx", "GET", ""},
		{"one byte is too few to tell", ok + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", "GET", ""},
		{"words of a status line", "HTTP/1.1\t99  OK\x01\r\nContent-Length: 0\r\n\r\n", "GET",
			"status-code-invalid@9+2, status-line-whitespace@8+1, reason-phrase-control-char@15+1"},
		{"000 is three digits", "HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n", "GET", "status-code-out-of-range@9+3"},
		{"a space before the status line", " " + ok, "GET", "not-http@0+16, status-line-whitespace@0+1"},
		{"a word for a status code", "HTTP/1.1 OK\r\nContent-Length: 0\r\n\r\n", "GET", "status-code-invalid@9+2"},
		{"no version", "200 OK\r\nContent-Length: 0\r\n\r\n", "GET", "http-version-missing@0+3"},
		{"a code alone", "404\r\n\r\n", "GET", "not-http@0+3"},
		{"a code of other protocols", "421 Too many connections\r\n", "GET", "not-http@0+24"},
		{"a body that was called too short, and ends in a version", ok + "Content-Length: 3\r\n\r\nabc1.1 200 x\r\n", "GET GET", "excess-data@41+9"},
		{"a space before a code", " 404 not found \r\n\r\n", "GET", "http-version-missing@1+3"},
		{"a greeting with a number", "200 news.example.com ready\r\n", "GET", "not-http@0+26"},
		{"a number that is no status", "600 more\r\n", "GET", "not-http@0+8"},
		{"a misspelt version", "HTTP 1.1 200 OK\r\n\r\n", "GET", "http-version-invalid@0+8"},
		{"a version with a letter less", "HTP/1.1 200 OK\r\n\r\n", "GET", "http-version-invalid@0+7"},
		{"a version without a slash", "HTTP1.1 404\r\n\r\n", "GET", "http-version-invalid@0+7"},
		{"a number alone", "1.1 200 OK\r\n\r\n", "GET", "http-version-invalid@0+3"},
		{"a misspelt version, and no code", "HTTP 1.1 OK\r\n\r\n", "GET", "not-http@0+11"},
		{"a second response with a misspelt version", ok + "Content-Length: 0\r\n\r\nHTTPS/1.1 200 OK\r\n\r\n", "GET GET", "http-version-invalid@38+9"},
		{"a second response without a version", ok + "Content-Length: 0\r\n\r\n200 OK\r\n", "GET GET", "excess-data@38+6"},
		{"a head of 4096 bytes, and of one more", ok + "Content-Length: 0\r\nX: " + strings.Repeat("x", 4053) + "\r\n\r\n" +
			ok + "Content-Length: 0\r\nX: " + strings.Repeat("x", 4054) + "\r\n\r\n", "GET GET", "response-head-large@8191+2"},
		{"no status code", "HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "GET", "status-code-invalid@8+0"},
		{"settings of HTTP/2, and what only begins so", "\x00\x00\n\x03x\n", "GET", "not-http@0+2"},
		{"a tunnel", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", "CONNECT", "length-header-not-allowed@17+17, connect-tunnel@36+2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, cut := range []int{0, 1, 3} {
				r := alone(Response, Known{RequestMethods: strings.Fields(c.methods)}, []byte(c.response), cut)
				if got := r.diagnostics(); got != c.want {
					t.Errorf("cut %d:\n got %s\nwant %s", cut, got, c.want)
				}
			}
		})
	}
}

// TestTunnelOfRequests: what a request stream is known to have got decides what
// it becomes.
func TestTunnelOfRequests(t *testing.T) {
	const connect = "CONNECT a:1 HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"
	for status, want := range map[int]string{101: "switching-protocols@64+2", 200: "connect-tunnel@64+2", 404: ""} {
		if got := alone(Request, Known{ResponseStatuses: []int{status}}, []byte(connect), 0).diagnostics(); got != want {
			t.Errorf("%d: got %s, want %s", status, got, want)
		}
	}
}

// TestReference: docs/diagnostics.md lists the table's codes, in its order.
func TestReference(t *testing.T) {
	text, err := os.ReadFile("../../docs/diagnostics.md")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for line := range strings.Lines(string(text)) {
		if cells := strings.Split(line, " | "); strings.HasPrefix(line, "| `") {
			listed = append(listed, strings.Trim(cells[0], "| `")+" "+cells[1])
		}
	}
	var want []string
	for _, code := range Codes() {
		want = append(want, code.String()+" "+code.Entry().Severity.String())
	}
	if !slices.Equal(listed, want) {
		t.Errorf("listed: %v\nwant: %v", listed, want)
	}
}

// TestBehindPROXY: the request behind a line of the PROXY protocol is one, and the
// response answers it.
func TestBehindPROXY(t *testing.T) {
	for _, cut := range []int{0, 1, 5} {
		r, s := scan([]segment{{Request, []byte("PROXY TCP6 ::1 ::1 5 80\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")}, {Response, []byte(ok + "Content-Length: 0\r\n\r\n")}}, cut, true)
		if asked, answered := s.State(Request).Complete, s.State(Response).Answered; asked != 1 || answered != 1 || r.diagnostics() != "proxy-protocol@0+23" {
			t.Errorf("cut %d: %d, %d, %s", cut, asked, answered, r.diagnostics())
		}
	}
}

// TestMissingAnswers: whoever cut a request short is owed no answer to it.
func TestMissingAnswers(t *testing.T) {
	const cut, whole = "GET / HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
	for _, c := range []struct {
		request string
		ended   bool
		want    string
	}{
		{whole, true, "unanswered-request@0+0"},
		{cut, true, "truncated-headers@25+0"},
		{post + "b\r\nhello world\r\n", true, "truncated-chunked-body@72+0"},
		{whole + cut, true, "truncated-headers@52+0, unanswered-request@0+0"},
		{cut, false, "unanswered-request@0+0"},
	} {
		r, s := scan([]segment{{Request, []byte(c.request)}}, 0, false)
		if c.ended {
			s.End(Request)
		}
		s.End(Response)
		if got := r.diagnostics(); got != c.want {
			t.Errorf("%q: %s, want %s", c.request, got, c.want)
		}
	}
}

// TestAnswersToHalfALine: a server may answer a line that has not ended.
func TestAnswersToHalfALine(t *testing.T) {
	const whole, answer = "GET / HTTP/1.1\r\nHost: a\r\n\r\n", ok + "Content-Length: 0\r\n\r\n"
	for _, c := range []struct{ request, response, want string }{
		{"", answer, "unsolicited-response@0+15"},
		{whole, answer + answer, "unsolicited-response@38+15"},
		{"GET / HTTP/1.1\rHost: a\r\r", answer, ""},
		{whole + "rest", answer + answer, ""},
	} {
		for _, cut := range []int{0, 1} {
			r, _ := scan([]segment{{Request, []byte(c.request)}, {Response, []byte(c.response)}}, cut, false)
			if got := r.diagnostics(); got != c.want {
				t.Errorf("%q, cut %d: %s, want %s", c.request, cut, got, c.want)
			}
		}
	}
}
