package transcript

import (
	"bytes"
	"unicode/utf8"

	"rawhttp/internal/http1"
)

const (
	maximumRow = 4096 // bytes of one row
	probeSize  = 512  // bytes of a body that decide whether it is text
)

// look is how the bytes of a run are shown.
type look uint8

const (
	lookUndecided look = iota
	lookText
	lookHex
)

// rowBuilder cuts one direction's bytes into rows: at LF, at the end of a
// token, after 4,096 bytes, or where it is told to show what it holds.
type rowBuilder struct {
	conversation *Conversation
	mark         mark
	kind         http1.Kind
	offset       int64  // of the first held byte
	held         []byte // the row at hand
	spare        []byte // swapped with held when a probe is decided
	look         look   // of the row at hand
	run          run    // the bytes that are shown alike
	runLook      look
	declaredText bool   // Content-Type: text/*
	bad          bool   // the start line at hand is a status line from 400 on
	beyond       bool   // what comes now is beyond the limit: for the saved copy alone
	spans        []span // of hidden bytes, held or to come
	waiting      []http1.Diagnostic
	rows         *rememberedList // the latest; nil: none, or given up
}

// run names the bytes that are shown alike: one message's body, or one tunnel.
type run struct {
	kind    http1.Kind
	message int
}

// take adds bytes of one token. whole says that the token ends with them.
func (b *rowBuilder) take(kind http1.Kind, message int, offset int64, p []byte, whole bool) {
	if len(b.held) > 0 && b.kind != kind {
		b.show()
	}
	b.kind = kind
	b.chooseLook(kind, message)
	if len(b.held) == 0 {
		b.offset = offset
		if whole && b.look == lookText && len(p) <= maximumRow {
			b.emit(p) // a line, as most that comes
			return
		}
	}
	if b.look == lookUndecided {
		n := min(len(p), probeSize-len(b.held))
		b.held = append(b.held, p[:n]...)
		p = p[n:]
		if len(b.held) < probeSize && !whole {
			return
		}
		b.decide()
	}
	b.cut(p)
	if whole {
		b.show()
	}
}

// chooseLook sets how the next bytes are shown, if that can be known now.
func (b *rowBuilder) chooseLook(kind http1.Kind, message int) {
	options := &b.conversation.screen.options
	switch {
	case options.Hex:
		b.look = lookHex
		return
	case !kind.Opaque():
		b.look = lookText
		return
	}
	if next := (run{kind, message}); b.run != next {
		b.run, b.runLook = next, lookUndecided
		switch options.Body {
		case BodyText:
			b.runLook = lookText
		case BodyHex:
			b.runLook = lookHex
		}
	}
	b.look = b.runLook
}

// decide looks at the held beginning of a run and cuts it into rows.
func (b *rowBuilder) decide() {
	b.look = lookText
	if isBinary(b.held, b.declaredText) {
		b.look = lookHex
	}
	b.runLook = b.look
	probe := b.held
	b.held, b.spare = b.spare[:0], probe
	b.cut(probe)
}

// isBinary applies the rule of --body auto to the beginning of a body.
func isBinary(p []byte, declaredText bool) bool {
	if bytes.IndexByte(p, 0) >= 0 {
		return true
	}
	if declaredText {
		return false
	}
	odd := 0
	for i := 0; i < len(p); {
		c := p[i]
		size := 1
		switch {
		case c == '\t' || c == '\n' || c == '\r' || c == 0x1b || ' ' <= c && c < 0x7f:
		case c < utf8.RuneSelf:
			odd++
		default:
			var r rune
			r, size = utf8.DecodeRune(p[i:])
			if r == utf8.RuneError && size == 1 && utf8.FullRune(p[i:]) {
				odd++
			}
		}
		i += size
	}
	return odd*10 > len(p)
}

// cut makes rows of bytes whose look is decided and holds the last one when it
// has not ended.
func (b *rowBuilder) cut(p []byte) {
	for len(p) > 0 {
		if n := b.alike(p); n > 0 {
			p = p[n:]
			continue
		}
		limit := maximumRow
		if b.look == lookHex {
			limit = hexRowBytes
		}
		n := min(limit-len(b.held), len(p))
		ended := n == limit-len(b.held)
		if b.look == lookText {
			if i := bytes.IndexByte(p[:n], '\n'); i >= 0 {
				n, ended = i+1, true
			}
		}
		if !ended {
			b.held = append(b.held, p[:n]...)
			return
		}
		if len(b.held) > 0 {
			b.held = append(b.held, p[:n]...)
			b.emit(b.held)
			b.held = b.held[:0]
		} else {
			b.emit(p[:n])
		}
		p = p[n:]
	}
}

func (b *rowBuilder) emit(p []byte) {
	c := b.conversation
	r := &row{
		mark: b.mark, kind: b.kind, offset: b.offset, bytes: p, hex: b.look == lookHex,
		bad: b.bad && b.kind == http1.StatusLine, beyond: b.beyond,
	}
	if len(b.spans) > 0 {
		r.hidden = b.hiddenIn(len(p))
	}
	c.page.row(c, r)
	b.remember(r)
	b.offset += int64(len(p))
	if len(b.waiting) == 0 {
		return
	}
	later := b.waiting[:0]
	for i := range b.waiting {
		if d := b.waiting[i]; b.holds(&d) {
			later = append(later, d)
		} else {
			c.showDiagnostic(&d)
		}
	}
	b.waiting = later
}

// holds reports whether a diagnostic is about bytes that are not shown yet.
func (b *rowBuilder) holds(d *http1.Diagnostic) bool {
	if d.Length == 0 {
		return d.Offset > b.offset
	}
	return d.Offset >= b.offset
}

// show ends the row at hand where it stands.
func (b *rowBuilder) show() {
	if len(b.held) == 0 {
		return
	}
	if b.look == lookUndecided {
		b.decide()
	}
	if len(b.held) > 0 {
		b.emit(b.held)
		b.held = b.held[:0]
	}
}
