package main

import (
	"fmt"
	"math"
	"strconv"

	"rawhttp/internal/http1"
)

// closing says what ends what is sent.
func (q *quiet) closing() string {
	if q.typed {
		return q.endKey + " closes"
	}
	return "the end of the input closes"
}

// unsent is what this end has left out of the message that it is sending.
func (q *quiet) unsent() cause {
	s, what := &q.sent, message(q.client)
	yet := q.unless(" yet", "")
	switch s.Next {
	case http1.RequestLine, http1.StatusLine:
		return q.unsentStart(what, yet)
	case http1.HeaderLine:
		return q.unsentHead(what, yet)
	case http1.Body:
		return q.unsentBody()
	case http1.ChunkData:
		return q.unsentChunk()
	case http1.ChunkSize:
		if s.Line > 0 {
			return ours("chunk-line", "the chunk-size line has no line end%s", yet)
		}
		if n := hexadecimal(s.chunk.Digits); s.chunk.Found && q.ended {
			return ours("last-chunk", "no last chunk 0 came after the %d bytes that chunk size %s announced", n, s.chunk.Digits)
		} else if s.chunk.Found {
			return ours("last-chunk", "chunk size %s is hexadecimal for %d: what followed the first %s was taken for data too (their chunk size is %x), and no last chunk 0 came after that",
				s.chunk.Digits, n, number(int(s.chunk.Decimal), "byte"), s.chunk.Decimal)
		}
		return ours("last-chunk", "the last chunk 0 is missing%s", q.hint("type 0 and press Enter twice", `end with 0\r\n\r\n`))
	case http1.ChunkEnd:
		return ours("chunk-end", "after the chunk's data a line end is missing%s", q.hint("press Enter", `\r\n`))
	case http1.TrailerLine:
		if s.Line > 0 && !(s.Line == 1 && s.CR) {
			return ours("final-line", "the last trailer line has no line end%s, and an empty line must follow it", yet)
		}
		return ours("final-line", "after the last chunk one empty line is missing%s", q.hint("press Enter once more", `end with \r\n`))
	case http1.Unframed:
		return ours("unframed", "nobody can tell where the %s ends, so the %s may wait for more of it", what, q.peer())
	}
	return cause{}
}

// hint is what to do about something missing.
func (q *quiet) hint(typed, otherwise string) string {
	if q.typed && !q.ended {
		return ": " + typed
	}
	return ": " + otherwise
}

func (q *quiet) unsentStart(what, yet string) cause {
	s := &q.sent
	switch {
	case s.literal:
		return ours("line", `the first line has no line end%s: the \r\n in it are letters, not line ends (-e would read them as such)`, yet)
	case s.CR && s.Begun == 0:
		return ours("line", "no LF was sent, only CR: no line has ended%s", yet)
	case s.Begun == 0:
		return ours("line", "the first line has no line end%s%s", yet, q.hint("press Enter", `end it with \r\n`))
	}
	last := "the last byte is"
	if s.Line > 1 {
		last = fmt.Sprintf("the last %d bytes are", s.Line)
	}
	return ours("excess", "%s read as the start of the next %s, whose first line has no line end%s", last, what, yet)
}

func (q *quiet) unsentHead(what, yet string) cause {
	s := &q.sent
	switch {
	case s.literal:
		return ours("head", `the %s head has no empty line%s: the \r\n in it are letters, not line ends (-e would read them as such)`, what, yet)
	case s.doubled:
		return ours("head", `the %s head has no empty line%s: its lines end CR CR LF (\r\r\n), and none is \r\n alone`, what, yet)
	case s.Line == 1 && s.CR:
		return ours("head", "the %s head ends in CR, and LF is missing: its empty line is \\r\\n", what)
	case s.CR:
		return ours("head", "the last header line holds CR and no LF: it has not ended%s", yet)
	case s.Line > 0:
		return ours("head", "the %s head has no empty line%s, and its last line no line end%s", what, yet,
			q.hint("press Enter twice", `end it with \r\n\r\n`))
	}
	if q.ended {
		return ours("head", `the %s head has no empty line: add one at its end (\r\n)`, what)
	}
	return ours("head", "the %s head has no empty line%s%s", what, yet, q.hint("press Enter once more", `end it with \r\n`))
}

func (q *quiet) unsentBody() cause {
	s := &q.sent
	switch passed := s.Size - s.Owed; {
	case s.Owed < 0:
		return ours("body-until-close", "no length was given, so the body ends when this side closes: %s", q.closing())
	case passed == 0 && s.Expect && q.client && !q.continued && !q.ended:
		return theirs("continue", "the request asks for 100 Continue and the server has not answered; the body may be sent without waiting")
	case passed == 0 && s.Expect && q.client && q.continued && !q.ended:
		return ours("body", "the server said 100 Continue: now it waits for the %s of the body", promised(s.Size))
	case passed == 0:
		return ours("body", "Content-Length promised %s, none was sent%s", promised(s.Size), q.unless(": the "+q.peer()+" waits for them", ""))
	case q.ended:
		return ours("body", "Content-Length promised %s, %d were sent: %s missing", promised(s.Size), passed, more(s.Owed, "is", "are"))
	default:
		return ours("body", "Content-Length promised %s, %d were sent: the %s waits for %s more", promised(s.Size), passed, q.peer(), strconv.FormatInt(s.Owed, 10))
	}
}

