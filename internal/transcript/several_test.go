package transcript

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"rawhttp/internal/http1"
)

// act is one call of a Conversation's.
type act struct {
	conn int // from 1
	do   string
	p    []byte
}

func (a act) on(c *Conversation) {
	switch a.do {
	case "received":
		c.Received(a.p)
	case "sent":
		c.Sent(a.p)
	case "pause":
		c.Pause()
	case "note":
		c.Note("code", "a note")
	case "end":
		c.EndReceived(EndEOF)
		c.EndSent()
		c.Over()
		c.Close(Closed{})
	}
}

// talks are conversations to be cut anywhere: rows that wrap and do not, hex,
// chunks, mistakes with carets, bytes that are no HTTP.
var talks = []struct{ asks, answers string }{
	{"GET /a HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nhello, client\n"},
	{"POST / HTTP/1.1\nHost: a b\nContent-Length: 5\n\nab\x00\xffc", "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"},
	{"GET /x HTTP/1.1\r\nX : " + strings.Repeat("long ", 40) + "\r\nHost: a\r\n\r\nGET", "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nabc"},
	{"hello\r\nyou", "HTTP/1.1 200 OK\r\n\r\n" + strings.Repeat("\x00\x01\x02", 30)},
}

// acts cuts n conversations anywhere and mixes them.
func acts(r *rand.Rand, n int) []act {
	var queues [][]act
	for conn := 1; conn <= n; conn++ {
		talk := talks[r.IntN(len(talks))]
		var queue []act
		for _, part := range []struct{ do, text string }{{"received", talk.asks}, {"sent", talk.answers}} {
			for p := []byte(part.text); len(p) > 0; {
				cut := 1 + r.IntN(len(p))
				queue = append(queue, act{conn, part.do, p[:cut]})
				p = p[cut:]
				if r.IntN(4) == 0 {
					queue = append(queue, act{conn, []string{"pause", "note"}[r.IntN(2)], nil})
				}
			}
		}
		queues = append(queues, append(queue, act{conn, "end", nil}))
	}
	var mixed []act
	for len(queues) > 0 {
		i := r.IntN(len(queues))
		mixed = append(mixed, queues[i][0])
		if queues[i] = queues[i][1:]; len(queues[i]) == 0 {
			queues = append(queues[:i], queues[i+1:]...)
		}
	}
	return mixed
}

// linesOf gives the lines of one connection without the diagnostics, whose place
// is said in words when another connection's row stands between.
func linesOf(text string, conn int) string {
	var kept strings.Builder
	prefix := fmt.Sprintf("#%d ", conn)
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, prefix) && !strings.HasPrefix(line, prefix+"!") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// TestConversationsDoNotMix: whatever crosses on other connections meanwhile, the
// rows of a connection are those it would have alone, and carets stand under a
// row of their own connection. The Screen's own notes cut no row.
func TestConversationsDoNotMix(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		const n = 4
		mixed := acts(r, n)
		options := Options{Numbers: true, NoSentences: true}
		var out bytes.Buffer
		options.Output = &out
		screen := NewScreen(options)
		alone := make([]bytes.Buffer, n+1)
		together, single := make([]*Conversation, n+1), make([]*Conversation, n+1)
		for conn := 1; conn <= n; conn++ {
			together[conn] = screen.Conversation(conn, http1.Response)
			o := options
			o.Output = &alone[conn]
			single[conn] = NewScreen(o).Conversation(conn, http1.Response)
		}
		for _, a := range mixed {
			a.on(together[a.conn])
			a.on(single[a.conn])
			if len(screen.open) > 1 && r.IntN(5) == 0 {
				screen.Note("waiting", "#9 waiting")
			}
		}
		for conn := 1; conn <= n; conn++ {
			if got, want := linesOf(out.String(), conn), linesOf(alone[conn].String(), conn); got != want {
				t.Fatalf("seed %d: #%d has\n%s\nalone\n%s", seed, conn, got, want)
			}
		}
		checkCarets(t, out.String())
	}
}

// checkCarets: carets stand under a row of their own connection.
func checkCarets(t *testing.T, text string) {
	t.Helper()
	above := ""
	for line := range strings.Lines(text) {
		number, _, _ := strings.Cut(line, " ")
		if strings.Contains(line, " ^") && !strings.HasPrefix(above, number+" ") {
			t.Fatalf("carets under\n%s%s", above, line)
		}
		above = line
	}
}

// The same from goroutines, for the race detector.
func TestConversationsAtOnce(t *testing.T) {
	var out, alone bytes.Buffer
	screen := NewScreen(Options{Output: &out, Numbers: true, NoSentences: true})
	single := NewScreen(Options{Output: &alone, Numbers: true, NoSentences: true})
	var group sync.WaitGroup
	const n = 50
	for conn := 1; conn <= n; conn++ {
		queue := acts(rand.New(rand.NewPCG(uint64(conn), 2)), 1)
		c := single.Conversation(conn, http1.Response)
		for _, a := range queue {
			a.on(c)
		}
		group.Go(func() {
			c := screen.Conversation(conn, http1.Response)
			for _, a := range queue {
				a.on(c)
			}
		})
	}
	group.Wait()
	for conn := 1; conn <= n; conn++ {
		if got, want := linesOf(out.String(), conn), linesOf(alone.String(), conn); got != want {
			t.Errorf("#%d has\n%s\nalone\n%s", conn, got, want)
		}
	}
	checkCarets(t, out.String())
	if len(screen.open) != 0 {
		t.Errorf("%d conversations are still open", len(screen.open))
	}
}
