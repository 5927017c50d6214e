package tlsdial

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// A client that is asked for its verdict, too. It is compared where it is
// installed and built on OpenSSL 3, at the security level 2 that OpenSSL has since 3.2.
type otherClient struct {
	name     string
	version  []string // the command that tells it
	wants    string   // what the version has to hold
	measured string   // versions whose disagreements must still be as written down
	command  func(host, port, authorities string) []string
	refused  map[int]bool // exit statuses that mean it
}

var otherClients = []otherClient{
	{"openssl", []string{"version"}, "OpenSSL 3.", "OpenSSL 3.0.", opensslCommand, map[int]bool{1: true}},
	{"curl", []string{"--version"}, "OpenSSL/3.", "curl 7.88.", curlCommand, map[int]bool{60: true, 35: true, 51: true}},
}

func opensslCommand(host, port, authorities string) []string {
	args := []string{"s_client", "-connect", "127.0.0.1:" + port, "-CAfile", authorities, "-verify_return_error", "-brief", "-cipher", "DEFAULT@SECLEVEL=2"}
	if isIP(host) {
		return append(args, "-noservername", "-verify_ip", host)
	}
	return append(args, "-servername", host, "-verify_hostname", host)
}

func curlCommand(host, port, authorities string) []string {
	return []string{"-sS", "-m", "20", "--noproxy", "*", "--cacert", authorities, "--ciphers", "DEFAULT@SECLEVEL=2",
		"--resolve", host + ":" + port + ":127.0.0.1", "https://" + host + ":" + port + "/"}
}

// installed are the clients that can be asked, with whether the version is the
// measured one.
func installed(t *testing.T) map[string]bool {
	found := map[string]bool{}
	for _, c := range otherClients {
		text, err := exec.Command(c.name, c.version...).Output()
		if err != nil || !strings.Contains(string(text), c.wants) {
			t.Logf("%s is not compared: %v %.60s", c.name, err, text)
			continue
		}
		found[c.name] = strings.Contains(string(text), c.measured)
	}
	return found
}

// ask gives the client's verdict and what it said.
func (c otherClient) ask(t *testing.T, host, port, authorities string) (accepted bool, said string) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	command := exec.CommandContext(ctx, c.name, c.command(host, port, authorities)...)
	text, err := command.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return true, string(text)
	case errors.As(err, &exit) && c.refused[exit.ExitCode()]:
		return false, string(text)
	}
	t.Fatalf("%s: %v\n%s", command, err, text)
	return false, ""
}

// webServer answers every request with 204 until the test ends.
func webServer(t *testing.T, certificate tls.Certificate) (port string) {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go answer(conn)
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port
}

func answer(conn net.Conn) {
	defer conn.Close()
	var head [4096]byte
	if n, _ := conn.Read(head[:]); n > 0 {
		io.WriteString(conn, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
	}
}
