package http1

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"testing"
)

// The figures of docs/performance.md: run them together, with
//
//	go test -run '^$' -bench 'Requests|Bod' -count 6 ./internal/http1
//
// and compare as ratios.

// small is a keep-alive request as curl and most libraries send them.
const small = "GET /index.html HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: curl/8.4.0\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n"

// streamSize is how many bytes one round of a benchmark passes.
const streamSize = 256 << 20

// repeated is a Reader of n bytes of a repeated block, of whole blocks.
type repeated struct {
	block []byte
	left  int
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.left < len(r.block) {
		return 0, io.EOF
	}
	n := 0
	for r.left >= len(r.block) && len(p)-n >= len(r.block) {
		n += copy(p[n:], r.block)
		r.left -= len(r.block)
	}
	return n, nil
}

// BenchmarkRequestsScanned scans 256 MiB of small requests with all diagnostics.
func BenchmarkRequestsScanned(b *testing.B) {
	block := bytes.Repeat([]byte(small), 512)
	b.SetBytes(streamSize)
	b.ReportAllocs()
	buffer := make([]byte, 256<<10)
	for b.Loop() {
		s := New(new(discard))
		for r := (&repeated{block, streamSize}); ; {
			n, err := r.Read(buffer)
			if err != nil {
				break
			}
			s.Feed(Request, buffer[:n])
		}
	}
}

// BenchmarkRequestsNetHTTP reads the same with net/http.
func BenchmarkRequestsNetHTTP(b *testing.B) {
	block := bytes.Repeat([]byte(small), 512)
	b.SetBytes(streamSize)
	b.ReportAllocs()
	for b.Loop() {
		r := bufio.NewReaderSize(&repeated{block, streamSize}, 256<<10)
		for {
			if _, err := http.ReadRequest(r); err == io.EOF {
				break
			} else if err != nil {
				b.Fatal(err)
			}
		}
	}
}

const bodySize = 64 << 20

// BenchmarkBodyScanned passes a body of text through a Scanner, 256 KiB at once.
func BenchmarkBodyScanned(b *testing.B) {
	line := []byte("the quick brown fox jumps over the lazy dog, again and again\n")
	body := bytes.Repeat(line, bodySize/len(line))
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		s := New(new(discard))
		s.Feed(Response, []byte("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"))
		for rest := body; len(rest) > 0; {
			n := min(256<<10, len(rest))
			s.Feed(Response, rest[:n])
			rest = rest[n:]
		}
	}
}

// BenchmarkBodyChunkedScanned does the same with chunks of 4 KiB.
func BenchmarkBodyChunkedScanned(b *testing.B) {
	chunk := append([]byte("1000\r\n"), bytes.Repeat([]byte("x"), 4096)...)
	body := bytes.Repeat(append(chunk, "\r\n"...), bodySize/4096)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		s := New(new(discard))
		s.Feed(Response, []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"))
		for rest := body; len(rest) > 0; {
			n := min(256<<10, len(rest))
			s.Feed(Response, rest[:n])
			rest = rest[n:]
		}
	}
}

// BenchmarkBodyIndexByte is the peer: one look at every byte.
func BenchmarkBodyIndexByte(b *testing.B) {
	line := []byte("the quick brown fox jumps over the lazy dog, again and again\n")
	body := bytes.Repeat(line, bodySize/len(line))
	b.SetBytes(int64(len(body)))
	found := 0
	for b.Loop() {
		for rest := body; len(rest) > 0; {
			n := min(256<<10, len(rest))
			if bytes.IndexByte(rest[:n], 0) >= 0 {
				found++
			}
			rest = rest[n:]
		}
	}
}
