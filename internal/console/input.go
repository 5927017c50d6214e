// Package console is the user's end: the bytes typed or piped, and what is to
// be known of the terminal. It knows neither sockets nor HTTP.
package console

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"
)

// pieceSize is how much is read at once, unless SetPiece says otherwise.
const pieceSize = 64 << 10

// Input hands on what is typed, piped or read from files, piece by piece. One
// goroutine, the pump, reads ahead by one piece; it lives as long as its reader
// does, because reads of standard input cannot be interrupted.
//
// At a terminal the end of the input (Ctrl-D) is not final, nor is an
// *EscapeError: Next returns it once, and goes on with what is typed afterwards.
type Input struct {
	reader   io.Reader
	terminal bool
	size     int // of a piece

	mu      sync.Mutex
	started bool
	piece   []byte
	err     error
	ready   chan struct{} // closed while piece or err wait to be taken
	taken   chan struct{} // tells the pump to read on
	held    bool          // the last piece handed on is still the caller's
}

// NewInput makes an Input. terminal says that reader is a terminal, with a
// person at it. Nothing is read before Next or Ready is called.
func NewInput(reader io.Reader, terminal bool) *Input {
	return &Input{reader: reader, terminal: terminal, size: pieceSize, ready: make(chan struct{}), taken: make(chan struct{}, 1)}
}

// SetPiece sets how many bytes are read at once. It must be called before
// anything is read.
func (in *Input) SetPiece(size int) { in.size = size }

// Terminal reports whether a person types the input.
func (in *Input) Terminal() bool { return in.terminal }

func (in *Input) start() {
	in.mu.Lock()
	defer in.mu.Unlock()
	if !in.started {
		in.started = true
		go in.pump()
	}
}

func (in *Input) pump() {
	buffer := make([]byte, in.size)
	for {
		n, err := in.reader.Read(buffer)
		if n == 0 && err == nil {
			continue
		}
		in.mu.Lock()
		in.piece, in.err = buffer[:n], err
		close(in.ready)
		in.mu.Unlock()
		<-in.taken
		if err != nil && !in.goesOn(err) {
			return
		}
	}
}

// goesOn reports whether there may be more after err: a person can type on after
// Ctrl-D and after a bad escape.
func (in *Input) goesOn(err error) bool {
	var escape *EscapeError
	return in.terminal && (errors.Is(err, io.EOF) || errors.As(err, &escape))
}

// Ready returns a channel that is closed once Next would return at once. It
// begins reading.
func (in *Input) Ready() <-chan struct{} {
	in.start()
	in.release()
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.ready
}

// AtEnd reports whether what Ready announced is the end of the input: neither
// bytes nor a line that was refused.
func (in *Input) AtEnd() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	var escape *EscapeError
	return !in.held && len(in.piece) == 0 && in.err != nil && !errors.As(in.err, &escape)
}

// Next waits for the next piece, which is valid until the next call of Next or
// Ready. It returns io.EOF at the end of the input, another error when reading
// failed, and the context's cause when ctx ends before.
func (in *Input) Next(ctx context.Context) ([]byte, error) {
	ready := in.Ready()
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case <-ready:
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if len(in.piece) == 0 && in.err != nil {
		err := in.err
		if in.goesOn(err) {
			in.held = true // taken once; the pump reads on at the next call
		}
		return nil, err
	}
	in.held = true
	return in.piece, nil
}

// File returns the regular file, or the pipe, at whose offset the bytes stand that
// follow the piece that Next has returned, or nil. It is the caller's until the next
// call of Next or Ready, because the pump waits for that.
func (in *Input) File() *os.File {
	in.mu.Lock()
	defer in.mu.Unlock()
	if !in.held || in.err != nil {
		return nil
	}
	file, _ := in.reader.(*os.File)
	if joined, ok := in.reader.(interface{ File() *os.File }); ok {
		file = joined.File()
	}
	if file == nil {
		return nil
	}
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() && info.Mode()&fs.ModeNamedPipe == 0 {
		return nil
	}
	return file
}

// release gives the last piece back to the pump, which then reads on; an error
// that came with the piece stays to be taken.
func (in *Input) release() {
	in.mu.Lock()
	defer in.mu.Unlock()
	if !in.held {
		return
	}
	in.held = false
	if len(in.piece) > 0 && in.err != nil {
		in.piece = nil
		return
	}
	in.piece, in.err = nil, nil
	in.ready = make(chan struct{})
	in.taken <- struct{}{}
}
