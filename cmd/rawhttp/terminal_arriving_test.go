//go:build linux || darwin

package main

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// TestScreenRowsArrive: 10,000 rows come while a line is being typed.
func TestScreenRowsArrive(t *testing.T) {
	address, accept := server(t)
	x := classroom.open(t, "send", "--body-limit=0", address)
	conn := accept()
	x.typeKeys("GET / HTTP/1.1\rHost: a\r\r")
	take(t, conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	x.expectBottom("> request         ▮")
	const keys, each = "GET /second HTTP/1.1", 500
	x.typeKeys("GET ")
	var want strings.Builder
	put(t, conn, "HTTP/1.1 200 OK\r\nContent-Length: 110000\r\n\r\n")
	for i, key := range keys {
		var body strings.Builder
		for n := i * each; n < (i+1)*each; n++ {
			fmt.Fprintf(&body, "row %06d\n", n)
			fmt.Fprintf(&want, "< body        11  row %06d\\n\n", n)
		}
		put(t, conn, body.String())
		if i >= len("GET ") {
			x.typeKeys(string(key))
		}
	}
	x.expectBottom(`
< body        11  row 009998\n
< body        11  row 009999\n
* response complete: 110043 bytes (head 43, body 110000); the server keeps the
  connection open for another request, Ctrl-D ends
> request         GET /second HTTP/1.1▮
`)
	if !strings.Contains(x.screen(), "* head complete: 43 bytes; a body of 110000 bytes follows\n"+want.String()+"* response complete") {
		t.Errorf("rows are missing or torn:\n%s", compare(want.String(), x.screen()))
	}
	x.typeKeys("\r")
	take(t, conn, "GET /second HTTP/1.1\r\n")
	x.expectBottom(`
  connection open for another request, Ctrl-D ends
> request     22  GET /second HTTP/1.1\r\n
> header          ▮
`)
	x.typeKeys("\x03")
	x.exit(130)
}

// request is one of 200 lines with all that a paste may hold, and its bytes as
// they must arrive.
func request(tab, escape string) (lines []string, wire string) {
	lines = []string{"POST /paste HTTP/1.1", "Host: a", "Content-Length: "}
	for n := len(lines); n < 190; n++ {
		lines = append(lines, fmt.Sprintf("X-%d:%sline %d", n, tab, n))
	}
	lines[10] = "X-Escape: a" + escape + "b" + escape + "[A" + escape + "[20"
	lines[20] = "X-Latin-1: caf\xe9" + tab + "\xe9\xe9"
	lines[30] = "X-Emoji: 😀👩\u200d🚀 世界 e\u0301" + tab
	lines[40] = "X-Long: " + strings.Repeat("0123456789", 600)
	body := []string{tab + "body", "", "caf\xe9 😀", tab + tab, strings.Repeat("世界", 1000), "1", "2", "3", "last"}
	content := strings.Join(body, "\n") + "\n"
	lines[2] += strconv.Itoa(len(content))
	wire = strings.Join(lines, "\r\n") + "\r\n\r\n" + content
	return append(append(lines, ""), body...), wire
}

// TestScreenPaste: what is pasted arrives byte for byte, each line as a line; what
// is typed too, where keys are what they stand for.
func TestScreenPaste(t *testing.T) {
	for name, c := range map[string]struct{ tab, escape, lineEnd, before, behind string }{
		"bracketed":        {"\t", "\x1b", "\r", "\x1b[200~", "\x1b[201~"},
		"bracketed, LF":    {"\t", "\x1b\x03\x04\x1a\x7f", "\n", "\x1b[200~", "\x1b[201~"},
		"bracketed, CR LF": {"\t", "\x1b", "\r\n", "\x1b[200~", "\x1b[201~"},
		"keys":             {" ", "", "\r", "", ""},
		"keys, LF":         {" ", "", "\n", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			address, accept := server(t)
			x := classroom.open(t, "send", address)
			conn := accept()
			lines, wire := request(c.tab, c.escape)
			if len(lines) != 200 {
				t.Fatal(len(lines), "lines")
			}
			x.expectBottom("> request         ▮")
			x.typeKeys(c.before + strings.Join(lines, c.lineEnd) + c.lineEnd + c.behind)
			take(t, conn, wire)
			x.expectBottom(fmt.Sprintf(`
> body         5  last\n
* request complete: %d bytes (head {} body {}
> request         ▮
`, len(wire)))
			x.typeKeys("\x03")
			x.exit(130)
		})
	}
}

