package tlsdial

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// stepsOf is what is told of a handshake with a server, times and sizes taken out.
func stepsOf(t *testing.T, o Options, config *tls.Config) []string {
	t.Helper()
	var lines []string
	o.Step = func(line string) { lines = append(lines, line) }
	client, _, err := newClient(t, o).Connect(t.Context(), connectTo(t, tlsServer(config)), "localhost")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	varying := regexp.MustCompile(`\b\d+(\.\d+)?( m?s: | bytes| received\))`)
	for i, line := range lines {
		lines[i] = varying.ReplaceAllString(line, "N$2")
	}
	return lines
}

func TestSteps(t *testing.T) {
	ca := newAuthority(t, "Root")
	certificates := []tls.Certificate{ca.issue(t, leaf())}
	hello := "N ms: ClientHello sent, N bytes (TLS 1.2 to 1.3, SNI localhost, ALPN http/1.1)"
	finished := "N ms: Finished sent and received: a full handshake, no session was resumed (N bytes sent, N received)"
	for name, c := range map[string]struct {
		config *tls.Config
		want   []string
	}{
		"1.3": {&tls.Config{Certificates: certificates}, []string{hello, "N ms: ServerHello received, N bytes",
			"N ms: 1 certificate of the server, verified", finished}},
		"1.3 with another group": {&tls.Config{Certificates: certificates, CurvePreferences: []tls.CurveID{tls.CurveP521}}, []string{hello,
			"N ms: HelloRetryRequest received, N bytes: the server wants another group for the key exchange",
			"N ms: second ClientHello sent, N bytes", "N ms: ServerHello received, N bytes",
			"N ms: 1 certificate of the server, verified", finished}},
		"1.2 with a client certificate": {&tls.Config{Certificates: certificates, MaxVersion: tls.VersionTLS12, ClientAuth: tls.RequestClientCert}, []string{hello,
			"N ms: ServerHello received, N bytes", "N ms: Certificate received, N bytes", "N ms: ServerKeyExchange received, N bytes",
			"N ms: CertificateRequest received, N bytes", "N ms: ServerHelloDone received", "N ms: 1 certificate of the server, verified",
			"N ms: the server asks for a client certificate; an empty Certificate is sent",
			"N ms: ClientKeyExchange sent, N bytes; what follows is encrypted", finished}},
	} {
		if got := stepsOf(t, Options{CAFiles: []string{ca.file(t)}}, c.config); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
	insecure := strings.Join(stepsOf(t, Options{Insecure: true, NoSNI: true}, &tls.Config{Certificates: certificates}), "\n")
	if !strings.Contains(insecure, "1 certificate of the server, not verified (--insecure)") || !strings.Contains(insecure, "no SNI, ") {
		t.Errorf("insecure:\n%s", insecure)
	}
}

// record makes a TLS record.
func record(kind byte, content string) string {
	return fmt.Sprintf("%c\x03\x03%c%c%s", kind, rune(len(content)>>8), rune(len(content)&0x7f), content)
}

// However the bytes are cut, the same is found in them, and whatever they are,
// little is kept.
func FuzzRecords(f *testing.F) {
	hello := "\x02\x00\x00\x26\x03\x03" + string(retryRandom)
	f.Add([]byte(record(22, "\x02\x00\x00\x04abcd\x0e\x00\x00\x00") + record(21, "\x01\x70") + record(22, "\x0b\x00")))
	f.Add([]byte(record(22, hello) + record(20, "\x01") + record(22, hello)))
	f.Add([]byte(record(20, "\x01") + record(22, "\x02\x00\x00\x00")))
	f.Add([]byte("\x16\x03\x03\x00\x00\x16\x03\x03\xff\xff\x01\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		found := func(step int) (all []string) {
			r := &records{
				message: func(kind uint8, length int, begin []byte) {
					all = append(all, fmt.Sprintf("%d %d %x", kind, length, begin))
				},
				warning: func(code uint8) { all = append(all, fmt.Sprint("warning ", code)) },
			}
			for rest := data; len(rest) > 0; rest = rest[min(step, len(rest)):] {
				r.read(rest[:min(step, len(rest))])
				if cap(r.begin) > 128 || cap(r.header) > 16 || cap(r.alertBody) > 16 {
					t.Fatal("it keeps what it is sent")
				}
			}
			return all
		}
		whole := found(max(len(data), 1))
		for _, step := range []int{1, 2, 7} {
			if got := found(step); !reflect.DeepEqual(got, whole) {
				t.Errorf("%d bytes at a time: %q, whole: %q", step, got, whole)
			}
		}
	})
}

