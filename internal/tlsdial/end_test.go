package tlsdial

import (
	"crypto/tls"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// TestEndOfStream: with close_notify the stream is known to be whole, without
// it somebody may have cut it.
func TestEndOfStream(t *testing.T) {
	certificate := newAuthority(t, "Root").issue(t, leaf())
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		for _, notify := range []bool{true, false} {
			conn := connectTo(t, func(conn net.Conn) {
				server := tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{certificate}, MaxVersion: version})
				if server.Handshake() != nil {
					return
				}
				io.WriteString(server, "hello")
				if notify {
					server.CloseWrite()
				}
			})
			client, _, err := newClient(t, Options{Insecure: true}).Connect(t.Context(), conn, "localhost")
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			data, err := io.ReadAll(client)
			if string(data) != "hello" {
				t.Errorf("read %q", data)
			}
			if want := map[bool]error{true: nil, false: io.ErrUnexpectedEOF}[notify]; err != want {
				t.Errorf("%s, close_notify %v: %v, want %v", tls.VersionName(version), notify, err, want)
			}
		}
	}
}

// TestCloseDoesNotWait for a server that takes nothing any more.
func TestCloseDoesNotWait(t *testing.T) {
	certificate := newAuthority(t, "Root").issue(t, leaf())
	synctest.Test(t, func(t *testing.T) {
		near, far := net.Pipe()
		defer far.Close()
		server := tls.Server(far, &tls.Config{Certificates: []tls.Certificate{certificate}, MaxVersion: tls.VersionTLS12})
		go server.Handshake() // and reads nothing then
		client, _, err := newClient(t, Options{Insecure: true}).Connect(t.Context(), pipe{near}, "localhost")
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		client.Close()
		if took := time.Since(began); took != partingTime {
			t.Errorf("%s, want %s", took, partingTime)
		}
		if sent, _ := client.CloseNotify(); sent {
			t.Error("a close_notify that nobody took counts as sent")
		}
	})
}
