//go:build unix

// Command go-sockets is a web server made of the system's own calls.
package main

import (
	"fmt"
	"log"
	"os"
	"strings"
	"syscall"
)

func main() {
	port := 8080
	fmt.Sscan(strings.Join(os.Args[1:], ""), &port) // Another one, if it was given.
	// A socket is a number. Bind gives it an address, listen lets clients in.
	server, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	check(err)
	check(syscall.SetsockoptInt(server, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1))
	check(syscall.Bind(server, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}, Port: port}))
	check(syscall.Listen(server, 128))
	address, err := syscall.Getsockname(server)
	check(err)
	fmt.Printf("listening on 127.0.0.1:%d\n", address.(*syscall.SockaddrInet4).Port)
	for { // Accept waits for a client, and returns a socket for it alone.
		client, _, err := syscall.Accept(server)
		check(err)
		go answer(client) // The next client does not wait for this one.
	}
}

func answer(client int) {
	defer syscall.Close(client)
	request, piece := "", make([]byte, 4096)
	for !strings.Contains(request, "\r\n\r\n") { // An empty line ends the request.
		n, err := syscall.Read(client, piece) // It may come in several pieces.
		if err != nil || n == 0 {
			return // The client has gone.
		}
		request += string(piece[:n])
	}
	words := strings.Split(strings.Split(request, "\r\n")[0], " ") // The method, the path, the version.
	pages := map[string]string{"/": "hello from a hand-rolled server\n", "/about": "this is /about\n"}
	status, body := "200 OK", ""
	if len(words) != 3 || !strings.HasPrefix(words[2], "HTTP/1.") {
		status, body = "400 Bad Request", "400 Bad Request\n"
	} else if body = pages[words[1]]; body == "" {
		status, body = "404 Not Found", "404 Not Found: "+words[1]+"\n"
	}
	head := "HTTP/1.1 " + status + "\r\nContent-Type: text/plain; charset=utf-8\r\n" +
		fmt.Sprintf("Content-Length: %d\r\nConnection: close\r\n\r\n", len(body))
	syscall.Write(client, []byte(head+body))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
