package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"regexp"
	"strconv"
	"testing"
)

// BenchmarkServe is serve on loopback, as a user starts it, and one connection that
// is kept alive: a round is so many pipelined requests and their answers.
// Allocations are the whole process's; the client makes none.
func BenchmarkServe(b *testing.B) {
	for _, view := range []struct {
		name string
		args []string
	}{
		{"off", []string{"--no-transcript"}}, {"text", nil}, {"hex", []string{"--format", "hex"}},
		{"json", []string{"--format", "json"}}, {"log", []string{"--access-log"}},
	} {
		for _, pipelined := range []int{1, 16} {
			b.Run(view.name+"/"+strconv.Itoa(pipelined), func(b *testing.B) {
				conn := serveFor(b, view.args...)
				one := []byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
				answer := make([]byte, pipelined*answerLength(b, conn, one))
				requests := bytes.Repeat(one, pipelined)
				b.SetBytes(int64(len(requests) + len(answer)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := conn.Write(requests); err != nil {
						b.Fatal(err)
					}
					if _, err := io.ReadFull(conn, answer); err != nil {
						b.Fatal(err)
					}
				}
				if n := bytes.Count(answer, []byte("HTTP/1.1 200 OK\r\n")); n != pipelined {
					b.Errorf("%d answers to %d requests:\n%s", n, pipelined, answer)
				}
			})
		}
	}
}

// serveFor starts serve, whose standard output is read and dropped, and returns a
// connection to it. Both end with the benchmark.
func serveFor(b *testing.B, args ...string) net.Conn {
	b.Helper()
	in, err := os.Open(os.DevNull)
	if err != nil {
		b.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	p := &program{world: &world{stdin: in, stdout: w, stderr: w, getenv: func(string) string { return "" }, container: func() bool { return false }}}
	ctx, cancel := context.WithCancelCause(context.Background())
	ended, drained := make(chan error, 1), make(chan error, 1)
	go p.execute(ctx, append([]string{"serve", "127.0.0.1:0"}, args...), ended)
	out := bufio.NewReaderSize(r, 256<<10)
	line, err := out.ReadString('\n')
	address := regexp.MustCompile(`127\.0\.0\.1:\d+`).FindString(line)
	if err != nil || address == "" {
		b.Fatalf("%q, %v", line, err)
	}
	go func() {
		_, err := io.Copy(io.Discard, out)
		drained <- err
	}()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		conn.Close()
		cancel(&stopped{os.Interrupt})
		<-ended
		w.Close()
		<-drained
		r.Close()
		in.Close()
	})
	return conn
}

// answerLength is how long the answer to one request is, which is asked for.
func answerLength(b *testing.B, conn net.Conn, request []byte) int {
	b.Helper()
	if _, err := conn.Write(request); err != nil {
		b.Fatal(err)
	}
	buffer, n := make([]byte, 4096), 0
	for !bytes.HasSuffix(buffer[:n], []byte("server\n")) {
		m, err := conn.Read(buffer[n:])
		if err != nil {
			b.Fatalf("%q, %v", buffer[:n], err)
		}
		n += m
	}
	return n
}
