package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"rawhttp/internal/console"
)

// slowOutput takes that many bytes after each such time.
type slowOutput struct {
	piece int
	each  time.Duration
	took  atomic.Int64
}

// Write implements io.Writer.
func (o *slowOutput) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		n := min(len(rest), o.piece)
		time.Sleep(o.each) // of the bubble
		o.took.Add(int64(n))
		rest = rest[n:]
	}
	return len(p), nil
}

// TestLastLines: a signal comes while lines are written to a slow output: the last
// line is whole while it takes some in a second, but not for ever, and not when a
// second signal comes.
func TestLastLines(t *testing.T) {
	line := append(bytes.Repeat([]byte{'x'}, 99), '\n')
	page := bytes.Repeat(line, 100)
	for name, c := range map[string]struct {
		output *slowOutput
		pages  int
		again  bool
		key    console.Key
		status int
		whole  bool
	}{
		"a slow one":                {&slowOutput{piece: pieceSize, each: linePatience * 3 / 10}, 1, false, 0, statusDone, true},
		"one that hardly takes any": {&slowOutput{piece: 30, each: linePatience * 3 / 20}, 1, false, 0, 143, false},
		"one far too slow":          {&slowOutput{piece: pieceSize, each: linePatience * 3 / 10}, 20, false, 0, 143, true},
		"who presses Ctrl-C again":  {&slowOutput{piece: pieceSize, each: linePatience * 3 / 10}, 20, false, console.KeyInterrupt, 143, true},
		"nobody has time":           {&slowOutput{piece: pieceSize, each: linePatience * 3 / 10}, 20, true, 0, 143, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := &program{world: &world{}, signals: make(chan os.Signal, 2), keys: make(chan console.Key, 2), crash: make(chan error), hurried: make(chan struct{})}
			output, done := c.output, make(chan error, 1)
			var command sync.WaitGroup
			defer command.Wait()
			command.Go(func() {
				to := stream{through: output, lines: &p.lines}
				_, _ = to.Write(page)
				for range c.pages {
					_, _ = to.Write(bytes.Repeat(page, 2))
				}
				done <- nil
			})
			synctest.Wait()
			if c.again {
				p.signals <- syscall.SIGTERM
			}
			if c.key != 0 {
				p.keys <- c.key
			}
			begun := time.Now()
			status := p.wind(&stopped{syscall.SIGTERM}, done)
			took, n := time.Since(begun), int(output.took.Load())
			switch {
			case status != c.status || (n%len(line) == 0) != c.whole:
				t.Errorf("%s: status %d after %v and %d bytes", name, status, took, n)
			case (c.again || c.key != 0) && took > lastRows, status == 143 && took > lastLinesLimit, !c.whole && took > linePatience+lastRows:
				t.Errorf("%s: it took %v", name, took)
			}
		})
	}
}

// TestPieces: what programs read is written in pieces that a pipe takes whole or not
// at all, and that end where a line does; only a longer line is cut.
func TestPieces(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var all []byte
		for range random.IntN(60) {
			line := bytes.Repeat([]byte{'x'}, random.IntN(1+random.IntN(3*pieceSize)))
			all = append(append(all, line...), '\n')
		}
		ends := map[int]bool{}
		for at := 0; at < len(all); ends[at] = true {
			piece := nextPiece(all[at:])
			if at += len(piece); len(piece) > pieceSize {
				t.Errorf("%d bytes", len(piece))
			}
		}
		from := 0
		for line := range bytes.Lines(all) {
			for at := from + 1; at < from+len(line); at++ {
				if ends[at] && len(line) <= pieceSize {
					t.Errorf("a line of %d bytes is cut", len(line))
				}
			}
			from += len(line)
		}
	}
}
