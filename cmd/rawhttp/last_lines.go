package main

import (
	"bytes"
	"io"
	"sync/atomic"
	"time"
)

// Rules of the last lines of JSON, which programs read, when a signal has come:
//
//   - What is being written then may take linePatience. What comes behind it is
//     written in pieces, which end where lines do, and each of them may take as long.
//   - In all it is lastLinesLimit, and a second signal ends it.
//   - Before a signal everything is written at once: pieces cost a third of the speed.
const (
	linePatience   = time.Second
	lastLinesLimit = 5 * time.Second
)

// pieceSize is PIPE_BUF: a pipe takes as much whole or not at all.
const pieceSize = 4096

// lastLines is what run and the one who writes lines to standard output know of
// each other.
type lastLines struct {
	due     atomic.Bool // a signal has come
	writing atomic.Bool
	taken   atomic.Int64 // writes that the output took

	seen         int64 // of taken; these are run's own
	quiet, waits time.Duration
}

// linesOf is for standard output with that view; nil unless it is JSON.
func (p *program) linesOf(f *viewFlags) *lastLines {
	if f.format.value == "json" {
		return &p.lines
	}
	return nil
}

// write writes lines.
func (l *lastLines) write(to io.Writer, p []byte) (written int, err error) {
	l.writing.Store(true)
	defer l.writing.Store(false)
	for err == nil && len(p) > 0 {
		piece, n := p, 0
		if l.due.Load() {
			piece = nextPiece(p)
		}
		n, err = to.Write(piece)
		written += n
		p = p[len(piece):]
		l.taken.Add(1)
	}
	return written, err
}

// nextPiece is as many whole lines as a piece may have, or a part of a longer line.
func nextPiece(p []byte) []byte {
	if len(p) <= pieceSize {
		return p
	}
	if end := bytes.LastIndexByte(p[:pieceSize], '\n'); end >= 0 {
		return p[:end+1]
	}
	return p[:pieceSize]
}

// mayWait is asked when a wait is over; it reports whether lines were written in it,
// or are being written, and may take such a wait more.
func (l *lastLines) mayWait(wait time.Duration) bool {
	l.waits += wait
	l.quiet += wait
	taken := l.taken.Load()
	goesOn := taken != l.seen
	if goesOn {
		l.seen, l.quiet = taken, 0
	}
	return (goesOn || l.writing.Load() && l.quiet < linePatience) && l.waits < lastLinesLimit
}
