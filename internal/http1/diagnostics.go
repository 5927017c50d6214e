package http1

// Severity grades a diagnostic.
type Severity uint8

// The severities.
const (
	Note    Severity = iota // legal, worth knowing
	Warning                 // some readers take it, some do not
	Error                   // framing is broken or dangerous, or the RFC demands rejection
)

var severityNames = [...]string{"note", "warning", "error"}

// String returns "note", "warning" or "error".
func (s Severity) String() string { return severityNames[s] }

// Code names what is odd. Its spelling is stable.
type Code uint8

// The codes, in the order of the table below.
const (
	BareLF Code = iota
	HTTP09Request
	HostMissing
	ContentLengthInvalid
	ContentLengthConflict
	BothLengths
	TruncatedStartLine
	TruncatedHeaders
	TruncatedBody
	TruncatedChunkedBody
	MissingFinalCRLF
	ChunkSizeInvalid
	ChunkDataUnterminated
	ExcessData
	RequestBodyWithoutLength
	DataAfterClose
	NotHTTP
	TLSBytes
	codeCount
)

// Entry is what is known of a code.
type Entry struct {
	Name     string
	Severity Severity
	Title    string // at most 40 characters
	Sentence string // for a student: what it is and what to do
	Advice   string // the flag that helps when the bytes are the user's own; may be empty
	RFC      string
}

// table is the one place that knows the codes: a new diagnostic is a row here,
// a test, and a line in docs/http1.md.
var table = [codeCount]Entry{
	BareLF: {"bare-lf", Warning, "LF without CR",
		"Lines must end with CR LF; nginx, Go and curl accept a lone LF, node, Apache and lighttpd refuse it.",
		"-C sends CR LF.", "RFC 9112 section 2.2"},
	HTTP09Request: {"http09-request", Warning, "no HTTP version",
		"There is no HTTP version on the request line, so this is a 1991-style HTTP/0.9 request with no headers; add 'HTTP/1.1' and a Host header.",
		"", "RFC 9112 appendix C.1, RFC 1945 section 4.1"},
	HostMissing: {"host-missing", Error, "no Host header",
		"HTTP/1.1 requires a Host header; a server must answer 400 without it.",
		"", "RFC 9112 section 3.2"},
	ContentLengthInvalid: {"content-length-invalid", Error, "Content-Length is not a number",
		"Content-Length must be only decimal digits; with anything else nobody can tell where the body ends, so the message must be refused.",
		"", "RFC 9112 section 6.3, RFC 9110 section 8.6"},
	ContentLengthConflict: {"content-length-conflict", Error, "two different lengths",
		"Two different lengths are given, so two readers can disagree about where the next message starts (request smuggling); send one, the true one.",
		"", "RFC 9112 section 6.3"},
	BothLengths: {"cl-te-conflict", Error, "Content-Length and Transfer-Encoding",
		"Two ways of saying where the body ends: the RFC says Transfer-Encoding wins and the connection must close afterwards, nginx and node refuse the message, and a reader that believes Content-Length sees another request (smuggling), so send only one.",
		"", "RFC 9112 sections 6.1, 6.2, 6.3"},
	TruncatedStartLine: {"truncated-start-line", Error, "ended in the middle of the first line",
		"The stream ended in the middle of the first line.",
		"", "RFC 9112 section 8"},
	TruncatedHeaders: {"truncated-headers", Error, "ended before the empty line",
		"The stream ended before the empty line that ends the headers; the reader was still waiting for it.",
		"Send one more empty line.", "RFC 9112 section 8"},
	TruncatedBody: {"truncated-body", Error, "ended before the body was complete",
		"Content-Length promised more bytes than were sent, so the reader waits, and then sees the stream end; count bytes, not characters, or fix the sender that stopped early.",
		"", "RFC 9112 sections 6.3, 8"},
	TruncatedChunkedBody: {"truncated-chunked-body", Error, "ended before the last chunk",
		"The stream ended before the final chunk '0', so the body is incomplete; look for a crash or a timeout at the sender, or a forgotten end().",
		"", "RFC 9112 section 8"},
	MissingFinalCRLF: {"missing-final-crlf", Error, "no empty line after the last chunk",
		"After '0 CR LF' one more empty line (CR LF) must follow; without it the reader waits for trailers forever.",
		"", "RFC 9112 section 7.1"},
	ChunkSizeInvalid: {"chunk-size-invalid", Error, "not a chunk size",
		"A chunk must start with its size in plain hexadecimal (no 0x, no sign, not empty); usually the previous chunk's size was wrong, so this is really body text or a stray line.",
		"", "RFC 9112 section 7.1"},
	ChunkDataUnterminated: {"chunk-data-unterminated", Error, "no CR LF after the chunk's data",
		"The chunk holds more (or fewer) bytes than its size said; the size must count bytes, in hexadecimal, without the CR LF that follows.",
		"", "RFC 9112 section 7.1"},
	ExcessData: {"excess-data", Error, "more bytes than the message has",
		"More bytes follow than the message has; the reader takes them for the start of the next message, so correct the Content-Length, or give one.",
		"", "RFC 9112 sections 6.3, 2.2"},
	RequestBodyWithoutLength: {"request-body-without-length", Error, "a body without a length",
		"Without Content-Length or chunked a request has no body, so these bytes are read as the next request and answered 400; add Content-Length.",
		"", "RFC 9112 section 6.3, RFC 9110 section 15.5.12"},
	DataAfterClose: {"data-after-close", Error, "data after the last message",
		"The message before said it was the last on this connection, so these bytes will be ignored; leave out 'Connection: close' to send more.",
		"", "RFC 9112 sections 9.6, 9.3"},
	NotHTTP: {"not-http", Error, "not HTTP/1.x",
		"These bytes are not HTTP/1.x at all, so nothing after them can be read as HTTP; check that both ends speak the same protocol on this port.",
		"", "RFC 9112 section 2.2"},
	TLSBytes: {"tls-bytes", Error, "TLS, not plain HTTP",
		"These bytes are TLS, not plain HTTP: someone used https:// against a plain-HTTP port (or http:// against a TLS port), so change the scheme or the port.",
		"", "RFC 8446 section 5.1"},
}

// Entry returns the table's row.
func (c Code) Entry() *Entry { return &table[c] }

// String returns the code's stable name, for instance "bare-lf".
func (c Code) String() string { return table[c].Name }

// Codes returns every code, in the order of the table.
func Codes() []Code {
	all := make([]Code, codeCount)
	for i := range all {
		all[i] = Code(i)
	}
	return all
}

// Diagnostic is one finding about a run of bytes. Length may be 0: then it is
// about the place, as for what is missing at the end of a stream.
type Diagnostic struct {
	Code    Code
	Side    Side
	Offset  int64 // in the side's stream
	Length  int64
	Message int // 0 outside a message
}
