package console

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestInputFile: what is taken from the file between two pieces is missing from
// them, and nothing else.
func TestInputFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "given")
	text := strings.Repeat("0123456789", 3*pieceSize/10)
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	in := NewInput(file, false)
	if in.File() != nil {
		t.Error("the pump may be reading it")
	}
	got := ""
	for {
		piece, err := in.Next(t.Context())
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		got += string(piece)
		taken := make([]byte, 1000)
		n, _ := io.ReadFull(in.File(), taken)
		got += string(taken[:n])
	}
	if got != text {
		t.Errorf("%d bytes of %d, or in another order", len(got), len(text))
	}
	if in.File() != nil {
		t.Error("it has ended")
	}
	for _, reader := range []io.Reader{strings.NewReader("text"), NewUnescaper(file)} {
		other := NewInput(reader, false)
		if _, _ = other.Next(t.Context()); other.File() != nil {
			t.Errorf("%T is no file", reader)
		}
	}
}
