package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestSendStoppedBeyondTimeout: a program that was stopped (Ctrl-Z) for longer than
// -w has not waited for the peer, whose bytes are there when it goes on.
func TestSendStoppedBeyondTimeout(t *testing.T) {
	program, err := builtProgram()
	if err != nil {
		t.Fatal(err)
	}
	for _, view := range []string{"--format=text", "--format=json", "--raw"} {
		t.Run(view, func(t *testing.T) {
			t.Parallel()
			stopBeyondTimeout(t, program, view)
		})
	}
}

func stopBeyondTimeout(t *testing.T, program, view string) {
	const timeout = time.Second
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	command := exec.CommandContext(t.Context(), program, "send", "-w", timeout.String(), view, l.Addr().String())
	request := "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
	command.Stdin = strings.NewReader(request)
	var said bytes.Buffer
	command.Stdout, command.Stderr = io.Discard, &said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	server, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	take(t, server, request)
	fmt.Fprint(server, "HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n")
	_ = command.Process.Signal(syscall.SIGSTOP)
	for stopped := false; !stopped; {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", command.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		stopped = strings.Contains(string(stat), ") T ")
	}
	fmt.Fprint(server, strings.Repeat("x", 4000))
	time.Sleep(timeout * 3 / 2) // the time of which it is tried that it does not count
	_ = command.Process.Signal(syscall.SIGCONT)
	if err := command.Wait(); err != nil {
		t.Errorf("%v\n%s", err, said.String())
	}
}
