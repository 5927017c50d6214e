// Package http1 follows HTTP/1.x framing as bytes go by and says what is odd.
//
// Rules of the house:
//
//   - It only annotates. It never refuses, never changes or drops a byte, and
//     nothing on the wire ever waits for it.
//   - First law: the tokens' bytes joined are the bytes fed, and cutting the
//     input elsewhere changes no kind, no message count and no diagnostic.
//   - Second law: on a prefix of a stream that is still open, nothing is
//     reported that only an end of the stream could show.
//   - Its memory does not grow with the stream: at most one piece of 64 KiB of
//     an unfinished line a direction, and a bounded note of the requests that
//     have not been answered yet.
//
// The framing rules it follows are numbered 1 to 16 in docs/http1.md; comments
// here name them as "rule N".
package http1

// Side is one direction of a connection.
type Side uint8

// The two directions: what the client sends, and what the server sends.
const (
	Request Side = iota
	Response
)

// String returns "request" or "response".
func (s Side) String() string {
	if s == Request {
		return "request"
	}
	return "response"
}

// Kind says what a run of bytes is. A line's bytes include its line end.
type Kind uint8

// The kinds. See docs/http1.md for each.
const (
	EmptyLine   Kind = iota // an empty line before a start line
	RequestLine             // RFC 9112 section 3
	StatusLine              // RFC 9112 section 4
	HeaderLine              // a field-line of the header section
	HeaderFold              // a line of the header section that begins with SP or HTAB
	HeaderEnd               // the empty line that ends the header section
	Body                    // content delimited by Content-Length or by the close
	ChunkSize               // a chunk-size line, extensions included
	ChunkData
	ChunkEnd // the CR LF after chunk data
	LastChunk
	TrailerLine
	TrailerFold
	TrailerEnd
	Tunnel   // after 101, or a 2xx to CONNECT
	NonHTTP  // at a message boundary, no start line
	Unframed // inside a message whose framing is lost
	kindCount
)

// kinds is the one table of kinds: the full name, and the label of a row.
var kinds = [kindCount]struct{ name, label string }{
	EmptyLine:   {"empty-line", "empty"},
	RequestLine: {"request-line", "request"},
	StatusLine:  {"status-line", "status"},
	HeaderLine:  {"header-line", "header"},
	HeaderFold:  {"header-fold", "fold"},
	HeaderEnd:   {"header-end", "end"},
	Body:        {"body", "body"},
	ChunkSize:   {"chunk-size", "chunk"},
	ChunkData:   {"chunk-data", "data"},
	ChunkEnd:    {"chunk-end", "data-end"},
	LastChunk:   {"last-chunk", "last"},
	TrailerLine: {"trailer-line", "trailer"},
	TrailerFold: {"trailer-fold", "fold"},
	TrailerEnd:  {"trailer-end", "end"},
	Tunnel:      {"tunnel", "tunnel"},
	NonHTTP:     {"non-http", "non-http"},
	Unframed:    {"unframed", "unframed"},
}

// String returns the full name, for instance "header-line".
func (k Kind) String() string { return kinds[k].name }

// Label returns the short name a row of the transcript carries, for instance
// "header"; at most 8 characters.
func (k Kind) Label() string { return kinds[k].label }

// Kinds returns every kind, in the order of the constants.
func Kinds() []Kind {
	all := make([]Kind, kindCount)
	for i := range all {
		all[i] = Kind(i)
	}
	return all
}

// Opaque reports whether bytes of this kind are handed on in any cut, because
// nothing in them is looked at.
func (k Kind) Opaque() bool {
	switch k {
	case Body, ChunkData, Tunnel, NonHTTP, Unframed:
		return true
	}
	return false
}

// Token is a labelled run of bytes. Line kinds come whole, or in pieces of
// 64 KiB with More set on all but the last; opaque kinds come in any cut.
type Token struct {
	Side    Side
	Kind    Kind
	Offset  int64  // of the first byte, in this side's stream
	Message int    // number of the message on this side, from 1; 0 outside one
	Bytes   []byte // borrowed: valid until the Sink's method returns
	More    bool   // the same line goes on in the next token
}

