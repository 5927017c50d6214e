package main

import (
	"context"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"rawhttp/internal/dial"
	"rawhttp/internal/serve"
	"rawhttp/internal/tlsdial"
	"rawhttp/internal/tlslisten"
)

// The sockets of a lesson: real ones, of this machine, with both ends in this
// program.
//
//   - Both ends are played by one goroutine: one end writes, then the other
//     reads exactly as many bytes. So a lesson looks the same each time.
//   - Where internal/serve answers, its end is watched: it has said all that it
//     will say once it waits for more with everything read.
//   - A lesson that is told to stop closes both ends; then nothing waits.

// halfConn is what both TCP and TLS connections are.
type halfConn interface {
	net.Conn
	CloseWrite() error
}

// wirePair is the two ends of a connection.
type wirePair struct {
	client, server halfConn
	agreed         *tlsdial.Summary // nil without TLS
	served         *servedEnd       // nil while the server is played by hand
	stop           func()           // ends what watches the context, and serve
}

// connectPair connects over loopback; security is nil for a plain connection.
func connectPair(ctx context.Context, security *demoTLS) (*wirePair, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, networkFailure("cannot listen on this machine: ", err)
	}
	defer l.Close()
	address := dial.Address{Host: "127.0.0.1", Port: portText(l.Addr())}
	client, err := dial.Dial(ctx, address, dial.Options{})
	if err != nil {
		return nil, connectFailure(ctx, err)
	}
	server, err := l.Accept()
	if err != nil {
		client.Close()
		return nil, networkFailure("cannot accept a connection of this machine: ", err)
	}
	w := &wirePair{client: client, server: server.(*net.TCPConn)}
	if security != nil {
		if err := w.secure(ctx, security, client); err != nil {
			client.Close()
			server.Close()
			return nil, err
		}
	}
	unwatch := context.AfterFunc(ctx, w.closeBoth)
	w.stop = func() { unwatch() }
	return w, nil
}

func portText(a net.Addr) string {
	_, port, _ := net.SplitHostPort(a.String())
	return port
}

// secure makes both handshakes at once.
func (w *wirePair) secure(ctx context.Context, security *demoTLS, plain dial.Conn) error {
	type half struct {
		conn *tlslisten.Conn
		err  error
	}
	accepted := make(chan half, 1)
	_ = w.server.SetDeadline(time.Now().Add(handshakeLimit))
	go func() {
		conn, err := security.server.Secure(w.server)
		accepted <- half{conn, err}
	}()
	secured, summary, err := security.client.Connect(ctx, plain, "localhost")
	other := <-accepted
	if err != nil {
		return connectFailure(ctx, err)
	}
	if other.err != nil {
		return other.err
	}
	_ = other.conn.SetDeadline(time.Time{})
	w.client, w.server, w.agreed = secured, other.conn, summary
	return nil
}

const handshakeLimit = 10 * time.Second

// demoTLS is both ends' way to TLS.
type demoTLS struct {
	server *tlslisten.Server
	client *tlsdial.Client
}

// newDemoTLS makes an authority that the client trusts. The client reads it from
// a file, which is gone again when this returns.
func newDemoTLS() (*demoTLS, error) {
	made, err := tlslisten.Make([]string{"localhost"}, time.Now())
	if err != nil {
		return nil, failed("cannot make a certificate: "+err.Error(), err)
	}
	file, err := os.CreateTemp("", "rawhttp-demo-ca-*.pem")
	if err != nil {
		return nil, failed("cannot write a temporary file: "+plainFileError(err), err)
	}
	defer os.Remove(file.Name())
	_, err = file.Write(made.PEM())
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, failed("cannot write a temporary file: "+plainFileError(err), err)
	}
	client, err := tlsdial.New(tlsdial.Options{CAFiles: []string{file.Name()}})
	if err != nil {
		return nil, err
	}
	return &demoTLS{tlslisten.New(tlslisten.Options{Certificate: made.Certificate}), client}, nil
}

// pass writes p at one end and reads it at the other. Both at once: a lesson may
// be longer than what the system holds between them.
func pass(from, to net.Conn, p []byte) (came []byte, err error) {
	written := make(chan error, 1)
	go func() {
		_, err := from.Write(p)
		written <- err
	}()
	came = make([]byte, len(p))
	_, err = io.ReadFull(to, came)
	if writeErr := <-written; writeErr != nil {
		err = writeErr
	}
	return came, err
}

// serve lets the built-in server have the server's end.
func (w *wirePair) serve(ctx context.Context) {
	served := newServedEnd(w.server)
	w.served = served
	unwatchServed := context.AfterFunc(ctx, func() { served.Close() }) // and next returns
	serving, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	// A teacher may talk for as long as it takes between two steps.
	const patient = 24 * time.Hour
	s := serve.New(serve.Options{Handler: serve.Site(nil), Times: serve.Times{Head: patient, Body: patient, Idle: patient}})
	go func() {
		defer close(done)
		_ = s.Serve(serving, serving.Done(), &oneConn{conn: w.served, closed: make(chan struct{})})
	}()
	unwatch := w.stop
	w.stop = func() {
		unwatch()
		unwatchServed()
		cancel()
		<-done
	}
}

func (w *wirePair) closeBoth() {
	_ = w.client.Close()
	_ = w.server.Close()
}

// oneConn is a listener that has one connection.
type oneConn struct {
	conn   net.Conn
	once   sync.Once
	mu     sync.Mutex
	taken  bool
	closed chan struct{}
}

// Accept implements net.Listener.
func (l *oneConn) Accept() (net.Conn, error) {
	l.mu.Lock()
	first := !l.taken
	l.taken = true
	l.mu.Unlock()
	if first {
		return l.conn, nil
	}
	<-l.closed
	return nil, net.ErrClosed
}

// Close implements net.Listener.
func (l *oneConn) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr implements net.Listener.
func (l *oneConn) Addr() net.Addr { return l.conn.LocalAddr() }
