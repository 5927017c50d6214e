package serve

import (
	"bytes"
	"fmt"
	"io"
	"testing"
)

// repeating is a connection on which the same bytes come so many times, one a
// read, and then the end; of what is written the first bytes and the length are kept.
type repeating struct {
	scripted
	part    []byte
	times   int
	written int64
}

func (c *repeating) Read(p []byte) (int, error) {
	if c.times == 0 {
		return 0, io.EOF
	}
	c.times--
	return copy(p, c.part), nil
}

func (c *repeating) Write(p []byte) (int, error) {
	c.written += int64(len(p))
	return len(p), nil
}

// BenchmarkServe is the loop of one connection that is kept alive, in memory: a
// round is one read, of so many pipelined requests, and its write.
func BenchmarkServe(b *testing.B) {
	for _, path := range []string{"/about", "/echo", "/chunked"} {
		for _, pipelined := range []int{1, 16} {
			b.Run(fmt.Sprintf("%s/%d", path[1:], pipelined), func(b *testing.B) {
				part := bytes.Repeat([]byte(get(path)), pipelined)
				answer := len(answersTo(Options{Handler: Site(nil)}, part)) + pipelined*len("Sun, 22 Nov 2026 09:23:39 GMT") - pipelined*len("D")
				conn := &repeating{part: part, times: b.N}
				s := New(Options{Handler: Site(nil)})
				b.SetBytes(int64(len(part)))
				b.ReportAllocs()
				b.ResetTimer()
				s.begin(conn)
				s.serving.Wait()
				if want := int64(b.N) * int64(answer); conn.written != want {
					b.Fatalf("%d bytes were written, %d are the answers", conn.written, want)
				}
			})
		}
	}
}
