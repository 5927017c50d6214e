package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"rawhttp/internal/listen"
	"rawhttp/internal/tlslisten"
)

// notesOf is what h says of an event: the connection, the code and the text of each note.
func notesOf(h *host, e listen.Event) []string {
	var said []string
	h.program = &program{}
	h.notes = &orderedNotes{seats: 1, show: func(conn int, code, text string) error {
		said = append(said, fmt.Sprintf("%d %s %s", conn, code, text))
		return nil
	}}
	h.event(e)
	return said
}

func TestHandshakesThatAreCounted(t *testing.T) {
	gone := &tlslisten.HandshakeError{Problem: "it sent no byte", Gone: true}
	for want, e := range map[string]listen.Event{
		"0 tls-failed 2 more TLS handshakes came to nothing; the last: #6 has gone: a:1 (it sent no byte; browsers open spare connections)": {Kind: listen.RefusedMore, Number: 6, Remote: "a:1", Count: 2, Err: gone},
		"0 tls-failed 2 more TLS handshakes came to nothing; the last: #6 TLS handshake failed: a:1: no":                                    {Kind: listen.RefusedMore, Number: 6, Remote: "a:1", Count: 2, Err: errors.New("no")},
		"0 tls-slow 9 more TLS handshakes were not complete after 300 ms; the last: #6 a:1":                                                 {Kind: listen.SecuringMore, Number: 6, Remote: "a:1", Count: 9},
	} {
		if said := notesOf(&host{listenOptions: &listenOptions{}}, e); len(said) != 1 || said[0] != want {
			t.Errorf("%q, want %q", said, want)
		}
	}
}

// A command line that is advised has the port that clients know, not the 0 that picks another one.
func TestPortOfAnAdvisedCommand(t *testing.T) {
	for word, want := range map[string]string{
		"0": "4711", ":0": ":4711", "localhost:0": "localhost:4711", "[::1]:0": "[::1]:4711", "000": "4711",
		"8080": "8080", "127.0.0.1:8080": "127.0.0.1:8080", "http-alt": "http-alt", "unix:/tmp/a:0": "unix:/tmp/a:0",
	} {
		address, err := listen.ParseAddress(word)
		if err != nil {
			t.Fatal(err)
		}
		h := &host{listenOptions: &listenOptions{place: place{word: word, address: address}}}
		for _, e := range []listen.Event{
			{Kind: listen.TLS, Port: 4711},
			{Kind: listen.Refused, Port: 4711, Err: &tlslisten.PlainError{}},
		} {
			if said := notesOf(h, e); len(said) != 1 || !strings.HasSuffix(said[0], " "+want) {
				t.Errorf("%s: %q, want %s", word, said, want)
			}
		}
	}
}

// Of a connection whose handshake was not complete it is not said that no byte came, unless none did.
func TestUnservedInItsHandshake(t *testing.T) {
	for want, err := range map[string]error{
		"3 unserved #3 closed unserved (it sent 37 bytes of a TLS hello)":                             &tlslisten.HandshakeError{Problem: "it sent 37 bytes of a TLS hello"},
		"3 unserved #3 closed unserved (it sent no byte; browsers open spare connections)":            &tlslisten.HandshakeError{Problem: "it sent no byte", Gone: true},
		"3 unserved #3 closed unserved (it sent no byte inside TLS; browsers open spare connections)": nil,
	} {
		h := &host{listenOptions: &listenOptions{place: place{tls: serverTLS{on: true}}}}
		if said := notesOf(h, listen.Event{Kind: listen.Unserved, Number: 3, Err: err}); len(said) != 1 || said[0] != want {
			t.Errorf("%q, want %q", said, want)
		}
	}
}

// A client that goes because of the certificate's name, when the handshake is complete, is not taken for a browser's
// spare connection.
func TestGoneForTheCertificatesName(t *testing.T) {
	made, err := tlslisten.Make([]string{"localhost"}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	server := tlslisten.New(tlslisten.Options{Certificate: made.Certificate})
	for name, want := range map[string]string{
		"localhost":   "3 vanished #3 has gone: a:1 (it sent no byte inside TLS; browsers open spare connections)",
		"foo.example": "3 vanished #3 has gone: a:1 (it sent no byte inside TLS; it asks for foo.example, which this certificate is not for; here: --name foo.example)",
		"$(reboot)":   "3 vanished #3 has gone: a:1 (it sent no byte inside TLS; it asks for $(reboot), which this certificate is not for)",
	} {
		near, far := net.Pipe()
		client := tls.Client(near, &tls.Config{ServerName: name, InsecureSkipVerify: true})
		go client.Handshake()
		secured, err := server.Secure(far)
		if err != nil {
			t.Fatal(err)
		}
		h := &host{listenOptions: &listenOptions{place: place{tls: serverTLS{on: true, made: made}}}}
		if said := notesOf(h, listen.Event{Kind: listen.Vanished, Number: 3, Remote: "a:1", Secured: secured}); len(said) != 1 || said[0] != want {
			t.Errorf("%q, want %q", said, want)
		}
		near.Close()
		far.Close()
	}
}
