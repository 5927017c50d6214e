package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// large is a text of n bytes in which lines, characters and line ends vary.
func large(n int) string {
	const line = "a line of text\r\nanother – with a dash\n\n0\r\n\r\nHTTP/1.1 200 OK\r\n"
	return strings.Repeat(line, n/len(line)+1)[:n]
}

func lengthOf(n int, body string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", n, body)
}

func chunks(sizes ...int) string {
	text := "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	for _, n := range sizes {
		text += fmt.Sprintf("%x\r\n%s\r\n", n, large(n))
	}
	return text + "0\r\nChecksum: 1\r\n\r\n"
}

// passedCase is one of passedUnseen.
type passedCase struct {
	input, response string
	args            []string
	closes          bool // the server does, before the client
}

// passedUnseen are conversations in which bytes pass that nobody needs to see.
// They are made when they are tried: this program is also what the scripts run.
func passedUnseen() map[string]passedCase {
	return map[string]passedCase{
		"a length":          {input: bare, response: lengthOf(2<<20, large(2<<20))},
		"cut":               {input: bare, response: lengthOf(2<<20+1, large(2<<20)), closes: true},
		"cut early":         {input: bare, response: lengthOf(2<<20, large(1<<20-1)), closes: true},
		"a reason":          {input: bare, response: lengthOf(1_125_000, strings.Repeat("abc\n", 225_000)), closes: true},
		"characters":        {input: bare, response: lengthOf(1<<20+9, strings.Repeat("ä", 1<<19)), closes: true},
		"a line end after":  {input: bare + bare, response: lengthOf(2<<20, large(2<<20)) + "\r\n" + lengthOf(2<<20, large(2<<20))},
		"lost bytes":        {input: bare + bare, response: lengthOf(2<<20, large(2<<20)) + "lost\n" + answered},
		"chunked":           {input: bare, response: chunks(700_000, 3, 1<<20, 600_001)},
		"a chunk cut":       {input: bare, response: chunks(700_000, 2<<20)[:2<<20], closes: true},
		"chunk end wrong":   {input: bare, response: strings.Replace(chunks(1<<20), "\r\n0\r\nCheck", "?\n0\r\nCheck", 1)},
		"chunk in decimal":  {input: bare, response: strings.Replace(chunks(1_000_000), "f4240\r\n", "1000000\r\n", 1), closes: true},
		"decimal, and more": {input: bare, response: strings.Replace(chunks(1_000_000, 2<<20), "f4240\r\n", "1000000\r\n", 1), closes: true},
		"until close":       {input: bare, response: "HTTP/1.1 200 OK\r\n\r\n" + large(2<<20), closes: true},
		"tunnel":            {input: "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", response: "HTTP/1.1 200 OK\r\n\r\n" + large(2<<20)},
		"no HTTP":           {input: "hello\n", response: "hello yourself\n" + large(2<<20)},
		"unframed":          {input: bare, response: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n" + large(2<<20)},
		"gzip that is none": {input: bare, response: strings.Replace(lengthOf(2<<20, large(2<<20)), "Content", "Content-Encoding: gzip\r\nContent", 1)},
		"404":               {input: bare, response: strings.Replace(lengthOf(2<<20, large(2<<20)), "200 OK", "404 Not Found", 1), args: []string{"-f"}},
		"strict":            {input: bare, response: strings.Replace(chunks(1<<20), "\r\n0\r\nCheck", "\n0\r\nCheck", 1), args: []string{"--strict"}},
		"timeout":           {input: bare, response: lengthOf(4<<20, large(2<<20)), args: []string{"-w", "300ms"}},
		"silence":           {input: bare, response: lengthOf(4<<20, large(2<<20)), args: []string{"-w", "2.5"}},
		"quiet":             {input: bare, response: lengthOf(2<<20, large(2<<20)), args: []string{"-q"}},
		"to a file":         {input: bare, response: chunks(700_000, 3, 1<<20), args: []string{"-o", "kept"}},
		"to a file, cut":    {input: bare, response: lengthOf(4<<20, large(2<<20)), args: []string{"-o", "kept"}, closes: true},
		"the body":          {input: bare, response: chunks(700_000, 3, 1<<20), args: []string{"--raw=body"}},
		"saved":             {input: bare, response: lengthOf(2<<20, large(2<<20)), args: []string{"--save", "kept"}},
	}
}

// TestUnseenAlike: bytes that pass unseen and bytes that are read come to the same:
// what is written, what is said, the exit status.
func TestUnseenAlike(t *testing.T) {
	for name, c := range passedUnseen() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			unseenAlike(t, append([]string{"send", "--raw"}, c.args...), c.input, c.response, c.closes)
		})
	}
}

