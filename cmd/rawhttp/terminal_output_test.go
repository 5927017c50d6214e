//go:build linux || darwin

package main

import (
	"crypto/ed25519"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"math/big"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

var (
	// styles and drawing are the only control sequences there may be.
	styles  = regexp.MustCompile("\x1b\\[[0-9;]*m")
	drawing = regexp.MustCompile("\x1b\\[([JK]|[0-9]+[AC]|\\?2004[hl])|\r")
)

// onlyText fails unless what was written is printable text, line ends, styles
// and what the line editor draws with. It returns the text.
func (x *terminal) onlyText() string {
	x.t.Helper()
	text := drawing.ReplaceAllString(styles.ReplaceAllString(x.written(), ""), "")
	for at, r := range text {
		if r != '\n' && !unicode.IsPrint(r) || r == utf8.RuneError {
			x.t.Errorf("%q reached the terminal: %q", r, text[max(at-40, 0):min(at+40, len(text))])
		}
	}
	return text
}

// odd is every byte but LF, and what terminals obey or people misread: ESC
// sequences, C1 as bytes and as UTF-8, bidirectional overrides, zero width.
func odd() string {
	var all []byte
	for c := range 256 {
		if c != '\n' {
			all = append(all, byte(c))
		}
	}
	return string(all) + "\x1b]0;title\x07\x1b[2J\x1b[6n\x1bP$q\x1b\\\x9b2J\u009b2J\u202eabc\u2066\u200b\ufeff\u2028\u0301\r\r\r\b\b"
}

// TestNothingButTextReachesTheTerminal, wherever a peer puts it.
func TestNothingButTextReachesTheTerminal(t *testing.T) {
	evil := odd()
	length := fmt.Sprintf("Content-Length: %d\r\n\r\n", len(evil))
	for place, request := range map[string]string{
		"target":     "GET /" + evil + " HTTP/1.1\r\nHost: a\r\n\r\n",
		"method":     "G" + evil + " / HTTP/1.1\r\nHost: a\r\n\r\n",
		"header":     "GET / HTTP/1.1\r\nHost: a\r\nX" + evil + ": b\r\nY: " + evil + "\r\nY: c\r\n " + evil + "\r\n\r\n",
		"body":       "POST / HTTP/1.1\r\nHost: a\r\n" + length + evil,
		"text body":  "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 17\r\n\r\n\x1b[2J\x9b6n\u202ea\u009b2J\r",
		"chunk size": "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;" + evil + "\r\nabc\r\n0;" + evil + "\r\n\r\n",
		"chunk":      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(evil), evil),
		"trailer":    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + evil + "\r\n" + evil + "\r\n\r\n",
		"length":     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + evil + "\r\nTransfer-Encoding: " + evil + "\r\n\r\n",
		"foreign":    evil + "\n" + evil,
	} {
		for _, arguments := range [][]string{{"--color=always"}, {"--format=hex", "--color=always"}, {"--raw", "-o", filepath.Join(t.TempDir(), "saved")}} {
			t.Run(place+strings.Join(arguments[:len(arguments)-1], ""), func(t *testing.T) {
				x := setting{columns: 80}.open(t, append([]string{"listen", "0"}, arguments...)...)
				client := connect(t, x.listening())
				put(t, client, request)
				client.Close()
				x.expect(`\* the client (has )?closed`)
				x.typeKeys("\x04")
				x.end()
				if text := x.onlyText(); !strings.Contains(text, "* connection from") {
					t.Errorf("nothing was shown:\n%s", text)
				}
			})
		}
	}
}

