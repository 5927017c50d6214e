package http1

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

// conversation turns fuzz input into segments: order says which side speaks
// next and for how long.
func conversation(request, response, order []byte) []segment {
	rest := [2][]byte{request, response}
	var out []segment
	for _, o := range order {
		side := Side(o & 1)
		n := min(int(o>>1), len(rest[side]))
		out = append(out, segment{side, rest[side][:n]})
		rest[side] = rest[side][n:]
	}
	return append(out, segment{Request, rest[0]}, segment{Response, rest[1]})
}

func seed(f *testing.F) {
	for _, c := range cases {
		f.Add([]byte(c.request), []byte(c.response), []byte{}, uint8(1))
		f.Add([]byte(c.request), []byte(c.response), []byte{9, 20, 21, 60}, uint8(3))
	}
	for n := range byte(30) { // the answer comes n bytes behind the request for a tunnel
		f.Add([]byte(connect+post+"5\r\nhello\r\n0\r\n\r\n"), []byte(ok+"\r\nx"), []byte{2 * (35 + 3*n), 255}, uint8(n))
	}
	for _, code := range Codes() {
		e, err := ExampleOf(code)
		if err != nil {
			f.Fatal(err)
		}
		request, response := e.Bytes, e.Response
		if e.Side == Response {
			request, response = []byte(get), e.Bytes
		}
		f.Add(request, response, []byte{}, uint8(2))
	}
}

// checkDiagnostics: each lies inside its stream, on a side its code applies to.
func checkDiagnostics(t *testing.T, r *recorder) {
	for _, d := range r.found {
		if d.Offset < 0 || d.Length < 0 || d.Offset+d.Length > int64(len(r.bytes[d.Side])) {
			t.Fatalf("%s outside the stream: %+v", d.Code, d)
		}
		if on := d.Code.Entry().Sides; on == OnRequests && d.Side != Request || on == OnResponses && d.Side != Response {
			t.Fatalf("%s on a %s", d.Code, d.Side)
		}
	}
}

// checkMessages: what is said of a message is what its tokens come to.
func checkMessages(t *testing.T, r *recorder) {
	for _, m := range r.done {
		var head, body, lost, framing int64
		chunks := 0
		for _, token := range r.tokens[m.Side] {
			n := int64(len(token.Bytes))
			switch k := token.Kind; {
			case token.Message != m.Number:
			case RequestLine <= k && k <= HeaderEnd:
				head += n
			case k == Unframed:
				body, lost = body+n, lost+n
			case k == ChunkData:
				body, chunks = body+n, chunks+1
			case k == Body:
				body += n
			default:
				framing += n
			}
		}
		if m.Head != head || m.Body != body || m.Lost != lost || m.Framing != framing || m.Chunks != chunks {
			t.Fatalf("%+v\nis %d + %d + %d in %d chunks, %d lost", m, head, body, framing, chunks, lost)
		}
	}
}

// FuzzCut is the first law: joined tokens are the input, and cutting it
// elsewhere changes nothing that is said.
func FuzzCut(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, request, response, order []byte, cut uint8) {
		segments := conversation(request, response, order)
		whole, _ := scan(segments, 0, true)
		if whole.violate != "" {
			t.Fatal(whole.violate)
		}
		if !bytes.Equal(whole.bytes[Request], request) || !bytes.Equal(whole.bytes[Response], response) {
			t.Fatalf("tokens joined: %q %q", whole.bytes[Request], whole.bytes[Response])
		}
		checkDiagnostics(t, whole)
		checkMessages(t, whole)
		pieces, _ := scan(segments, int(cut)+1, true)
		if a, b := whole.all(), pieces.all(); a != b {
			t.Fatalf("cut at %d:\n%s\nwhole:\n%s", int(cut)+1, b, a)
		}
		if a, b := whole.all(), scanResting(t, segments, int(cut)+1).all(); a != b {
			t.Fatalf("resting, cut at %d:\n%s\nwhole:\n%s", int(cut)+1, b, a)
		}
	})
}

