package console

import (
	"bytes"
	"unicode/utf8"
)

// line is the bytes being edited.
type line struct {
	text     []byte
	cursor   int
	killed   []byte // to be yanked
	history  *History
	browsing int    // the line of the history that is shown; Len: none
	draft    []byte // what was typed before the history was gone through
	first    int    // the first byte that has changed; len(text) when none has
	dirty    bool
}

// touch says that text differs from the byte at on.
func (l *line) touch(at int) {
	if !l.dirty || at < l.first {
		l.first, l.dirty = at, true
	}
}

// changedAt returns the first byte that has changed since the last call, or -1.
func (l *line) changedAt() int {
	if !l.dirty {
		return -1
	}
	l.dirty = false
	return l.first
}

func (l *line) insert(p []byte) {
	l.touch(l.cursor)
	if l.cursor == len(l.text) {
		l.text = append(l.text, p...)
	} else {
		rest := bytes.Clone(l.text[l.cursor:])
		l.text = append(append(l.text[:l.cursor], p...), rest...)
	}
	l.cursor += len(p)
}

// remove takes out the bytes between two places and puts the cursor there.
func (l *line) remove(from, to int) {
	if from == to {
		return
	}
	l.touch(from)
	l.text = append(l.text[:from], l.text[to:]...)
	l.cursor = from
}

func (l *line) kill(from, to int) {
	if from != to {
		l.killed = bytes.Clone(l.text[from:to])
		l.remove(from, to)
	}
}

// clear makes the line empty, and the history's last line the one before it.
func (l *line) clear() {
	l.remove(0, len(l.text))
	l.cursor = 0
	l.browsing, l.draft = l.history.Len(), nil
	if cap(l.text) > pasteRoom {
		l.text = nil
	}
}

const pasteRoom = 64 << 10 // what is kept of a line's memory

// replace puts another line in place of this one.
func (l *line) replace(text []byte) {
	l.touch(0)
	l.text = append(l.text[:0], text...)
	l.cursor = len(l.text)
}

// move does what the keys of editing say; size is how many bytes the character
// at the beginning of its argument has.
func (l *line) move(k Key, size func([]byte) int) {
	switch k {
	case keyLeft:
		l.cursor = l.left(size)
	case keyRight:
		l.cursor = l.right(size)
	case keyHome:
		l.cursor = 0
	case keyEnd:
		l.cursor = len(l.text)
	case keyWordLeft:
		l.cursor = l.wordLeft(isBreak)
	case keyWordRight:
		l.cursor = l.wordRight()
	case keyBackspace:
		l.remove(l.left(size), l.cursor)
	case keyDelete:
		l.remove(l.cursor, l.right(size))
	case keyDeleteWord:
		l.kill(l.cursor, l.wordRight())
	case keyKillWord:
		l.kill(l.wordLeft(isBlank), l.cursor)
	case keyKillStart:
		l.kill(0, l.cursor)
	case keyKillEnd:
		l.kill(l.cursor, len(l.text))
	case keyYank:
		if len(l.text)+len(l.killed) <= LineLimit {
			l.insert(l.killed)
		}
	case keyUp:
		l.browse(l.browsing - 1)
	case keyDown:
		l.browse(l.browsing + 1)
	}
}

// left returns where the character before the cursor begins.
func (l *line) left(size func([]byte) int) int {
	if l.cursor == 0 {
		return 0
	}
	if r, n := utf8.DecodeLastRune(l.text[:l.cursor]); r != utf8.RuneError && size(l.text[l.cursor-n:l.cursor]) == n {
		return l.cursor - n
	}
	return l.cursor - 1
}

// right returns where the character at the cursor ends.
func (l *line) right(size func([]byte) int) int {
	if l.cursor == len(l.text) {
		return l.cursor
	}
	return l.cursor + size(l.text[l.cursor:])
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// isBreak reports whether a byte stands between words.
func isBreak(c byte) bool {
	return c < utf8.RuneSelf && !('a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9')
}

func (l *line) wordLeft(between func(byte) bool) int {
	at := l.cursor
	for at > 0 && between(l.text[at-1]) {
		at--
	}
	for at > 0 && !between(l.text[at-1]) {
		at--
	}
	return at
}

func (l *line) wordRight() int {
	at := l.cursor
	for at < len(l.text) && isBreak(l.text[at]) {
		at++
	}
	for at < len(l.text) && !isBreak(l.text[at]) {
		at++
	}
	return at
}

// browse shows another line of the history; behind the last one stands what was
// typed before.
func (l *line) browse(to int) {
	if to < 0 || to > l.history.Len() {
		return
	}
	if l.browsing == l.history.Len() {
		l.draft = bytes.Clone(l.text)
	}
	l.browsing = to
	if to == l.history.Len() {
		l.replace(l.draft)
		return
	}
	l.replace(l.history.At(to))
}