// TestScreenResize: the window becomes narrower and wider while a wrapped line is
// being edited.
func TestScreenResize(t *testing.T) {
	for name, reflows := range map[string]bool{"cuts off": false, "wraps anew": true} {
		t.Run(name, func(t *testing.T) {
			s := classroom
			s.reflows = reflows
			x, client := s.asked(t)
			x.typeKeys("HTTP/1.1 200 OK\rX-Long: 1234567890abcdefghijklmnopqrstuvwxyz1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZ\x1b[D\x1b[D")
			x.expectBottom(`
> status      17  HTTP/1.1 200 OK\r\n
> header          X-Long: 1234567890abcdefghijklmnopqrstuvwxyz1234567890ABCDEFG\
                  HIJKLMNOPQRSTUVWX▮YZ
`)
			x.resize(40, rows)
			x.expectBottom(`
> status      17  HTTP/1.1 200 OK\r\n
> header          X-Long: 1234567890abc\
                  defghijklmnopqrstuvwx\
                  yz1234567890ABCDEFGHI\
                  JKLMNOPQRSTUVWX▮YZ
`)
			x.typeKeys("_")
			x.expectBottom(`
> status      17  HTTP/1.1 200 OK\r\n
> header          X-Long: 1234567890abc\
                  defghijklmnopqrstuvwx\
                  yz1234567890ABCDEFGHI\
                  JKLMNOPQRSTUVWX_▮YZ
`)
			x.resize(120, 10)
			x.expectBottom(`
> status      17  HTTP/1.1 200 OK\r\n
> header          X-Long: 1234567890abcdefghijklmnopqrstuvwxyz1234567890ABCDEFGHIJKLMNOPQRSTUVWX_▮YZ
`)
			x.typeKeys("\r")
			take(t, client, "HTTP/1.1 200 OK\r\nX-Long: 1234567890abcdefghijklmnopqrstuvwxyz1234567890ABCDEFGHIJKLMNOPQRSTUVWX_YZ\r\n")
			x.expectBottom(`
> status      17  HTTP/1.1 200 OK\r\n
> header      83  X-Long: 1234567890abcdefghijklmnopqrstuvwxyz1234567890ABCDEFGHIJKLMNOPQRSTUVWX_YZ\r\n
> header          ▮
`)
			x.typeKeys("\x03")
			x.exit(130)
		})
	}
}

// TestScreenWide: characters of two columns, of none, and of no meaning.
func TestScreenWide(t *testing.T) {
	x, client := classroom.asked(t)
	x.typeKeys("HTTP/1.1 200 世界😀x")
	x.expectBottom("> status          HTTP/1.1 200 世界😀x▮")
	x.typeKeys("\x02\x02")
	x.expectBottom("> status          HTTP/1.1 200 世界▮😀x")
	x.typeKeys("\x02\x7f")
	x.expectBottom("> status          HTTP/1.1 200 ▮界😀x")
	x.typeKeys("e\u0301\xe9\x05")
	x.expectBottom(`> status          HTTP/1.1 200 e` + "\u0301" + `\xe9界😀x▮`)
	x.typeKeys("\x7f\x7f\r")
	take(t, client, "HTTP/1.1 200 e\u0301\xe9界\r\n")
	x.expectBottom(`
> status      22  HTTP/1.1 200 e` + "\u0301" + `\xe9界\r\n
> header          ▮
`)
	x.typeKeys("X: " + strings.Repeat("世", 31))
	x.expectBottom(`
> header          X: ` + strings.Repeat("世", 29) + `\
                  世世▮
`)
	x.typeKeys("\x02\x02\x02")
	x.expectBottom(`
> header          X: ` + strings.Repeat("世", 28) + `▮世\
                  世世
`)
	x.typeKeys("a")
	x.expectBottom(`
> header          X: ` + strings.Repeat("世", 28) + `a\
                  ▮世世世
`)
	x.typeKeys("\x03")
	x.exit(130)
}
