package main

import (
	"bufio"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"strings"
)

// takeFiles takes requests with a Content-Length, as fast as reads can.
func takeFiles() error { return serveEach("taking", takeAll) }

// takeAll serves one connection until the client closes it or asked for that.
func takeAll(c *net.TCPConn) error {
	in := bufio.NewReader(c)
	for {
		head, length := "", int64(0)
		for !strings.HasSuffix(head, "\r\n\r\n") {
			line, err := in.ReadString('\n')
			if err != nil {
				return nil // a client that closes between requests is no error
			}
			head += line
			fmt.Sscanf(line, "Content-Length: %d", &length)
		}
		answer := "taken"
		if strings.HasPrefix(head, "POST /sum ") {
			sum := sha256.New()
			if _, err := io.CopyN(sum, in, length); err != nil {
				return err
			}
			answer = fmt.Sprintf("%x", sum.Sum(nil))
		} else {
			held, _ := in.Discard(int(min(length, int64(in.Buffered()))))
			if err := discard(c, length-int64(held)); err != nil {
				return err
			}
		}
		_, err := fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(answer), answer)
		if err != nil || strings.Contains(head, "\r\nConnection: close\r\n") {
			return err
		}
	}
}
