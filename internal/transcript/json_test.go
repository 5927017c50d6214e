package transcript

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"rawhttp/internal/http1"
)

// stopped is a clock that stands still.
func stopped() time.Time { return time.Unix(1700000000, 0) }

// recorded runs what f does and returns the JSON view's objects.
func recorded(t testing.TB, o Options, ours http1.Side, f func(*Conversation)) []map[string]any {
	t.Helper()
	var out bytes.Buffer
	o.Output, o.JSON, o.JSONDiagnostics, o.Now = &out, true, ShowNotes, stopped
	f(NewScreen(o).Conversation(1, ours))
	return objects(t, out.String())
}

func objects(t testing.TB, text string) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range strings.Lines(text) {
		var one map[string]any
		if err := json.Unmarshal([]byte(line), &one); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		all = append(all, one)
	}
	return all
}

func TestJSONEvents(t *testing.T) {
	var out bytes.Buffer
	s := NewScreen(Options{Output: &out, JSON: true, Now: stopped, Ready: func([]byte) string { return "; your turn" }})
	s.Listening([]string{"127.0.0.1:8080"})
	s.Always("listening", "not in this view")
	c := s.Conversation(1, http1.Response)
	c.Open(Opened{Time: stopped().UTC(), Server: true, Local: "127.0.0.1:8080", Remote: "127.0.0.1:40112"})
	c.Received([]byte("GET /\"\\é\x1b HTTP/1.1\nHo"))
	c.Pause()
	c.Received([]byte("st: a\r\n\r\n"))
	c.Note("waiting", "#2 \x1b\u009b waits")
	c.EndReceived(EndEOF)
	c.Sent([]byte("HTTP/1.1 200 OK\r\n\r\nx"))
	c.Close(Closed{Sent: 20, Received: 30, Seconds: 0.5, Reason: "peer"})
	s.Error(1, "incomplete", "that \"was\" all", "")
	expect(t, out.String(), `
{"event":"listening","version":1,"t":0,"conn":0,"addresses":["127.0.0.1:8080"]}
{"event":"open","t":0,"conn":1,"time":"2023-11-14T22:13:20Z","role":"server","local":"127.0.0.1:8080","remote":"127.0.0.1:40112","tls":null}
{"event":"data","t":0,"conn":1,"dir":"received","kind":"request-line","offset":0,"length":20,"message":1,"text":"GET /\"\\\\é\\x1b HTTP/1.1\\n","bytes":"R0VUIC8iXMOpGyBIVFRQLzEuMQo="}
{"event":"diagnostic","t":0,"conn":1,"dir":"received","code":"request-target-non-ascii","severity":"warning","offset":7,"length":2,"message":1,"text":"A URL may contain only ASCII characters; encode the others as UTF-8 and percent-escape them (é becomes %C3%A9).","rfc":"RFC 9112 section 3.2; RFC 3986 section 2"}
{"event":"diagnostic","t":0,"conn":1,"dir":"received","code":"request-target-control-char","severity":"error","offset":9,"length":1,"message":1,"text":"An invisible control character is in the URL; remove it or percent-escape it.","rfc":"RFC 9112 section 3.2; RFC 3986 section 2"}
{"event":"diagnostic","t":0,"conn":1,"dir":"received","code":"bare-lf","severity":"warning","offset":19,"length":1,"message":1,"text":"Lines must end with CR LF; nginx, Go and curl accept a lone LF, node, Apache and lighttpd refuse it.","rfc":"RFC 9112 section 2.2"}
{"event":"data","t":0,"conn":1,"dir":"received","kind":"header-line","offset":20,"length":9,"message":1,"text":"Host: a\\r\\n","bytes":"SG9zdDogYQ0K"}
{"event":"diagnostic","t":0,"conn":1,"dir":"received","code":"mixed-line-endings","severity":"warning","offset":27,"length":2,"message":1,"text":"Some lines end CR LF and some LF: readers that disagree about LF will see different headers, which is how messages get smuggled; use CR LF everywhere.","rfc":"RFC 9112 sections 2.2, 11.2"}
{"event":"data","t":0,"conn":1,"dir":"received","kind":"header-end","offset":29,"length":2,"message":1,"text":"\\r\\n","bytes":"DQo="}
{"event":"message","t":0,"conn":1,"dir":"received","message":1,"complete":true,"head":31,"body":0,"framing":0,"total":31,"start":"GET /\"\\\\é\\x1b HTTP/1.1","delimited_by":"none"}
{"event":"note","t":0,"conn":1,"code":"waiting","text":"#2 \u001b\u009b waits"}
{"event":"end","t":0,"conn":1,"dir":"received","reason":"eof","complete":true}
{"event":"data","t":0,"conn":1,"dir":"sent","kind":"status-line","offset":0,"length":17,"message":1,"text":"HTTP/1.1 200 OK\\r\\n","bytes":"SFRUUC8xLjEgMjAwIE9LDQo="}
{"event":"data","t":0,"conn":1,"dir":"sent","kind":"header-end","offset":17,"length":2,"message":1,"text":"\\r\\n","bytes":"DQo="}
{"event":"note","t":0,"conn":1,"code":"head-complete","text":"head complete: 19 bytes; no length was given, so the body ends when this connection is closed"}
{"event":"data","t":0,"conn":1,"dir":"sent","kind":"body","offset":19,"length":1,"message":1,"text":"x","bytes":"eA=="}
{"event":"message","t":0,"conn":1,"dir":"sent","message":1,"request":1,"complete":false,"head":19,"body":1,"framing":0,"total":20,"start":"HTTP/1.1 200 OK","delimited_by":"close"}
{"event":"end","t":0,"conn":1,"dir":"sent","reason":"local","complete":false}
{"event":"close","t":0,"conn":1,"sent":20,"received":30,"seconds":0.5,"reason":"peer"}
{"event":"error","t":0,"conn":1,"code":"incomplete","text":"that \"was\" all","hint":""}
`)
}

