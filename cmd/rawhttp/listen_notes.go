package main

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"rawhttp/internal/listen"
	"rawhttp/internal/tlslisten"
)

// isUnspecified reports whether an address stands for all interfaces.
func isUnspecified(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.IsUnspecified()
}

// urls lists what others can open, for the blackboard.
func urls(scheme string, hosts []string, port string) string {
	var out []string
	for _, host := range hosts {
		out = append(out, scheme+"://"+joinPort(host, port)+"/")
	}
	return strings.Join(out, " ")
}

// spare explains a connection on which nothing comes.
const spare = "browsers open spare connections"

// event shows what happens to connections that do not have a seat.
func (h *host) event(e listen.Event) {
	defer h.program.guard()
	name := fmt.Sprintf("#%d", e.Number)
	code, text := "", ""
	h.tally.came(e.Number)
	h.silent.CompareAndSwap(int64(e.Number), 0)
	switch e.Kind {
	case listen.Silent:
		h.silent.Store(int64(e.Number))
		code, text = "silent", name+" is connected and silent: "+e.Remote+" ("+spare
		if h.source.person.types() {
			text += "; what you type now goes to it"
		}
		text += ")"
	case listen.Waiting:
		code, text = "waiting", name+" waiting: "+e.Remote
		if !e.Sent {
			text += " (silent; " + spare + ")"
		}
	case listen.WaitingMore:
		code, text = "waiting", moreConnections(e.Count, "is", "are")+" waiting"
	case listen.Ended:
		code, text = "waiting-closed", name+" has closed its side, or is gone: "+e.Remote+" (it keeps its place)"
	case listen.TurnedAway:
		code, text = "turned-away", name+" turned away: "+e.Remote+h.whyTurnedAway()
	case listen.TurnedAwayMore:
		code, text = "turned-away", moreConnections(e.Count, "was", "were")+" turned away"+h.whyTurnedAway()
	case listen.Vanished:
		code, text = "vanished", name+" has gone: "+e.Remote
		if !e.Sent {
			text += " (it sent no byte" + h.tls.inside() + "; " + h.whySilent(e) + ")"
		}
	case listen.TLS:
		code, text = "tls-to-plain-port", name+" speaks TLS to this plain port: "+e.Remote+" closed; use http:// there, or here: rawhttp listen --tls "+h.here(e.Port)
	case listen.Securing:
		code, text = "tls-slow", name+" is connected, and its TLS handshake is not complete: "+e.Remote
	case listen.SecuringMore:
		code, text = "tls-slow", fmt.Sprintf("%d more TLS handshakes were not complete after 300 ms; the last: %s %s", e.Count, name, e.Remote)
	case listen.Refused:
		code, text = h.refusedByTLS(refusedConnection{e.Number, e.Remote, h.here(e.Port), e.Err}, h.verbose)
	case listen.RefusedMore:
		_, last := h.refusedByTLS(refusedConnection{e.Number, e.Remote, h.here(e.Port), e.Err}, h.verbose)
		code, text = "tls-failed", fmt.Sprintf("%d more TLS handshakes came to nothing; the last: %s", e.Count, last)
	case listen.Unserved:
		code, text = "unserved", name+" closed unserved"+h.whyUnserved(e)
	}
	about := e.Number
	if e.Count > 0 {
		about = 0
	}
	h.notes.add(e.Kind == listen.Waiting || e.Kind == listen.WaitingMore, heldNote{about, code, text})
}

func (h *host) whyUnserved(e listen.Event) string {
	var handshake *tlslisten.HandshakeError
	switch {
	case errors.As(e.Err, &handshake) && handshake.Gone:
		return " (" + handshake.Error() + "; " + spare + ")"
	case handshake != nil:
		return " (" + handshake.Error() + ")"
	case !e.Sent:
		return " (it sent no byte" + h.tls.inside() + "; " + spare + ")"
	case !h.keepOpen:
		return "; -k would go on"
	}
	return ""
}

func (h *host) whyTurnedAway() string { return " (--max-waiting " + h.maxWaiting.String() + ")" }

// moreConnections begins a sentence about those held back.
func moreConnections(n int, one, several string) string {
	if n == 1 {
		return "1 more connection " + one
	}
	return fmt.Sprintf("%d more connections %s", n, several)
}

// ready is transcript.Options.Ready. A browser asks for its icon without anybody
// having asked the browser, which confuses everybody who sees it.
func (h *host) ready(start []byte) string {
	icon, end := asksForIcon(string(start)), h.source.keyboard.endKey()
	switch {
	case icon && h.source.person.types():
		return "; browsers ask for this icon by themselves: any short answer will do, such as 404, or " + end
	case icon:
		return "; browsers ask for this icon by themselves"
	case h.source.person.types():
		return "; your turn, " + end + " closes"
	}
	return ""
}

// asksForIcon recognises the request for /favicon.ico, with or without a query.
func asksForIcon(start string) bool {
	method, rest, _ := strings.Cut(start, " ")
	target, _, _ := strings.Cut(rest, " ")
	path, _, _ := strings.Cut(target, "?")
	return (method == "GET" || method == "HEAD") && path == "/favicon.ico"
}

// heldNote is a note that waits for the one it follows.
type heldNote struct {
	conn       int // it is about
	code, text string
}

// orderedNotes shows notes about connections. That others wait is known before
// the connection that took the last seat is announced, and is said after it.
type orderedNotes struct {
	show  func(conn int, code, text string) error
	seats int
	mu    sync.Mutex
	busy  int // connections that are announced and not over
	held  []heldNote
}

func (n *orderedNotes) add(waiting bool, note heldNote) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if waiting && n.busy < n.seats {
		n.held = append(n.held, note)
		return
	}
	n.show(note.conn, note.code, note.text)
}

// begun says that a connection was announced: it does not wait, whatever was to
// be said of it.
func (n *orderedNotes) begun(conn int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.busy++
	n.held = slices.DeleteFunc(n.held, func(held heldNote) bool { return held.conn == conn })
	if n.busy < n.seats {
		return
	}
	for _, held := range n.held {
		n.show(held.conn, held.code, held.text)
	}
	n.held = nil
}

// over says that an announced connection is over.
func (n *orderedNotes) over() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.busy--
}
