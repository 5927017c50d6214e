package transcript

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"rawhttp/internal/http1"
)

// TestTake: bytes that are taken are shown as received ones, in their order, at the
// latest by Show.
func TestTake(t *testing.T) {
	request := []byte("POST /a HTTP/1.1\r\nHost: a\nContent-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\n\r\n")
	response := []byte("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc\n")
	for seed := range uint64(300) {
		for _, o := range []Options{{}, {JSON: true, JSONDiagnostics: ShowNotes}, {Hex: true, Numbers: true}} {
			var shown [2]bytes.Buffer
			for i, take := range []bool{false, true} {
				random := rand.New(rand.NewPCG(seed, 1))
				o.Output, o.Now = &shown[i], func() time.Time { return time.Time{} }
				c := NewScreen(o).Conversation(1, http1.Response)
				asked, answered := request, append(append([]byte(nil), response...), response...)
				for len(asked)+len(answered) > 0 {
					n := random.IntN(30)
					switch kind := random.IntN(4); {
					case kind < 2:
						n = min(n, len(asked))
						if take {
							c.Take(asked[:n])
						} else {
							c.Received(asked[:n])
						}
						asked = asked[n:]
					case kind == 2:
						n = min(n, len(answered))
						c.Sent(answered[:n])
						answered = answered[n:]
					case take:
						c.Show()
						if before := shown[i].Len(); c.Show() != nil || shown[i].Len() != before {
							t.Error("shown twice")
						}
					}
				}
				c.Show()
			}
			if a, b := shown[0].String(), shown[1].String(); a != b {
				t.Fatalf("received:\n%s\ntaken:\n%s", a, b)
			}
		}
	}
}

// TestAloneKeepsItsScanner: one that reads requests alone does not know what was
// asked, so no Conversation may get it.
func TestAloneKeepsItsScanner(t *testing.T) {
	alone := NewScreen(Options{Output: io.Discard}).Alone(http1.Request, http1.Known{})
	its := alone.scanner
	for range 3 {
		alone.Feed([]byte("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"))
		if alone.scanner != its {
			t.Fatal("it was given away")
		}
	}
}
