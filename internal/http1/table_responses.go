package http1

// responseSentences are the sentences about responses of codes that can be on
// both sides, where what readers do with a response is another story than what
// servers do with a request. They hold what was seen and what an RFC demands.
var responseSentences = [codeCount]string{
	BareLF: "Lines must end with CR LF; curl, Go, Python and nginx as a proxy accept a lone LF in a response, node refuses it.",

	HeaderMissingColon: "Every header line is 'Name: value'; this one has no colon: curl, Go and node refuse the response, Python reads no header from there on, and nginx as a proxy answers 502, or adds a colon to a single word.",
	HeaderSpaceBeforeColon: "There must be no space before the colon; a proxy must remove it from a response (nginx answers 502 instead), node refuses the response, " +
		"and curl and Go do not find the header.",
	HeaderNameInvalidChar: "A header name may use only letters, digits and !#$%&'*+-.^_`|~ (no spaces, brackets, quotes or accented letters); node and mostly Go refuse such a response, " +
		"curl takes it, and nginx as a proxy passes it on, but for a space or a control character (502).",
	HeaderNameUnderscore:   "Underscores are legal, and nginx as a proxy, which drops such headers from requests, passes them on in responses; hyphens are usual.",
	HeaderValueControlChar: "An invisible control character is in this header value; curl, Python and nginx as a proxy take it, Go and node refuse the response, so remove or encode it.",
	ObsFold: "A header line continued on the next line by an initial space is an obsolete form; node's http refuses such a response, nginx as a proxy answers 502, " +
		"Go joins the lines with a space, so put the value on one line.",
	HeaderLineTooLong: "A header line this long is too much for nginx as a proxy, which answers 502 for a head over 4 or 8 KB (proxy_buffer_size); node stops at 16 KB for all headers, " +
		"Python at 64 KB a line, curl at 100 KB; shrink the value, often a cookie.",
	HeaderSectionTooLarge: "The headers together exceed 16 KB, where node gives up, and nginx as a proxy answers 502 from 4 or 8 KB on (proxy_buffer_size); send fewer or smaller headers.",
	TooManyHeaders:        "More than 100 header lines: Python's http.client refuses such a response; send fewer.",

	ContentLengthInvalid: "Content-Length must be only decimal digits; with anything else nobody can tell where the body ends: Go and node refuse the response, " +
		"curl takes the digits in front, nginx as a proxy reads on until the close.",
	ContentLengthTooLarge: "No body is that long, and the number overflows 64-bit counters: Go and Python refuse the response, curl and nginx as a proxy read on until the close.",

	BothLengths: "Two ways of saying where the body ends: Transfer-Encoding wins, by the RFC and for curl, Go, Python and nginx as a proxy; node refuses the response, " +
		"and a reader that believes Content-Length sees another response (smuggling), so send only one.",
	TEUnknownCoding:   "This transfer coding is not a known one (perhaps a misspelt 'chunked'); curl and Go refuse the response, node and Python ignore the coding, and nginx as a proxy takes it for chunked if it has 'chunked' in it.",
	TEIdentity:        "'identity' was withdrawn from HTTP/1.1 in 2014; Go refuses a response with it, others read the body until the close, so leave the header out.",
	TEChunkedRepeated: "A body may be chunked only once; curl, node and nginx as a proxy decode it once, Python not at all, and Go refuses the response, so name chunked once.",
	TECompression: "Compressing in Transfer-Encoding is legal but almost nobody supports it: curl decodes it, Go refuses the response, node and Python hand on the compressed bytes; " +
		"use Content-Encoding instead.",
	TEMultipleLines: "Several Transfer-Encoding lines should be read as one list, but Go refuses such a response; write one line.",

	UpgradeWithoutConnection: "Upgrade is about this one connection and must come with 'Connection: Upgrade'; without it a proxy passes it on (nginx does).",
	ProxyConnectionHeader:    "Proxy-Connection is not a standard header, and clients ignore it in a response.",
}

// Sentence returns the code's sentence for what stands on that side.
func (c Code) Sentence(side Side) string {
	if s := responseSentences[c]; s != "" && side == Response {
		return s
	}
	return table[c].Sentence
}
