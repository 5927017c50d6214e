package transcript

import (
	"slices"
	"strings"
	"testing"

	"rawhttp/internal/http1"
)

const (
	post    = "POST / HTTP/1.1\r\nHost: x\r\n"
	get     = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
	ok      = "HTTP/1.1 200 OK\r\n"
	chunked = "Transfer-Encoding: chunked\r\n\r\n"
)

// lengthNotes are the codes of lengths.go's notes.
var lengthNotes = []string{"Content-Length ", "chunk size ", "the last ", "the 5 bytes", "the 10 bytes", "that line end", "that LF "}

// lengthCases are what follows the first header lines of a message, and the note
// that explains it; SIDE stands for the kind of message, CAME for how it came.
var lengthCases = []struct {
	name, content, want string
	ours                bool // said of what rawhttp sends alone
}{
	{"nothing wrong", "Content-Length: 5\r\n\r\nhello",
		"", false},
	{"plain", "Content-Length: 6\r\n\r\n0123456789",
		"the last 4 bytes are read as the start of the next SIDE: Content-Length 6 did not count them (10 would have)", false},
	{"by one", "Content-Length: 9\r\n\r\n0123456789",
		"the last byte is read as the start of the next SIDE: Content-Length 9 did not count it (10 would have)", false},
	{"closes", "Connection: close\r\nContent-Length: 6\r\n\r\n0123456789",
		"the last 4 bytes are part of no SIDE: Content-Length 6 did not count them (10 would have)", false},
	{"characters", "Content-Length: 9\r\n\r\nzwölf äöü",
		"the last 4 bytes are read as the start of the next SIDE: Content-Length 9 counts characters, and the body has 13 bytes but 9 characters", false},
	{"characters, and a final newline that is not counted", "Content-Length: 9\r\n\r\nzwölf äöü\n",
		"the last 5 bytes are read as the start of the next SIDE: Content-Length 9 counts characters, and the body has 13 bytes but 9 characters", false},
	{"JavaScript's characters", "Content-Length: 2\r\n\r\n😀",
		"the last 2 bytes are read as the start of the next SIDE: Content-Length 2 counts characters, and the body has 4 bytes but 2 characters", false},
	{"lines", "Content-Length: 10\r\n\r\none\r\ntwo\r\nten",
		"the last 3 bytes are read as the start of the next SIDE: Content-Length 10 did not count them (13 would have)", false},
	{"CR LF as one", "Content-Length: 11\r\n\r\none\r\ntwo\r\nten",
		"the last 2 bytes are read as the start of the next SIDE: Content-Length 11 counts each CR LF as one byte, and the body has 13 bytes", false},
	{"a final newline not counted", "Content-Length: 5\r\n\r\nhello\n",
		"that line end came after the body: Content-Length 5 did not count it (6 would have)", false},
	{"a final CR LF counted as one", "Content-Length: 6\r\n\r\nhello\r\n",
		"that LF came after the body: Content-Length 6 counts the CR LF at its end as one byte (7 counts both)", false},
	{"a final newline that is not there", "Content-Length: 6\r\n\r\nhello",
		"Content-Length 5 would fit what CAME; 6 counts a final newline that is not there (echo adds one, printf does not)", false},
	{"a final CR LF that is not there", "Content-Length: 7\r\n\r\nhello",
		"Content-Length 5 would fit what CAME; 7 counts a final CR LF that is not there", false},
	{"LF for CR LF", "Content-Length: 10\r\n\r\none\ntwo\n",
		"Content-Length 8 would fit what CAME; 10 would with CR LF in place of LF", false},
	{"an encoding of one byte", "Content-Length: 13\r\n\r\nzw\xf6lf \xe4\xf6\xfc",
		"Content-Length 9 would fit what CAME; 13 counts it in UTF-8, but it is in an encoding of one byte a character", false},
	{"cut", "Content-Length: 100\r\n\r\nhello",
		"Content-Length 5 would fit what CAME", true},
	{"cut in the head", "Content-Length: 100\r\n\r\n",
		"", false},
	{"decimal, cut", chunked + "11\r\nhello world",
		"chunk size 11 is hexadecimal for 17; 11 bytes CAME: their chunk size is b", false},
	{"decimal, cut after the line end", chunked + "11\r\nhello world\r\n",
		"chunk size 11 is hexadecimal for 17; the text is 11 bytes, whose chunk size is b: what follows it was taken for data too", false},
	{"decimal, whole", chunked + "11\r\nhello world\r\n0\r\n\r\n",
		"chunk size 11 is hexadecimal for 17; the text is 11 bytes, whose chunk size is b: what follows it was taken for data too", false},
	{"decimal, cut after CR", chunked + "11\r\nhello world\r",
		"chunk size 11 is hexadecimal for 17; the text is 11 bytes, whose chunk size is b: what follows it was taken for data too", false},
	{"decimal, lines end in LF", chunked + "11\nhello world\n0\n\n",
		"chunk size 11 is hexadecimal for 17; the text is 11 bytes, whose chunk size is b: what follows it was taken for data too", false},
	{"decimal, more follows", chunked + "11\r\nhello world\r\n12\r\nhello, world\r\n0\r\n\r\n",
		"chunk size 11 is hexadecimal for 17; the text is 11 bytes, whose chunk size is b: what follows it was taken for data too", false},
	{"hexadecimal, cut", chunked + "b\r\nhello",
		"", false},
	{"hexadecimal in which a line ends where decimal would", chunked + "11\r\nhello world\r\n1234\r\n0\r\n\r\n",
		"", false},
	{"no line end where decimal would end it", chunked + "11\r\nhello worlds\nabc",
		"", false},
	{"decimal that is the same, cut", chunked + "9\r\nhello",
		"", false},
}

