package transcript

import (
	"regexp"
	"strconv"
	"strings"
	"sync"

	"rawhttp/internal/http1"
)

// Rules of the plain view, which is heard and not seen (docs/transcript.md):
//
//   - One line a row, a note or a diagnostic, whatever its length; no column, mark,
//     caret or colour, and each line can be understood alone.
//   - A row is DIRECTION KIND, LENGTH: TEXT, LINE END. The line end always comes
//     last, in words, so a text cannot pretend to have one; without a text there is
//     no colon.
//   - What is no plain character is escaped in TEXT as in the text view.

// kindWords names the kinds in full.
var kindWords = [256]string{
	http1.EmptyLine:   "empty line",
	http1.RequestLine: "request line",
	http1.StatusLine:  "status line",
	http1.HeaderLine:  "header",
	http1.HeaderFold:  "continued header",
	http1.HeaderEnd:   "end of headers",
	http1.Body:        "body",
	http1.ChunkSize:   "chunk size",
	http1.ChunkData:   "chunk data",
	http1.ChunkEnd:    "end of chunk",
	http1.LastChunk:   "last chunk",
	http1.TrailerLine: "trailer",
	http1.TrailerFold: "continued trailer",
	http1.TrailerEnd:  "end of trailers",
	http1.Tunnel:      "tunnel",
	http1.NonHTTP:     "bytes that are not HTTP",
	http1.Unframed:    "bytes without framing",
}

// plainPrefix begins a line with the seconds since the start, where they are
// wanted, and with the connection's number.
func (s *sheet) plainPrefix(seconds []byte, number int) {
	s.prefix = s.prefix[:0]
	if len(seconds) > 0 {
		s.prefix = append(append(s.prefix, seconds...), " seconds, "...)
	}
	if number > 0 {
		s.prefix = append(s.prefix, "connection "...)
		s.prefix = strconv.AppendInt(s.prefix, int64(number), 10)
		s.prefix = append(s.prefix, ", "...)
	}
}

// plainRow appends one row.
func (s *sheet) plainRow(r *row) {
	s.buffer = append(s.buffer, s.prefix...)
	direction := "sent "
	if r.mark == markReceived {
		direction = "received "
	}
	s.buffer = append(s.buffer, direction...)
	s.buffer = append(append(s.buffer, kindWords[r.kind]...), ", "...)
	s.buffer = appendCount(s.buffer, int64(len(r.bytes)), "byte")
	if r.hex {
		s.plainHex(r)
		return
	}
	whole := r.shown()
	text := withoutLineEnd(whole)
	end := lineEndWords[string(whole[len(text):])]
	if len(text) == 0 {
		s.buffer = append(append(s.buffer, ", only "...), end...)
	} else {
		s.buffer = appendEscaped(append(s.buffer, ": "...), text, s.ascii)
		if end == "" {
			s.buffer = append(s.buffer, ", no line end"...)
		} else {
			s.buffer = append(append(s.buffer, ", ends "...), end...)
		}
	}
	s.buffer = append(s.buffer, '\n')
}

func (s *sheet) plainHex(r *row) {
	s.buffer = append(s.buffer, " in hexadecimal:"...)
	for i, c := range r.bytes {
		if !r.hides(i) {
			s.buffer = append(s.buffer, ' ', upperDigits[c>>4], upperDigits[c&15])
			continue
		}
		for _, h := range r.hidden {
			if h.from == int64(i) {
				s.buffer = append(append(s.buffer, ' '), hiddenWords(h)...)
			}
		}
	}
	s.buffer = append(s.buffer, '\n')
}

// upperDigits: a capital is spelled where "be" would be read as a word.
const upperDigits = "0123456789ABCDEF"

var lineEndWords = map[string]string{"\r\n": "CR LF", "\n": "LF"}

// plainLine appends a line of words.
func (s *sheet) plainLine(text string) {
	s.buffer = append(s.buffer, s.prefix...)
	s.buffer = appendSafe(s.buffer, []byte(text), s.ascii)
	s.buffer = append(s.buffer, '\n')
}

// plainDiagnostic appends a diagnostic with its place and its sentence.
func (s *sheet) plainDiagnostic(d *http1.Diagnostic, place, sentence string) {
	e := d.Code.Entry()
	text := e.Severity.String() + " " + e.Name + ": " + e.Title + ". Place: " + place + "."
	if sentence != "" {
		text += " " + sentence
	}
	s.plainLine(text)
}

// spokenPlace says in words where a diagnostic's bytes are.
func (c *Conversation) spokenPlace(above *row, d *http1.Diagnostic) string {
	var parts []string
	bytes, row := c.builders[d.Side].quotes(above, d)
	if bytes != "" && bytes != row {
		parts = append(parts, bytes)
	}
	if row != "" {
		parts = append(parts, "in "+row)
	}
	return strings.Join(append(parts, c.position(d)), ", ")
}

// Compiled when the first plain note is shown, not at every start.
var (
	shortUnits = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b\d+(\.\d+)? (ms|s|min|h)\b`) })
	leading    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^#(\d+)\b`) })
	unitWords  = map[string]string{"ms": "millisecond", "s": "second", "min": "minute", "h": "hour"}
)

// Spoken writes out what a screen reader garbles in a note or an error: units of
// time, and the number of a connection. A command line, which is there to be
// copied, stays as it is.
func Spoken(text string) string {
	words, command := text, ""
	for _, program := range []string{"rawhttp ", "curl "} {
		if i := strings.Index(words, program); i >= 0 {
			words, command = words[:i], words[i:]+command
		}
	}
	words = leading().ReplaceAllString(words, "connection $1")
	return shortUnits().ReplaceAllStringFunc(words, func(found string) string {
		n, unit, _ := strings.Cut(found, " ")
		if n == "1" {
			return n + " " + unitWords[unit]
		}
		return n + " " + unitWords[unit] + "s"
	}) + command
}