// scanResting rests wherever a Scanner can, and goes on with one that has rested
// behind something else.
func scanResting(t *testing.T, segments []segment, cut int) *recorder {
	r := new(recorder)
	s, other := New(r), New(new(recorder))
	var resting Resting
	rested := func(s *Scanner) {
		s.Resume(new(recorder), &Resting{})
		s.Feed(Request, []byte("HEAD http://a:1/x HTTP/1.0\r\nHost: b\r\nContent-Length: 1, 1\r\nX: y\n\nz"))
		s.Feed(Response, []byte("HTTP/1.0 404 x\nContent-Length: 07\n\n"))
		s.Feed(Request, []byte("PUT http://a:1/x HTTP/1.1\r\nHost: b\r\nExpect: 100-continue\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\nx: y\r\n\r\n"))
		s.Feed(Response, []byte("HTTP/1.1 103 x\nA: b\n\nHTTP/1.1 206 x\nContent-Length: 00001\r\nConnection: close\r\n\r\nz"))
		if !s.Rest(&Resting{}) {
			t.Fatal("it does not rest")
		}
	}
	rested(other)
	for _, g := range segments {
		for b := g.data; len(b) > 0; {
			n := min(len(b), cut)
			s.Feed(g.side, b[:n])
			b = b[n:]
			if !s.Rest(&resting) {
				continue
			}
			before := [2]State{s.State(Request), s.State(Response)}
			other.Resume(r, &resting)
			s, other = other, s
			if after := [2]State{s.State(Request), s.State(Response)}; before != after {
				t.Fatalf("before %+v\nafter %+v", before, after)
			}
			rested(other)
		}
	}
	s.End(Request)
	s.End(Response)
	return r
}

// atTheEnd are the codes that only an end of the stream can show.
var atTheEnd = map[Code]bool{
	TruncatedStartLine: true, TruncatedHeaders: true, TruncatedBody: true,
	TruncatedChunkedBody: true, MissingFinalCRLF: true, UnansweredRequest: true, MissingFinalResponse: true,
}

// FuzzOpen is the second law: an open prefix shows nothing that only its end
// could show, and takes nothing back of what it said.
func FuzzOpen(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, request, response, order []byte, cut uint8) {
		segments := conversation(request, response, order)
		open, s := scan(segments, 0, false)
		for _, d := range open.found {
			if atTheEnd[d.Code] {
				t.Fatalf("%s on an open stream", d.Code)
			}
		}
		for side, sent := range [][]byte{request, response} {
			kind, held, offset := s.Pending(Side(side))
			if got := append(open.bytes[side], held...); !bytes.Equal(got, sent) {
				t.Fatalf("handed on and pending: %q, sent %q", got, sent)
			}
			before := len(open.tokens[side])
			s.End(Side(side))
			tokens := open.tokens[side][before:]
			if len(held) > 0 && len(tokens) == 1 && tokens[0].Kind != kind {
				t.Fatalf("pending at %d was %s, came to be %s", offset, kind, tokens[0].Kind)
			}
			if state := s.State(Side(side)); state.Begun < state.Complete {
				t.Fatalf("more messages complete than begun: %+v", state)
			}
		}
	})
}

// skipper feeds only what Opaque says must be seen, and rests wherever it can.
func skipper(segments []segment) *recorder {
	r := new(recorder)
	s := New(r)
	var resting Resting
	for _, g := range segments {
		for b := g.data; len(b) > 0; {
			n := min(s.Opaque(g.side), int64(len(b)))
			if n > 0 {
				s.Skip(g.side, n)
			} else {
				n = 1
				s.Feed(g.side, b[:1])
			}
			b = b[n:]
			if s.Rest(&resting) {
				s.Resume(r, &resting)
			}
		}
	}
	s.End(Request)
	s.End(Response)
	return r
}

