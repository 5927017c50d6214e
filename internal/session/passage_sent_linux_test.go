package session

import (
	"context"
	"io"
	"net"
	"os"
	"strings"
	"testing"
)

// given is a file as an Input: one byte by Next, and the rest unseen.
type given struct{ file *os.File }

func (g *given) Next(context.Context) ([]byte, error) {
	p := make([]byte, 1)
	n, err := g.file.Read(p)
	return p[:n], err
}

func (g *given) File() *os.File { return g.file }

func (b *blind) Sent([]byte) (State, error) {
	return State{Sent: Stand{Bytes: true, Unseen: b.unseen}}, nil
}

func (b *blind) PassSent(n int64) (State, error) {
	if b.turns++; b.sending != nil {
		b.sending()
	}
	b.passed += n
	return State{Sent: Stand{Bytes: true, Unseen: b.unseen - b.passed}}, nil
}

// TestPassSent: a file that becomes shorter while it is sent ends there, and what was
// shown is what was sent; a peer that is gone ends the sending.
func TestPassSent(t *testing.T) {
	text := strings.Repeat("0123456789abcdef\n", enough/17)
	for _, how := range []string{"whole", "shorter", "gone"} {
		from := open(t, 0)
		if _, err := from.WriteString(text); err != nil {
			t.Fatal(err)
		}
		_, _ = from.Seek(0, io.SeekStart)
		var sending func()
		if how == "shorter" {
			sending = func() { _ = from.Truncate(0) }
		}
		got := ""
		b, result := passFrom(t, &given{file: from}, sending, func(peer *net.TCPConn) {
			if how == "gone" {
				_, _ = io.ReadFull(peer, make([]byte, 100))
				_ = peer.SetLinger(0)
				return
			}
			all, _ := io.ReadAll(peer)
			got = string(all)
		})
		if b.turns == 0 {
			t.Errorf("%s: nothing passed unseen", how)
		}
		switch how {
		case "gone":
			if result.Reason != Reset && result.WriteErr == nil || result.Sent > b.passed+1 {
				t.Errorf("%+v, %d bytes shown", result, b.passed)
			}
			continue
		case "whole":
			if got != text {
				t.Errorf("%d bytes of %d, or not the same", len(got), len(text))
			}
		}
		if result.Sent != int64(len(got)) || !strings.HasPrefix(text, got) {
			t.Errorf("%s: %+v, %d bytes came", how, result, len(got))
		}
	}
}