// Delimiter says what tells where a message ends (RFC 9112 section 6.3).
type Delimiter uint8

// The delimiters.
const (
	DelimiterNone     Delimiter = iota // no content
	DelimiterLength                    // Content-Length
	DelimiterChunked                   // Transfer-Encoding: chunked
	DelimiterClose                     // the end of the connection
	DelimiterUnframed                  // nobody can tell
)

var delimiterNames = [...]string{"none", "content-length", "chunked", "close", "unframed"}

// String returns "none", "content-length", "chunked", "close" or "unframed".
func (d Delimiter) String() string { return delimiterNames[d] }

// Message is what is known of one message. Head, Body and Framing are byte
// counts of what has passed so far, Head + Body + Framing its total.
type Message struct {
	Side      Side
	Number    int    // from 1, on its side
	Start     []byte // the start line without its line end (its first 64 KiB); borrowed; empty for an HTTP/0.9 response
	Complete  bool
	Head      int64 // start line, header section and the empty line after it
	Body      int64 // content, chunk data alone when chunked
	Lost      int64 // of Body: bytes after the framing was lost
	Framing   int64 // chunk lines, chunk ends and the trailer section
	Chunks    int   // chunks with data
	Delimiter Delimiter
	Length    int64 // the content length, when Delimiter is DelimiterLength

	Status         int  // status code; 0 for a request or when it is not three digits
	Request        int  // for a response: the number of the request it answers, 0 unknown
	Interim        bool // a 1xx response other than 101 (RFC 9110 section 15.2)
	Tunnel         bool // the connection becomes a tunnel after this message's head
	KeepsAlive     bool // the connection stays open after it (RFC 9112 section 9.3)
	ExpectContinue bool // the client waits for 100 Continue (RFC 9110 section 10.1.1)
	Version09      bool // an HTTP/0.9 request, or the response to one
	Overtaken      bool // for a response with Tunnel: bytes came behind its request before it did; they are the tunnel's
	Void           bool // for a request that is not complete: the response to one before it made it bytes of a tunnel
}

// Total is the number of bytes of the message that have passed so far.
func (m *Message) Total() int64 { return m.Head + m.Body + m.Framing }

// Sink takes what a Scanner finds, in the order in which it is found: a token,
// then the diagnostics about it, then what it completes. Its methods are
// called from Feed, Skip and End and must not call the Scanner's Feed, Skip or
// End.
type Sink interface {
	Token(Token)
	Diagnostic(Diagnostic)
	// Head is called when a header section is complete and a body, or a
	// message whose end is not known, follows. m is borrowed.
	Head(m *Message)
	// Message is called once for each message begun: when it is complete, or
	// with Complete unset when the stream ended before. m is borrowed.
	Message(m *Message)
}

// State is what one side's stream stands at.
type State struct {
	Next     Kind    // the kind expected next
	Owed     int64   // bytes still to come of the body or chunk; -1 if only the close tells; 0 otherwise
	Middle   bool    // inside a message, or inside a line at a message boundary
	Begun    int     // messages begun; not those that have come to be bytes of a tunnel
	Complete int     // messages complete; for responses interim ones too; the same
	Answered int     // for the response side: final responses complete; the n-th answers the n-th request
	Status   int     // for the response side: status of the last final response begun
	Last     bool    // the last complete message says, or implies, that the connection ends after it
	Missing  int     // for the response side: requests that no final response has begun to answer
	Closing  Closing // why the last complete message is, or should be, the last
	Asked    Asked   // for the response side: the request that the next final response answers, as far as it has come

	Size      int64     // bytes announced of the body or chunk that Owed is a part of; 0 otherwise
	Line      int       // bytes held of a line that has not ended yet
	CR        bool      // that line holds a CR
	Delimiter Delimiter // what tells where the message at hand ends; of the last one between messages
	Expect    bool      // the message at hand waits for 100 Continue
}
