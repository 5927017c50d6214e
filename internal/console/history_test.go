package console

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func openHistory(t testing.TB, path string) *History {
	t.Helper()
	h, err := OpenHistory(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

func add(t testing.TB, h *History, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if err := h.Add([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
}

func all(h *History) (lines []string) {
	for i := range h.Len() {
		lines = append(lines, string(h.At(i)))
	}
	return lines
}

func wantLines(t testing.TB, h *History, want ...string) {
	t.Helper()
	if got := all(h); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func writeFile(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// FuzzHistory: whatever stands in a file and whatever is added, a second History
// holds what the first does, and lines come back as they were.
func FuzzHistory(f *testing.F) {
	f.Add("", "GET / HTTP/1.1\nHost: x\n\nGET / HTTP/1.1")
	f.Add("torn", "a\n\n\na\na\nb")
	f.Add("a\n\n\r\n\xff\x1b[2J\x00\n", "\x1b]0;x\a\n\xe9\r\n ")
	f.Fuzz(func(t *testing.T, before, typed string) {
		path := filepath.Join(t.TempDir(), "history")
		writeFile(t, path, before)
		first := openHistory(t, path)
		var want []string
		for _, line := range append(strings.Split(before, "\n"), strings.Split(typed, "\n")...) {
			if line != "" && (len(want) == 0 || want[len(want)-1] != line) {
				want = append(want, line)
			}
		}
		want = want[max(0, len(want)-historyLines):]
		add(t, first, strings.Split(typed, "\n")...)
		wantLines(t, first, want...)
		wantLines(t, openHistory(t, path), want...)
		if !strings.HasPrefix(readFile(t, path), before) {
			t.Error("what stood in the file was changed")
		}
	})
}

// TestHistoryOfTheProcess: nothing is written anywhere.
func TestHistoryOfTheProcess(t *testing.T) {
	h := NewHistory()
	line := []byte("GET / HTTP/1.1")
	add(t, h, string(line), "", string(line), "Host: x")
	if err := h.Add(line); err != nil {
		t.Fatal(err)
	}
	line[0] = 'B' // the caller's again
	add(t, h, "two\nlines\n")
	wantLines(t, h, "GET / HTTP/1.1", "Host: x", "GET / HTTP/1.1", "two", "lines")
	if err := h.Close(); err != nil || h.Len() != 5 {
		t.Errorf("%v, then %d lines", err, h.Len())
	}
}

// TestHistoryIsMadeLate: a file is made by the first line, for its owner alone.
func TestHistoryIsMadeLate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	h := openHistory(t, path)
	add(t, h, "")
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("before the first line: %v", err)
	}
	add(t, h, "Authorization: x")
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("made as %v, %v", info.Mode(), err)
	}
	if again := openHistory(t, path); again.WideOpen() {
		t.Error("called open to others")
	}
}

// TestHistoryOpenToOthers: the file is somebody's own, and stays as it is.
func TestHistoryOpenToOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the bits say nothing there")
	}
	for mode, wide := range map[fs.FileMode]bool{0o600: false, 0o700: false, 0o640: true, 0o602: true, 0o644: true} {
		path := filepath.Join(t.TempDir(), "history")
		writeFile(t, path, "old\n")
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		h := openHistory(t, path)
		add(t, h, "new")
		if info, err := os.Stat(path); h.WideOpen() != wide || err != nil || info.Mode().Perm() != mode {
			t.Errorf("%v: wide open %v, then %v (%v)", mode, h.WideOpen(), info.Mode(), err)
		}
	}
}

// TestHistoryTorn: a last line without LF is a line, and the next one begins
// behind it; also when somebody else tore it meanwhile.
func TestHistoryTorn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	writeFile(t, path, "one\ntwo")
	h := openHistory(t, path)
	wantLines(t, h, "one", "two")
	add(t, h, "three")
	other, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.WriteString("fo"); err != nil {
		t.Fatal(err)
	}
	add(t, h, "five")
	if got, want := readFile(t, path), "one\ntwo\nthree\nfo\nfive\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestHistoryShared: two programs append to one file, and no line is lost or torn.
func TestHistoryShared(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	const each = 400
	done := make(chan error)
	for _, name := range []string{"a", "b"} {
		h := openHistory(t, path)
		go func() {
			var err error
			for i := range each {
				err = errors.Join(err, h.Add(fmt.Appendf(nil, "%s%d %s", name, i, strings.Repeat(name, 300))))
			}
			done <- err
		}()
	}
	if err := errors.Join(<-done, <-done); err != nil {
		t.Fatal(err)
	}
	next := map[byte]int{}
	for _, line := range all(openHistory(t, path)) {
		name := line[0]
		if want := fmt.Sprintf("%c%d %s", name, next[name], strings.Repeat(string(name), 300)); line != want {
			t.Fatalf("%q, want %q", line, want)
		}
		next[name]++
	}
	if next['a'] != each || next['b'] != each {
		t.Errorf("%v lines", next)
	}
}

// TestHistoryBounds: the oldest lines go, and one that is too long harms no other.
func TestHistoryBounds(t *testing.T) {
	h := NewHistory()
	for i := range historyLines + 10 {
		add(t, h, fmt.Sprint(i))
	}
	if h.Len() != historyLines || string(h.At(0)) != "10" {
		t.Errorf("%d lines from %s", h.Len(), h.At(0))
	}
	add(t, h, strings.Repeat("x", historyMemory+1))
	if h.Len() != historyLines {
		t.Errorf("%d lines beside one that is too long", h.Len())
	}
	add(t, h, strings.Repeat("x", historyMemory-2), "ab", "c")
	wantLines(t, h, "ab", "c")
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		add(t, h, strings.Repeat(string(rune('a'+random.IntN(26))), random.IntN(100_000)))
		size := 0
		for _, line := range h.lines {
			size += len(line)
		}
		if size != h.size || size > historyMemory {
			t.Fatalf("%d bytes, counted %d", size, h.size)
		}
	}
}

