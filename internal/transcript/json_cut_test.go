package transcript

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"testing"

	"rawhttp/internal/http1"
)

// joinedBodies joins the events of bytes that come in any cut and leaves out
// their text, which depends on it.
func joinedBodies(t testing.TB, events []map[string]any) []map[string]any {
	var all []map[string]any
	at := map[string]map[string]any{} // by direction, the run of bytes that may go on
	for _, e := range events {
		dir, _ := e["dir"].(string)
		kind, _ := e["kind"].(string)
		if e["event"] != "data" || !opaqueKind(kind) {
			if e["event"] != "diagnostic" { // one may stand between two pieces of a body
				delete(at, dir)
			}
			all = append(all, e)
			continue
		}
		b, err := base64.StdEncoding.DecodeString(e["bytes"].(string))
		if err != nil {
			t.Fatal(err)
		}
		delete(e, "text")
		if first := at[dir]; first != nil && first["kind"] == kind && first["message"] == e["message"] {
			first["bytes"] = first["bytes"].(string) + string(b)
			first["length"] = first["length"].(float64) + e["length"].(float64)
			continue
		}
		e["bytes"] = string(b)
		at[dir] = e
		all = append(all, e)
	}
	for _, e := range all {
		delete(e, "version")
	}
	return all
}

func opaqueKind(name string) bool {
	for _, k := range http1.Kinds() {
		if k.String() == name {
			return k.Opaque()
		}
	}
	return false
}

// All that is said but the cut of bodies is the same however the input is cut.
func FuzzJSONCuts(f *testing.F) {
	f.Add([]byte("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello\r\nGET / HTTP/1.1\nHost: b\n\n"),
		[]byte("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhel\xc3\xa9\r\n0\r\nA: b\r\n\r\nHTTP/1.0 200 OK\r\n\r\nbody"), uint64(1))
	f.Add([]byte("GET /\r\n"), []byte("old\x00"), uint64(2))
	f.Add([]byte("\r\n\r\nGET / HT"), []byte("SSH-2.0-x\r\nfoo"), uint64(3))
	f.Add([]byte("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nabc"), []byte("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut"), uint64(4))
	f.Add([]byte("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\ntunnel"), []byte("HTTP/1.1 200 OK\r\n\r\nbytes\r\n"), uint64(5))
	for i, code := range http1.Codes() {
		example, err := http1.ExampleOf(code)
		if err != nil {
			f.Fatal(err)
		}
		if example.Side == http1.Request {
			f.Add(example.Bytes, example.Response, uint64(i))
		} else {
			f.Add([]byte("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), example.Bytes, uint64(i))
		}
	}
	f.Fuzz(func(t *testing.T, sent, received []byte, seed uint64) {
		tell := func(cut func() int) []map[string]any {
			return joinedBodies(t, recorded(t, Options{}, http1.Request, func(c *Conversation) {
				feed := func(p []byte, to func([]byte) error) {
					for len(p) > 0 {
						n := min(cut(), len(p))
						to(p[:n])
						p = p[n:]
						c.Pause()
					}
				}
				feed(sent, c.Sent)
				feed(received, c.Received)
				switch seed % 4 {
				case 1:
					c.EndReceived(EndEOF)
				case 2:
					c.EndSent()
					c.LeaveReceived()
				case 3:
					c.BreakReceived(EndTruncated)
				}
				c.Close(Closed{Reason: "peer"})
			}))
		}
		whole := tell(func() int { return 1 << 20 })
		random := rand.New(rand.NewPCG(seed, 1))
		for name, cut := range map[string]func() int{"bytes": func() int { return 1 }, "random": func() int { return 1 + random.IntN(9) }} {
			if got := tell(cut); !equalJSON(got, whole) {
				t.Fatalf("%s:\n%s\nwhole:\n%s", name, lines(got), lines(whole))
			}
		}
		checkStream(t, whole, "sent", sent)
		checkStream(t, whole, "received", received)
	})
}

func lines(events []map[string]any) string {
	text := ""
	for _, e := range events {
		text += fmt.Sprint(e) + "\n"
	}
	return text
}

func equalJSON(a, b []map[string]any) bool { return lines(a) == lines(b) }

// checkStream holds that the bytes of a direction are the stream, that messages
// add up, and that each message begun has one event.
func checkStream(t testing.TB, joined []map[string]any, dir string, stream []byte) {
	t.Helper()
	var all []byte
	begun, told, ends := map[any]bool{}, map[any]bool{}, 0
	for _, e := range joined {
		if e["dir"] != dir {
			continue
		}
		switch e["event"] {
		case "data":
			text := e["bytes"].(string)
			if !opaqueKind(e["kind"].(string)) {
				b, _ := base64.StdEncoding.DecodeString(text)
				text = string(b)
			}
			if int(e["offset"].(float64)) != len(all) || int(e["length"].(float64)) != len(text) {
				t.Fatalf("%v does not stand at %d", e, len(all))
			}
			all = append(all, text...)
			if e["message"].(float64) > 0 {
				begun[e["message"]] = true
			}
		case "message":
			if told[e["message"]] || e["head"].(float64)+e["body"].(float64)+e["framing"].(float64) != e["total"].(float64) {
				t.Fatalf("%v", e)
			}
			told[e["message"]] = true
		case "end":
			ends++
		}
	}
	if !bytes.Equal(all, stream) || ends != 1 {
		t.Fatalf("%s: bytes %q, want %q; %d ends\n%s", dir, all, stream, ends, lines(joined))
	}
	if fmt.Sprint(begun) != fmt.Sprint(told) {
		t.Fatalf("%s: messages with bytes %v, with an event %v\n%s", dir, begun, told, lines(joined))
	}
}
