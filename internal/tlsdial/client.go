// Package tlsdial makes a TLS client connection out of a plain one, and says
// in plain words what was agreed, or why nothing was.
//
// It prints nothing. The rules:
//   - What is wrong with the options is found before connecting.
//   - Verification is crypto/tls's own; only Options.Insecure turns it off,
//     and then every note about the certificate says so.
//   - SNI is sent for every name, localhost included, and for no IP address;
//     Options.NoSNI leaves it out and changes nothing in the verification.
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
	"net"
	"net/netip"
	"strings"
	"time"

	"rawhttp/internal/dial"
)

// Client is a checked set of options. It can make any number of connections,
// also at the same time, if Options.KeyLog and Options.Step take that.
type Client struct {
	options Options
	config  *tls.Config // without what differs from connection to connection
	now     func() time.Time
}

// New reads the files that the options name, so that mistakes are found before
// connecting. The error has a hint where there is advice.
func New(o Options) (*Client, error) {
	config, err := configOf(o)
	if err != nil {
		return nil, err
	}
	if config.RootCAs == nil && !o.Insecure {
		// Reading the system's authorities takes longer than all else: it begins while
		// the caller connects. Who needs them waits for the rest, and gets the error.
		go func() { _, _ = x509.SystemCertPool() }()
	}
	return &Client{options: o, config: config, now: time.Now}, nil
}

// Check says before connecting whether there will be a name to verify the
// certificate for. host is "" for a Unix socket, which has none of its own.
func (c *Client) Check(host string) error {
	if c.nameFor(host) == "" && c.options.NoSNI && !c.options.Insecure {
		return &optionError{"there is no host name to verify the certificate for, neither in the address nor with --servername none",
			"give it with --servername NAME, or --insecure verifies nothing"}
	}
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
	a := c.attempt(host)
	a.seen = &witness{Conn: conn, steps: newSteps(c.options.Step)}
	client := tls.Client(a.seen, a.config(c))
	a.seen.steps.start(a.offer(c))
	start := time.Now()
	err := client.HandshakeContext(ctx)
	took := time.Since(start)
	if err != nil {
		conn.Close() // not client.Close, which could wait to send an alert
		return nil, nil, c.explain(ctx, err, a, peerOf(conn, host))
	}
	state := client.ConnectionState()
	if a.chains != nil {
		state.VerifiedChains = a.chains
	}
	summary := c.summary(state, a, took)
	a.seen.steps.finish(summary)
	return &Conn{Conn: client, situation: a.situation, seen: a.seen}, summary, nil
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

// verification is of a certificate that crypto/tls has parsed.
func (c *Client) verification(state tls.ConnectionState, name string) *verification {
	return &verification{state.PeerCertificates, name, c.now(), c.config.RootCAs}
}

// explain turns what the handshake failed with into an error for the user.
func (c *Client) explain(ctx context.Context, err error, a *attempt, peer string) error {
	var invalid *tls.CertificateVerificationError
	if errors.As(err, &invalid) {
		return newVerifyError(invalid, peer, a.name, c.now(), c.config.RootCAs)
	}
	if ctx.Err() == nil && isUnusable(err) {
		return newUnusableError(err, peer)
	}
	return newHandshakeError(ctx, err, a.seen.first, peer, a.situation)
}