// TestHistoryReadsTheEnd: of a long file its end, and no part of a line.
func TestHistoryReadsTheEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	longest := strings.Repeat("x", historyRead-1)
	for text, want := range map[string]string{
		"cut\n" + longest + "\n":     longest,
		"cut\n" + longest + "x\n":    "", // and nothing of it
		"cut\n" + longest[2:] + "\n": longest[2:],
		longest + "\n":               longest,
	} {
		writeFile(t, path, text)
		if got := strings.Join(all(openHistory(t, path)), "+"); got != want {
			t.Errorf("%d bytes: lines of %d bytes, want %d", len(text), len(got), len(want))
		}
	}
	os.Remove(path)
	h := openHistory(t, path)
	add(t, h, "before", longest, longest+"x", "behind")
	if h.Len() != 4 {
		t.Errorf("%d lines in the process", h.Len())
	}
	if got := readFile(t, path); got != "before\n"+longest+"\nbehind\n" {
		t.Errorf("%d bytes in the file", len(got))
	}
}

// TestHistoryErrors: what cannot be a history is found by looking, and the first
// failure to write ends the writing.
func TestHistoryErrors(t *testing.T) {
	dir := t.TempDir()
	if h, err := OpenHistory(dir); err == nil || h != nil {
		t.Errorf("a directory: %v", err)
	}
	if _, err := OpenHistory(filepath.Join(dir, "file", "history")); err != nil {
		t.Errorf("a missing directory: %v", err) // Add says it
	}
	h := openHistory(t, filepath.Join(dir, "none", "history"))
	if err := h.Add([]byte("one")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the first: %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "none"), 0o700); err != nil {
		t.Fatal(err)
	}
	add(t, h, "two")
	wantLines(t, h, "one", "two")
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%v %v", entries, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "none", "history")); err == nil {
		t.Error("tried again")
	}
}

func TestHistoryOfOneLine(t *testing.T) {
	var every []byte
	for b := range 256 {
		if b != '\n' {
			every = append(every, byte(b))
		}
	}
	path := filepath.Join(t.TempDir(), "history")
	add(t, openHistory(t, path), string(every))
	if h := openHistory(t, path); h.Len() != 1 || !bytes.Equal(h.At(0), every) {
		t.Errorf("%q", all(h))
	}
}
