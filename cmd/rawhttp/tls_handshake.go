package main

import (
	"context"
	"errors"
	"sync/atomic"

	"rawhttp/internal/dial"
	"rawhttp/internal/session"
	"rawhttp/internal/tlsdial"
	"rawhttp/internal/transcript"
)

// handshake makes a TLS connection of conn and says what was agreed, or shows
// the certificates that were refused. It returns a nil Conn with its error.
func (o *tlsOptions) handshake(ctx context.Context, conn dial.Conn, to *dial.Address, out *outputs, verbose bool) (session.Conn, *tlsdial.Summary, error) {
	o.step = func(line string) { out.screen.Note("tls-step", line) }
	answer := &counted{Conn: conn}
	said := afterSilence(out, "silence-tls", func() string { return unanswered(to, answer.received.Load()) })
	secured, summary, err := o.client.Connect(ctx, answer, to.Host)
	said()
	if failure := o.keys.failure(); failure != nil {
		conn.Close()
		return nil, nil, failure
	}
	if err != nil {
		o.refused(err, out.screen)
		return nil, nil, connectFailure(ctx, err)
	}
	o.conn = secured
	o.agreed(summary, out.screen, verbose)
	return secured, summary, nil
}

// unanswered words a handshake that takes long, of whose answer so many bytes came.
func unanswered(to *dial.Address, received int64) string {
	switch {
	case received > 0:
		return "the server began to answer the TLS hello (" + number(int(received), "byte") + " came), but the handshake is not done yet"
	case to.Path == "":
		return "connected, but no answer to the TLS hello (is " + to.Port + " a TLS port?)"
	}
	return "connected, but no answer to the TLS hello"
}

// counted counts what the server has sent.
type counted struct {
	dial.Conn
	received atomic.Int64
}

// Read implements net.Conn.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.received.Add(int64(n))
	return n, err
}

// refused shows the chain of a certificate that was not accepted.
func (o *tlsOptions) refused(err error, screen *transcript.Screen) {
	var invalid *tlsdial.VerifyError
	if errors.As(err, &invalid) {
		for _, line := range invalid.ChainLines() {
			screen.Note("refused-chain", line) // the error has what matters of it
		}
		o.showPEM(invalid.PEMLines(), screen)
	}
	o.keys.warn(screen)
}

func (o *tlsOptions) agreed(summary *tlsdial.Summary, screen *transcript.Screen, verbose bool) {
	for i, line := range summary.Lines() {
		switch {
		case i == 0:
			screen.Note("tls", line)
		case summary.Verified:
			screen.Note("certificate", line)
		default:
			screen.Always("certificate-not-verified", line) // not to be missed, even on a quiet screen
		}
	}
	if binaryProtocol(summary.ALPN) {
		screen.Note("alpn-binary", "the server now waits for binary frames, not for lines: --alpn has offered "+summary.ALPN)
	}
	if old := summary.VersionNote(); old != "" {
		screen.Note("tls-retired", old)
	}
	for _, line := range summary.Warnings() {
		screen.Note("certificate-warning", line)
	}
	if verbose {
		for _, line := range summary.ChainLines() {
			screen.Note("certificate-chain", line)
		}
	}
	o.showPEM(summary.PEMLines(), screen)
	if summary.ClientNote != "" {
		screen.Note("client-certificate", summary.ClientNote)
	}
	if o.ciphers != "" && summary.Version == "TLS 1.3" {
		screen.Note("ciphers-unused", "--ciphers chose nothing: TLS 1.3 was agreed on, which has suites of its own; --tls-max 1.2 keeps it away")
	}
	o.keys.warn(screen)
}

// binaryProtocol reports whether a protocol of ALPN has no lines to type.
func binaryProtocol(alpn string) bool { return alpn == "h2" || alpn == "h3" }

// connection is the one that was made; nil if there is none.
func (o *tlsOptions) connection() *tlsdial.Conn {
	if o == nil {
		return nil
	}
	return o.conn
}

// showPEM shows certificates as notes, since they are no bytes of the
// conversation, whole lines, so that sed 's/^\* //' makes a file of them.
func (o *tlsOptions) showPEM(lines []string, screen *transcript.Screen) {
	if !o.showCert {
		return
	}
	for _, line := range lines {
		screen.Always("certificate-pem", line)
	}
}

// closeNotify says how the two directions of TLS ended. That the server sent
// none where its stream ended is said where that happens.
func (o *tlsOptions) closeNotify(conversation *transcript.Conversation) {
	if o == nil || o.conn == nil {
		return
	}
	text := "close_notify: "
	switch sent, received := o.conn.CloseNotify(); {
	case sent && received:
		text += "received from the server, and sent"
	case sent:
		text += "sent; none came from the server before the connection was closed"
	case received:
		text += "received from the server; none could be sent"
	default:
		text += "neither sent nor received"
	}
	conversation.Note("close-notify", text)
}