// A server's warning does not end the handshake, and is told.
func TestWarning(t *testing.T) {
	var lines []string
	s := newSteps(func(line string) { lines = append(lines, line) })
	s.start("")
	s.received([]byte("\x15\x03\x03\x00\x02\x01\x70\x15\x03\x03\x00\x02\x02\x28"))
	if len(lines) != 1 || !strings.HasSuffix(lines[0], ": the server warns: alert 112 unrecognized_name") {
		t.Errorf("%q", lines)
	}
}

// A server that crowds messages into a record gets no row for each.
func TestStepsAreBounded(t *testing.T) {
	var lines []string
	s := newSteps(func(line string) { lines = append(lines, line) })
	s.start("")
	for range 3 {
		s.received([]byte("\x16\x03\x03\x40\x00" + strings.Repeat("\x0e\x00\x00\x00", 4<<10)))
	}
	s.received([]byte("\x15\x03\x03\x00\x02\x01\x70"))
	if len(lines) < 2 || len(lines) > 50 || !strings.HasSuffix(lines[len(lines)-1], "unrecognized_name") {
		t.Errorf("%d lines", len(lines))
	}
}

// The keys that are logged are the ones that a server logs.
func TestKeyLog(t *testing.T) {
	certificates := []tls.Certificate{newAuthority(t, "Root").issue(t, leaf())}
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		var ours, theirs bytes.Buffer
		done := make(chan struct{})
		conn := connectTo(t, func(conn net.Conn) {
			defer close(done)
			tlsServer(&tls.Config{Certificates: certificates, MaxVersion: version, KeyLogWriter: &theirs})(conn)
		})
		client, _, err := newClient(t, Options{Insecure: true, KeyLog: &ours}).Connect(t.Context(), conn, "localhost")
		if err != nil {
			t.Fatal(err)
		}
		client.Close()
		<-done
		for line := range strings.Lines(theirs.String()) {
			if !strings.Contains(ours.String(), line) {
				t.Errorf("%q is not in\n%s", line, ours.String())
			}
		}
		if ours.Len() == 0 {
			t.Error("no key was logged")
		}
	}
}

func TestCloseNotify(t *testing.T) {
	certificates := []tls.Certificate{newAuthority(t, "Root").issue(t, leaf())}
	for _, c := range []struct{ theirs, half bool }{{true, true}, {true, false}, {false, true}, {false, false}} {
		conn := connectTo(t, func(conn net.Conn) {
			server := tls.Server(conn, &tls.Config{Certificates: certificates})
			if server.Handshake() == nil && c.theirs {
				server.CloseWrite()
			}
			io.Copy(io.Discard, conn)
		})
		client, _, err := newClient(t, Options{Insecure: true}).Connect(t.Context(), conn, "localhost")
		if err != nil {
			t.Fatal(err)
		}
		if c.half {
			client.CloseWrite()
		}
		if c.theirs {
			io.Copy(io.Discard, client)
		}
		client.Close()
		if err := client.Close(); err == nil {
			t.Error("a second Close had no error")
		}
		if sent, received := client.CloseNotify(); !sent || received != c.theirs {
			t.Errorf("%+v: sent %v, received %v", c, sent, received)
		}
	}
}