// TestUnseenAlikeByChance does the same with what chance makes of responses.
func TestUnseenAlikeByChance(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 7))
			input, response := "", ""
			for range 1 + r.IntN(3) {
				input += bare
				if n := r.IntN(3 << 20); r.IntN(2) == 0 {
					response += lengthOf(n, large(n))
				} else {
					response += chunks(1+r.IntN(2<<20), 1+r.IntN(300), 1+r.IntN(600_000))
				}
			}
			cut := r.IntN(3) == 0
			if cut {
				response = response[:r.IntN(len(response))]
			}
			unseenAlike(t, []string{"send", "--raw"}, input, response, cut)
		})
	}
}

func unseenAlike(t *testing.T, args []string, input, response string, closes bool) {
	t.Helper()
	var said, wrote [2]string
	var both sync.WaitGroup
	for i, copies := range []bool{true, false} {
		address := answeringOnce(t, input, response, closes)
		both.Go(func() {
			status, out, notes, kept := executedIn(t, piped(t, input), append(append([]string{}, args...), address), copies)
			said[i], wrote[i] = fmt.Sprintf("status %d\n%s", status, unhurried(args, notes)), out+withoutNotes(kept)
		})
	}
	both.Wait()
	if said[0] != said[1] {
		t.Errorf("read: %s\nunseen: %s", said[0], said[1])
	}
	if wrote[0] != wrote[1] || !slices.Contains(args, "--raw=body") && !strings.HasPrefix(wrote[1], response) {
		t.Errorf("%d bytes came, %d when read, and %d when unseen, or not the same\n%s", len(response), len(wrote[0]), len(wrote[1]), said[1])
	}
}

// unhurried leaves out of notes what differs from run to run: silences, too, on a busy
// machine, but where they are what is waited for.
func unhurried(args []string, notes string) string {
	if slices.Contains(args, "-w") {
		return timeless(notes)
	}
	return silent.ReplaceAllString(timeless(notes), "")
}

var silent = regexp.MustCompile(`(?m)^.* of silence: .*\n`)

// withoutNotes leaves out of a saved transcript the lines that tell times.
func withoutNotes(transcript string) string {
	if !strings.HasPrefix(transcript, "* ") {
		return transcript
	}
	lines := strings.Split(transcript, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "* ") }), "\n")
}

// answeringOnce is a server that reads request, answers with response, and closes,
// at once or when the client has closed its side.
func answeringOnce(t *testing.T, request, response string, closes bool) (address string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var done sync.WaitGroup
	t.Cleanup(func() { listener.Close(); done.Wait() })
	done.Go(func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.ReadFull(conn, make([]byte, len(request)))
		if !strings.Contains(request, "HTTP/") { // its end is told of, and not to be by chance
			_, _ = io.Copy(io.Discard, conn)
		}
		_, _ = io.WriteString(conn, response)
		if !closes {
			_, _ = io.Copy(io.Discard, conn)
		}
	})
	return listener.Addr().String()
}

