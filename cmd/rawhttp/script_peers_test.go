package main

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// A player is the other end of a connection. It does what a file says, a line
// at a time, and closes at the file's end:
//
//	head         reads to the end of a head
//	read N       reads N bytes
//	end          reads until the other side has closed its own, or is gone
//	send TEXT    sends TEXT, written with escapes
//	half-close   sends no more
//	reset        breaks the connection
//	next         closes; the server goes on with the next connection
type player struct {
	steps    []string
	received strings.Builder
	name     string // that a TLS client asked for
	err      error  // of the connection; a broken one is often what is wanted
	done     chan struct{}
}

func newPlayer(ts *testscript.TestScript, file string) *player {
	p := &player{done: make(chan struct{})}
	for line := range strings.Lines(ts.ReadFile(file)) {
		verb, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch verb {
		case "send":
			p.steps = append(p.steps, verb+" "+unescaped(ts, text))
		case "head", "read", "end", "half-close", "reset", "next":
			p.steps = append(p.steps, verb+" "+text)
		case "":
		default:
			ts.Fatalf("%s: a peer cannot %q", file, verb)
		}
	}
	stageOf(ts).players[file] = p
	return p
}

// play does the steps with the connections that next gives.
func (p *player) play(next func() (net.Conn, error)) {
	defer close(p.done)
	var conn net.Conn
	var r *bufio.Reader
	defer func() {
		if conn != nil {
			conn.Close()
		}
	}()
	for _, step := range append([]string{"next "}, p.steps...) {
		verb, text, _ := strings.Cut(step, " ")
		if verb == "next" {
			if conn != nil {
				conn.Close()
			}
			if conn, p.err = next(); p.err != nil {
				return
			}
			r = bufio.NewReader(io.TeeReader(oneByte{conn}, &p.received))
			continue
		}
		if p.err = p.step(conn, r, verb, text); p.err != nil {
			return
		}
	}
}

// oneByte reads no further than it is asked to: what was not read must not be
// counted as received.
type oneByte struct{ r io.Reader }

// Read implements io.Reader.
func (o oneByte) Read(p []byte) (int, error) { return o.r.Read(p[:1]) }

func (p *player) step(conn net.Conn, r *bufio.Reader, verb, text string) error {
	switch verb {
	case "head":
		for {
			line, err := r.ReadString('\n')
			if err != nil || strings.TrimRight(line, "\r\n") == "" {
				return err
			}
		}
	case "read":
		n, err := strconv.ParseInt(text, 10, 64)
		if err == nil {
			_, err = io.CopyN(io.Discard, r, n)
		}
		return err
	case "end":
		_, err := io.Copy(io.Discard, r)
		return err
	case "send":
		_, err := io.WriteString(conn, text)
		return err
	case "half-close":
		return conn.(interface{ CloseWrite() error }).CloseWrite()
	}
	return conn.(*net.TCPConn).SetLinger(0) // reset: the close that follows breaks it
}

// stop ends what is left at the end of a script.
func (p *player) stop(ts *testscript.TestScript, c io.Closer) {
	ts.Defer(func() { c.Close(); <-p.done })
}

func cmdServer(ts *testscript.TestScript, neg bool, args []string) {
	kind, path := option(&args, "-tls"), option(&args, "-unix")
	need(ts, !neg && len(args) == 1, "server [-tls KIND] [-unix PATH] FILE")
	p := newPlayer(ts, args[0])
	l := listenFor(ts, path)
	open := &openConns{}
	ts.Defer(open.closeAll)
	p.stop(ts, l)
	config := tlsConfig(ts, kind)
	go p.play(func() (net.Conn, error) {
		conn, err := l.Accept()
		if err != nil || config == nil {
			return open.add(conn), err
		}
		secured := tls.Server(open.add(conn), config)
		err = secured.Handshake()
		p.name = secured.ConnectionState().ServerName
		return secured, err
	})
}

// openConns is what must be closed for a blocked peer to end.
type openConns struct {
	mu    sync.Mutex
	conns []net.Conn
}

func (o *openConns) add(conn net.Conn) net.Conn {
	o.mu.Lock()
	defer o.mu.Unlock()
	if conn != nil {
		o.conns = append(o.conns, conn)
	}
	return conn
}

func (o *openConns) closeAll() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, conn := range o.conns {
		conn.Close()
	}
}

// listenFor puts the address in $SERVER.
func listenFor(ts *testscript.TestScript, path string) net.Listener {
	if path != "" {
		l, err := net.Listen("unix", ts.MkAbs(path))
		ts.Check(err)
		return l
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	stageOf(ts).open(ts, "SERVER", strconv.Itoa(l.Addr().(*net.TCPAddr).Port))
	return l
}

func cmdClient(ts *testscript.TestScript, neg bool, args []string) {
	background := len(args) == 2 && args[1] == "&"
	need(ts, !neg && (len(args) == 1 || background), "client FILE [&]")
	network, address := "tcp", ts.Getenv("ADDR")
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		network, address = "unix", ts.MkAbs(path)
	}
	p := newPlayer(ts, args[0])
	open := &openConns{}
	connect := func() (net.Conn, error) {
		conn, err := net.Dial(network, address)
		return open.add(conn), err
	}
	first, err := connect() // before the next command of the script
	ts.Check(err)
	ts.Defer(func() { open.closeAll(); <-p.done })
	go p.play(func() (net.Conn, error) {
		if conn := first; conn != nil {
			first = nil
			return conn, nil
		}
		return connect()
	})
	if !background {
		p.await(ts)
	}
}

func (p *player) await(ts *testscript.TestScript) {
	select {
	case <-p.done:
	case <-time.After(patience):
		ts.Fatalf("the peer does not come to its end")
	}
}

func finished(ts *testscript.TestScript, file string) *player {
	p := stageOf(ts).players[file]
	if p == nil {
		ts.Fatalf("no peer was started from %s", file)
	}
	p.await(ts)
	return p
}

func cmdReceived(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) == 2, "received FILE WANT")
	got, want := finished(ts, args[0]).received.String(), unescaped(ts, ts.ReadFile(args[1]))
	if got != want {
		ts.Fatalf("the peer of %s received\n%q\nand not\n%q", args[0], got, want)
	}
}

func cmdSNI(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) == 2, "sni FILE NAME")
	if got := finished(ts, args[0]).name; got != args[1] {
		ts.Fatalf("the client asked for %q, not %q", got, args[1])
	}
}

func cmdGoServer(ts *testscript.TestScript, neg bool, args []string) {
	kind := option(&args, "-tls")
	need(ts, !neg && len(args) == 0, "goserver [-tls KIND]")
	l := listenFor(ts, "")
	if config := tlsConfig(ts, kind); config != nil {
		l = tls.NewListener(l, config)
	}
	server := &http.Server{Handler: goHandler(), ErrorLog: log.New(io.Discard, "", 0)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			panic(err) // a listener on the loopback does not fail
		}
	}()
	ts.Defer(func() { server.Close(); <-done })
}

func goHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/hello", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello, client\n") })
	mux.HandleFunc("/chunked", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "hello")
		w.(http.Flusher).Flush()
		fmt.Fprint(w, ", client\n")
	})
	mux.HandleFunc("/nothing", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	return mux
}
