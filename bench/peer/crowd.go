package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"time"
)

// hello is the page.
const hello = "hello from a hand-rolled server\n"

// serveHello is net/http with the page that `rawhttp serve` has at /.
func serveHello() error {
	l, err := listen()
	if err != nil {
		return err
	}
	return http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, hello)
	}))
}

const question = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

// hold opens n connections, makes a request on each, prints "held", and keeps
// them until its standard input ends.
func hold(address string, n int) error {
	conns, err := open(address, n)
	if err != nil {
		return err
	}
	for _, c := range conns {
		if err := ask(c, bufio.NewReader(c)); err != nil {
			return err
		}
	}
	fmt.Println("held")
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// drip opens n connections and sends a byte of an endless head a second on each,
// opening anew what the server closes, until its standard input ends.
func drip(address string, n int) error {
	conns, err := open(address, n)
	if err != nil {
		return err
	}
	fmt.Println("dripping")
	over := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(over)
	}()
	head := "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
	tick := time.NewTicker(time.Second)
	for at := 0; ; at++ {
		for i, c := range conns {
			b := byte('x')
			if at < len(head) {
				b = head[at]
			}
			if _, err := c.Write([]byte{b}); err != nil {
				c.Close()
				if again, err := net.Dial("tcp", address); err == nil {
					conns[i] = again
				}
			}
		}
		select {
		case <-over:
			return nil
		case <-tick.C:
		}
	}
}

// latency prints the median time of n requests, each on its own connection, in
// microseconds.
func latency(address string, n int) error {
	var took []time.Duration
	for range n {
		begun := time.Now()
		c, err := net.Dial("tcp", address)
		if err != nil {
			return err
		}
		if err := ask(c, bufio.NewReader(c)); err != nil {
			return err
		}
		c.Close()
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	fmt.Println(took[len(took)/2].Microseconds())
	return nil
}

func open(address string, n int) ([]net.Conn, error) {
	var conns []net.Conn
	for range n {
		c, err := net.Dial("tcp", address)
		if err != nil {
			return nil, fmt.Errorf("connection %d: %w", len(conns)+1, err)
		}
		conns = append(conns, c)
	}
	return conns, nil
}

// ask makes one request and reads its answer.
func ask(c net.Conn, r *bufio.Reader) error {
	if _, err := io.WriteString(c, question); err != nil {
		return err
	}
	response, err := http.ReadResponse(r, nil)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(response.Body)
	if err == nil && string(body) != hello {
		err = errors.New("another page")
	}
	return err
}
