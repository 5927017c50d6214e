package tlsdial

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rawhttp/internal/dial"
	"rawhttp/internal/tlswords"
)

// answering is a peer that reads the hello, writes answer and closes.
func answering(answer string) func(net.Conn) {
	return func(conn net.Conn) {
		conn.Read(make([]byte, 64<<10))
		io.WriteString(conn, answer)
		conn.(dial.Conn).CloseWrite()
		io.Copy(io.Discard, conn)
	}
}

func failTo(t *testing.T, behave func(net.Conn), host string) error {
	t.Helper()
	conn := connectTo(t, behave)
	_, _, err := newClient(t, Options{Insecure: true}).Connect(t.Context(), conn, host)
	var e *HandshakeError
	if !errors.As(err, &e) {
		t.Fatalf("error %v (%T), want a *HandshakeError", err, err)
	}
	_, port, _ := net.SplitHostPort(conn.RemoteAddr().String())
	if e.Address != net.JoinHostPort(host, port) {
		t.Errorf("error names the peer %q", e.Address)
	}
	if _, err := conn.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the connection was left open (write: %v)", err)
	}
	return err
}

func TestPeersThatDoNotSpeakTLS(t *testing.T) {
	for _, c := range []struct{ answer, problem, hint string }{
		{"HTTP/1.1 400 Bad Request\r\n\r\n", `the server answered in plain text, not TLS: "HTTP/1.1 400 Bad Request"`, "use: rawhttp send localhost:"},
		{"SSH-2.0-OpenSSH_9.6\r\n", `in plain text, not TLS: "SSH-2.0-OpenSSH_9.6"`, "use: rawhttp send localhost:"},
		{"no", `in plain text, not TLS: "no"`, "use: rawhttp send localhost:"},
		{"\x00\x01\x02 garbage", "is not TLS (it begins with the bytes 00 01 02 20", "rawhttp send localhost:"},
		{"\x1b[31mred", "is not TLS (it begins with the bytes 1b 5b", "rawhttp send localhost:"},
		{"\x16HTTP/1.1", "is not TLS (it begins with the bytes 16 48", "rawhttp send localhost:"},
		{"", "the server closed the connection during the handshake", "a TLS port? without TLS: rawhttp send localhost:"},
		{"\x16\x03", "the server closed the connection during the handshake", "a TLS port?"},
	} {
		err := failTo(t, answering(c.answer), "localhost")
		checkHinter(t, err, c.hint, "TLS handshake with localhost:", c.problem)
	}
}

// One that closes in the middle of its ServerHello does speak TLS.
func TestServerStopsInItsHello(t *testing.T) {
	err := failTo(t, answering("\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03"), "localhost")
	var e *HandshakeError
	if !errors.As(err, &e) || e.Problem != "the server closed the connection during the handshake" || e.Hint() != "" {
		t.Errorf("%v; hint %q", err, e.Hint())
	}
}

// A record that is whole but makes no sense where it stands.
func TestServerBreaksTheRules(t *testing.T) {
	err := failTo(t, answering("\x17\x03\x03\x00\x01x"), "localhost")
	checkHinter(t, err, "rawhttp send localhost:", "is not TLS (it begins with the bytes 17 03")
	err = failTo(t, answering("\x16\x03\x03\x00\x04\x0e\x00\x00\x00"), "localhost")
	if want := "unexpected handshake message"; !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "tls:") {
		t.Errorf("error %q does not say %q", err, want)
	}
	e := newHandshakeError(t.Context(), &net.OpError{Op: "local error", Err: tls.AlertError(20)}, []byte("\x16"), "h:1", &situation{name: "h"})
	if want := "TLS handshake with h:1: the server broke the rules of TLS: bad record MAC"; e.Error() != want {
		t.Errorf("error %q, want %q", e, want)
	}
}

func TestReset(t *testing.T) {
	err := failTo(t, func(conn net.Conn) {
		conn.Read(make([]byte, 1)) // the rest stays unread: closing resets
		conn.(*net.TCPConn).SetLinger(0)
	}, "localhost")
	checkHinter(t, err, "a TLS port?", "connection reset by the peer")
}

func TestAlerts(t *testing.T) {
	for _, c := range []struct{ alert, host, problem, hint string }{
		{"\x28", "localhost", "the server refused: alert 40 handshake_failure", "in common"},
		{"\x28", "127.0.0.1", "alert 40 handshake_failure", "--servername NAME"},
		{"\x70", "localhost", "alert 112 unrecognized_name", "--servername NAME asks for another"},
		{"\x46", "localhost", "alert 70 protocol_version", "does not take TLS 1.2 to 1.3, or none of the cipher suites offered (--tls-min 1.0 "},
		{"\x50", "localhost", "alert 80 internal_error", "its log"},
		{"\x50", "127.0.0.1", "alert 80 internal_error", "name the host with --servername NAME"},
		{"\x78", "localhost", "alert 120 no_application_protocol", "http/1.1"},
		{"\xc8", "localhost", "alert 200 (unknown)", ""},
	} {
		err := failTo(t, answering("\x15\x03\x03\x00\x02\x02"+c.alert), c.host)
		if c.hint != "" {
			checkHinter(t, err, c.hint, c.problem)
		} else if !strings.Contains(err.Error(), c.problem) {
			t.Errorf("error %q does not say %q", err, c.problem)
		}
		alert, ok := AsAlert(err)
		if !ok || alert.Code != c.alert[0] {
			t.Errorf("AsAlert gave %+v, %v", alert, ok)
		}
	}
}

