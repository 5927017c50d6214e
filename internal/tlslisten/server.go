// Package tlslisten makes the server's end of a TLS connection out of a plain one,
// and says in plain words what the client offered and what was agreed, or why
// nothing was.
//
// It prints nothing and knows no address. The rules:
//   - What is wrong with certificates and keys is found before listening.
//   - A certificate made here lives in memory: its authority's certificate can be
//     saved, its keys never, and no store of the system is touched.
//   - A client certificate is asked for and judged, never demanded: who learns
//     wants to see what came.
//   - A client that speaks no TLS gets an answer it can read, and is an error.
//   - Words from a client are a stranger's: no control character of them gets
//     into a line or an error, and none fills the screen.
package tlslisten

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"time"
)

// Options are the user's wishes for handshakes.
type Options struct {
	Certificate tls.Certificate // with its key: what the server is known by
	ClientCA    *x509.CertPool  // if not nil, a client certificate is asked for and verified against it
	KeyLog      io.Writer       // gets the sessions' keys (NSS key log format), a whole line at a time; nil: nobody
	// Plain, if not nil, gives the answer to a client that speaks no TLS. first
	// is what came, up to the end of a head or 4 KiB, and local the address it came to.
	Plain func(local net.Addr, first []byte) []byte
}

// Server is what all handshakes share. It may be used for several at a time.
type Server struct {
	options Options
	config  *tls.Config
	now     func() time.Time
}

// New makes a Server that speaks TLS 1.2 and 1.3.
func New(o Options) *Server {
	s := &Server{options: o, now: time.Now}
	s.config = &tls.Config{
		Certificates:       []tls.Certificate{o.Certificate},
		NextProtos:         []string{"http/1.1"},
		GetConfigForClient: remember,
		KeyLogWriter:       o.KeyLog,
	}
	if o.ClientCA != nil {
		s.config.ClientAuth, s.config.ClientCAs = tls.RequestClientCert, o.ClientCA
	}
	return s
}

// remember keeps what the client offers with its connection, and goes on with
// the same configuration.
func remember(hello *tls.ClientHelloInfo) (*tls.Config, error) {
	if seen, ok := hello.Conn.(*witness); ok {
		seen.offer = newOffer(hello)
	}
	return nil, nil
}

// Secure performs the handshake on conn, whose deadline bounds it; with an error
// conn is left open for the caller to close, and what the client should read has
// been written. The error is a *PlainError or a *HandshakeError. Closing the
// Conn closes conn.
func (s *Server) Secure(conn net.Conn) (*Conn, error) {
	seen := &witness{Conn: conn}
	first, err := seen.peek()
	if err == nil && first != recordHandshake {
		return nil, s.refuseFirst(seen)
	}
	start := s.now()
	secured := tls.Server(seen, s.config)
	if err == nil {
		err = secured.Handshake()
	}
	if err != nil {
		return nil, s.handshakeError(err, seen)
	}
	return &Conn{secured, seen, s.summary(secured.ConnectionState(), seen.offer, s.now().Sub(start))}, nil
}

// Conn is a TLS connection after its handshake. Its Read tells how the client's
// stream ended: io.EOF after a close_notify, io.ErrUnexpectedEOF when the
// connection ended without one (RFC 8446 section 6.1), which crypto/tls does not
// tell between two records. Reads must not be concurrent with each other.
type Conn struct {
	*tls.Conn
	seen    *witness
	summary *Summary
}

// Summary is what the handshake agreed on; it must not be changed.
func (c *Conn) Summary() *Summary { return c.summary }

// Read implements net.Conn. A read that a deadline interrupted can be repeated.
func (c *Conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err == io.EOF && c.seen.ended {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// partingTime is how long Close may take to say close_notify to a client that
// takes nothing.
const partingTime = 200 * time.Millisecond

// Close says close_notify and closes the connection. It does not wait for a write
// that is blocked, nor for a read that has to answer something.
func (c *Conn) Close() error {
	timer := time.AfterFunc(partingTime, func() { c.seen.Conn.Close() })
	defer timer.Stop()
	err := c.Conn.Close()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// The first bytes of records (RFC 8446 section 5.1).
const recordHandshake, recordAlert = 0x16, 0x15

// witness remembers how the client began. The handshake and then the reader use
// it, one after the other.
type witness struct {
	net.Conn
	first []byte // that came; the first of it was peeked
	given bool   // the peeked byte was read
	offer *Offer // nil before a whole ClientHello
	ended bool   // the stream below TLS has ended
	came  int    // bytes
	// last are the bytes that came last, as many as an alert has. OpenSSL sends one in
	// plain when it does not trust the certificate of a TLS 1.3 server, and crypto/tls,
	// which expects it encrypted, knows nothing better than a bad record.
	last []byte
}

const mostWitnessed = 4 << 10

// alertLength is the length of an alert's record that is not encrypted.
const alertLength = 7

// peek waits for the first byte.
func (w *witness) peek() (byte, error) {
	var one [1]byte
	_, err := io.ReadFull(w.Conn, one[:])
	if err != nil {
		return 0, err
	}
	w.first, w.came = append(w.first, one[0]), 1
	return one[0], nil
}

// Read implements net.Conn.
func (w *witness) Read(p []byte) (int, error) {
	if !w.given && len(w.first) > 0 && len(p) > 0 {
		w.given = true
		p[0] = w.first[0]
		return 1, nil
	}
	n, err := w.Conn.Read(p)
	w.came += n
	w.last = append(w.last, p[max(0, n-alertLength):n]...)
	w.last = w.last[max(0, len(w.last)-alertLength):]
	w.ended = w.ended || err == io.EOF
	return n, err
}
