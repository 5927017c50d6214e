package console

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"runtime"
)

// The bounds of a History.
const (
	historyLines  = 1000
	historyMemory = 4 << 20 // bytes of lines
	historyRead   = 1 << 20 // bytes of a file, counted from its end
)

// History is the lines entered in this process and, with a file, in earlier ones.
// A line is any bytes but LF. The oldest lines go when there are more than 1,000,
// or more than 4 MiB of them.
//
// A file is nothing but lines, each with its LF. Several programs may append to
// one at once. What comes from it may have been put there by anybody: it must be
// shown with escapes. A History is used by one goroutine at a time.
type History struct {
	lines [][]byte
	size  int // bytes of lines

	path   string   // "" has no file, or one that could not be written
	file   *os.File // opened, or made, when there is something to write
	isWide bool
}

// NewHistory returns a History for the process alone.
func NewHistory() *History { return &History{} }

var errNoRegularFile = errors.New("it is no regular file")

// OpenHistory returns a History with the last lines of the file, at most 1 MiB, to
// which Add appends. A file that does not exist is made by the first Add, readable
// and writable by its owner alone. What exists and is no regular file, or may not
// be read and written, is an error; nothing was made or changed then.
func OpenHistory(path string) (*History, error) {
	h := &History{path: path}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return h, nil
	}
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: path, Err: errNoRegularFile} // opening a FIFO would wait
	}
	if err != nil {
		return nil, err
	}
	if h.file, err = os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0); err != nil {
		return nil, err
	}
	if err = h.load(info.Size()); err != nil {
		h.file.Close()
		return nil, err
	}
	// On Windows the bits say nothing about who may read the file.
	h.isWide = runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0
	return h, nil
}

// load keeps the last lines of the file: behind a LF, so that none is cut, and a
// last one without LF too.
func (h *History) load(size int64) error {
	start := max(0, size-historyRead-1)
	read, err := io.ReadAll(io.NewSectionReader(h.file, start, size-start))
	if err != nil {
		return err
	}
	if start > 0 {
		_, read, _ = bytes.Cut(read, []byte{'\n'})
	}
	for line := range bytes.SplitSeq(read, []byte{'\n'}) {
		h.keep(line)
	}
	return nil
}

// Add keeps a line, given without its line end, and appends it to the file. An
// empty line, one that equals the last, and one of more than 4 MiB are not kept; one
// of more than 1 MiB is not written, because it could not be read back. A LF in it
// ends a line.
//
// The first error of the file is returned once, and the file is left alone from
// then on: the lines are kept in the process.
func (h *History) Add(line []byte) error {
	for part := range bytes.SplitSeq(line, []byte{'\n'}) {
		if !h.keep(part) || h.path == "" || len(part) >= historyRead {
			continue
		}
		if err := h.write(part); err != nil {
			h.Close()
			return err
		}
	}
	return nil
}

// keep reports whether the line was kept.
func (h *History) keep(line []byte) bool {
	last := len(h.lines) - 1
	if len(line) == 0 || len(line) > historyMemory || last >= 0 && bytes.Equal(h.lines[last], line) {
		return false
	}
	h.lines = append(h.lines, bytes.Clone(line))
	h.size += len(line)
	for len(h.lines) > historyLines || h.size > historyMemory {
		h.size -= len(h.lines[0])
		h.lines[0] = nil // the array behind the slice would hold it
		h.lines = h.lines[1:]
	}
	return true
}

// write appends the line in one write: another program may write, too.
func (h *History) write(line []byte) error {
	if h.file == nil {
		var err error
		if h.file, err = os.OpenFile(h.path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600); err != nil {
			return err
		}
	}
	whole := make([]byte, 0, len(line)+2)
	if h.torn() {
		whole = append(whole, '\n')
	}
	_, err := h.file.Write(append(append(whole, line...), '\n'))
	return err
}

// torn reports whether the file's last line has no LF, which the next line would
// become a part of.
func (h *History) torn() bool {
	info, err := h.file.Stat()
	if err != nil || info.Size() == 0 {
		return false
	}
	last := []byte{'\n'}
	_, _ = h.file.ReadAt(last, info.Size()-1)
	return last[0] != '\n'
}

// Len returns the number of lines.
func (h *History) Len() int { return len(h.lines) }

// At returns a line; 0 is the oldest. It must not be changed.
func (h *History) At(i int) []byte { return h.lines[i] }

// WideOpen reports whether others than its owner may read or write the file that
// was there: what is typed holds secrets.
func (h *History) WideOpen() bool { return h.isWide }

// Close closes the file. The lines stay, and further ones are kept in the process
// alone.
func (h *History) Close() error {
	h.path = ""
	if h.file == nil {
		return nil
	}
	err := h.file.Close()
	h.file = nil
	return err
}
