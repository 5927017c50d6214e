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

// Sides says on which side of a connection a code can be reported.
type Sides uint8

// The sides.
const (
	OnBoth Sides = iota
	OnRequests
	OnResponses
)

// Entry is what is known of a code.
type Entry struct {
	Name     string // stable
	Severity Severity
	Sides    Sides
	Group    string // what it is about, for instance "request line"
	Title    string // at most 40 characters
	RFC      string // the sections that rule, for instance "RFC 9112 section 2.2"
	Advice   string // the flag that helps when the bytes are the user's own; may be empty
	Sentence string // for a student: what it is and what to do; of a response see Code.Sentence
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

// CodeNamed finds a code by its stable name.
func CodeNamed(name string) (Code, bool) {
	for c := range table {
		if table[c].Name == name {
			return Code(c), true
		}
	}
	return 0, false
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

// Code names what is odd.
type Code uint8

// codeSet is a set of codes.
type codeSet [(codeCount + 63) / 64]uint64

// The codes, in the order of the table, which says what each means.
const (
	// start of message
	LeadingEmptyLine Code = iota
	EmptyLineBeforeResponse
	NotHTTP
	TLSBytes
	HTTP2Preface
	HTTP2Frames
	OtherProtocolBanner
	ProxyProtocol
	WrongDirection
	ByteOrderMark
	UTF16Text
	LiteralBackslashCRLF

	// request line
	HTTP09Request
	HTTPVersionMissing
	HTTPVersionNoSpace
	HTTPVersionInvalid
	HTTPVersionUnsupported
	HTTPVersionUnknownMinor
	RequestLineWhitespace
	RequestTargetSpace
	RequestTargetMissing
	RequestTargetNonASCII
	RequestTargetControlChar
	RequestTargetUnsafeChar
	RequestTargetBadEscape
	RequestTargetEncodedControl
	RequestTargetDotSegments
	RequestTargetFragment
	AbsoluteFormTarget
	TargetHostMismatch
	TargetUserinfo
	AuthorityFormMisuse
	ConnectTargetInvalid
	AsteriskTargetMisuse
	RelativeTarget
	MethodInvalid
	MethodLowercase
	MethodUnknown
	RequestLineTooLong

	// status line
	StatusCodeInvalid
	StatusCodeOutOfRange
	StatusLineWhitespace
	ReasonPhraseNoSpace
	ReasonPhraseControlChar

	// line endings and raw bytes
	BareLF
	MixedLineEndings
	BareCR
	CRCRLF
	NULByte

	// header fields
	HeaderMissingColon
	HeaderEmptyName
	HeaderSpaceBeforeColon
	HeaderNameInvalidChar
	HeaderNameUnderscore
	HeaderValueEmpty
	HeaderValueControlChar
	HeaderValueNonASCII
	ObsFold
	WhitespaceBeforeFirstHeader
	WhitespaceOnlyLine
	DuplicateSingletonHeader
	HeaderLineTooLong
	HeaderSectionTooLarge
	ResponseHeadLarge
	TooManyHeaders

	// Host
	HostMissing
	HostDuplicate
	HostInvalid
	HostEmpty

	// framing: Content-Length
	ContentLengthInvalid
	ContentLengthConflict
	ContentLengthRepeated
	ContentLengthTooLarge
	ContentLengthLeadingZero

	// framing: Transfer-Encoding
	BothLengths
	TENotChunkedFinal
	TEUntilClose
	TEUnknownCoding
	TEIdentity
	TEChunkedRepeated
	TECompression
	TEMalformed
	TEMultipleLines
	TEHTTP10
	FramingHeaderLookalike
	LengthHeaderNotAllowed

	// chunked coding
	ChunkSizeInvalid
	ChunkSizeTooLarge
	ChunkSizeWhitespace
	ChunkSizeLeadingZero
	ChunkExtension
	ChunkExtensionMalformed
	ChunkLineTooLong
	ChunkLineBareLF
	ChunkDataUnterminated
	TruncatedChunkedBody
	MissingFinalCRLF
	TrailerFields
	TrailerForbiddenField

	// length and completeness
	TruncatedStartLine
	TruncatedHeaders
	TruncatedBody
	ExcessData
	RequestBodyWithoutLength
	PostWithoutLength
	UnexpectedRequestBody
	CloseDelimitedBody
	KeepAliveWithoutLength
	BodyNotAllowed
	BodyOn205
	UnsolicitedResponse
	UnansweredRequest
	MissingFinalResponse

	// connection and semantics
	InterimResponse
	InterimResponseHTTP10
	SwitchingProtocols
	SwitchingProtocolsWithoutUpgrade
	ConnectTunnel
	UpgradeWithoutConnection
	DataAfterClose
	ConnectionCloseAndKeepAlive
	ConnectionNamesEndToEndField
	ProxyConnectionHeader
	HTTP10KeepAlive
	TEHeaderWithoutConnection
	Expect100Continue
	ExpectUnknown
	ExpectWithoutBody
	ContentEncodingMismatch
	ContentEncodingChunked

	// raw bytes
	OddSpace

	codeCount
)
