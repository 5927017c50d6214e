package console

import "bytes"

// Key is a key that is not text.
type Key uint8

// The keys that stand for signals.
const (
	KeyInterrupt Key = iota + 1 // Ctrl-C
	KeySuspend                  // Ctrl-Z
	KeyQuit                     // Ctrl-\
	keyText
	keyEnter
	keyEndOfInput // Ctrl-D
	keyTab
	keyLeft
	keyRight
	keyHome
	keyEnd
	keyWordLeft
	keyWordRight
	keyUp
	keyDown
	keyBackspace
	keyDelete
	keyDeleteWord
	keyKillEnd
	keyKillStart
	keyKillWord
	keyYank
	keyClear
	keyRedraw  // no key: the terminal has changed
	keyPaste   // no key: a paste begins
	keyForget  // no key: what was entered before is dropped
	keyFailure // no key: no other will come
)

// press is one key, or a run of text.
type press struct {
	key    Key
	text   []byte
	pasted bool
	err    error // of keyFailure
}

const (
	pasteOn     = "\x1b[?2004h"
	pasteOff    = "\x1b[?2004l"
	pasteBegin  = "200~"
	pasteEnd    = "\x1b[201~"
	clearScreen = "\x1b[H\x1b[2J"
)

// controls are the keys that are one byte.
var controls = [256]Key{
	0x01: keyHome, 0x02: keyLeft, 0x03: KeyInterrupt, 0x04: keyEndOfInput, 0x05: keyEnd, 0x06: keyRight,
	0x08: keyBackspace, 0x09: keyTab, 0x0a: keyEnter, 0x0b: keyKillEnd, 0x0c: keyClear, 0x0d: keyEnter,
	0x0e: keyDown, 0x10: keyUp, 0x15: keyKillStart, 0x17: keyKillWord, 0x19: keyYank,
	0x1a: suspendKey, 0x1c: KeyQuit, 0x7f: keyBackspace,
}

// sequences are the keys that are a control sequence, by what follows ESC [.
var sequences = map[string]Key{
	"A": keyUp, "B": keyDown, "C": keyRight, "D": keyLeft, "H": keyHome, "F": keyEnd,
	"1~": keyHome, "7~": keyHome, "4~": keyEnd, "8~": keyEnd, "3~": keyDelete,
	"1;5C": keyWordRight, "1;3C": keyWordRight, "1;5D": keyWordLeft, "1;3D": keyWordLeft, "3;5~": keyDeleteWord,
}

// metas are the keys that are ESC and a letter.
var metas = [256]Key{'b': keyWordLeft, 'f': keyWordRight, 'd': keyDeleteWord, 0x7f: keyKillWord, 0x08: keyKillWord}

// decoder makes key presses of bytes, however they are cut.
type decoder struct {
	emit     func(press)
	signal   func(Key)
	state    decoderState
	sequence []byte // of a control sequence, behind ESC [
	matched  int    // bytes of pasteEnd that have come
	lastCR   bool   // an LF that follows belongs to it
}

type decoderState uint8

const (
	ground decoderState = iota
	afterESC
	inSequence
	afterSS3 // one letter more
	quoted   // after Ctrl-V: the next byte is text
	pasting
)

const longestSequence = 32 // what is longer is no key

// take decodes what was read at once. late says that nothing had come for a
// while: then Ctrl-C alone is pressed by somebody who waits for a paste whose end
// was lost, and is no byte of it.
func (d *decoder) take(p []byte, late bool) {
	if late && d.state == pasting && string(p) == "\x03" {
		d.state, d.matched = ground, 0
	}
	if d.state != pasting {
		d.lastCR = false // a person may well press Enter and then Ctrl-J
	}
	start := 0 // of a run of text
	for i := 0; i < len(p); i++ {
		c := p[i]
		if d.state == ground && (c >= 0x20 && c != 0x7f || c == 0) || d.state == pasting && c != '\r' && c != '\n' && c != 0x1b && d.matched == 0 {
			d.lastCR = false
			continue
		}
		d.text(p[start:i])
		start = i + 1
		d.step(c)
	}
	d.text(p[start:])
}

func (d *decoder) text(p []byte) {
	if len(p) > 0 {
		d.emit(press{key: keyText, text: bytes.Clone(p), pasted: d.state == pasting})
	}
}

// step takes a byte that is no text by itself.
func (d *decoder) step(c byte) {
	switch d.state {
	case ground:
		d.control(c)
	case afterESC:
		d.afterESC(c)
	case inSequence:
		d.inSequence(c)
	case afterSS3:
		d.state = ground
		d.press(sequences[string(c)])
	case quoted:
		d.state = ground
		d.text([]byte{c})
	case pasting:
		d.paste(c)
	}
}

func (d *decoder) control(c byte) {
	cr := d.lastCR
	d.lastCR = c == '\r'
	switch {
	case c == 0x1b:
		d.state = afterESC
	case c == 0x16:
		d.state = quoted
	case c == '\n' && cr:
	default:
		d.press(controls[c])
	}
}

// press hands on a key; 0 is none. Signals do not wait in line.
func (d *decoder) press(k Key) {
	switch k {
	case 0:
	case KeyInterrupt, KeySuspend, KeyQuit:
		d.signal(k)
	default:
		d.emit(press{key: k})
	}
}

func (d *decoder) afterESC(c byte) {
	d.state = ground
	switch c {
	case '[':
		d.state, d.sequence = inSequence, d.sequence[:0]
	case 'O':
		d.state = afterSS3
	case 0x1b:
		d.state = afterESC
	case '\r', '\n', 0x03, 0x04, 0x1a, 0x1c:
		d.control(c) // ESC was a key of its own
	default:
		d.press(metas[c])
	}
}

func (d *decoder) inSequence(c byte) {
	d.sequence = append(d.sequence, c)
	switch {
	case c < 0x20 || len(d.sequence) > longestSequence:
		d.state = ground
		d.control(c)
	case c >= 0x40 && c <= 0x7e && !(len(d.sequence) == 1 && c == '['): // ESC [ [ A is a key of the Linux console
		d.state = ground
		if string(d.sequence) == pasteBegin {
			d.emit(press{key: keyPaste})
			d.state, d.matched, d.lastCR = pasting, 0, false
			return
		}
		d.press(sequences[string(d.sequence)])
	}
}

// paste takes a line end of what is pasted, or a byte that may belong to its end.
func (d *decoder) paste(c byte) {
	if d.matched > 0 && c != pasteEnd[d.matched] {
		d.text([]byte(pasteEnd[:d.matched])) // an ESC that was pasted
		d.matched, d.lastCR = 0, false
	}
	switch {
	case c == pasteEnd[d.matched]:
		d.matched++
		if d.matched == len(pasteEnd) {
			d.state, d.matched = ground, 0
		}
	case c == '\n' && d.lastCR:
		d.lastCR = false
	case c == '\r' || c == '\n':
		d.lastCR = c == '\r'
		d.emit(press{key: keyEnter, pasted: true})
	default:
		d.lastCR = false
		d.text([]byte{c})
	}
}
