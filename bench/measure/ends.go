//go:build linux

package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// endsOptions are the flags of measure ends.
type endsOptions struct {
	name    string
	runs    int
	server  string
	input   string
	expect  int
	maxMS   float64
	scratch string
}

// ends runs both commands in turn against a server, with a proxy between that
// notes when the response's last byte was handed to the client. The figure is
// the time from just before that write to the process's exit.
func ends(args, ours, peer []string) error {
	var o endsOptions
	set := flag.NewFlagSet("ends", flag.ExitOnError)
	set.StringVar(&o.name, "name", "", "what the line begins with")
	set.IntVar(&o.runs, "runs", 20, "runs of each")
	set.StringVar(&o.server, "server", "", "HOST:PORT of the real server")
	set.StringVar(&o.input, "input", "", "the request, to standard input")
	set.IntVar(&o.expect, "responses", 1, "complete responses that our transcript must name")
	set.Float64Var(&o.maxMS, "max-ms", 50, "of our median: more is a miss")
	set.StringVar(&o.scratch, "scratch", "", "a file for our transcript")
	set.Parse(args)

	p, err := newProxy(o.server)
	if err != nil {
		return err
	}
	defer p.listener.Close()
	ours, peer = withPort(ours, p.port()), withPort(peer, p.port())
	var gaps, peerGaps []float64
	for i := range o.runs {
		for j := range 2 {
			if (i+j)%2 == 0 {
				gap, err := o.once(p, ours)
				if err != nil {
					return fmt.Errorf("%s: %w", o.name, err)
				}
				gaps = append(gaps, milliseconds(gap))
			} else if len(peer) > 0 {
				crossed, r, err := p.during(peer, "", sink{kind: "null"})
				if err != nil {
					return fmt.Errorf("%s: %w", o.name, err)
				}
				peerGaps = append(peerGaps, milliseconds(r.exit.Sub(crossed.last)))
			}
		}
	}
	return report(o.name+"-ms", median(gaps), median(peerGaps), atMost(o.maxMS, "ms"))
}

// once is one run of ours. That the server had not closed is checked: else not
// rawhttp but the server would have ended it.
func (o *endsOptions) once(p *proxy, ours []string) (time.Duration, error) {
	crossed, r, err := p.during(ours, o.input, sink{kind: o.scratch})
	if err != nil {
		return 0, err
	}
	transcript, err := os.ReadFile(o.scratch)
	os.Remove(o.scratch)
	if err != nil {
		return 0, err
	}
	if n := bytes.Count(transcript, []byte("* response complete: ")); n != o.expect {
		return 0, fmt.Errorf("%d responses are complete, %d were wanted:\n%s", n, o.expect, transcript)
	}
	if crossed.serverFirst {
		return 0, errors.New("the server closed first, so this tells nothing")
	}
	return r.exit.Sub(crossed.last), nil
}

func withPort(words []string, port string) []string {
	var with []string
	for _, w := range words {
		with = append(with, strings.ReplaceAll(w, "%PORT%", port))
	}
	return with
}

// crossing is what a proxied conversation was like.
type crossing struct {
	last        time.Time // just before the last write to the client
	serverFirst bool      // the server ended its stream before the client did
}

// proxy carries one connection at a time between a client and the server.
type proxy struct {
	listener net.Listener
	server   string
	done     chan crossing
}

func newProxy(server string) (*proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{l, server, make(chan crossing, 1)}
	go p.accept()
	return p, nil
}

func (p *proxy) port() string { return strconv.Itoa(p.listener.Addr().(*net.TCPAddr).Port) }

// during runs a command and returns what crossed meanwhile.
func (p *proxy) during(words []string, input string, to sink) (crossing, taken, error) {
	r, err := execute(words, []byte(input), to)
	if err != nil {
		return crossing{}, r, err
	}
	var crossed crossing
	select {
	case crossed = <-p.done:
	case <-time.After(5 * time.Second):
		return crossing{}, r, errors.New("the command ended without a connection")
	}
	if crossed.last.IsZero() {
		return crossed, r, errors.New("no byte came from the server")
	}
	return crossed, r, nil
}

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil {
			client.Close()
			p.done <- crossing{}
			continue
		}
		p.done <- carry(client, server)
	}
}

// carry goes on until the client has closed, and then closes both.
func carry(client, server net.Conn) crossing {
	var mu sync.Mutex
	var crossed crossing
	clientEnded := false
	var group sync.WaitGroup
	group.Go(func() {
		pump(server, client, func() {})
		mu.Lock()
		clientEnded = true
		mu.Unlock()
		server.(*net.TCPConn).CloseWrite()
	})
	group.Go(func() {
		pump(client, server, func() {
			at := time.Now()
			mu.Lock()
			crossed.last = at
			mu.Unlock()
		})
		mu.Lock()
		crossed.serverFirst = !clientEnded
		mu.Unlock()
		client.(*net.TCPConn).CloseWrite()
	})
	group.Wait()
	client.Close()
	server.Close()
	return crossed
}

// pump copies until the end of the stream; before is called before each write.
func pump(to, from net.Conn, before func()) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			before()
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}
