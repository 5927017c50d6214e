//go:build linux || darwin

package console

import "testing"

// TestEditorForget: what was entered and not read is dropped, and so is the rest
// of a paste; what is still being typed is not.
func TestEditorForget(t *testing.T) {
	d := newDesk(t, EditorOptions{})
	d.typeKeys("one\r")
	if got := d.read(); got != "one\n" {
		t.Errorf("%q", got)
	}
	for _, p := range []press{{key: keyText, text: []byte("two")}, {key: keyEnter}, {key: keyTab}, {key: keyEndOfInput}, {key: keyEndOfInput}, {key: keyText, text: []byte("th")}} {
		d.Editor.keys.put(p)
	}
	if lines, pasted := d.Forget(); lines != 2 || pasted { // TAB without words is a byte, and Ctrl-D sends it
		t.Errorf("%d lines, pasted %v", lines, pasted)
	}
	d.typeKeys("ree\r\x1b[200~four\r\x1b[201~")
	for _, want := range []string{"three\n", "four\n"} {
		if got := d.read(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for _, p := range []press{{key: keyPaste}, {key: keyText, text: []byte("five"), pasted: true}, {key: keyEnter, pasted: true}, {key: keyText, text: []byte("si"), pasted: true}} {
		d.Editor.keys.put(p)
	}
	if lines, pasted := d.Forget(); lines != 1 || !pasted {
		t.Errorf("%d lines, pasted %v", lines, pasted)
	}
	d.Resized()
	for _, p := range []press{{key: keyText, text: []byte("x"), pasted: true}, {key: keyEnter, pasted: true}, {key: keyText, text: []byte("typed")}, {key: keyEnter}} {
		d.Editor.keys.put(p)
	}
	if got := d.read(); got != "typed\n" {
		t.Errorf("%q", got)
	}
	d.typeKeys("\x1b[A\x1b[A!\r")
	if got := d.read(); got != "five!\n" {
		t.Errorf("%q: the history has what was dropped", got)
	}
	d.Close()
	d.Forget()
}
