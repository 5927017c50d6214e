//go:build linux || darwin

package console

import (
	"bytes"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/creack/pty"
)

// TestEditorFailure: an error of the terminal comes to who reads, behind what was
// typed before it.
func TestEditorFailure(t *testing.T) {
	for _, typed := range []string{"", "not entered", "entered\r", "both\rof them"} {
		d := newDesk(t, EditorOptions{})
		d.typeKeys(typed)
		if line, _, entered := strings.Cut(typed, "\r"); entered {
			if got := d.read(); got != line+"\n" {
				t.Errorf("%q: %q", typed, got)
			}
		}
		read := make(chan string)
		go func() { read <- d.read() }()
		d.wait(typed[strings.IndexByte(typed, '\r')+1:])
		d.Editor.keys.put(press{key: keyText, text: bytes.Repeat([]byte("being done "), 1000)})
		d.Editor.keys.put(press{key: keyFailure, err: io.ErrUnexpectedEOF})
		if got := <-read; got != io.ErrUnexpectedEOF.Error() {
			t.Errorf("%q: %q", typed, got)
		}
	}
}

// TestEditorClosed: whoever reads is told.
func TestEditorClosed(t *testing.T) {
	d := newDesk(t, EditorOptions{})
	read := make(chan error)
	go func() {
		_, err := d.Read(make([]byte, 10))
		read <- err
	}()
	d.typeKeys("half")
	d.wait("half")
	d.Close()
	if err := <-read; !errors.Is(err, os.ErrClosed) {
		t.Error(err)
	}
	d.wait(eraseBelow + "\x1b[K" + pasteOff)
}

// TestEditorGivesBack: the terminal is given back behind the last control
// sequence, after a panic too.
func TestEditorGivesBack(t *testing.T) {
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer master.Close()
	defer slave.Close()
	for _, leave := range []func(*Editor){(*Editor).Close, (*Editor).Suspend} {
		shown, output, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		crashed := make(chan any)
		e, err := NewEditor(EditorOptions{
			Input: slave, Output: output, History: NewHistory(),
			Look:  func([]byte, []byte, bool) ([]byte, int, int) { panic("as if by mistake") },
			Crash: func(v any, _ []byte) { crashed <- v },
		})
		if err != nil {
			t.Fatal(err)
		}
		e.keys.put(press{key: keyText, text: []byte("a")})
		<-crashed
		restore := e.raw.restore
		e.raw.restore = func() {
			_, _ = output.WriteString("given back")
			restore()
		}
		leave(e)
		output.Close()
		if got, _ := io.ReadAll(shown); !strings.HasSuffix(string(got), pasteOff+"given back") {
			t.Errorf("%q", got)
		}
		e.keys.close()
	}
}