// FuzzSkip: bytes skipped unseen change no message, no diagnostic and no other token.
func FuzzSkip(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, request, response, order []byte, _ uint8) {
		segments := conversation(request, response, order)
		fed, _ := scan(segments, 0, true)
		skipped := skipper(segments)
		if len(fed.done) != len(skipped.done) || fed.diagnostics() != skipped.diagnostics() || fed.messages() != skipped.messages() {
			t.Fatalf("skipped: %s %s\nfed: %s %s", skipped.messages(), skipped.diagnostics(), fed.messages(), fed.diagnostics())
		}
		for side := range fed.tokens {
			var lines []Token
			for _, x := range fed.tokens[side] {
				if !x.Kind.Opaque() {
					lines = append(lines, x)
				}
			}
			var got []Token
			for _, x := range skipped.tokens[side] {
				if !x.Kind.Opaque() {
					got = append(got, x)
				}
			}
			if len(lines) != len(got) {
				t.Fatalf("%d lines fed, %d with skipping", len(lines), len(got))
			}
		}
	})
}

func TestLongLines(t *testing.T) {
	long := strings.Repeat("x", 3*pieceSize)
	for _, text := range []string{
		"GET /" + long + " HTTP/1.1\r\nHost: a\r\n\r\n", // a 0.9 request by its first piece
		"GET / HTTP/1.1\r\nHost: " + long + "\n\r\n",
		"GET / HTTP/1.1\r\nHost: " + long[:pieceSize-8] + "\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: " + long[:pieceSize-7] + "\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: " + long[:pieceSize-6] + "\r\n\r\n",
		post + "5;" + long + "\r\nhello\r\n0;" + long + "\r\nT: " + long + "\r\n" + " " + long + "\r\n\r\n",
		long + "\r\n" + get,
		"GET / HTTP/1.1\r\nHost: " + long,
	} {
		whole, _ := scan([]segment{{Request, []byte(text)}}, 0, true)
		for _, token := range whole.tokens[Request] {
			if !token.Kind.Opaque() && len(token.Bytes) > pieceSize {
				t.Errorf("%s of %d bytes", token.Kind, len(token.Bytes))
			}
			if token.More && len(token.Bytes) != pieceSize {
				t.Errorf("a piece of %d bytes", len(token.Bytes))
			}
		}
		for _, cut := range []int{1, 1000, pieceSize, pieceSize + 1} {
			pieces, _ := scan([]segment{{Request, []byte(text)}}, cut, true)
			if a, b := whole.all(), pieces.all(); a != b {
				t.Errorf("%.40q cut at %d differs", text, cut)
			}
		}
	}
}

func TestPendingKind(t *testing.T) {
	for _, c := range []struct {
		side Side
		fed  string
		want Kind
	}{
		{Request, "GE", RequestLine}, {Request, "GET", RequestLine}, {Request, "hello", NonHTTP},
		{Request, "GET / HT", RequestLine}, {Response, "HTT", StatusLine}, {Response, "X", NonHTTP},
		{Request, "\r", EmptyLine}, {Request, ok[:0] + "GET / HTTP/1.1\r\n", 0},
		{Request, "GET / HTTP/1.1\r\n\r", HeaderEnd}, {Request, "GET / HTTP/1.1\r\n x", HeaderFold},
		{Request, post + "1", ChunkSize}, {Request, post + "0", LastChunk}, {Request, post + "zz", Unframed},
		{Request, post + "1\r\na\r", ChunkEnd}, {Request, post + "0\r\nA", TrailerLine},
	} {
		_, s := scan([]segment{{c.side, []byte(c.fed)}}, 0, false)
		if got, held, _ := s.Pending(c.side); len(held) > 0 && got != c.want {
			t.Errorf("%q: %s, want %s", c.fed, got, c.want)
		}
	}
}

// TestLeave: what is held is handed on, and nothing is called cut.
func TestLeave(t *testing.T) {
	for fed, want := range map[string]string{
		ok + "Content-Length: 1\r\n\r\nxrest": "status 17, header 19, end 2, body 1, non-http 4 excess-data@39+4",
		ok + "A":                              "status 17, header 1 ",
		ok + "Content-Length: 9\r\n\r\nx":     "status 17, header 19, end 2, body 1 ",
	} {
		r, s := scan([]segment{{Response, []byte(fed)}}, 0, false)
		s.Leave(Response)
		s.End(Response)
		if got := r.side(Response) + " " + r.framing(); got != want {
			t.Errorf("%q: %q, want %q", fed, got, want)
		}
	}
}