func TestLengths(t *testing.T) {
	for _, c := range lengthCases {
		for _, side := range []http1.Side{http1.Request, http1.Response} {
			for _, ours := range []http1.Side{http1.Request, http1.Response} {
				var want []string
				if c.want != "" && (side == ours || !c.ours) {
					want = []string{expected(c.want, side, side == ours)}
				}
				for _, n := range []int{1, 1 << 20} {
					if got := lengthsSaid(ours, side, c.content, n); !slices.Equal(got, want) {
						t.Errorf("%s, %v, %d bytes at once, ours are %v:\n%q, want\n%q", c.name, side, n, ours, got, want)
					}
				}
			}
		}
	}
}

func expected(want string, side http1.Side, sent bool) string {
	want = strings.ReplaceAll(want, "SIDE", side.String())
	switch {
	case !sent:
		return strings.ReplaceAll(want, "CAME", "came")
	case strings.Contains(want, "bytes CAME"):
		return strings.ReplaceAll(want, "CAME", "were sent")
	}
	return strings.ReplaceAll(want, "CAME", "was sent")
}

// lengthsSaid shows a message of a side with this content, in pieces of n bytes,
// and returns what was said of its length.
func lengthsSaid(ours, side http1.Side, content string, n int) []string {
	return said(show(Options{}, ours, func(c *Conversation) {
		head := post
		if side == http1.Response {
			c.feed(http1.Request, []byte(get))
			head = ok
		}
		for piece := range slices.Chunk([]byte(head+content), n) {
			c.feed(side, piece)
		}
		c.finish(side, EndLocal, false)
		c.finish(side, EndLocal, false)
		c.Over()
	}))
}

// TestLostBytes: what is lost ends where the next message begins.
func TestLostBytes(t *testing.T) {
	for _, c := range []struct{ sent, want string }{
		{post + "Content-Length: 6\r\n\r\n0123456789\n" + get, "the 5 bytes after the body are read as the start of the next request: Content-Length 6 did not count them (11 would have)"},
		{post + "Content-Length: 6\r\n\r\n0123456789" + get, "the last 4 bytes of the body before are read as the start of this request: Content-Length 6 did not count them (10 would have)"},
		{post + "Content-Length: 9\r\n\r\n0123456789" + get, "the last byte of the body before is read as the start of this request: Content-Length 9 did not count it (10 would have)"},
		{post + "\r\nhello, world", "the last 12 bytes are read as the start of the next request; with Content-Length: 12 they would be the body"},
		{post + "Content-Length: 5\r\n\r\nhello" + get, ""},
		{get + "nonsense\r\n", "the last 10 bytes are read as the start of the next request"},
		{"nonsense\r\n", ""},
		{get + get, ""},
	} {
		for _, n := range []int{1, 1 << 20} {
			got := said(show(Options{}, http1.Request, func(conversation *Conversation) {
				for piece := range slices.Chunk([]byte(c.sent), n) {
					conversation.Sent(piece)
				}
				conversation.EndSent()
			}))
			if strings.Join(got, "|") != c.want {
				t.Errorf("%q, %d at once:\n%q, want\n%q", c.sent, n, got, c.want)
			}
		}
	}
}

