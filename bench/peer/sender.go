package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
)

// chunkSize is the data of one chunk that the raw sender sends.
const chunkSize = 32 << 10

// sendFile answers every request with the file's bytes: /body as servers do, by
// sendfile(2), which is what io.Copy from a file to a TCP connection is; /memory from
// memory, which takes half as long, so that the receiver is what is measured.
func sendFile(name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	return serveEach("sending", func(c *net.TCPConn) error { return answer(c, name, info.Size()) })
}

// serveEach serves every connection that comes, and closes it; doing says what an
// error interrupted.
func serveEach(doing string, serve func(*net.TCPConn) error) error {
	l, err := listen()
	if err != nil {
		return err
	}
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go func() {
			defer c.Close()
			if err := serve(c.(*net.TCPConn)); err != nil {
				fmt.Fprintf(os.Stderr, "peer: while %s: %v\n", doing, err)
			}
		}()
	}
}

// answer serves one connection until the client closes it or asked for that.
func answer(c net.Conn, name string, size int64) error {
	in := bufio.NewReader(c)
	for {
		head := ""
		for !strings.HasSuffix(head, "\r\n\r\n") {
			line, err := in.ReadString('\n')
			if err != nil {
				return nil // a client that closes between requests is no error
			}
			head += line
		}
		f, err := os.Open(name)
		if err != nil {
			return err
		}
		switch {
		case strings.Contains(head, " /chunked "):
			err = sendChunks(c, f)
		case strings.Contains(head, " /memory "):
			err = sendMemory(c, name)
		default:
			_, err = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n", size)
			if err == nil {
				_, err = io.Copy(c, f)
			}
		}
		f.Close()
		if err != nil || strings.Contains(head, "\r\nConnection: close\r\n") {
			return err
		}
	}
}

// memory is the content of the file that was last asked for as /memory.
var memory struct {
	sync.Mutex
	name  string
	bytes []byte
}

func sendMemory(c net.Conn, name string) (err error) {
	memory.Lock()
	if memory.name != name {
		memory.bytes, err = os.ReadFile(name)
		memory.name = name
	}
	body := memory.bytes
	memory.Unlock()
	if err == nil {
		_, err = fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n", len(body))
	}
	if err == nil {
		_, err = c.Write(body)
	}
	return err
}

func sendChunks(c net.Conn, f *os.File) error {
	out := bufio.NewWriterSize(c, 4*chunkSize)
	fmt.Fprint(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
	buffer := make([]byte, chunkSize)
	for {
		n, err := f.Read(buffer)
		if n > 0 {
			fmt.Fprintf(out, "%x\r\n", n)
			out.Write(buffer[:n])
			fmt.Fprint(out, "\r\n")
		}
		if err == io.EOF {
			fmt.Fprint(out, "0\r\n\r\n")
			return out.Flush()
		}
		if err != nil {
			return err
		}
	}
}