// `text` is the TEXT of the transcript, and no control byte is written.
func FuzzJSONText(f *testing.F) {
	for _, seed := range []string{"", " ", "a b ", `"\`, "\x1b[31m\u009b\u202e", "é\u0301\"\u0301", "\xff\xc3", "世 \u2028"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		quoted := append(appendJSONText([]byte{'"'}, in), '"')
		var got string
		if err := json.Unmarshal(quoted, &got); err != nil {
			t.Fatalf("%v in %q", err, quoted)
		}
		if want := string(appendEscaped(nil, in, false)); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
		words := appendJSONString(nil, string(in))
		if err := json.Unmarshal(words, &got); err != nil || got != string([]rune(string(in))) {
			t.Fatalf("%v: %q in %q", err, got, words)
		}
		for _, text := range [][]byte{quoted, words} {
			for _, r := range string(text) {
				if !unicode.IsPrint(r) {
					t.Fatalf("%q in %q", r, text)
				}
			}
		}
	})
}

// A line beyond 64 KiB comes in pieces, so does a body that is fed at once.
func TestJSONPieces(t *testing.T) {
	long := "A: " + strings.Repeat("x", 100_000) + "\r\n"
	events := recorded(t, Options{}, http1.Request, func(c *Conversation) {
		c.Sent([]byte("POST / HTTP/1.1\r\n" + long + "Content-Length: 100000\r\n\r\n" + strings.Repeat("y", 100_000)))
		c.Close(Closed{})
	})
	var got []string
	for _, e := range events {
		if e["event"] == "data" && e["length"].(float64) > 1000 {
			got = append(got, fmt.Sprint(e["kind"], " ", e["offset"], " ", e["length"], " ", e["more"]))
		}
	}
	expect(t, strings.Join(got, "\n")+"\n", `
header-line 17 65536 true
header-line 65553 34469 <nil>
body 100048 65536 <nil>
body 165584 34464 <nil>
`)
}

// The two views of one conversation do not change each other.
func TestJSONBesideText(t *testing.T) {
	talk := func(c *Conversation) {
		c.Sent([]byte("GET / HTTP/1.1\nHost: a\n\n"))
		c.Received([]byte("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfour\r\nGE"))
		c.Pause()
		c.Close(Closed{Reason: "timeout"})
		c.Note("closed", "closed")
	}
	var alone, beside, saved bytes.Buffer
	talk(NewScreen(Options{Output: &alone}).Conversation(1, http1.Request))
	talk(NewScreen(Options{Output: &beside, Save: &saved, SaveJSON: true}).Conversation(1, http1.Request))
	expect(t, beside.String(), alone.String())
	events := objects(t, saved.String())
	checkStream(t, joinedBodies(t, events), "received", []byte("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfour\r\nGE"))

	var text, output bytes.Buffer
	talk(NewScreen(Options{Output: &output, JSON: true, Save: &text}).Conversation(1, http1.Request))
	expect(t, text.String(), alone.String())
	expect(t, lines(withoutTimes(objects(t, output.String()))), lines(withoutTimes(objects(t, saved.String()))))
}

func withoutTimes(events []map[string]any) []map[string]any {
	for _, e := range events {
		delete(e, "t")
	}
	return events
}

func TestJSONQuiet(t *testing.T) {
	events := recorded(t, Options{Quiet: true}, http1.Request, func(c *Conversation) {
		c.Received([]byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
		c.Note("code", "not said")
		c.Always("code", "said")
	})
	for _, e := range events {
		if e["event"] == "note" && e["text"] != "said" {
			t.Error(e)
		}
	}
}

// An error alone is no reason to write a file anew.
func TestJSONErrorAlone(t *testing.T) {
	var out, saved bytes.Buffer
	s := NewScreen(Options{Output: &out, Save: &saved, JSON: true, SaveJSON: true, Now: stopped})
	s.Error(0, "connect", "refused", "try")
	expect(t, out.String(), `{"event":"error","version":1,"t":0,"conn":0,"code":"connect","text":"refused","hint":"try"}`+"\n")
	expect(t, saved.String(), "")
}

func BenchmarkJSON(b *testing.B) {
	line := []byte("The quick brown fox jumps over the lazy dog, and 0123456789 again and again.\r\n")
	random := make([]byte, 32<<10)
	rand.NewChaCha8([32]byte{1}).Read(random)
	for name, body := range map[string][]byte{"text": bytes.Repeat(line, 400), "random": random} {
		for view, o := range map[string]Options{"text": {}, "json": {JSON: true}} {
			b.Run(name+"/"+view, func(b *testing.B) {
				o.Output = discard{}
				c := NewScreen(o).Conversation(1, http1.Request)
				c.Received([]byte("HTTP/1.1 200 OK\r\n\r\n"))
				b.SetBytes(int64(len(body)))
				b.ReportAllocs()
				for b.Loop() {
					c.Received(body)
				}
			})
		}
	}
}

// TestSeconds: appendSeconds is AppendFloat.
func TestSeconds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	times := []time.Duration{0, time.Microsecond, time.Second, 1500 * time.Millisecond, 100 * time.Microsecond, -time.Second, 1000 * time.Hour}
	for range 100000 {
		times = append(times, time.Duration(r.Int64N(int64(1)<<r.IntN(60))))
	}
	for _, d := range times {
		want := strconv.FormatFloat(float64(d.Microseconds())/1e6, 'f', -1, 64)
		if got := string(appendSeconds(nil, d)); got != want {
			t.Fatalf("%s for %s", got, want)
		}
	}
}
