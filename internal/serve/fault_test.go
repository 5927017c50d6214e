package serve

import (
	"fmt"
	"net"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rawhttp/internal/http1"
)

// faultSeen is what a fault must look like to those that read it.
type faultSeen struct {
	codes string        // http1's warnings and errors, in order
	open  bool          // the server waits for the next request
	takes time.Duration // till the last byte

	waits bool     // the clients wait until they give up
	args  []string // more of curl's
	exit  int      // of curl
	out   string   // what curl prints; "*": anything
	curl  string   // curl's words, which Shows quotes
	goErr string   // a part of the error of Go's client, which Shows quotes
	goOut string   // content that Go's client gives; "=": what curl prints
	goLog string   // what Go's client logs
}

const (
	timedOut = "curl: (28) Operation timed out"
	deadline = "context deadline exceeded"
	noHTTP09 = "curl: (1) Received HTTP/0.9 when not allowed"
	peer     = "connection reset by peer"
	hex      = "curl: (56) Illegal or missing hexadecimal sequence in chunked-encoding"
	excess   = "Unsolicited response received on idle HTTP channel starting with "
)

var faultsSeen = map[string]faultSeen{
	"length-one-too-big":      {codes: "truncated-body", exit: 18, out: "hello\n", curl: "curl: (18) transfer closed with 1 bytes remaining to read", goOut: "=", goErr: "unexpected EOF"},
	"length-one-too-big-open": {codes: "truncated-body", open: true, waits: true, exit: 28, out: "hello\n", curl: timedOut, goOut: "=", goErr: deadline},
	"length-one-too-small":    {codes: "excess-data", open: true, out: "hello", goOut: "=", goLog: excess + `"!"`},
	"length-missing":          {codes: "keep-alive-without-length", open: true, waits: true, exit: 28, out: "hello\n", curl: timedOut, goOut: "=", goErr: deadline},
	"length-not-a-number":     {codes: "content-length-invalid", exit: 8, curl: "curl: (8) Invalid Content-Length: value", goErr: `bad Content-Length "six"`},
	"two-lengths":             {codes: "content-length-conflict", out: "hel", goErr: "message cannot contain multiple Content-Length headers"},
	"both-lengths":            {codes: "cl-te-conflict", out: "hello\n", goOut: "="},
	"chunk-size-bad":          {codes: "chunk-size-invalid", exit: 56, curl: hex, goErr: "invalid byte in chunk length"},
	"chunk-size-too-small":    {codes: "chunk-data-unterminated", exit: 56, out: "hello", curl: "curl: (56) Malformed encoding found in chunked-encoding", goOut: "=", goErr: "malformed chunked encoding"},
	"last-chunk-missing":      {codes: "truncated-chunked-body", exit: 18, out: "hello\n", curl: "curl: (18) transfer closed with outstanding read data remaining", goOut: "=", goErr: "unexpected EOF"},
	"chunks-unannounced":      {out: "6\r\nhello\n\r\n0\r\n\r\n", goOut: "="},
	"status-line-none":        {codes: "http-version-invalid", exit: 1, curl: noHTTP09, goErr: `malformed HTTP version "HTTP"`},
	"http09":                  {codes: "not-http", exit: 1, curl: noHTTP09, goErr: `malformed HTTP status code "from"`},
	"empty-line-first":        {codes: "empty-line-before-response", exit: 1, curl: noHTTP09, goErr: `malformed HTTP response ""`},
	"empty-line-missing":      {codes: "header-missing-colon truncated-headers", exit: 8, curl: "curl: (8) Header without colon", goErr: `malformed MIME header: missing colon: "hello"`},
	"bare-lf":                 {codes: "bare-lf", open: true, out: "hello\n", goOut: "="},
	"space-before-colon":      {codes: "header-space-before-colon", open: true, waits: true, exit: 28, out: "hello\n", curl: timedOut, goOut: "=", goErr: deadline},
	"terminal-escape":         {codes: "header-value-control-char", open: true, args: []string{"-i"}, out: "HTTP/1.1 200 OK\r\nX-Message: \x1b[31mred?\x1b[0m\x1b]0;a title from a server\a\r\nContent-Length: 6\r\n\r\nhello\n", goErr: "malformed MIME header line"},
	"endless-headers":         {codes: "too-many-headers header-section-too-large truncated-headers", exit: 56, out: "*", curl: "curl: (56) Too large response headers", goErr: "server response headers exceeded 10485760 bytes"},
	"body-cut":                {codes: "truncated-body", exit: 18, out: "hello, this is the begin", curl: "curl: (18) transfer closed with 76 bytes remaining to read", goOut: "=", goErr: "unexpected EOF"},
	"reset-inside":            {codes: "truncated-body", takes: beforeCut, exit: 56, out: "hello, this is the begin", curl: "curl: (56) Recv failure: Connection reset by peer", goOut: "=", goErr: peer},
	"close-at-once":           {codes: "unanswered-request", exit: 52, curl: "curl: (52) Empty reply from server", goErr: "EOF"},
	"reset-at-once":           {codes: "unanswered-request", exit: 56, curl: "curl: (56) Recv failure: Connection reset by peer", goErr: peer},
	"delayed-first-byte":      {open: true, takes: 10 * time.Second, waits: true, exit: 28, curl: timedOut, goErr: deadline},
	"slow-headers":            {open: true, takes: 37 * time.Second, waits: true, exit: 28, curl: timedOut, goErr: deadline},
	"slow-body":               {open: true, takes: 31 * time.Second, waits: true, args: []string{"-N"}, exit: 28, out: "h", curl: timedOut, goOut: "=", goErr: deadline},
	"gzip-that-is-none":       {codes: "content-encoding-mismatch", open: true, args: []string{"--compressed"}, exit: 61, curl: "curl: (61) Error while processing content unencoding: incorrect header check", goErr: "gzip: invalid header"},
	"two-responses":           {codes: "unsolicited-response", open: true, out: "first\n", goOut: "=", goLog: excess + `"HTTP/1.1 200 OK\r\nContent-Length: 7`},
	"redirect-loop":           {open: true, args: []string{"-L"}, exit: 47, curl: "curl: (47) Maximum (50) redirects followed", goErr: "stopped after 10 redirects"},
}

