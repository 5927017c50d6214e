package main

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"rawhttp/internal/serve"
)

// trouble is serve.Options.Trouble.
func (h *served) trouble(t serve.Trouble) {
	number := fmt.Sprintf("#%d", t.Number)
	switch {
	case t.Retry:
		h.troubles.add(0, "accept-failed", "cannot accept: "+systemText(t.Err)+"; going on when there is room")
	case t.Full:
		h.troubles.add(t.Number, "turned-away", number+" turned away with 503: "+addressText(t.Conn.RemoteAddr())+
			" (--max-connections "+h.maxConnections.String()+")")
	default:
		code, text := h.refusedByTLS(refusedConnection{t.Number, addressText(t.Conn.RemoteAddr()), h.here(portOf(t.Conn.LocalAddr())), t.Err}, h.verbose)
		h.troubles.add(t.Number, code, text)
	}
}

func portOf(a net.Addr) int {
	if tcp, ok := a.(*net.TCPAddr); ok {
		return tcp.Port
	}
	return 0
}

// systemText is an error without the names of calls and addresses.
func systemText(err error) string {
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	text := err.Error()
	return strings.TrimPrefix(text[strings.LastIndex(text, ": ")+1:], " ")
}

// troubles shows what goes wrong, and counts where a crowd does.
type troubles struct {
	show func(conn int, code, text string) error

	mu      sync.Mutex
	timer   *time.Timer // runs for a second from the first of them; nil: none does
	shown   int         // in that second
	counted int         // in it, and not shown
}

// troublesShown is how many are shown in full a second.
const troublesShown = 4

func (t *troubles) add(conn int, code, text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.timer == nil {
		t.shown = 0
		t.timer = time.AfterFunc(time.Second, t.end)
	}
	if t.shown++; t.shown > troublesShown {
		t.counted++
		return
	}
	_ = t.show(conn, code, text)
}

// end ends the second at hand, and says how many were only counted in it.
func (t *troubles) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.timer != nil {
		t.timer.Stop()
		t.timer = nil
	}
	if t.counted > 0 {
		_ = t.show(0, "more-trouble", more(int64(t.counted), "more connection", "more connections")+" came to nothing in the same second")
	}
	t.counted = 0
}