// TestTypedLengths: the length advised for lines whose ends were completed is the
// one that is right when they are typed again, into the body.
func TestTypedLengths(t *testing.T) {
	for _, c := range []struct{ head, typed, want string }{
		{"", "name=joe\n", "the last 10 bytes are read as the start of the next request; with Content-Length: 9 they would be the body; in a body line ends are LF alone"},
		{"", "name=joe", "the last 8 bytes are read as the start of the next request; with Content-Length: 8 they would be the body"},
		{"", "\nname=joe\nand=more\n", "the last 22 bytes are read as the start of the next request; with Content-Length: 19 they would be the body; in a body line ends are LF alone"},
		{"", "name=joe\nGET / HTTP/1.1\n", "the 10 bytes after the body are read as the start of the next request; with Content-Length: 9 they would be the body; in a body line ends are LF alone"},
		{"Content-Length: 4\r\n", "name=joe\nx\n", "the last 8 bytes are read as the start of the next request: Content-Length 4 did not count them (11 would have); in a body line ends are LF alone"},
		{"Content-Length: 9\r\n", "name=joe\n\n", "that line end came after the body: Content-Length 9 did not count it (10 would have)"},
	} {
		got := said(show(Options{}, http1.Request, func(conversation *Conversation) {
			conversation.Sent([]byte(post + c.head))
			conversation.SentLineEnd() // of the head
			inBody := c.head != ""
			for line := range strings.Lines(c.typed) {
				text := strings.TrimSuffix(line, "\n")
				conversation.Sent([]byte(text))
				switch {
				case text == line:
				case inBody:
					conversation.Sent([]byte("\n"))
				default:
					conversation.SentLineEnd()
				}
				inBody = false
			}
			conversation.EndSent()
		}))
		if strings.Join(got, "|") != c.want {
			t.Errorf("%q:\n%q, want\n%q", c.head+c.typed, got, c.want)
		}
	}
}

// TestLostBytesAtTheEnd: on an open stream they are named when all is over.
func TestLostBytesAtTheEnd(t *testing.T) {
	for _, end := range []string{"", "\r\n"} {
		open := ""
		whole := show(Options{}, http1.Request, func(c *Conversation) {
			c.Sent([]byte(post + "Content-Length: 6\r\n\r\n0123456789" + end))
			c.Pause()
			open = strings.Join(said(screenOf(c)), "")
			c.Over()
			c.Over()
		})
		if got := said(whole); open != "" || len(got) != 1 || !strings.Contains(got[0], "are read as the start of the next request") {
			t.Errorf("%q before the end, %q after it", open, got)
		}
	}
}

func screenOf(c *Conversation) string {
	return c.screen.papers[0].output.w.(interface{ String() string }).String()
}

// TestAnswerWithoutHead: what a server sends without a head may answer what it
// took for HTTP/0.9, and is no mistake about the length of the response before.
func TestAnswerWithoutHead(t *testing.T) {
	for _, more := range []string{"6789", post} {
		got := said(show(Options{}, http1.Request, func(c *Conversation) {
			c.Sent([]byte(get + more))
			c.Received([]byte(ok + "Content-Length: 2\r\n\r\nok<html>\n"))
			c.EndReceived(EndLocal)
		}))
		if len(got) > 0 {
			t.Errorf("%q", got)
		}
	}
}

// TestLongBodiesAreNotCounted: only the plain numbers are given.
func TestLongBodiesAreNotCounted(t *testing.T) {
	body := strings.Repeat("äb\r\n", int(countedLimit)/2)
	got := lengthsSaid(http1.Request, http1.Request, "Content-Length: 12\r\n\r\n"+body, 4096)
	if len(got) != 1 || !strings.HasSuffix(got[0], "Content-Length 12 did not count them") {
		t.Errorf("%q", got)
	}
}

// said picks the notes about lengths.
func said(text string) []string {
	var notes []string
	for line := range strings.Lines(text) {
		for _, begin := range lengthNotes {
			if note := strings.TrimSuffix(line, "\n"); strings.HasPrefix(note, "* "+begin) {
				notes = append(notes, note[2:])
			}
		}
	}
	return notes
}

// TestLengthsWhateverIsShown: what a note about a length says does not depend on
// the diagnostics shown, nor on the view.
func TestLengthsWhateverIsShown(t *testing.T) {
	for sent, want := range map[string]string{
		post + "\r\nhello, world":                             "the last 12 bytes are read as the start of the next request; with Content-Length: 12 they would be the body",
		post + chunked + "11\r\nhello world\r\n0\r\n\r\n":     "chunk size 11 is hexadecimal for 17; the text is 11 bytes, whose chunk size is b: what follows it was taken for data too",
		post + chunked + "11\r\nhello world\r\n5\r\nzz\r\n\n": "chunk size 11 is hexadecimal for 17; the text is 11 bytes, whose chunk size is b: what follows it was taken for data too",
	} {
		for name, o := range map[string]Options{"none shown": {Diagnostics: ShowNone}, "JSON": {JSON: true}} {
			got := show(o, http1.Request, func(c *Conversation) {
				c.Sent([]byte(sent))
				c.EndSent()
			})
			if strings.Count(got, want) != 1 {
				t.Errorf("%s, %q:\n%s\nwant once: %s", name, sent, got, want)
			}
		}
	}
}
