// Command peer is the other end of the benchmarks: HTTP servers to talk to, and
// the files they serve.
//
//	peer serve                    net/http: /, /chunked, /empty (204), /slow (after 3 s)
//	peer file FILE                a raw sender of FILE: Content-Length, or /chunked
//	peer take                     a raw receiver: POST of any length, answered with "taken", or /sum with its SHA-256
//	peer make text|ascii|binary|line BYTES FILE   FILE with that many bytes
//	peer port                     a TCP port that is free now
//	peer await HOST:PORT          returns when a server answers there
//	peer hello                    net/http with the page of rawhttp serve
//	peer hold N HOST:PORT         N idle connections, each after one request
//	peer drip N HOST:PORT         N connections that send a byte of a head a second
//	peer latency N HOST:PORT      the median of N requests, in microseconds
//
// The servers listen on a free port of 127.0.0.1, whose number is the first
// line they print.
package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}

var crowds = map[string]func(address string, n int) error{"hold": hold, "drip": drip, "latency": latency}

func run(args []string) error {
	switch {
	case len(args) == 1 && args[0] == "serve":
		return serve()
	case len(args) == 2 && args[0] == "file":
		return sendFile(args[1])
	case len(args) == 1 && args[0] == "take":
		return takeFiles()
	case len(args) == 4 && args[0] == "make":
		size, err := strconv.ParseInt(args[2], 10, 64)
		if err != nil {
			return err
		}
		return generate(args[1], size, args[3])
	case len(args) == 1 && args[0] == "port":
		l, err := listen()
		if err != nil {
			return err
		}
		return l.Close()
	case len(args) == 2 && args[0] == "await":
		return await(args[1])
	case len(args) == 1 && args[0] == "hello":
		return serveHello()
	case len(args) == 3:
		n, err := strconv.Atoi(args[1])
		if crowd, ok := crowds[args[0]]; ok && err == nil {
			return crowd(args[2], n)
		}
	}
	return errors.New("serve | file FILE | take | make text|ascii|binary|line BYTES FILE | port | await HOST:PORT | hello | hold|drip|latency N HOST:PORT")
}

// listen prints the port, so that a script knows it before the first request.
func listen() (net.Listener, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		_, err = fmt.Println(l.Addr().(*net.TCPAddr).Port)
	}
	return l, err
}

// await polls, because a server of somebody else's gives no other sign.
func await(address string) error {
	var err error
	for range 200 {
		var c net.Conn
		if c, err = net.DialTimeout("tcp", address, time.Second); err == nil {
			return c.Close()
		}
		time.Sleep(25 * time.Millisecond)
	}
	return err
}

func serve() error {
	l, err := listen()
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	text := func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello, client\n") }
	mux.HandleFunc("/", text)
	mux.HandleFunc("/empty", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("/chunked", func(w http.ResponseWriter, _ *http.Request) {
		for range 3 {
			fmt.Fprint(w, "hello, client\n")
			w.(http.Flusher).Flush()
		}
	})
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(3 * time.Second):
			text(w, r)
		case <-r.Context().Done(): // the client half-closed or went away
		}
	})
	return http.Serve(l, mux)
}
