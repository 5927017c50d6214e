//go:build linux

package soak

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestCrowd: connections that are open at once, of which some are then cut, reset or
// were never used, leave neither a descriptor nor a goroutine behind.
// RAWHTTP_SOAK_CROWD is how many.
func TestCrowd(t *testing.T) {
	count := length(t, "RAWHTTP_SOAK_CROWD", 300)
	for _, c := range []struct {
		name   string
		secure bool
		flags  []string
	}{
		{"serve", false, nil}, {"serve-json", false, []string{"--format", "json"}},
		{"serve-log", false, []string{"--access-log"}}, {"serve-tls", true, []string{"--tls"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			gather := func(size int) crowd {
				server := setup{env: listsGoroutines}.start(t, append([]string{"serve", "127.0.0.1:0"}, c.flags...)...)
				said := server.out
				if c.name == "serve-log" {
					said = server.err
				}
				return crowd{server, server.addressIn(said), size, c.secure}
			}
			few := gather(10)
			few.comeAndGo(t)
			many, begun := gather(count), time.Now()
			resident := many.comeAndGo(t)
			left := sameGoroutines(t, few.server, many.server)
			result(t, "`crowd`, "+c.name, fmt.Sprint(count), "%s resident with all of them open; then descriptors as before, %d goroutines; %s", megabytes(resident), left, seconds(begun))
		})
	}
}

// listsGoroutines is the environment of a program that can be asked for them.
var listsGoroutines = []string{"GOTRACEBACK=all"}

// sameGoroutines ends both programs; the one that had many connections must not have
// more than the one that had few. It returns how many it has.
func sameGoroutines(t *testing.T, few, many *child) int {
	t.Helper()
	usual, left := few.goroutines(), many.goroutines()
	const ending = 8 // may be so when their connection is closed already
	if len(left) > len(usual)+ending {
		t.Errorf("%d goroutines are left, created by\n%.5000q\nof few connections\n%q", len(left), left, usual)
	}
	return len(left)
}

// goroutines ends the program, which was started to list all of them then, and returns
// where those were created that are not the runtime's own.
func (c *child) goroutines() (created []string) {
	c.t.Helper()
	c.signal(syscall.SIGABRT)
	c.end()
	for block := range strings.SplitSeq(c.err.head(), "\n\n") {
		by := createdBy.FindStringSubmatch(block)
		if by != nil && !strings.HasPrefix(by[1], "runtime.") {
			created = append(created, by[1])
		}
	}
	if len(created) == 0 {
		c.t.Errorf("no list of goroutines: %s", c.err.head())
	}
	return created
}

var createdBy = regexp.MustCompile(`(?s)^goroutine \d.*\ncreated by (\S+)`)

// crowd is clients of one server.
type crowd struct {
	server  *child
	address string
	size    int
	secure  bool
}

// member is one of them.
type member struct {
	net.Conn // what is read and written
	tcp      *net.TCPConn
}

// Ways in which the members end, by turns. All but the silent have their answer.
const (
	orderly = iota
	afterHalf
	resetAfterHalf
	resetIdle
	silent
	ways
)

// comeAndGo opens all of them, with a request each, then closes them, and waits until
// the server has no more descriptors open than before. It returns the kB that were
// resident when all were open.
func (c crowd) comeAndGo(t *testing.T) (resident int) {
	t.Helper()
	rest := c.server.descriptors() // after the first connection the runtime's own are among them
	if first, err := c.open(0); err == nil {
		rest = c.server.descriptors()
		first.end(orderly)
	}
	begun := time.Now()
	var members []*member
	for i := range c.size {
		m, err := c.open(i)
		if err != nil {
			t.Fatalf("connection %d: %v", i+1, err)
		}
		members = append(members, m)
	}
	if open := c.server.descriptors(); open < c.size && time.Since(begun) < idleTime {
		t.Errorf("%d descriptors are open, of %d connections", open, c.size)
	}
	resident = c.server.figure("VmRSS")
	for i, m := range members {
		m.end(i % ways)
	}
	poll(t, "as few descriptors as before", func() bool { return c.server.descriptors() <= rest })
	return resident
}

// idleTime is less than serve waits for the next request.
const idleTime = 70 * time.Second

func (c crowd) open(number int) (*member, error) {
	conn, err := dialFrom(number, c.address)
	if err != nil {
		return nil, err
	}
	m := &member{conn, conn.(*net.TCPConn)}
	if c.secure {
		m.Conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
		err = m.Conn.(*tls.Conn).Handshake()
	}
	if err == nil && number%ways != silent {
		err = ask(m.Conn, serveBody)
	}
	return m, err
}

// end ends it in one of the ways.
func (m *member) end(way int) {
	if way == afterHalf || way == resetAfterHalf {
		_, _ = io.WriteString(m.Conn, question[:10])
	}
	if way == resetAfterHalf || way == resetIdle {
		_ = m.tcp.SetLinger(0)
		_ = m.tcp.Close()
		return
	}
	_ = m.Conn.Close()
}
