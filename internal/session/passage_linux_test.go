package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// blind is an Observer that need not see anything, and writes all to a file.
type blind struct {
	*toy
	to      *os.File
	unseen  int64
	passed  int64
	turns   int
	sending func()        // called by PassSent
	first   chan struct{} // closed when something has passed
}

func (b *blind) state() State {
	return State{Received: Stand{Unseen: b.unseen - b.passed}}
}

func (b *blind) PassReceived(n int64, move func(*os.File) error) (State, error) {
	if b.passed += n; b.turns == 0 {
		close(b.first)
	}
	b.turns++
	return b.state(), move(b.to)
}

func (b *blind) Received(p []byte) (State, error) {
	_, err := b.to.Write(p)
	return b.state(), err
}

func (b *blind) EndReceived(Ending) (State, error) { return State{}, nil }

// passOnce has a peer play over TCP, and what comes of it written to a file.
func passOnce(t *testing.T, ctx context.Context, unseen int64, to *os.File, peer func(*net.TCPConn)) (*blind, Result) {
	t.Helper()
	b := &blind{toy: newToy(Client), to: to, unseen: unseen, first: make(chan struct{})}
	if cancelling, ok := ctx.(*untilPassed); ok {
		cancelling.first <- b.first
	}
	return b, runBlind(t, ctx, b, newKeyboard(), Options{Interactive: true}, peer)
}

// passFrom has a peer play to whom all is sent unseen.
func passFrom(t *testing.T, input Input, sending func(), peer func(*net.TCPConn)) (*blind, Result) {
	t.Helper()
	b := &blind{toy: newToy(Client), unseen: 1 << 62, sending: sending}
	return b, runBlind(t, t.Context(), b, input, Options{HalfClose: true}, peer)
}

func runBlind(t *testing.T, ctx context.Context, b *blind, input Input, options Options, peer func(*net.TCPConn)) Result {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	played, dialed := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(played)
		if conn, err := listener.Accept(); err == nil {
			<-dialed
			peer(conn.(*net.TCPConn))
			conn.Close()
		}
	}()
	conn, err := net.Dial("tcp", listener.Addr().String())
	close(dialed)
	if err != nil {
		t.Fatal(err)
	}
	result := Run(ctx, conn.(*net.TCPConn), input, b, options)
	<-played
	return result
}

// untilPassed is told of the first bytes that pass.
type untilPassed struct {
	context.Context
	first chan (<-chan struct{})
}

const enough = 4 << 20

func open(t *testing.T, flags int) *os.File {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(t.TempDir(), "to"), os.O_CREATE|os.O_RDWR|flags, 0o666)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// TestPass: what passes unseen is what came, whether the kernel takes the file or not.
func TestPass(t *testing.T) {
	text := strings.Repeat("0123456789abcdef\n", enough/17)
	for flags, moved := range map[int]bool{0: true, os.O_APPEND: false} {
		to := open(t, flags)
		b, result := passOnce(t, t.Context(), 1<<62, to, func(peer *net.TCPConn) { io.WriteString(peer, text) })
		if result.Reason != PeerClosed || result.Received != int64(len(text)) {
			t.Errorf("%+v", result)
		}
		if got, _ := os.ReadFile(to.Name()); string(got) != text {
			t.Errorf("%d bytes of %d, or not the same", len(got), len(text))
		}
		if most := b.passed > int64(len(text))-readSize; most != moved || b.turns == 0 || !moved && b.turns != 1 {
			t.Errorf("flags %x: %d bytes passed unseen in %d turns", flags, b.passed, b.turns)
		}
	}
}

// TestLastIsRead: with the end of a message what follows it is to be seen.
func TestLastIsRead(t *testing.T) {
	b, _ := passOnce(t, t.Context(), enough, open(t, 0), func(peer *net.TCPConn) { peer.Write(make([]byte, enough)) })
	if b.passed == 0 || b.passed >= enough {
		t.Errorf("%d of %d bytes passed unseen", b.passed, enough)
	}
	left := enough - new(conversation).unseen(&Stand{Unseen: enough})
	if left <= 0 || left >= readSize {
		t.Errorf("a read of %d bytes ends where the message does, when %d are left", readSize, left)
	}
}

// TestPassEnds: a reset, a file that takes nothing, and an end made here are what
// they are when every byte is read.
func TestPassEnds(t *testing.T) {
	reset := func(peer *net.TCPConn) { peer.Write(make([]byte, 10)); peer.SetLinger(0) }
	say := func(peer *net.TCPConn) { peer.Write(make([]byte, enough)); io.Copy(io.Discard, peer) }
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	var said [2]string
	for i, unseen := range []int64{0, 1 << 62} {
		_, broken := passOnce(t, t.Context(), unseen, open(t, 0), reset)
		if !errors.Is(broken.Err, syscall.ECONNRESET) {
			t.Errorf("%v", broken.Err)
		}
		var operation *net.OpError
		if errors.As(broken.Err, &operation) {
			operation.Source, operation.Addr = nil, nil
		}
		_, refused := passOnce(t, t.Context(), unseen, full, say)
		said[i] = fmt.Sprintf("%d %v %d %v", broken.Reason, broken.Err, refused.Reason, refused.Err)
	}
	if said[0] != said[1] {
		t.Errorf("read: %s\nunseen: %s", said[0], said[1])
	}
	base, cancel := context.WithCancelCause(t.Context())
	ctx := &untilPassed{base, make(chan (<-chan struct{}), 1)}
	go func() { <-<-ctx.first; cancel(syscall.EINTR) }()
	if _, result := passOnce(t, ctx, 1<<62, open(t, 0), say); result.Reason != Interrupted || !errors.Is(result.Err, syscall.EINTR) {
		t.Errorf("%+v", result)
	}
}
