//go:build linux || darwin

package console

import (
	"bytes"
	"io"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"
)

// desk is an Editor at a pseudo-terminal.
type desk struct {
	*Editor
	t             *testing.T
	master, slave *os.File
	keys          chan Key

	mu    sync.Mutex
	shown []byte
	grown chan struct{} // closed when shown has grown
}

func newDesk(t *testing.T, o EditorOptions) *desk {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, master: master, slave: slave, keys: make(chan Key, 8), grown: make(chan struct{})}
	if err := pty.Setsize(master, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	before, err := term.GetState(int(slave.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	o.Input, o.Output, o.Look = slave, slave, looks
	o.Signal = func(k Key) { d.keys <- k }
	o.Crash = func(v any, stack []byte) { panic(v) }
	if o.History == nil {
		o.History = NewHistory()
	}
	if d.Editor, err = NewEditor(o); err != nil {
		t.Fatal(err)
	}
	go d.watch()
	t.Cleanup(func() {
		d.Close()
		if after, err := term.GetState(int(slave.Fd())); err != nil || !reflect.DeepEqual(before, after) {
			t.Errorf("the terminal was left as %v, %v; it was %v", after, err, before)
		}
		master.Close()
		slave.Close()
	})
	return d
}

// watch keeps what is shown; somebody has to read it.
func (d *desk) watch() {
	buffer := make([]byte, 32<<10)
	for {
		n, err := d.master.Read(buffer)
		d.mu.Lock()
		d.shown = append(d.shown, buffer[:n]...)
		close(d.grown)
		d.grown = make(chan struct{})
		d.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// wait waits until a text is shown.
func (d *desk) wait(text string) {
	d.t.Helper()
	limit := time.After(30 * time.Second)
	for {
		d.mu.Lock()
		shown, grown := string(d.shown), d.grown
		d.mu.Unlock()
		if strings.Contains(shown, text) {
			return
		}
		select {
		case <-grown:
		case <-limit:
			d.t.Fatalf("%q does not come: %q", text, shown)
		}
	}
}

func (d *desk) typeKeys(keys string) {
	if _, err := io.WriteString(d.master, keys); err != nil {
		d.t.Error(err)
	}
}

// read reads what was entered at once.
func (d *desk) read() string {
	d.t.Helper()
	p := make([]byte, PieceSize)
	n, err := d.Read(p)
	if err != nil {
		return string(p[:n]) + err.Error()
	}
	return string(p[:n])
}

func TestEditorEnters(t *testing.T) {
	d := newDesk(t, EditorOptions{})
	d.typeKeys("one\rtwo\x04\x04\r\x1b[A\x1b[A!\r")
	for _, want := range []string{"one\n", "two", "EOF", "\n", "one!\n"} {
		if got := d.read(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestEditorBytes: any byte can be entered, and none is lost of a line of any
// length: one that is longer than a line may be comes in parts.
func TestEditorBytes(t *testing.T) {
	all := make([]byte, 0, 256)
	for c := range 256 {
		if c != '\r' && c != '\n' {
			all = append(all, byte(c))
		}
	}
	long := bytes.Repeat(all, 2*LineLimit/len(all)+1)
	for _, text := range [][]byte{all, bytes.Repeat([]byte("0123456789"), 600), long} {
		d := newDesk(t, EditorOptions{})
		go d.typeKeys("\x1b[200~" + string(text) + "\r\x1b[201~")
		var got []byte
		for parts := 1; ; parts++ {
			p := d.read()
			got = append(got, p...)
			if strings.HasSuffix(p, "\n") {
				if want := (len(text)-1)/LineLimit + 1; parts != want {
					t.Errorf("%d parts of %d bytes, want %d", parts, len(text), want)
				}
				break
			}
		}
		if !bytes.Equal(got, append(text, '\n')) {
			t.Errorf("%d bytes came in as %d others", len(text), len(got))
		}
	}
}

// TestEditorFullLine: a line that has all the bytes it may have takes no more,
// from TAB neither.
func TestEditorFullLine(t *testing.T) {
	full := strings.Repeat("a", LineLimit)
	for _, word := range []string{"", full + "bc"} {
		d := newDesk(t, EditorOptions{Complete: func(line []byte) (int, []string) {
			if word == "" {
				return -1, nil
			}
			return 0, []string{word}
		}})
		go d.typeKeys("\x1b[200~" + full + "\x1b[201~\tb\r")
		tab := "\t"
		if word != "" {
			tab = ""
		}
		if got := d.read(); got != full {
			t.Errorf("%q: %d bytes first", tab, len(got))
		}
		if got := d.read(); got != tab+"b\n" {
			t.Errorf("%q, want %q", got, tab+"b\n")
		}
	}
}

// TestEditorSignals: keys that stand for signals do not wait for what was typed
// before them and nobody reads.
func TestEditorSignals(t *testing.T) {
	d := newDesk(t, EditorOptions{})
	d.typeKeys(strings.Repeat("typed ahead\r", 300) + "\x03\x1a\x1c")
	for _, want := range []Key{KeyInterrupt, KeySuspend, KeyQuit} {
		if got := <-d.keys; got != want {
			t.Errorf("key %d, want %d", got, want)
		}
	}
}

// TestEditorDropPaste: what was pasted with a line that could not be sent is not
// entered, and what is typed behind it is.
func TestEditorDropPaste(t *testing.T) {
	d := newDesk(t, EditorOptions{})
	d.typeKeys("\x1b[200~one\rtwo\rthree\rfour")
	if got := d.read(); got != "one\n" || !d.DropPaste() {
		t.Errorf("%q", got)
	}
	d.Resized() // nothing that was typed
	d.typeKeys("more of it\rand more\x1b[201~")
	d.typeKeys("five\r\x1b[200~six\r\x1b[201~")
	if got := d.read(); got != "five\n" || d.DropPaste() {
		t.Errorf("%q", got)
	}
	if got := d.read(); got != "six\n" {
		t.Errorf("%q", got)
	}
}

// TestEditorWrites: what is written stands above the line, with the line ends
// of a raw terminal, and the line behind its prompt below it.
func TestEditorWrites(t *testing.T) {
	d := newDesk(t, EditorOptions{})
	d.SetPrompt(func(line []byte) string { return "> [" + strings.ToUpper(string(line)) + "] " })
	d.typeKeys("abc")
	d.wait("> [ABC] abc")
	if n, err := d.Write([]byte("a row\nand another\n")); n != 18 || err != nil {
		t.Error(n, err)
	}
	d.wait("\r" + eraseBelow + "\x1b[Ka row\r\nand another\r\n" + eraseBelow + "> [ABC] abc\x1b[K")
	d.Suspend()
	if n, err := d.Write([]byte("cooked\n")); n != 7 || err != nil {
		t.Error(n, err)
	}
	d.wait("cooked\r\n") // by the terminal
	d.wait(pasteOff)
	d.mu.Lock()
	d.shown = nil
	d.mu.Unlock()
	d.Resume()
	d.wait(pasteOn)
	d.typeKeys("d\r")
	if got := d.read(); got != "abcd\n" {
		t.Errorf("%q", got)
	}
}

// TestEditorCompletes: TAB puts in what all words have in common, then shows
// them; where nothing is completed it is a byte.
func TestEditorCompletes(t *testing.T) {
	words := []string{"Content-Length: ", "Content-Type: ", "Connection: "}
	d := newDesk(t, EditorOptions{Complete: func(line []byte) (int, []string) {
		var found []string
		for _, word := range words {
			if len(line) <= len(word) && strings.EqualFold(word[:len(line)], string(line)) {
				found = append(found, word)
			}
		}
		if string(line) == "body" {
			return -1, nil
		}
		return 0, found
	}})
	d.typeKeys("c\t\t")
	d.wait("Content-Length:   Content-Type:   Connection: ")
	d.typeKeys("t\tT\tx\rbody\t\rno\t\r")
	for _, want := range []string{"Content-Type: x\n", "body\t\n", "no\n"} {
		if got := d.read(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestEditorTypedAhead: what is typed while the line before is being sent is
// shown below its row, and leaves nothing behind when it is taken back.
func TestEditorTypedAhead(t *testing.T) {
	d := newDesk(t, EditorOptions{})
	d.SetPrompt(func([]byte) string { return "> " })
	d.typeKeys("abc\r")
	if got := d.read(); got != "abc\n" {
		t.Errorf("%q", got)
	}
	_, _ = d.Write([]byte("its row\n"))
	d.typeKeys("x")
	d.wait("its row\r\n\r" + eraseBelow + "> x\x1b[K")
	d.typeKeys("\x7f")
	d.wait("> x\x1b[K\r\x1b[3C\r" + eraseBelow + "\x1b[K")
}

// TestEditorIdle: what stands before a line that nobody gets is the caller's.
func TestEditorIdle(t *testing.T) {
	d := newDesk(t, EditorOptions{})
	d.typeKeys("abc")
	d.wait(eraseBelow + "abc\x1b[K")
	d = newDesk(t, EditorOptions{Idle: func(line []byte) string { return string(line) + "? " }})
	d.typeKeys("abc")
	d.wait(eraseBelow + "abc? abc\x1b[K")
	d.SetPrompt(func([]byte) string { return "> " })
	d.wait(eraseBelow + "> abc\x1b[K")
	d.SetPrompt(nil)
	d.wait(eraseBelow + "> abc\x1b[K\r\x1b[5C\r" + eraseBelow + "abc? abc\x1b[K")
}
