package console

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/sys/windows"
	"golang.org/x/term"
)

// suspendKey is what Ctrl-Z is: the end of the input, as elsewhere on Windows.
const suspendKey = keyEndOfInput

// readRaw reads keys from the raw console in. package os makes an end of file of
// each Ctrl-Z, and it is the byte that is wanted: it may stand in what is pasted.
func readRaw(in *os.File, p []byte) (int, error) {
	n, err := in.Read(p)
	if n == 0 && errors.Is(err, io.EOF) {
		p[0] = 0x1a
		return 1, nil
	}
	return n, err
}

// raw puts the console in into raw mode and makes out understand control sequences.
// It fails, and leaves both as they were, where that cannot be: a console of before
// Windows 10 knows none.
//
// restore puts both back. It may be called from any goroutine and more than once.
func raw(in, out *os.File) (restore func(), err error) {
	output := windows.Handle(out.Fd())
	var before uint32
	if err := windows.GetConsoleMode(output, &before); err != nil {
		return nil, err
	}
	state, err := term.MakeRaw(int(in.Fd())) // which asks for keys as control sequences, too
	if err != nil {
		return nil, err
	}
	var once sync.Once
	restore = func() {
		once.Do(func() {
			_ = windows.SetConsoleMode(output, before)
			_ = term.Restore(int(in.Fd()), state)
		})
	}
	mode := before | windows.ENABLE_PROCESSED_OUTPUT | windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING
	if windows.SetConsoleMode(output, mode|windows.DISABLE_NEWLINE_AUTO_RETURN) == nil {
		return restore, nil
	}
	if err := windows.SetConsoleMode(output, mode); err != nil {
		restore()
		return nil, fmt.Errorf("this console understands no control sequences: %w", err)
	}
	return restore, nil
}