// TestOneFileForSeveral: programs that write to one file take turns.
func TestOneFileForSeveral(t *testing.T) {
	t.Parallel()
	all, err := os.Create(filepath.Join(t.TempDir(), "all"))
	if err != nil {
		t.Fatal(err)
	}
	defer all.Close()
	response := lengthOf(8<<20, large(8<<20))
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "rawhttp")
	if err := os.Symlink(program, name); err != nil { // testscript's way of running this program
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	const several = 4
	var running, there sync.WaitGroup
	there.Add(several)
	for range several {
		running.Go(func() {
			conn, err := listener.Accept()
			there.Done()
			if err != nil {
				return
			}
			defer conn.Close()
			_, _ = io.ReadFull(conn, make([]byte, len(bare)))
			there.Wait()
			_, _ = io.WriteString(conn, response)
		})
		cmd := exec.CommandContext(t.Context(), name, "send", "--raw", "-q", listener.Addr().String())
		cmd.Stdin, cmd.Stdout = strings.NewReader(bare), all
		running.Go(func() {
			if err := cmd.Run(); err != nil {
				t.Error(err)
				listener.Close() // it may not have connected
			}
		})
	}
	running.Wait()
	if info, err := all.Stat(); err != nil {
		t.Error(err)
	} else if want := several * int64(len(response)); info.Size() != want {
		t.Errorf("%d bytes of %d", info.Size(), want)
	}
}

// moved is a call of splice that moved something, in the words of strace.
var moved = regexp.MustCompile(`splice.* = [1-9]`)

// TestKernelMovesBodies looks at the system calls of the program.
func TestKernelMovesBodies(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("no strace on this machine")
	}
	t.Parallel()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	name := func(of string) string { return filepath.Join(directory, of) }
	if err := os.Symlink(program, name("rawhttp")); err != nil { // testscript's way of running this program
		t.Fatal(err)
	}
	large := large(2 << 20)
	length, small := lengthOf(len(large), large), posted(5, "small")
	big, inChunks := posted(len(large), large), postedChunks(1<<20, 1<<20)
	for _, c := range []struct {
		shell, request, response string
		spliced                  bool
	}{
		{"$RAWHTTP $SERVER <given | cat >got", bare, chunks(1<<20, 1<<20), true},
		{"$RAWHTTP $SERVER <given | cat >got", bare, "HTTP/1.1 200 OK\r\n\r\n" + large, true},
		{"$RAWHTTP $SERVER <given >got", bare, length, false},
		{"$RAWHTTP -o got $SERVER <given", bare, length, true},
		{"$RAWHTTP $SERVER <given >>got", bare, length, false},
		{"$RAWHTTP $SERVER given >got", big, answered, true},
		{"$RAWHTTP $SERVER <given >got", inChunks, answered, true},
		{"cat given | $RAWHTTP $SERVER >got", big, answered, true},
		{"$RAWHTTP --save-sent kept $SERVER <given >got", big, answered, false},
		{"$RAWHTTP $SERVER <given >got", small, answered, false},
	} {
		if err := os.WriteFile(name("given"), []byte(c.request), 0o666); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), "sh", "-c", c.shell)
		cmd.Dir = directory
		cmd.Env = append(os.Environ(), "RAWHTTP="+strace+" -f -qq -e trace=splice -o record "+name("rawhttp")+" send -q --raw",
			"SERVER="+answeringOnce(t, c.request, c.response, true))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Skipf("strace does not work here: %v %s", err, out)
		}
		calls, err := os.ReadFile(name("record"))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name("got")); err != nil || string(got) != c.response {
			t.Errorf("%s: %d bytes, %v; want %d", c.shell, len(got), err, len(c.response))
		}
		os.Remove(name("got"))
		// Appending, the kernel finds out when it has them already.
		if n := len(moved.FindAll(calls, -1)); (n > 1) != c.spliced {
			t.Errorf("%s: splice moved something %d times", c.shell, n)
		}
	}
}
