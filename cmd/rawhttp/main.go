// Command rawhttp opens raw TCP, Unix and TLS sockets, shows every byte in both
// directions with its line ends and its length, and lets a person type or pipe
// HTTP requests and responses.
package main

import "os"

func main() { os.Exit(run(os.Args[1:], systemWorld())) }