// TestAlertToOldVersions: what OpenSSL 3 answers to TLS 1.1 says nothing of versions.
func TestAlertToOldVersions(t *testing.T) {
	for _, c := range []struct {
		max, host, hint string
		first           bool
	}{
		{"1.1", "localhost", "its log may say more", true},
		{"1.0", "127.0.0.1", "name the host with --servername NAME", true},
		{"1.2", "localhost", "its log may say more", false},
	} {
		_, _, err := newClient(t, Options{Insecure: true, MaxVersion: c.max}).Connect(t.Context(), connectTo(t, answering("\x15\x03\x02\x00\x02\x02\x50")), c.host)
		checkHinter(t, err, c.hint, "alert 80 internal_error")
		alert, _ := AsAlert(err)
		const old = "servers with OpenSSL 3 refuse TLS 1.0 and 1.1 like this (--tls-max 1.3 offers newer ones); "
		if strings.HasPrefix(alert.Hint(), old) != c.first {
			t.Errorf("up to TLS %s: %s", c.max, alert.Hint())
		}
	}
}

// Every alert is found by the text crypto/tls gives it, and named.
func TestAlertNames(t *testing.T) {
	for code := range 256 {
		wrapped := &net.OpError{Op: "remote error", Err: tls.AlertError(code)}
		alert, ok := AsAlert(wrapped)
		if !ok || int(alert.Code) != code || !strings.HasSuffix(alert.Error(), tlswords.Alert(uint8(code))) {
			t.Errorf("alert %d: %v, %v", code, alert, ok)
		}
	}
	if alert, ok := AsAlert(&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}); ok {
		t.Errorf("AsAlert found %v in a timeout", alert)
	}
}

func TestServersOfOtherMinds(t *testing.T) {
	certificate := newAuthority(t, "Root").issue(t, leaf())
	certificates := []tls.Certificate{certificate}
	err := failTo(t, tlsServer(&tls.Config{Certificates: certificates, NextProtos: []string{"other"}}), "localhost")
	checkHinter(t, err, "http/1.1", "alert 120 no_application_protocol")
	err = failTo(t, tlsServer(&tls.Config{Certificates: certificates, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}), "localhost")
	checkHinter(t, err, "--tls-min 1.0", "alert 70 protocol_version")
	_, _, err = newClient(t, Options{Insecure: true, MinVersion: "1.3"}).Connect(t.Context(),
		connectTo(t, tlsServer(&tls.Config{Certificates: certificates, MaxVersion: tls.VersionTLS12})), "localhost")
	checkHinter(t, err, "(--tls-min 1.2 offers that too)", "alert 70 protocol_version")
	err = failTo(t, tlsServer(&tls.Config{Certificates: certificates, MaxVersion: tls.VersionTLS12, ClientAuth: tls.RequireAnyClientCert}), "localhost")
	checkHinter(t, err, "a client certificate", "the server refused: alert ")
}

// A server that picks TLS 1.1 although the hello did not offer it.
func TestServerPicksAnOldVersion(t *testing.T) {
	hello := "\x02\x00\x00\x26\x03\x02" + string(bytes.Repeat([]byte{7}, 32)) + "\x00\xc0\x13\x00"
	err := failTo(t, answering("\x16\x03\x02\x00"+string(rune(len(hello)))+hello), "localhost")
	checkHinter(t, err, "--tls-min 1.0", "the server wants another TLS version than TLS 1.2 to 1.3")
}

// With TLS 1.3 the refusal comes after the handshake, in a Read.
func TestClientCertificateRequiredLater(t *testing.T) {
	certificate := newAuthority(t, "Root").issue(t, leaf())
	conn := connectTo(t, tlsServer(&tls.Config{Certificates: []tls.Certificate{certificate}, ClientAuth: tls.RequireAnyClientCert}))
	client, _, err := newClient(t, Options{Insecure: true}).Connect(t.Context(), conn, "localhost")
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	_, err = client.Read(make([]byte, 1))
	alert, ok := AsAlert(err)
	if !ok || alert.Error() != "the server refused after the handshake: alert 116 certificate_required (TLS 1.3 judges the client's certificate only then)" ||
		!strings.Contains(alert.Hint(), "client certificate: --cert FILE") {
		t.Errorf("read error %v, alert %v", err, alert)
	}
}

// pipe is an in-memory connection that can be half-closed in name.
type pipe struct{ net.Conn }

func (pipe) CloseWrite() error { return nil }

// silent is a peer that reads everything and answers with at most answer.
func silent(conn net.Conn, answer string) {
	go io.Copy(io.Discard, conn)
	io.WriteString(conn, answer)
}

func TestSilentServer(t *testing.T) {
	for answer, want := range map[string][2]string{
		"":         {"connected, but no answer to the TLS hello: no answer within 10 s", "a TLS port?"},
		"\x16\x03": {"began to answer the TLS hello and then fell silent", "--connect-timeout"},
	} {
		synctest.Test(t, func(t *testing.T) {
			near, far := net.Pipe()
			defer far.Close()
			go silent(far, answer)
			cause := errors.New("no answer within 10 s")
			ctx, cancel := context.WithTimeoutCause(t.Context(), 10*time.Second, cause)
			defer cancel()
			_, _, err := newClient(t, Options{}).Connect(ctx, pipe{near}, "localhost")
			checkHinter(t, err, want[1], want[0])
			if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, cause) {
				t.Error("deadline or cause is not in the error's tree")
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		defer far.Close()
		go silent(far, "")
		ctx, cancel := context.WithCancelCause(t.Context())
		interrupted := errors.New("interrupted")
		time.AfterFunc(time.Second, func() { cancel(interrupted) })
		_, _, err := newClient(t, Options{}).Connect(ctx, pipe{near}, "localhost")
		if !errors.Is(err, context.Canceled) || !errors.Is(err, interrupted) || !strings.HasSuffix(err.Error(), ": interrupted") {
			t.Errorf("error %v", err)
		}
	})
}