func TestOpaque(t *testing.T) {
	for _, c := range []struct {
		fed  string
		want int64
	}{
		{"", 0}, {ok, 0}, {ok + "Content-Length: 10\r\n\r\nab", 8}, {ok + "\r\n", math.MaxInt64},
		{ok + "Transfer-Encoding: chunked\r\n\r\nff\r\n", 254}, {"hello\n", math.MaxInt64},
	} {
		_, s := scan([]segment{{Response, []byte(c.fed)}}, 0, false)
		if got := s.Opaque(Response); got != c.want {
			t.Errorf("%q: %d, want %d", c.fed, got, c.want)
		}
	}
}

// TestUnansweredIsBounded sends more requests than are remembered, then as many
// answers: the facts of those remembered hold, the rest count as GET.
func TestUnansweredIsBounded(t *testing.T) {
	var u unanswered
	for range maxUnanswered + 10 {
		u.begin(factHead)
	}
	if cap(u.facts) > 2*maxUnanswered {
		t.Errorf("%d remembered", cap(u.facts))
	}
	for i := range maxUnanswered + 10 {
		n, facts := u.current()
		if n != i+1 || (facts == factHead) != (i < maxUnanswered) {
			t.Fatalf("request %d: number %d, facts %d", i+1, n, facts)
		}
		u.answer()
	}
	u.answer() // comes before its request
	u.begin(factHead)
	if n, _ := u.current(); n != 0 {
		t.Errorf("answered before it began, and current: %d", n)
	}
	u.begin(factConnect)
	if n, facts := u.current(); n != maxUnanswered+12 || facts != factConnect {
		t.Errorf("afterwards: %d %d", n, facts)
	}
}

// TestTable holds the catalogue's form.
func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Codes() {
		e := c.Entry()
		if e.Name == "" || seen[e.Name] || e.Title == "" || len(e.Title) > 40 || e.Sentence == "" || !strings.HasPrefix(e.RFC, "RFC ") {
			t.Errorf("%d: %+v", c, e)
		}
		seen[e.Name] = true
	}
	for _, k := range Kinds() {
		if k.String() == "" || k.Label() == "" || len(k.Label()) > 8 {
			t.Errorf("kind %d: %q %q", k, k, k.Label())
		}
	}
}

type discard struct{ n int }

func (d *discard) Token(t Token)         { d.n += len(t.Bytes) }
func (d *discard) Diagnostic(Diagnostic) {}
func (d *discard) Head(*Message)         {}
func (d *discard) Message(*Message)      {}

func TestNoAllocations(t *testing.T) {
	s := New(new(discard))
	request := []byte(post + "5;a=b\r\nhello\r\n0\r\nT: u\r\n\r\n")
	response := []byte(ok + "Content-Length: 5\r\nConnection: keep-alive\r\nTransfer-Encoding:\r\n\r\nhello")
	half := len(request) / 2
	exchange := func() {
		s.Feed(Request, request[:half])
		s.Feed(Request, request[half:])
		s.Feed(Response, response[:half])
		s.Feed(Response, response[half:])
	}
	exchange()
	if n := testing.AllocsPerRun(100, exchange); n != 0 {
		t.Errorf("%v allocations an exchange", n)
	}
}

func BenchmarkSmallMessages(b *testing.B) {
	s := New(new(discard))
	request := bytes.Repeat([]byte("GET /index.html HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: curl/8.4.0\r\nAccept: */*\r\n\r\n"), 100)
	response := bytes.Repeat([]byte(ok+"Content-Length: 5\r\n\r\nhello"), 100)
	b.SetBytes(int64(len(request) + len(response)))
	b.ReportAllocs()
	for b.Loop() {
		s.Feed(Request, request)
		s.Feed(Response, response)
	}
}

// TestCutStartLine: the end of a stream in the middle of a start line is no
// message boundary.
func TestCutStartLine(t *testing.T) {
	for fed, middle := range map[string]bool{"GET / HT": true, "GET / HTTP/1.1\r\nHost: a\r\n\r\n": false, "hello": false} {
		_, s := scan([]segment{{Request, []byte(fed)}}, 0, true)
		if got := s.State(Request).Middle; got != middle {
			t.Errorf("%q: in the middle: %v", fed, got)
		}
	}
}
