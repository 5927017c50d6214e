//go:build linux || darwin

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestPromptBehindTheEcho: where Ctrl-C ends a server that nobody types for, the
// terminal shows ^C; the last note and the shell's prompt stand on lines of their own.
func TestPromptBehindTheEcho(t *testing.T) {
	t.Parallel()
	answer := filepath.Join(t.TempDir(), "answer.http")
	if err := os.WriteFile(answer, []byte("HTTP/1.1 204 No Content\r\n\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const last = `\n\^C\n\* stopped after .*: 1 connection, [01] requests? answered\n$`
	for name, c := range map[string]struct {
		args   []string
		status int
		screen string
	}{
		"serve":              {[]string{"serve", "0"}, statusDone, last},
		"serve, quiet":       {[]string{"serve", "-q", "0"}, statusDone, `\n\^C\n$`},
		"listen -k FILE":     {[]string{"listen", "-k", "0", answer}, statusDone, last},
		"listen -k --fault":  {[]string{"listen", "-k", "--fault", "close-at-once", "0"}, statusDone, last},
		"listen, quiet":      {[]string{"listen", "-q", "0", answer}, 130, `\n\^C\n$`},
		"listen, editor":     {[]string{"listen", "-k", "0"}, statusDone, `[^C]\n\* stopped after .*: 1 connection, 0 requests answered\n$`},
		"listen, for others": {[]string{"listen", "-k", "--format", "json", "0", answer}, statusDone, `\n\^C\n\{"event":"note".*\}\n$`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := setting{columns: 300}.open(t, c.args...)
			address := x.expect(`(127\.0\.0\.1:\d+).*\n`)[1]
			if !slices.Contains(c.args, "-q") { // what follows is more than that line
				client := connect(t, address)
				put(t, client, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
				x.expect(`request complete|"event":"message"`)
				client.Close()
				x.expect(` closed .*\n|"event":"close".*\n`)
			}
			x.typeKeys("\x03")
			screen := strings.TrimRight(x.exit(c.status), " ")
			if !regexp.MustCompile(c.screen).MatchString(screen) {
				t.Errorf("on the screen, which should match %s:\n%q", c.screen, screen)
			}
		})
	}
}

// TestRawAtATerminal: the advice is one that works at a terminal, whatever else is
// wrong with the command line.
func TestRawAtATerminal(t *testing.T) {
	t.Parallel()
	x := setting{columns: 200}.open(t, "send", "--raw", "body", "localhost:80")
	if screen := x.exit(statusUsage); !strings.Contains(screen, "or pipe it: rawhttp ... --raw | cat") {
		t.Errorf("on the screen:\n%s", screen)
	}
}
