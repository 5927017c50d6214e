package transcript

import (
	"io"
	"testing"

	"rawhttp/internal/http1"
)

// BenchmarkServed is what one request and its answer cost a server that shows them.
func BenchmarkServed(b *testing.B) {
	req := []byte("GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n")
	res := []byte("HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 09:23:39 GMT\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 32\r\n\r\nhello from a hand-rolled server\n")
	for _, json := range []bool{false, true} {
		name := "text"
		if json {
			name = "json"
		}
		b.Run(name, func(b *testing.B) {
			s := NewScreen(Options{Output: io.Discard, JSON: json, Numbers: true})
			c := s.Conversation(1, http1.Response)
			b.ReportAllocs()
			for b.Loop() {
				_ = c.Received(req)
				_ = c.Sent(res)
			}
		})
	}
}