func (q *quiet) unsentChunk() cause {
	s := &q.sent
	sent := were(s.Size-s.Owed) + ", " + q.unless(fmt.Sprintf("%d to go", s.Owed), more(s.Owed, "is", "are")+" missing")
	switch size := s.chunk.Digits; {
	case s.chunk.Before && s.Size > 9:
		return ours("chunk", "the chunk's size is %d (hexadecimal %x); %s", s.Size, s.Size, sent)
	case s.chunk.Before || size == "" || size == strconv.FormatInt(s.Size, 10):
		return ours("chunk", "the chunk's size is %d; %s", s.Size, sent)
	case s.chunk.Follows && q.ended: // not all of them were meant for it
		return ours("chunk", "chunk size %s is hexadecimal for %d: %s missing%s", size, s.Size, more(s.Owed, "of them is", "of them are"), q.rightSize())
	default:
		return ours("chunk", "chunk size %s is hexadecimal for %d; %s%s", size, s.Size, sent, q.rightSize())
	}
}

// rightSize says which size was meant by one that was written in decimal, unless
// the transcript has said it.
func (q *quiet) rightSize() string {
	c := &q.sent.chunk
	if !c.Found || q.explained {
		return ""
	}
	first := ""
	if c.Follows {
		first = "the first "
	}
	return fmt.Sprintf(" (the chunk size of %s%s is %x)", first, number(int(c.Decimal), "byte"), c.Decimal)
}

// unreceived is what the peer has left out of the message that it is sending.
func (q *quiet) unreceived() cause {
	r, peer, what := &q.received, q.peer(), message(!q.client)
	switch r.Next {
	case http1.RequestLine, http1.StatusLine:
		if r.CR && r.Begun == 0 {
			return theirs("line", "the %s sent no LF, only CR: no line has ended yet", peer)
		}
		return theirs("line", "the %s stopped in the middle of a line", peer)
	case http1.HeaderLine:
		if r.literal {
			return theirs("head", `the %s's %s head has no empty line yet: the \r\n in it are letters, not line ends`, peer, what)
		}
		if r.doubled {
			return theirs("head", `the %s's %s head has no empty line yet: its lines end CR CR LF (\r\r\n), and none is \r\n alone`, peer, what)
		}
		if r.CR {
			return theirs("head", "the %s's %s head has no empty line yet: its last line holds CR and no LF", peer, what)
		}
		return theirs("head", "the %s's %s head has no empty line yet", peer, what)
	case http1.Body:
		return q.unreceivedBody()
	case http1.ChunkSize:
		if r.Line > 0 {
			return theirs("chunk-line", "the %s stopped in the middle of a chunk-size line", peer)
		}
		if r.chunk.Found {
			return theirs("last-chunk", "the %s's chunk size %s is hexadecimal for %d: what followed the first %s was taken for data too, and no last chunk 0 came after that",
				peer, r.chunk.Digits, hexadecimal(r.chunk.Digits), number(int(r.chunk.Decimal), "byte"))
		}
		return theirs("last-chunk", "the %s has sent neither another chunk nor the last chunk 0 yet", peer)
	case http1.ChunkData:
		meaning := ""
		if r.chunk.Decimal > 0 && !r.chunk.Before {
			meaning = fmt.Sprintf(" (size %s is hexadecimal for %d)", r.chunk.Digits, r.Size)
		}
		return theirs("chunk", "the %s stopped after %d of %d bytes of a chunk%s", peer, r.Size-r.Owed, r.Size, meaning)
	case http1.ChunkEnd:
		return theirs("chunk-end", "the %s has not sent the line end after the chunk's data yet", peer)
	case http1.TrailerLine:
		return theirs("final-line", "the %s has not sent the empty line after the last chunk yet", peer)
	case http1.Unframed:
		return theirs("unframed", "nobody can tell where the %s ends; the %s may have sent all of it", what, peer)
	}
	return cause{}
}

func (q *quiet) unreceivedBody() cause {
	r := &q.received
	passed := r.Size - r.Owed
	switch {
	case r.Owed < 0:
		return theirs("body-until-close", "no length was given, so the body ends when the %s closes", q.peer())
	case passed == 0 && r.Expect && !q.continued:
		return ours("continue", "the client waits for HTTP/1.1 100 Continue before it sends the body")
	}
	return theirs("body", "the %s stopped after %d of %s body %s", q.peer(), passed, lengthNumber(r.Size), plural(r.Size, "byte"))
}

// hexadecimal reads a chunk size.
func hexadecimal(digits string) int64 {
	n, err := strconv.ParseInt(digits, 16, 64)
	if err != nil {
		return math.MaxInt64
	}
	return n
}

// promised writes a Content-Length; one beyond 63 bits is not known exactly.
func promised(n int64) string { return lengthNumber(n) + " " + plural(n, "byte") }

func lengthNumber(n int64) string {
	if n == math.MaxInt64 {
		return "more than " + strconv.FormatInt(n-1, 10)
	}
	return strconv.FormatInt(n, 10)
}

func plural(n int64, noun string) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

func more(n int64, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.FormatInt(n, 10) + " " + several
}

func were(n int64) string {
	if n == 1 {
		return "1 byte was sent"
	}
	return strconv.FormatInt(n, 10) + " bytes were sent"
}
