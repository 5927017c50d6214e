package main

import (
	"strconv"
	"strings"

	"rawhttp/internal/listen"
)

// place is where a server listens, and whether it speaks TLS there: what listen
// and serve share.
type place struct {
	command string // "listen" or "serve"
	word    string // the address as it was given
	address listen.Address
	tls     serverTLS
}

// parse reads the address and returns args from it on, nc's two words as one.
func (pl *place) parse(args []string) ([]string, error) {
	if len(args) == 0 {
		return nil, usagef("for instance: rawhttp "+pl.command+" 8080", "give the port to listen on")
	}
	if len(args) > 1 && isDigits(args[1]) && !isDigits(args[0]) && !hasPort(args[0]) {
		args = append([]string{joinPort(args[0], args[1])}, args[2:]...)
	}
	var err error
	pl.word = args[0]
	if pl.address, err = listen.ParseAddress(args[0]); err != nil {
		return nil, asUsage(err)
	}
	return args, nil
}

// bind says which files TLS writes, before they are checked.
func (pl *place) bind(p *program, f *conversationFlags) {
	if !pl.tls.on {
		return
	}
	if f.set.Changed("save-ca") {
		f.savedCA = writtenFile{"--save-ca", pl.tls.saveCA}
	}
	f.keyLog = p.keyLogFile(f.set)
}

// sayListening names the addresses, before the first client, and what to try.
func (pl *place) sayListening(out *outputs, p *program, sockets *listen.Sockets, verbose bool) {
	screen := out.screen
	addresses := sockets.Addresses()
	text := "listening on " + strings.Join(addresses, " and ")
	switch {
	case pl.address.Path != "":
	case sockets.LoopbackOnly():
		text += " (this machine only)"
	default:
		text += " (other machines can connect)"
	}
	screen.Listening(addresses)
	screen.Always("listening", text+"; Ctrl-C ends")
	for _, note := range sockets.Notes() {
		screen.Note("listening-detail", note)
	}
	pl.tls.sayCertificate(screen, verbose)
	pl.sayTry(out, sockets)
	if sockets.LoopbackOnly() && pl.address.Path == "" && p.container() {
		screen.Note("container", "this is a container: only the container itself can connect; for a published port listen on :"+strconv.Itoa(sockets.Port()))
	}
}

// sayTry gives a client's command line.
func (pl *place) sayTry(out *outputs, sockets *listen.Sockets) {
	screen, port := out.screen, strconv.Itoa(sockets.Port())
	const try = "try, in another terminal: "
	path := "/hello"
	if pl.command == "serve" {
		path = "/"
	}
	switch {
	case pl.address.Path != "":
		screen.Note("try", try+pl.tls.curl("--unix-socket "+quote(pl.address.Path)+" ", "localhost", path))
	case pl.address.All, isUnspecified(pl.address.Host):
		screen.Note("try", try+pl.tls.curl("", "localhost:"+port, path))
		if others := listen.OtherAddresses(); len(others) > 0 {
			screen.Note("try", "from another machine: "+urls(pl.tls.scheme(), others, port))
		}
	case pl.address.Local:
		screen.Note("try", try+pl.tls.curl("", "localhost:"+port, path))
	default:
		screen.Note("try", try+pl.tls.curl("", sockets.Addresses()[0], path))
	}
}

// here is what is listened on, as a word of the command line. A free port was
// picked once, and is not picked again.
func (pl *place) here(port int) string {
	if pl.address.Port != "0" {
		return pl.word
	}
	return pl.word[:strings.LastIndexByte(pl.word, ':')+1] + strconv.Itoa(port)
}
