package main

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// posted is a request with a body, of which size is said.
func posted(size int, body string) string {
	return strings.Replace(lengthOf(size, body), "HTTP/1.1 200 OK", "POST / HTTP/1.1\r\nHost: localhost", 1)
}

func postedChunks(sizes ...int) string {
	return strings.Replace(chunks(sizes...), "HTTP/1.1 200 OK", "POST / HTTP/1.1\r\nHost: localhost", 1)
}

const tooLarge = "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

const toTheEnd = -1 // of the stream

// sentCase is one of sentUnseen.
type sentCase struct {
	input, response string
	args            []string
	takes           int64 // 0: all
}

// sentUnseen are conversations in which what is sent need not be seen. The server
// reads what it takes, and answers; then it reads nothing more.
// They are made when they are tried: this program is also what the scripts run.
func sentUnseen() map[string]sentCase {
	return map[string]sentCase{
		"a length":         {input: posted(2<<20, large(2<<20)), response: answered},
		"two":              {input: posted(2<<20, large(2<<20)) + posted(2<<20, large(2<<20)), response: answered + answered},
		"chunked":          {input: postedChunks(700_000, 3, 1<<20, 600_001), response: answered},
		"cut":              {input: posted(4<<20, large(2<<20)), response: answered, takes: toTheEnd},
		"a chunk cut":      {input: postedChunks(700_000, 2<<20)[:2<<20], response: answered, takes: toTheEnd},
		"chunk in decimal": {input: strings.Replace(postedChunks(1_000_000), "f4240\r\n", "1000000\r\n", 1), response: answered, takes: toTheEnd},
		"chunk end wrong":  {input: strings.Replace(postedChunks(1<<20), "\r\n0\r\nCheck", "?\n0\r\nCheck", 1), response: answered, takes: toTheEnd},
		"a line end after": {input: posted(2<<20, large(2<<20)) + "\r\n", response: answered},
		"no HTTP":          {input: large(2 << 20), response: "hello yourself\n", takes: toTheEnd},
		"half-close":       {input: posted(2<<20, large(2<<20)), response: answered, args: []string{"-N"}, takes: toTheEnd},
		"line ends":        {input: posted(2<<20, large(2<<20)), response: answered, args: []string{"-C"}},
		"kept":             {input: posted(2<<20, large(2<<20)), response: answered, args: []string{"--save-sent", "kept"}},
		"404":              {input: posted(2<<20, large(2<<20)), response: strings.Replace(answered, "200 OK", "404 Not Found", 1), args: []string{"-f"}},
		"refused early":    {input: posted(16<<20, large(16<<20)), response: tooLarge, takes: 100},
		"not taken":        {input: posted(16<<20, large(16<<20)), args: []string{"-w", "300ms"}, takes: 100},
		"silence":          {input: posted(16<<20, large(16<<20)), args: []string{"-w", "2.5"}, takes: 100},
	}
}

// TestSentUnseenAlike: bytes that are sent unseen and bytes that were read before
// come to the same: what arrives, what is said, the exit status.
func TestSentUnseenAlike(t *testing.T) {
	for name, c := range sentUnseen() {
		for _, from := range []string{"pipe", "stdin", "FILE"} {
			if name == "silence" && from != "stdin" {
				continue
			}
			t.Run(name+" "+from, func(t *testing.T) {
				t.Parallel()
				sentAlike(t, from, c.args, c.input, c.response, c.takes)
			})
		}
	}
}

// TestSentUnseenAlikeByChance does the same with what chance makes of requests.
func TestSentUnseenAlikeByChance(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 8))
			input, response := "", ""
			for range 1 + r.IntN(3) {
				response += answered
				if n := r.IntN(3 << 20); r.IntN(2) == 0 {
					input += posted(n, large(n))
				} else {
					input += postedChunks(1+r.IntN(2<<20), 1+r.IntN(300), 1+r.IntN(600_000))
				}
			}
			from := []string{"pipe", "stdin", "FILE"}[r.IntN(3)]
			if r.IntN(3) == 0 {
				sentAlike(t, from, []string{"-N"}, input[:r.IntN(len(input))], response, toTheEnd)
				return
			}
			sentAlike(t, from, nil, input, response, 0)
		})
	}
}

// byBuffers is what depends on how much the kernel holds for a peer that does not read.
var byBuffers = regexp.MustCompile(`sent \d+|\d+ of the \d+ bytes`)

func sentAlike(t *testing.T, from string, args []string, input, response string, takes int64) {
	t.Helper()
	var said, arrived [2]string
	var both sync.WaitGroup
	for i, copies := range []bool{true, false} {
		both.Go(func() {
			address, taken := takingOnce(t, int64(len(input)), takes, response)
			words := append(append([]string{"send", "--raw"}, args...), address)
			in := piped(t, input)
			if from != "pipe" {
				name := filepath.Join(t.TempDir(), "given")
				if err := os.WriteFile(name, []byte(input), 0o666); err != nil {
					t.Error(err)
				}
				if in.Close(); from == "FILE" {
					words, name = append(words, name), os.DevNull
				}
				in, _ = os.Open(name)
			}
			status, out, notes, kept := executedIn(t, in, words, copies)
			if takes > 0 {
				notes = byBuffers.ReplaceAllString(notes, "V")
			}
			said[i], arrived[i] = fmt.Sprintf("status %d\n%s\n%s", status, unhurried(args, notes), out), <-taken
			if slices.Contains(args, "--save-sent") && kept != input {
				t.Errorf("%d bytes were sent, %d kept", len(input), len(kept))
			}
		})
	}
	both.Wait()
	if said[0] != said[1] {
		t.Errorf("read: %s\nunseen: %s", said[0], said[1])
	}
	if arrived[0] != arrived[1] || takes <= 0 && !slices.Contains(args, "-C") && arrived[1] != input {
		t.Errorf("%d bytes were to be sent; of those read before %d arrived, of those unseen %d, or not the same\n%s", len(input), len(arrived[0]), len(arrived[1]), said[1])
	}
}

// takingOnce is a server that reads a request of so many bytes, or what it takes of
// it, answers, and waits for the client to close. What it has read comes
// from taken.
func takingOnce(t *testing.T, size, takes int64, response string) (address string, taken <-chan string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Error(err)
		return "", nil
	}
	texts := make(chan string, 1)
	var done sync.WaitGroup
	t.Cleanup(func() { listener.Close(); done.Wait() })
	done.Go(func() {
		defer close(texts)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		if takes > 0 {
			text, _ := io.ReadAll(io.LimitReader(conn, takes))
			_, _ = io.WriteString(conn, response)
			texts <- string(text)
			<-t.Context().Done()
			return
		}
		if takes == toTheEnd {
			size = math.MaxInt64
		}
		text, _ := io.ReadAll(io.LimitReader(conn, size))
		_, _ = io.WriteString(conn, response)
		more, _ := io.ReadAll(conn)
		texts <- string(text) + string(more)
	})
	return listener.Addr().String(), texts
}
