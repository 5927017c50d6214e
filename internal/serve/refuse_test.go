package serve

import (
	"strings"
	"testing"

	"rawhttp/internal/http1"
)

// TestRefusals: each example of an error on the request side is refused once, and
// nothing that stands behind it is answered.
func TestRefusals(t *testing.T) {
	statuses := map[http1.Code]string{
		http1.HTTPVersionUnsupported: "505", http1.HTTP2Preface: "505", http1.HTTP09Request: "505",
		http1.TEUnknownCoding: "501", http1.TECompression: "501", http1.ExpectUnknown: "417", http1.RequestBodyWithoutLength: "411",
		http1.ObsFold: "400", http1.ChunkSizeWhitespace: "400", http1.ContentLengthRepeated: "400", http1.RequestLineWhitespace: "400",
		http1.MixedLineEndings: "400", http1.TEMultipleLines: "501", http1.BareCR: "400",
		http1.TENotChunkedFinal: "501", // its example has gzip, which is not done here
	}
	for _, code := range http1.Codes() {
		e, err := http1.ExampleOf(code)
		if err != nil {
			t.Fatal(err)
		}
		late := strings.HasPrefix(code.String(), "truncated-") || code == http1.MissingFinalCRLF || code == http1.DataAfterClose || code == http1.ExcessData || code == http1.ConnectTunnel
		if e.Side != http1.Request || late || code.Entry().Severity != http1.Error && statuses[code] == "" {
			continue
		}
		got := answersTo(Options{Handler: Site(nil)}, append(append([]byte(nil), e.Bytes...), "\r\n\r\n"+get("/about")+get("/about")...))
		refused := strings.LastIndex(got, "HTTP/1.1 4")
		if at := strings.LastIndex(got, "HTTP/1.1 50"); at > refused {
			refused = at
		}
		want := statuses[code]
		if want == "" {
			want = "4"
		}
		switch {
		case refused < 0 || !strings.HasPrefix(got[refused:], "HTTP/1.1 "+want):
			t.Errorf("%s: %q gets %q", code, e.Bytes, got)
		case !strings.Contains(got[refused:], "Connection: close\r\n"):
			t.Errorf("%s: stays open: %q", code, got)
		case strings.Contains(got, "this is /about"):
			t.Errorf("%s: %q: what stands behind it was answered: %q", code, e.Bytes, got)
		}
	}
}

// TestLimits: what is too long is refused as soon as it is, not when it ends.
func TestLimits(t *testing.T) {
	limits := Limits{Line: 100, Head: 400, Body: 50, Bodies: 1 << 20}
	for request, want := range map[string]string{
		"GET /" + strings.Repeat("a", 100):                                                                        "HTTP/1.1 414 ",
		"GET /" + strings.Repeat("a", 100) + " HTTP/1.1\r\n":                                                      "HTTP/1.1 414 ",
		strings.Repeat("a", 101):                                                                                  "HTTP/1.1 400 ",
		"GET / HTTP/1.1\r\nX: " + strings.Repeat("a", 400):                                                        "HTTP/1.1 431 ",
		"GET / HTTP/1.1\r\n" + strings.Repeat("X: y\r\n", 100):                                                    "HTTP/1.1 431 ",
		"POST /echo HTTP/1.1\r\n" + host + "Content-Length: 51\r\n\r\n":                                           "HTTP/1.1 413 ",
		"POST /echo HTTP/1.1\r\n" + host + "Expect: 100-continue\r\nContent-Length: 51\r\n\r\n":                   "HTTP/1.1 413 ",
		"POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n28\r\n" + strings.Repeat("a", 40):   "",
		"POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("1\r\na\r\n", 9): "HTTP/1.1 413 ",
		"POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\nT: " + strings.Repeat("u", 90): "HTTP/1.1 413 ",
	} {
		for _, parts := range [][][]byte{{[]byte(request)}, byBytes(request)} {
			if got := answersTo(Options{Handler: Site(nil), Limits: limits}, parts...); !strings.HasPrefix(got, want) || want == "" && got != "" {
				t.Errorf("%q gets %q, want %s", request, got, want)
			}
		}
	}
}

// TestRefusedHead: a HEAD request gets no content, however early it is refused, and
// the request behind it does.
func TestRefusedHead(t *testing.T) {
	long := strings.Repeat("a", 100)
	for request, hidden := range map[string]bool{
		"HEAD /" + long:                                                  true,
		"HEAD /" + long + " HTTP/1.1\r\n\r\n":                            true,
		"HEAD " + strings.Repeat("0", 100) + "\n":                        true,
		"HEAD / HTTP/1.1\r\nX: " + strings.Repeat(long, 5):               true,
		"HEADS /" + long + " HTTP/1.1\r\n\r\n":                           false,
		"HEAD / HTTP/1.1\r\n" + host + "\r\nGET /" + long:                false,
		"HEAD / HTTP/1.1\r\n" + host + "\r\n" + strings.Repeat("x", 101): false,
		"HEAD / HTTP/1.1\r\n" + host + "\r\nGET / HTTP/1.1\r\nA\r\n\r\n": false,
	} {
		for _, parts := range [][][]byte{{[]byte(request)}, byBytes(request)} {
			got := answersTo(Options{Handler: Site(nil), Limits: Limits{Line: 100, Head: 400}}, parts...)
			if at := strings.LastIndex(got, "HTTP/1.1 4"); at < 0 || strings.HasSuffix(got, "\r\n\r\n") != hidden {
				t.Errorf("%q gets %q", request, got)
			}
		}
	}
}

// TestBodiesTogether: what all requests hold together is bounded, and given back.
func TestBodiesTogether(t *testing.T) {
	s := New(Options{Handler: Site(nil), Limits: Limits{Bodies: 100 << 10}})
	post := func(n int) string {
		conn := &scripted{parts: [][]byte{[]byte("POST /echo HTTP/1.1\r\n" + host + "Content-Length: " + decimal(n) + "\r\n\r\n"), make([]byte, n/2), make([]byte, n-n/2)}}
		s.begin(conn)
		s.serving.Wait()
		return conn.out.String()[:12]
	}
	for range 3 {
		if got := post(200 << 10); got != "HTTP/1.1 503" {
			t.Errorf("too much gets %q", got)
		}
		if got := post(20 << 10); got != "HTTP/1.1 200" {
			t.Errorf("a little gets %q", got)
		}
	}
	if held := s.bodies.Load(); held != 0 {
		t.Errorf("%d bytes are still counted", held)
	}
}

// TestHeadsTogether: heads are held too, and what is known of their fields is more
// than their bytes.
func TestHeadsTogether(t *testing.T) {
	s := New(Options{Handler: Site(nil), Limits: Limits{Bodies: 100 << 10}})
	for range 3 {
		conn := &scripted{parts: [][]byte{[]byte("GET / HTTP/1.1\r\n" + host), []byte(strings.Repeat("a:\r\n", 7000))}}
		s.begin(conn)
		s.serving.Wait()
		if got := conn.out.String(); !strings.HasPrefix(got, "HTTP/1.1 503") {
			t.Errorf("got %q", got)
		}
	}
	if held := s.bodies.Load(); held != 0 {
		t.Errorf("%d bytes are still counted", held)
	}
}
