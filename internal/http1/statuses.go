package http1

// Status is a registered status code and its reason phrase.
type Status struct {
	Code   int
	Phrase string
}

// Statuses returns the status codes that servers send, sorted by code; the slice
// must not be changed.
func Statuses() []Status { return statuses }

// ReasonPhrase returns the registered phrase of a status code, or "".
func ReasonPhrase(code int) string {
	for i := range statuses {
		if statuses[i].Code == code {
			return statuses[i].Phrase
		}
	}
	return otherPhrases[code]
}

// otherPhrases are those of the IANA registry that are too rare to be offered at
// the keyboard, and what everybody knows 418 for (RFC 2324).
var otherPhrases = map[int]string{
	207: "Multi-Status", 208: "Already Reported", 226: "IM Used", 418: "I'm a teapot", 423: "Locked",
	424: "Failed Dependency", 506: "Variant Also Negotiates", 510: "Not Extended",
}

// RequiredFields returns the field-lines without which a response of that status
// is not a correct one; "" for most.
func RequiredFields(code int) string { return requiredFields[code] }

var requiredFields = map[int]string{
	401: "WWW-Authenticate: Basic realm=\"rawhttp\"\r\n",   // RFC 9110 section 15.5.2
	405: "Allow: OPTIONS\r\n",                              // section 15.5.6
	407: "Proxy-Authenticate: Basic realm=\"rawhttp\"\r\n", // section 15.5.8
	426: "Upgrade: websocket\r\n",                          // section 15.5.22; Connection names it
}

// statuses is from RFC 9110 section 15, RFC 5842, 6585, 7725, 8297 and 8470.
var statuses = []Status{
	{100, "Continue"},
	{101, "Switching Protocols"},
	{103, "Early Hints"},
	{200, "OK"},
	{201, "Created"},
	{202, "Accepted"},
	{203, "Non-Authoritative Information"},
	{204, "No Content"},
	{205, "Reset Content"},
	{206, "Partial Content"},
	{300, "Multiple Choices"},
	{301, "Moved Permanently"},
	{302, "Found"},
	{303, "See Other"},
	{304, "Not Modified"},
	{305, "Use Proxy"},
	{307, "Temporary Redirect"},
	{308, "Permanent Redirect"},
	{400, "Bad Request"},
	{401, "Unauthorized"},
	{402, "Payment Required"},
	{403, "Forbidden"},
	{404, "Not Found"},
	{405, "Method Not Allowed"},
	{406, "Not Acceptable"},
	{407, "Proxy Authentication Required"},
	{408, "Request Timeout"},
	{409, "Conflict"},
	{410, "Gone"},
	{411, "Length Required"},
	{412, "Precondition Failed"},
	{413, "Content Too Large"},
	{414, "URI Too Long"},
	{415, "Unsupported Media Type"},
	{416, "Range Not Satisfiable"},
	{417, "Expectation Failed"},
	{421, "Misdirected Request"},
	{422, "Unprocessable Content"},
	{425, "Too Early"},
	{426, "Upgrade Required"},
	{428, "Precondition Required"},
	{429, "Too Many Requests"},
	{431, "Request Header Fields Too Large"},
	{451, "Unavailable For Legal Reasons"},
	{500, "Internal Server Error"},
	{501, "Not Implemented"},
	{502, "Bad Gateway"},
	{503, "Service Unavailable"},
	{504, "Gateway Timeout"},
	{505, "HTTP Version Not Supported"},
	{507, "Insufficient Storage"},
	{508, "Loop Detected"},
	{511, "Network Authentication Required"},
}
