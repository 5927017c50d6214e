package console

import (
	"fmt"
	"strings"
	"testing"
)

// pressed writes what a decoder makes of keys, typed in the given cuts.
func pressed(keys string, every int) string {
	var got strings.Builder
	text := ""
	flush := func() {
		if text != "" {
			fmt.Fprintf(&got, "%q ", text)
			text = ""
		}
	}
	pasted := false
	d := decoder{
		emit: func(p press) {
			if p.pasted != pasted || p.key != keyText {
				flush()
			}
			pasted = p.pasted
			if p.key == keyText {
				text += string(p.text)
				return
			}
			fmt.Fprintf(&got, "%d", p.key)
			if p.pasted {
				got.WriteString("p")
			}
			got.WriteString(" ")
		},
		signal: func(k Key) { fmt.Fprintf(&got, "signal%d ", k) },
	}
	for len(keys) > 0 {
		n := min(every, len(keys))
		d.take([]byte(keys[:n]), false)
		keys = keys[n:]
	}
	flush()
	return got.String()
}

// TestKeys: what people press, whole and one byte at a time.
func TestKeys(t *testing.T) {
	name := func(keys ...any) string {
		var out strings.Builder
		for _, k := range keys {
			if text, ok := k.(string); ok {
				fmt.Fprintf(&out, "%q ", text)
			} else {
				fmt.Fprintf(&out, "%d ", k)
			}
		}
		return out.String()
	}
	for keys, want := range map[string]string{
		"a世\xff\x00":                        name("a世\xff\x00"),
		"ab\r":                              name("ab", keyEnter),
		"ab\n\n":                            name("ab", keyEnter, keyEnter),
		"a\x1b[Ab\x1bOBc\x1b[1;5C\x1b[3~":   name("a", keyUp, "b", keyDown, "c", keyWordRight, keyDelete),
		"\x1b[99;99X\x1b[?1;2cx":            name("x"),
		"\x1bb\x1bf\x1bzx":                  name(keyWordLeft, keyWordRight, "x"),
		"\x1b\r":                            name(keyEnter),
		"\x16\x1b[A\x16\x16":                name("\x1b[A\x16"),
		"\x01\x02\x04\x05\x06\x08\x0b\x0c":  name(keyHome, keyLeft, keyEndOfInput, keyEnd, keyRight, keyBackspace, keyKillEnd, keyClear),
		"\x0e\x10\x15\x17\x19\x7f\t":        name(keyDown, keyUp, keyKillStart, keyKillWord, keyYank, keyBackspace, keyTab),
		"a\x03":                             fmt.Sprintf("signal%d %q ", KeyInterrupt, "a"),
		"\x1c":                              fmt.Sprintf("signal%d ", KeyQuit),
		"\x1b[" + strings.Repeat("1", 40):   name(strings.Repeat("1", 40-longestSequence-1)),
		"\x1b[200~a\tb\r\x1b[201~c":         name(keyPaste, "a\tb") + fmt.Sprintf("%dp ", keyEnter) + name("c"),
		"\x1b[200~\x03\x04\x1b[A\x1b[201~d": name(keyPaste, "\x03\x04\x1b[A", "d"),
		"\x1b[200~\x1b\x1b[20\x1b[201~":     name(keyPaste, "\x1b\x1b[20"),
		"\x1b[200~a\r\nb\n\nc\r\r\x1b[201~": name(keyPaste, "a") + fmt.Sprintf("%dp %q %dp %dp %q %dp %dp ", keyEnter, "b", keyEnter, keyEnter, "c", keyEnter, keyEnter),
	} {
		for _, every := range []int{len(keys), 1, 2} {
			got := pressed(keys, every)
			if every < len(keys) && strings.Contains(want, "signal") {
				continue // signals overtake text
			}
			if got != want {
				t.Errorf("%q in pieces of %d: %s, want %s", keys, every, got, want)
			}
		}
	}
	// Two keys that a script sends for one Enter.
	if got, want := pressed("a\r\nb\r\n", 100), name("a", keyEnter, "b", keyEnter); got != want {
		t.Errorf("CR LF: %s, want %s", got, want)
	}
}

// FuzzPaste: whatever is pasted comes out byte for byte, but for its line ends,
// each of which is one Enter, however it is cut; and the keys behind it are keys.
func FuzzPaste(f *testing.F) {
	f.Add("GET / HTTP/1.1\r\nHost: a\tb\xe9\x1b[2J\n\n😀", 3)
	f.Add("\x1b[\x1b[201\x1b[20", 1)
	f.Fuzz(func(t *testing.T, text string, every int) {
		if strings.Contains(text+pasteEnd[:len(pasteEnd)-1], pasteEnd) || every <= 0 {
			t.Skip()
		}
		lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n")
		var want strings.Builder
		fmt.Fprintf(&want, "%d ", keyPaste)
		for i, line := range lines {
			if line != "" {
				fmt.Fprintf(&want, "%q ", line)
			}
			if i < len(lines)-1 {
				fmt.Fprintf(&want, "%dp ", keyEnter)
			}
		}
		fmt.Fprintf(&want, "%d ", keyUp)
		if got := pressed("\x1b["+pasteBegin+text+pasteEnd+"\x1b[A", every); got != want.String() {
			t.Errorf("%q in pieces of %d: %s, want %s", text, every, got, want.String())
		}
	})
}

// TestLostPaste: a paste whose end does not come does not lock the user in.
func TestLostPaste(t *testing.T) {
	var got []Key
	var text []byte
	d := decoder{emit: func(p press) { text = append(text, p.text...) }, signal: func(k Key) { got = append(got, k) }}
	d.take([]byte("\x1b[200~abc"), false)
	d.take([]byte("\x03"), false)
	d.take([]byte("d\x03"), true)
	if len(got) > 0 || string(text) != "abc\x03d\x03" {
		t.Errorf("%v %q", got, text)
	}
	d.take([]byte("\x03"), true)
	d.take([]byte("\x03"), false)
	if len(got) != 2 || got[0] != KeyInterrupt {
		t.Errorf("%v", got)
	}
}