// TestFaultTable: the table is the tests' and the document's, and what is quoted
// is in the words that the clients are held to.
func TestFaultTable(t *testing.T) {
	name, quoted := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`), regexp.MustCompile("`[^`]+`")
	known := map[string]bool{"list": true, "all": true}
	for _, f := range Faults() {
		seen, tested := faultsSeen[f.Name]
		if !name.MatchString(f.Name) || known[f.Name] || !tested {
			t.Errorf("%s: a bad name, known already, or not tested", f.Name)
		}
		known[f.Name] = true
		for _, words := range []string{seen.curl, seen.goErr} {
			if !strings.Contains(f.Shows, "`"+words) && words != "" {
				t.Errorf("%s: %q is not quoted in %q", f.Name, words, f.Shows)
			}
		}
		for _, q := range quoted.FindAllString(f.Shows, -1) {
			if q = strings.Trim(q, "`"); !strings.HasPrefix(seen.curl, q) && !strings.HasPrefix(seen.goErr, q) && !strings.HasPrefix(seen.goLog, q) {
				t.Errorf("%s: nothing holds %q", f.Name, q)
			}
		}
		for _, sentence := range []string{f.About, f.Shows} {
			if !strings.HasSuffix(sentence, ".") || strings.ContainsAny(sentence, "\r\n\x1b|<") {
				t.Errorf("%s: %q", f.Name, sentence)
			}
		}
		if found, ok := FaultNamed(f.Name); !ok || found.Name != f.Name {
			t.Errorf("%s is not found", f.Name)
		}
	}
	if len(faultsSeen) != len(Faults()) {
		t.Errorf("%d faults, and %d are tested", len(Faults()), len(faultsSeen))
	}
	for line := range strings.Lines(FaultList()) {
		if len(line) > 80 {
			t.Errorf("%d characters: %s", len(line)-1, line)
		}
	}
}

// TestFaultDocument holds docs/faults.md's rows.
func TestFaultDocument(t *testing.T) {
	text, err := os.ReadFile("../../docs/faults.md")
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, f := range Faults() {
		codes := ""
		if listed := faultsSeen[f.Name].codes; listed != "" {
			codes = "`" + strings.Join(strings.Fields(listed), "`, `") + "`"
		}
		want = append(want, fmt.Sprintf("| `%s` | %s | %s | %s |\n", f.Name, f.About, codes, f.Shows))
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "| `") {
			got = append(got, line)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("docs/faults.md should have these rows:\n%s", strings.Join(want, ""))
	}
}

// noted keeps the codes of warnings and errors.
type noted struct{ codes []string }

func (n *noted) Diagnostic(d http1.Diagnostic) {
	if d.Side == http1.Response && d.Code.Entry().Severity >= http1.Warning {
		n.codes = append(n.codes, d.Code.String())
	}
}
func (n *noted) Token(http1.Token)      {}
func (n *noted) Head(*http1.Message)    {}
func (n *noted) Message(*http1.Message) {}

// playedTo returns what a client gets that sends this in one go and then closes,
// how the connection ended, and how long it all took.
func playedTo(t *testing.T, f *Fault, request string) (got string, why Reason, took time.Duration) {
	synctest.Test(t, func(*testing.T) {
		begun := time.Now()
		got = answersTo(Options{Handler: f.Play, Open: func(int, net.Conn) Watcher {
			return Watcher{Closed: func(c Closing) error { why = c.Reason; return nil }}
		}}, []byte(request))
		took = time.Since(begun)
	})
	return got, why, took
}

// TestFaultBytes: what http1 says of each, whether the server goes on, and when
// the last byte comes.
func TestFaultBytes(t *testing.T) {
	for _, f := range Faults() {
		t.Run(f.Name, func(t *testing.T) {
			seen := faultsSeen[f.Name]
			got, why, took := playedTo(t, &f, get("/"))
			n := &noted{}
			scanner := http1.New(n)
			scanner.Feed(http1.Request, []byte(get("/")))
			scanner.Feed(http1.Response, []byte(got))
			scanner.End(http1.Response)
			if codes := strings.Join(slices.Compact(n.codes), " "); codes != seen.codes {
				t.Errorf("shows %q, not %q", codes, seen.codes)
			}
			if want := map[bool]Reason{true: ClientClosed, false: BrokenOnDuty}[seen.open]; why != want {
				t.Errorf("it ended with %q, not %q", why, want)
			}
			if took != seen.takes {
				t.Errorf("it took %s", took)
			}
			// Each answer is a whole one to the server: the next is played too.
			twice, _, _ := playedTo(t, &f, get("/")+get("/"))
			if want := map[bool]string{true: got + got, false: got}[seen.open]; twice != want {
				t.Errorf("two requests get %d bytes, one gets %d", len(twice), len(got))
			}
		})
	}
}

// TestFaultsToHead: HEAD gets no content, but where that is the fault itself.
func TestFaultsToHead(t *testing.T) {
	for _, f := range Faults() {
		got, _, _ := playedTo(t, &f, "HEAD / HTTP/1.1\r\n"+host+"\r\n")
		if _, content, found := strings.Cut(strings.ReplaceAll(got, "\n\n", "\r\n\r\n"), "\r\n\r\n"); found && content != "" && f.Name != "two-responses" && f.Name != "empty-line-first" {
			t.Errorf("%s has content: %q", f.Name, content)
		}
	}
}

// TestFaultPages: the list is a page, and what is said of a name that is none.
func TestFaultPages(t *testing.T) {
	o := Options{Handler: Site(nil)}
	wants(t, answersTo(o, []byte(get("/fault/list"))), "HTTP/1.1 200 OK\r\n", "\r\n\r\n"+FaultList())
	for _, target := range []string{"/fault/", "/fault/nonsense", "/fault/bare-lf/"} {
		wants(t, answersTo(o, []byte(get(target))), "HTTP/1.1 404 Not Found\r\n", "404 Not Found: "+target+": these are", "\n\n"+FaultList())
	}
	wants(t, answersTo(o, []byte(get("/fault/bare-lf"))), "HTTP/1.1 200 OK\nContent-Length: 6\n\nhello\n")
	wants(t, answersTo(o, []byte(get("/fault"))), "HTTP/1.1 404 ")
	o.Handler = Site(func(w *Response, _ *Request, path string) bool {
		w.Send(200, plainText, []byte("mine: "+path))
		return true
	})
	wants(t, answersTo(o, []byte(get("/fault/mine.txt"))), "mine: /fault/mine.txt")
	wants(t, answersTo(o, []byte(get("/fault/http09"))), "hello from 1991\n")
}
