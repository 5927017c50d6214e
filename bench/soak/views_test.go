//go:build linux

package soak

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// residentLimit is the peak, in kB, that no view may exceed, however much it shows.
const residentLimit = 40 << 10

// views are the flags of each view, by name.
var views = map[string][]string{
	"text": nil, "hex": {"--format", "hex"}, "plain": {"--format", "plain"}, "json": {"--format", "json"},
	"colour": {"--color", "always"}, "body-hex": {"--body", "hex"}, "raw": {"--raw"}, "raw-body": {"--raw=body"},
}

// TestViews: a big body through each view takes no more memory than a small one.
// RAWHTTP_SOAK_MB is its size in MiB, RAWHTTP_SOAK_VIEWS chooses among the views.
func TestViews(t *testing.T) {
	mebibytes := length(t, "RAWHTTP_SOAK_MB", 16)
	chosen := os.Getenv("RAWHTTP_SOAK_VIEWS")
	for name, flags := range views {
		if chosen != "" && !strings.Contains(" "+chosen+" ", " "+name+" ") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer null.Close()
			var taken atomic.Int64
			p := startPeer(t, sized(textBlock(), mebibytes*16, &taken))
			begun := time.Now()
			c := setup{stdin: question, stdout: null}.start(t, append([]string{"send", p.address()}, flags...)...)
			early, peak := 0, 0
			for ended := false; !ended; {
				select {
				case <-c.over:
					ended = true
				case <-time.After(10 * time.Millisecond):
					peak = max(peak, c.figure("VmHWM"))
					if early == 0 && taken.Load() > int64(mebibytes)<<20/10 {
						early = peak
					}
				}
			}
			status := c.end()
			p.stop() // it counts behind the last write, when the program may have ended
			if status != 0 || taken.Load() != int64(mebibytes)<<20 {
				t.Errorf("status %d, %d bytes taken: %s", status, taken.Load(), c.err.head())
			}
			if peak == 0 {
				t.Log("over before a sample was taken")
			}
			result(t, "`views`, "+name, fmt.Sprintf("%d MiB", mebibytes), "%s resident at most, %s after a tenth; %s", megabytes(peak), megabytes(early), seconds(begun))
			if peak > residentLimit {
				t.Errorf("%d kB resident", peak)
			}
		})
	}
}

// TestStalledReader: while nobody reads the transcript nothing is lost, memory does
// not grow, and -w does not run out. RAWHTTP_SOAK_STALL is for how many seconds.
func TestStalledReader(t *testing.T) {
	stall := time.Duration(length(t, "RAWHTTP_SOAK_STALL", 1)) * time.Second
	for _, view := range []string{"text", "json", "raw", "raw-body"} {
		t.Run(view, func(t *testing.T) {
			t.Parallel()
			block, blocks := textBlock(), 16*64
			sent, read := sha256.New(), sha256.New()
			for range blocks {
				sent.Write(block)
			}
			reader, stdout, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer reader.Close()
			var taken atomic.Int64
			p := startPeer(t, sized(block, blocks, &taken))
			c := setup{stdin: question, stdout: stdout}.start(t, append([]string{"send", p.address(), "-w", "0.3"}, views[view]...)...)
			stdout.Close()
			stalled := stalledFor(c, &taken, stall)
			if stalled == int64(len(block)*blocks) {
				t.Error("all of it was taken, though nobody read")
			}
			resident := c.figure("VmHWM")
			if resident > residentLimit {
				t.Errorf("%d kB resident", resident)
			}
			if err := bodyOf(view, t, reader, read); err != nil {
				t.Error(err)
			}
			if status := c.end(); status != 0 {
				t.Errorf("status %d: %s", status, c.err.head())
			}
			if view != "text" && string(read.Sum(nil)) != string(sent.Sum(nil)) {
				t.Error("what was read at last is not what was sent")
			}
			result(t, "`stall`, "+view, stall.String(), "%s were taken from the peer by then, %s resident", megabytes(int(stalled/1000)), megabytes(resident))
		})
	}
}

// stalledFor waits until nothing more was taken from the peer for that long, and
// returns how much had been.
func stalledFor(c *child, taken *atomic.Int64, stall time.Duration) int64 {
	last, since := int64(0), time.Now()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for time.Since(since) < stall {
		select {
		case <-c.over:
			return taken.Load()
		case <-tick.C:
		}
		if now := taken.Load(); now != last || now == 0 {
			last, since = now, time.Now()
		}
	}
	return last
}

// bodyOf reads a view to its end and puts the body that it shows into sum; of the
// text, whose last row says how much there was, nothing.
func bodyOf(view string, t *testing.T, from io.Reader, sum hash.Hash) error {
	switch view {
	case "raw":
		return afterHead(from, sum)
	case "raw-body":
		_, err := io.Copy(sum, from)
		return err
	case "text":
		all, err := io.ReadAll(from)
		if !strings.Contains(string(all), "67108864 ") {
			t.Errorf("the end is not there: %.500q", all[max(0, len(all)-500):])
		}
		return err
	}
	lines := &jsonLines{t: t, each: func(line []byte) {
		var event struct{ Event, Dir, Kind, Bytes string }
		if json.Unmarshal(line, &event) == nil && event.Dir == "received" && event.Kind == "body" && event.Event == "data" {
			body, _ := base64.StdEncoding.DecodeString(event.Bytes)
			sum.Write(body)
		}
	}}
	_, err := io.Copy(lines, from)
	lines.whole()
	return err
}

// afterHead puts what follows the first empty line into sum.
func afterHead(from io.Reader, sum hash.Hash) error {
	tail := ""
	one := make([]byte, 1)
	for !strings.HasSuffix(tail, "\r\n\r\n") {
		if _, err := io.ReadFull(from, one); err != nil {
			return err
		}
		tail += string(one)
	}
	_, err := io.Copy(sum, from)
	return err
}
