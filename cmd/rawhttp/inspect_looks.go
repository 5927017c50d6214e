package main

import (
	"bytes"
	"regexp"
)

const (
	headKept  = "; curl -i --raw --http1.1 -o FILE URL keeps all of the message"
	bodyAlone = ": a body without its head" + headKept
)

// lookalikes are what people have at hand when they mean to have a message, and
// how to come to one. The first that fits is taken, so the order counts.
var lookalikes = []struct {
	begins string // a regular expression, compiled only when it is asked for
	hint   string
	start  bool // though its first line may be taken for a start line
}{
	{`^\xff\xfe|^\xfe\xff|^\w\x00\w\x00|^\x00\w\x00\w`, "this is UTF-16 text (Windows Notepad's \"Unicode\"); save it as UTF-8 without BOM", true},
	{`^\xef\xbb\xbf`, "save the file as UTF-8 without BOM", true},
	{`(?m)^[<>] (request|status|header) +\d+  `, "this looks like a transcript; keep its text column alone (cut -c19-) and give -e", true},
	{`^(\* |[<>] |  % Total)`, "this looks like what curl -v prints, with a mark before each line" + headKept, true},
	{`^HTTP/[23](\.0)? \d`, "this is how curl shows HTTP/2 and HTTP/3, which are no text; curl -i --raw --http1.1 asks for what can be inspected", true},
	{`^(\$ )?curl `, "this is a command, not what it sends; run it, or send the request to: rawhttp listen 8080", true},
	{`^[0-9a-f]{7,8}:? +[0-9a-f]{2}`, "this looks like a hex dump; xxd -r FILE | rawhttp inspect reads what xxd wrote", true},
	{`^\{\s*"log":`, "this looks like a HAR file, a browser's notes of a message and not its bytes; send the request to: rawhttp listen 8080", false},
	{`^(\xd4\xc3\xb2\xa1|\xa1\xb2\xc3\xd4|\x0a\x0d\x0d\x0a)`, "this is a packet capture; in Wireshark: Follow, TCP Stream, show as Raw, save", false},
	{`(?i)^<!doctype html|^<html|^<\?xml|^<`, "this looks like HTML or XML" + bodyAlone, false},
	{`^[{\[]`, "this looks like JSON" + bodyAlone, false},
	{`^\xff\xd8\xff|^\x89PNG|^GIF8|^RIFF`, "this is an image or a sound" + bodyAlone, false},
	{`^\x1f\x8b|^PK\x03\x04|^BZh|^\xfd7zXZ|^%PDF|^\x7fELF`, "this is a file of another kind" + bodyAlone, false},
	{`^https?://`, "this is a URL, not a request; a request to it begins GET /path HTTP/1.1, with a Host line", false},
	{`^[A-Za-z-]+:[ \t]`, "the first line is a header; a request begins with a line like GET / HTTP/1.1, a response with HTTP/1.1 200 OK", false},
	{`(?i)^(get|head|post|put|delete|options|patch|trace|connect)\b`, "the first line of a request is METHOD, target and version: GET / HTTP/1.1", false},
}

// looksLike says what bytes that are no HTTP may be, and what to do; "" when it
// cannot tell. started says that they were taken for the beginning of a message.
func looksLike(first []byte, started bool) string {
	text := bytes.TrimLeft(first, " \t\r\n")
	if len(first) >= 4 && string(first[:4]) == "\x0a\x0d\x0d\x0a" {
		text = first
	}
	for _, l := range lookalikes {
		// As Latin-1: the expressions are about bytes.
		if (l.start || !started) && regexp.MustCompile(l.begins).MatchString(latin1(text)) {
			return l.hint
		}
	}
	return ""
}

// latin1 gives each byte as the rune of its number.
func latin1(b []byte) string {
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}
