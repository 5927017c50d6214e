// Command go-nethttp is the same web server as a Go programmer would write it:
// package net/http reads the requests and writes the answers.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
)

func main() {
	port := "8080"
	if len(os.Args) > 1 {
		port = os.Args[1]
	}
	// Listen does three things at once: it makes a socket, binds it and listens.
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening on", listener.Addr())

	// Each path has a function that answers. "/{$}" is "/" alone, "/" is all the rest.
	http.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "hello from a hand-rolled server\n")
	})
	http.HandleFunc("/about", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "this is /about\n")
	})
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "404 Not Found: "+r.RequestURI, http.StatusNotFound)
	})

	// Serve accepts, reads, writes and closes. What is no HTTP it answers with 400.
	log.Fatal(http.Serve(listener, nil))
}
