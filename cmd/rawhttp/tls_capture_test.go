//go:build linux || darwin

package main

import (
	"encoding/binary"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// capturedConnection is what crossed a connection, in a file that tshark reads.
type capturedConnection struct {
	mu       sync.Mutex
	file     []byte
	sequence [2]uint32 // of the client and of the server
}

const (
	capturedPort = 443
	rawIP        = 101 // the link type: packets begin with their IP header
	tcpSYN       = 0x02
	tcpACK       = 0x10
)

func newCapture() *capturedConnection {
	c := &capturedConnection{sequence: [2]uint32{1000, 2000}}
	for _, word := range []uint32{0xa1b2c3d4, 2 | 4<<16, 0, 0, 65535, rawIP} {
		c.file = binary.LittleEndian.AppendUint32(c.file, word)
	}
	c.packet(0, tcpSYN, nil)
	c.sequence[0]++
	c.packet(1, tcpSYN|tcpACK, nil)
	c.sequence[1]++
	c.packet(0, tcpACK, nil)
	return c
}

// packet appends one TCP segment; side is who sends it. Checksums are left out,
// which nobody minds in a capture.
func (c *capturedConnection) packet(side int, flags byte, data []byte) {
	const headers = 40
	for _, word := range []uint32{0, 0, uint32(headers + len(data)), uint32(headers + len(data))} {
		c.file = binary.LittleEndian.AppendUint32(c.file, word)
	}
	ip := make([]byte, headers)
	ip[0], ip[8], ip[9] = 0x45, 64, 6
	binary.BigEndian.PutUint16(ip[2:], uint16(headers+len(data)))
	copy(ip[12:], []byte{10, 0, 0, byte(1 + side)})
	copy(ip[16:], []byte{10, 0, 0, byte(2 - side)})
	tcp := ip[20:]
	ports := [2]uint16{50000, capturedPort}
	binary.BigEndian.PutUint16(tcp, ports[side])
	binary.BigEndian.PutUint16(tcp[2:], ports[1-side])
	binary.BigEndian.PutUint32(tcp[4:], c.sequence[side])
	binary.BigEndian.PutUint32(tcp[8:], c.sequence[1-side])
	tcp[12], tcp[13] = 5<<4, flags
	binary.BigEndian.PutUint16(tcp[14:], 65535)
	c.file = append(append(c.file, ip...), data...)
}

// carry hands on what one side sends to the other, and records it first.
func (c *capturedConnection) carry(side int, from, to net.Conn) {
	buffer := make([]byte, 1400)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			c.mu.Lock()
			c.packet(side, tcpACK, buffer[:n])
			c.sequence[side] += uint32(n)
			c.mu.Unlock()
			_, _ = to.Write(buffer[:n])
		}
		if err != nil {
			_ = to.(*net.TCPConn).CloseWrite()
			return
		}
	}
}

// TestKeyLogOpensCapture: with the key log tshark reads the request line out of
// a capture of the connection, in TLS 1.2 and 1.3.
func TestKeyLogOpensCapture(t *testing.T) {
	tshark, err := exec.LookPath("tshark")
	if err != nil {
		t.Skip("no tshark on this machine")
	}
	program, err := builtProgram()
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range []string{"1.2", "1.3"} {
		t.Run(version, func(t *testing.T) {
			request := "GET /secret HTTP/1.1\r\nHost: localhost\r\n\r\n"
			behind, exchange := tlsServer(t)
			address, accept := server(t)
			keys, file := filepath.Join(t.TempDir(), "keys.log"), filepath.Join(t.TempDir(), "capture.pcap")
			command := exec.Command(program, "tls-send", "--insecure", "--tls-max", version, "--keylog", keys, address)
			command.Stdin, command.Stdout, command.Stderr = strings.NewReader(request), io.Discard, os.Stderr
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			client, backend, c := accept(), connect(t, behind), newCapture()
			var group sync.WaitGroup
			group.Go(func() { c.carry(0, client, backend) })
			group.Go(func() { c.carry(1, backend, client) })
			exchange(request)
			if err := command.Wait(); err != nil {
				t.Fatal(err)
			}
			backend.Close()
			group.Wait()
			if err := os.WriteFile(file, c.file, 0o600); err != nil {
				t.Fatal(err)
			}
			read := func(arguments ...string) string {
				out, err := exec.Command(tshark, append([]string{"-r", file, "-Y", "http.request", "-T", "fields", "-e", "http.request.method", "-e", "http.request.uri"}, arguments...)...).Output()
				if err != nil {
					t.Fatal(err)
				}
				return strings.TrimSpace(string(out))
			}
			if got := read("-o", "tls.keylog_file:"+keys); got != "GET\t/secret" {
				t.Errorf("with the keys: %q", got)
			}
			if got := read(); got != "" {
				t.Errorf("without: %q", got)
			}
		})
	}
}
