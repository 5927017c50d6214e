//go:build linux

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// sink is where a command's standard output goes.
type sink struct {
	kind string // "null", "pipe", or the name of a file
	body hash.Hash
}

// taken is what one run took.
type taken struct {
	wall  time.Duration
	exit  time.Time
	rss   float64 // MB (1e6 bytes), the peak
	bytes int64   // of standard output, where it was seen
	sum   string  // SHA-256 of what follows the first empty line, if asked for
}

// execute runs one command with the given standard input, which it gets through
// a pipe, to its end.
func execute(words []string, input []byte, to sink) (taken, error) {
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Stdin = bytes.NewReader(input)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	var result taken
	out, read, err := to.open()
	if err != nil {
		return result, err
	}
	defer out.Close()
	cmd.Stdout = out
	drained := make(chan error, 1)
	started := time.Now()
	if err := cmd.Start(); err != nil {
		return result, err
	}
	stop := make(chan struct{})
	peak := make(chan int64, 1)
	go watch(cmd.Process.Pid, stop, peak)
	if read != nil {
		out.Close()
		go func() { drained <- drain(read, &result.bytes, to.body) }()
	} else {
		drained <- nil
	}
	readErr := <-drained
	err = cmd.Wait()
	result.exit = time.Now()
	result.wall = result.exit.Sub(started)
	close(stop)
	result.rss = megabytes(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss, <-peak)
	if err != nil {
		return result, fmt.Errorf("%s: %w: %s", strings.Join(words, " "), err, complaints.String())
	}
	if readErr == nil && read == nil && to.kind != "null" {
		readErr = to.reread(&result.bytes)
	}
	if to.body != nil {
		result.sum = hex.EncodeToString(to.body.Sum(nil))
	}
	return result, readErr
}

// open returns the command's end and, for a pipe, ours.
func (s sink) open() (out, read *os.File, err error) {
	switch s.kind {
	case "null":
		out, err = os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	case "pipe":
		read, out, err = os.Pipe()
	default:
		os.Remove(s.kind) // so that emptying it is no part of the run
		out, err = os.Create(s.kind)
	}
	return out, read, err
}

// reread looks at the file that was written: its size, and its sum if asked for.
func (s sink) reread(size *int64) error {
	f, err := os.Open(s.kind)
	if err != nil {
		return err
	}
	if s.body != nil {
		return drain(f, size, s.body)
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil {
		*size = info.Size()
	}
	return err
}

// drain reads to the end. What follows the first empty line goes to body.
func drain(from *os.File, count *int64, body hash.Hash) error {
	defer from.Close()
	buffer := make([]byte, 256<<10)
	var head []byte
	for {
		n, err := from.Read(buffer)
		*count += int64(n)
		switch {
		case body == nil || n == 0:
		case head == nil || !bytes.Contains(head, []byte("\r\n\r\n")):
			head = append(head, buffer[:n]...)
			if _, rest, found := bytes.Cut(head, []byte("\r\n\r\n")); found {
				body.Write(rest)
				head = []byte("\r\n\r\n")
			}
		default:
			body.Write(buffer[:n])
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// watch reads a process's peak of resident memory until it is told to stop: the
// figure of wait4(2) is at least as large as this program's own memory, because
// a child begins its life in that.
func watch(pid int, stop <-chan struct{}, peak chan<- int64) {
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	var last int64
	for {
		select {
		case <-ticker.C:
			last = max(last, highWater(strconv.Itoa(pid)))
		case <-stop:
			peak <- last
			return
		}
	}
}

// highWater is VmHWM in KiB, 0 when the process is gone.
func highWater(pid string) int64 {
	status, err := os.ReadFile("/proc/" + pid + "/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	number, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	n, _ := strconv.ParseInt(number, 10, 64)
	return n
}

// megabytes takes wait4's figure where it tells something, else what was seen.
func megabytes(waited, seen int64) float64 {
	if waited <= highWater("self") && seen > 0 {
		waited = seen
	}
	return float64(waited) * 1024 / 1e6
}

// hasher is nil when no sum is asked for.
func hasher(sum string) hash.Hash {
	if sum == "" {
		return nil
	}
	return sha256.New()
}
