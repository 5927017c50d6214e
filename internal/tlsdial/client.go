// Package tlsdial makes a TLS client connection out of a plain one, and says
// in plain words what was agreed, or why nothing was.
//
// It prints nothing. The rules:
//   - What is wrong with the options is found before connecting.
//   - Verification is crypto/tls's own; only Options.Insecure turns it off,
//     and then every note about the certificate says so.
//   - SNI is sent for every name, localhost included, and for no IP address.
//   - Until the handshake is complete and the certificate verified, nothing of
//     the user's is sent; a failed handshake closes the connection.
//   - Words from a certificate are a stranger's: no control character of them
//     gets into a line, an error or a hint.
package tlsdial

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"time"

	"rawhttp/internal/dial"
)

// Options are the user's wishes for the handshake. The zero value verifies
// the address's host against the system's roots.
type Options struct {
	ServerName string   // name for SNI and verification; "": the address's host
	CAFiles    []string // PEM files with the authorities to trust instead of the system's
	Insecure   bool     // verify nothing
}

// Client is a checked set of options. It can make any number of connections,
// also at the same time.
type Client struct {
	options Options
	roots   *x509.CertPool // nil: the system's
	now     func() time.Time
}

// New reads the CA files, so that mistakes are found before connecting. The
// error has a hint where there is advice.
func New(o Options) (*Client, error) {
	roots, err := readAuthorities(o.CAFiles)
	if err != nil {
		return nil, err
	}
	return &Client{options: o, roots: roots, now: time.Now}, nil
}

// Check says before connecting whether there will be a name to verify the
// certificate for. host is "" for a Unix socket, which has none of its own.
func (c *Client) Check(host string) error {
	if c.nameFor(host) == "" && !c.options.Insecure {
		return &optionError{"there is no host name to verify the certificate for", "give it with --servername NAME"}
	}
	return nil
}

// Connect performs the handshake on conn. host is the host part of the
// address, "" for a Unix socket. Connect owns conn: it closes it when it
// fails, and closing the returned connection closes it. ctx bounds the
// handshake only. The error is a *VerifyError, a *HandshakeError or what Check
// finds; when ctx ended, errors.Is holds for ctx.Err() and its cause.
func (c *Client) Connect(ctx context.Context, conn dial.Conn, host string) (*Conn, *Summary, error) {
	if err := c.Check(host); err != nil {
		conn.Close()
		return nil, nil, err
	}
	name := c.nameFor(host)
	seen := &witness{Conn: conn}
	client := tls.Client(seen, &tls.Config{
		ServerName:         name,
		RootCAs:            c.roots,
		InsecureSkipVerify: c.options.Insecure,
		NextProtos:         []string{"http/1.1"},
		Time:               c.now,
	})
	start := time.Now()
	err := client.HandshakeContext(ctx)
	took := time.Since(start)
	if err != nil {
		conn.Close() // not client.Close, which could wait to send an alert
		return nil, nil, c.explain(ctx, err, seen.first, peerOf(conn, host), name)
	}
	return &Conn{client, seen}, c.summary(client.ConnectionState(), name, took), nil
}

// Conn is a TLS connection after its handshake. Its Read tells how the server's
// stream ended: io.EOF after a close_notify, io.ErrUnexpectedEOF when the
// connection ended without one and somebody may have cut it (RFC 8446 section
// 6.1), which crypto/tls does not tell between two records. Reads must not be
// concurrent with each other.
type Conn struct {
	*tls.Conn
	seen *witness
}

// Read implements net.Conn.
func (c *Conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if err == io.EOF && c.seen.ended {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// witness remembers the first bytes the peer sent, so that a failed handshake
// can tell who answered instead of a TLS server. They are read after the
// handshake only by the goroutine that ran it.
type witness struct {
	dial.Conn
	first []byte
	ended bool // the stream below TLS has ended
}

const mostWitnessed = 64

func (w *witness) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if room := mostWitnessed - len(w.first); room > 0 {
		w.first = append(w.first, p[:min(n, room)]...)
	}
	w.ended = w.ended || err == io.EOF
	return n, err
}

// nameFor is the name to verify and to send as SNI, if it is no IP address.
// The dot of a fully qualified name and the zone of an IPv6 address belong to
// the look-up; certificates have neither.
func (c *Client) nameFor(host string) string {
	name := c.options.ServerName
	if name == "" {
		name = host
	}
	if strings.HasPrefix(name, "[") && strings.HasSuffix(name, "]") {
		name = name[1 : len(name)-1]
	}
	if ip, err := netip.ParseAddr(name); err == nil {
		return ip.WithZone("").String()
	}
	return strings.TrimSuffix(name, ".")
}

// isIP says whether name is an IP address, for which no SNI is sent.
func isIP(name string) bool {
	_, err := netip.ParseAddr(name)
	return err == nil
}

// peerOf is the address as the user would write it, for errors and hints.
func peerOf(conn net.Conn, host string) string {
	remote := conn.RemoteAddr()
	if remote == nil {
		return host
	}
	if remote.Network() == "unix" {
		return "unix:" + remote.String()
	}
	_, port, err := net.SplitHostPort(remote.String())
	if err != nil {
		return host
	}
	return net.JoinHostPort(host, port)
}

// explain turns what the handshake failed with into an error for the user.
func (c *Client) explain(ctx context.Context, err error, first []byte, peer, name string) error {
	var invalid *tls.CertificateVerificationError
	if errors.As(err, &invalid) {
		return newVerifyError(invalid, peer, name, c.now(), len(c.options.CAFiles) > 0)
	}
	return newHandshakeError(ctx, err, first, peer, name)
}