// TestOddAnswers: the same from a server, to send.
func TestOddAnswers(t *testing.T) {
	evil := odd()
	for place, answer := range map[string]string{
		"reason":  "HTTP/1.1 200 " + evil + "\r\nContent-Length: 0\r\n\r\n",
		"header":  "HTTP/1.1 200 OK\r\nServer: " + evil + "\r\nLocation: " + evil + "\r\n\r\n",
		"body":    "HTTP/1.0 200 OK\r\n\r\n" + evil + "\n" + evil,
		"foreign": evil,
	} {
		t.Run(place, func(t *testing.T) {
			address, accept := server(t)
			x := setting{columns: 60, env: []string{"NO_COLOR="}}.open(t, "send", address)
			conn := accept()
			x.typeKeys("GET / HTTP/1.1\nHost: a\n\n")
			x.wait("request complete")
			take(t, conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
			put(t, conn, answer)
			conn.Close()
			x.wait("* the server closed")
			x.typeKeys("\x04")
			x.end()
			x.onlyText()
		})
	}
}

// TestColor: at a terminal by default, unless somebody said no.
func TestColor(t *testing.T) {
	for name, c := range map[string]struct {
		env     string
		flag    string
		colored bool
	}{
		"default":  {"NO_COLOR=", "--color=auto", true},
		"NO_COLOR": {"NO_COLOR=1", "--color=auto", false},
		"dumb":     {"TERM=dumb", "--color=auto", false},
		"never":    {"NO_COLOR=", "--color=never", false},
		"always":   {"NO_COLOR=1", "--color=always", true},
	} {
		t.Run(name, func(t *testing.T) {
			x := setting{env: []string{"NO_COLOR=", c.env}}.open(t, "listen", "0", c.flag)
			client := connect(t, x.listening())
			put(t, client, "GET / HTTP/1.1\r\n\r\n")
			x.wait("your turn")
			client.Close()
			x.wait("has closed")
			x.typeKeys("\x04")
			screen := x.exit(0)
			if got := styles.MatchString(x.written()); got != c.colored {
				t.Errorf("colour %v, want %v:\n%q", got, c.colored, x.written())
			}
			if strings.Count(screen, `GET / HTTP/1.1\r\n`) != 1 {
				t.Errorf("the row without its colour:\n%q", screen)
			}
		})
	}
}

// TestWidth: rows and notes are wrapped at the terminal's width as it is when
// they are shown.
func TestWidth(t *testing.T) {
	x := setting{columns: 60, env: withoutEditor}.open(t, "listen", "0")
	client := connect(t, x.listening())
	long := strings.Repeat("0123456789", 15)
	put(t, client, "GET /"+long+" HTTP/1.1\r\n")
	x.expect(`(?s)< request.*\\r\\n\n`)
	before := x.written()
	x.resize(40, rows)
	put(t, client, "Long: "+long+"\r\n\r\n")
	x.wait("Ctrl-D")
	client.Close()
	x.wait("Ctrl-D")
	x.typeKeys("\x04")
	x.exit(0)
	after := strings.TrimPrefix(x.written(), before)
	for _, part := range []struct {
		text  string
		width int
	}{{before, 60}, {after, 40}} {
		widest := 0
		for line := range strings.SplitSeq(part.text, "\r\n") {
			widest = max(widest, len(line))
		}
		if widest != part.width {
			t.Errorf("the widest line has %d columns of %d:\n%s", widest, part.width, part.text)
		}
		joined := strings.ReplaceAll(part.text, "\\\r\n"+strings.Repeat(" ", 18), "")
		if !strings.Contains(joined, long) {
			t.Errorf("the wrapped lines do not join:\n%s", part.text)
		}
	}
}

// TestSlowTerminal: a screen that is read slowly loses nothing.
func TestSlowTerminal(t *testing.T) {
	address, accept := server(t)
	x := setting{slow: true}.open(t, "send", address)
	conn := accept()
	x.typeKeys("GET / HTTP/1.0\n\n")
	x.wait("request complete")
	var body, want strings.Builder
	for n := range 4000 {
		fmt.Fprintf(&body, "line %d\n", n)
		fmt.Fprintf(&want, "< body    %6d  line %d\\n\n", len(fmt.Sprintf("line %d\n", n)), n)
	}
	take(t, conn, "GET / HTTP/1.0\r\n\r\n")
	put(t, conn, "HTTP/1.0 200 OK\r\n\r\n"+body.String())
	conn.Close()
	x.wait("* the server closed")
	x.typeKeys("\x04")
	if !strings.Contains(x.exit(0), want.String()) {
		t.Error("rows are missing or cut")
	}
}

// full waits until the terminal takes no more output. It looks many times,
// because it takes none either while the program is in the middle of a write.
func (x *terminal) full() {
	x.t.Helper()
	limit := time.Now().Add(failureLimit)
	for refused := 0; refused < 1000; runtime.Gosched() {
		poll := []unix.PollFd{{Fd: int32(x.slave.Fd()), Events: unix.POLLOUT}}
		if n, err := unix.Poll(poll, 0); n == 0 && err == nil {
			refused++
		} else if refused = 0; time.Now().After(limit) {
			x.t.Fatal("the terminal does not fill")
		}
	}
}

// TestFullTerminal: nobody reads the screen and the program is blocked in
// writing it; a signal ends it all the same, after fg too, and so does Ctrl-C.
func TestFullTerminal(t *testing.T) {
	const key = syscall.Signal(0)
	for signal, status := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143, key: 130} {
		t.Run(signal.String(), func(t *testing.T) {
			address, accept := server(t)
			x := setting{}.open(t, "send", "--body-limit=0", address)
			conn := accept()
			x.typeKeys("GET / HTTP/1.0\n\n")
			x.wait("request complete")
			x.stopped.Store(true)
			go func() {
				for text := "HTTP/1.0 200 OK\r\n\r\n"; ; text = strings.Repeat("\n", 4096) {
					if _, err := io.WriteString(conn, text); err != nil {
						return
					}
				}
			}()
			x.full()
			_ = syscall.Kill(x.pid, syscall.SIGCONT) // as fg does: the terminal cannot be drawn on
			if signal == key {
				x.typeKeys("\x03")
			} else {
				_ = syscall.Kill(x.pid, signal)
			}
			x.ended() // though nobody has read the screen
			close(x.goOn)
			x.exit(status)
		})
	}
}

// TestOddCertificate: what a certificate says is a peer's bytes too.
func TestOddCertificate(t *testing.T) {
	name := "\x1b[2J\x07 \u009b2J\u202eabc\u200b\r\n"
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		Subject: pkix.Name{CommonName: name, Organization: []string{name}}, DNSNames: []string{"\x1b[2J\x07.example"},
	}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	for flag, status := range map[string]int{"--insecure": 0, "--verbose": 5} {
		t.Run(flag, func(t *testing.T) {
			address, accept := server(t)
			x := setting{}.open(t, "tls-send", "-v", flag, address)
			conn := tls.Server(accept(), config)
			_ = conn.Handshake() // what it comes to is the program's to say
			x.wait("certificate")
			if status == 0 {
				x.typeKeys("\x04")
			}
			x.exit(status)
			if text := x.onlyText(); !strings.Contains(text, "2J") {
				t.Errorf("the certificate was not shown:\n%s", text)
			}
		})
	}
}
