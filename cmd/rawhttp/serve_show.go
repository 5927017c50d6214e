package main

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"rawhttp/internal/http1"
	"rawhttp/internal/listen"
	"rawhttp/internal/serve"
	"rawhttp/internal/tlslisten"
	"rawhttp/internal/transcript"
)

// served is one run of serve.
type served struct {
	*serveOptions
	program  *program
	outputs  *outputs
	troubles troubles
	legend   sync.Once
	silences silences
	log      accessLog
	tally    serverTally
}

// saySockets says which calls have opened the sockets.
func (h *served) saySockets(sockets *listen.Sockets) {
	if !h.syscalls {
		return
	}
	for _, address := range sockets.Addresses() {
		for _, call := range []string{"socket", "bind " + address, "listen"} {
			h.outputs.screen.Always("syscall", call)
		}
	}
}

// open is serve.Options.Open.
func (h *served) open(number int, conn net.Conn) serve.Watcher {
	counted := func(c serve.Closing) error {
		h.tally.ended(number, c.Requests)
		return nil
	}
	if h.noTranscript {
		return serve.Watcher{Closed: counted}
	}
	remote := addressText(conn.RemoteAddr())
	if h.accessLog {
		log := &accessLine{log: &h.log, to: stream{f: h.program.stdout, name: "standard output"}, host: hostOf(remote)}
		return serve.Watcher{Answered: log.answered, Closed: counted}
	}
	screen := h.outputs.screen
	if h.syscalls {
		screen.NoteAbout(number, "syscall", fmt.Sprintf("accept #%d", number))
	}
	w := &watched{conversation: screen.Conversation(number, http1.Response), tls: h.tls.on}
	var handshake *tlslisten.Summary
	if secured, ok := conn.(*tlslisten.Conn); ok {
		handshake = secured.Summary()
	}
	w.conversation.Open(transcript.Opened{
		Time: time.Now(), Server: true, Local: addressText(conn.LocalAddr()), Remote: remote, TLS: serverTLSFacts(handshake),
	})
	note := "connection from " + remote
	h.legend.Do(func() { note += h.viewFlags.legend("< received, > sent, bytes a row") })
	w.conversation.Note("connected", note)
	sayHandshake(w.conversation, handshake, h.verbose)
	h.silences.add(w)
	watcher := serve.Watcher{Received: w.received, Waits: w.conversation.Show, Sent: w.conversation.Sent, Closed: func(c serve.Closing) error {
		h.silences.remove(w)
		h.tally.ended(number, c.Requests)
		return w.closed(c)
	}}
	if h.syscalls {
		watcher.Called = w.called
	}
	return watcher
}

// watched is a connection whose transcript is shown.
type watched struct {
	conversation *transcript.Conversation
	tls          bool
	quiet        atomic.Int32 // ticks since bytes have come; beyond pausedAfter all of them are shown
}

func (w *watched) received(p []byte) error {
	w.quiet.Store(0)
	return w.conversation.Take(p)
}

func (w *watched) called(call string, n int) error {
	switch call {
	case "read":
		if n == 0 {
			return w.conversation.Always("syscall", "read 0 bytes: the end of the stream")
		}
		return w.conversation.Always("syscall", "read "+more(int64(n), "byte", "bytes"))
	case "write":
		return w.conversation.Always("syscall", "write "+more(int64(n), "byte", "bytes"))
	}
	return w.conversation.Always("syscall", call)
}

// closings are the words for serve's reasons, around how long it took, and
// transcript's.
var closings = map[serve.Reason]struct{ who, why, reason string }{
	serve.ClientClosed:  {"the client closed", "", "peer"},
	serve.ClientCut:     {"the client closed", " in the middle of a request", "peer"},
	serve.ClientReset:   {"the client closed with a reset", "", "reset"},
	serve.Asked:         {"closed", ", as the answer's Connection: close says", "answered"},
	serve.Refused:       {"closed", ", as the message was refused", "local"},
	serve.IdleTime:      {"closed", ": no request came in time", "timeout"},
	serve.SlowClient:    {"closed", ": the client took no more of the answer", "timeout"},
	serve.Stopped:       {"closed", ": the server stops", "interrupt"},
	serve.GaveWay:       {"closed", " to make room for another connection", "local"},
	serve.BrokenOnDuty:  {"closed", " on purpose", "local"},
	serve.WatcherFailed: {"closed", "", "error"},
}

// closed is serve.Watcher.Closed.
func (w *watched) closed(c serve.Closing) error {
	var err error
	switch c.Reason {
	case serve.ClientClosed, serve.ClientCut:
		end := transcript.EndEOF
		if w.tls {
			end = transcript.EndCloseNotify
			if c.Truncated {
				end = transcript.EndTruncated
			}
		}
		err = w.conversation.EndReceived(end)
	case serve.ClientReset:
		err = w.conversation.EndReceived(transcript.EndReset)
	default:
		err = w.conversation.LeaveReceived()
	}
	words := closings[c.Reason]
	for _, show := range []func() error{w.conversation.EndSent, w.conversation.Over, func() error {
		return w.conversation.Note("closed", fmt.Sprintf("%s after %s%s (sent %d, received %d bytes)", words.who,
			spent(time.Duration(c.Seconds*float64(time.Second))), words.why, c.Sent, c.Received))
	}, func() error {
		return w.conversation.Close(transcript.Closed{Sent: c.Sent, Received: c.Received, Seconds: c.Seconds, Reason: words.reason})
	}} {
		if showErr := show(); err == nil {
			err = showErr
		}
	}
	return err
}
