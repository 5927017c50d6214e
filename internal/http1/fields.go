package http1

// field is a header field whose value is read.
type field uint8

const (
	fieldOther field = iota
	fieldHost
	fieldContentLength
	fieldTransferEncoding
	fieldConnection
	fieldExpect
	fieldUpgrade
	fieldTE
	fieldContentEncoding
	fieldProxyConnection
)

// fieldRule is what is known of a field besides.
type fieldRule uint8

const (
	ruleOnce      fieldRule = 1 << iota // it has one value (RFC 9110 section 5.3)
	ruleNoTrailer                       // not in a trailer section (RFC 9110 section 6.5.1)
	ruleEndToEnd                        // meant for every recipient (RFC 9110 section 7.6.1)
)

// The combinations that fields have; "head" is not in a trailer section.
const (
	endToEndOnce = ruleOnce | ruleEndToEnd
	headOnce     = ruleOnce | ruleNoTrailer | ruleEndToEnd
	headEndToEnd = ruleNoTrailer | ruleEndToEnd
	hopByHop     = ruleNoTrailer
	endToEnd     = ruleEndToEnd
)

// knownFields is the one table of fields, in their usual spelling.
var knownFields = [...]struct {
	name  string
	field field
	rules fieldRule
}{
	{"Host", fieldHost, headEndToEnd},
	{"Content-Length", fieldContentLength, headEndToEnd},
	{"Transfer-Encoding", fieldTransferEncoding, hopByHop},
	{"Connection", fieldConnection, hopByHop},
	{"Expect", fieldExpect, headEndToEnd},
	{"Upgrade", fieldUpgrade, hopByHop},
	{"TE", fieldTE, hopByHop},
	{"Content-Encoding", fieldContentEncoding, headEndToEnd},
	{"Proxy-Connection", fieldProxyConnection, hopByHop},
	{"Keep-Alive", 0, hopByHop},
	{"Trailer", 0, hopByHop},
	{"Proxy-Authenticate", 0, hopByHop},
	{"Proxy-Authorization", 0, ruleOnce | ruleNoTrailer},

	{"Content-Type", 0, headOnce},
	{"Content-Range", 0, headOnce},
	{"Content-Location", 0, endToEndOnce},
	{"Content-Disposition", 0, endToEndOnce},
	{"Content-Language", 0, endToEnd},
	{"Location", 0, headOnce},
	{"Date", 0, headOnce},
	{"Age", 0, headOnce},
	{"Expires", 0, headOnce},
	{"Retry-After", 0, headOnce},
	{"Last-Modified", 0, endToEndOnce},
	{"ETag", 0, endToEndOnce},
	{"Server", 0, endToEndOnce},
	{"Authorization", 0, headOnce},
	{"User-Agent", 0, endToEndOnce},
	{"Referer", 0, endToEndOnce},
	{"From", 0, endToEndOnce},
	{"Origin", 0, endToEndOnce},
	{"Range", 0, headOnce},
	{"If-Range", 0, headOnce},
	{"If-Modified-Since", 0, headOnce},
	{"If-Unmodified-Since", 0, headOnce},
	{"Max-Forwards", 0, headOnce},
	{"Cookie", 0, headOnce},
	{"Access-Control-Allow-Origin", 0, endToEndOnce},
	{"Sec-WebSocket-Key", 0, endToEndOnce},
	{"Sec-WebSocket-Accept", 0, endToEndOnce},
	{"X-Content-Type-Options", 0, endToEnd},

	{"If-Match", 0, headEndToEnd},
	{"If-None-Match", 0, headEndToEnd},
	{"Set-Cookie", 0, headEndToEnd},
	{"WWW-Authenticate", 0, headEndToEnd},
	{"Cache-Control", 0, headEndToEnd},
	{"Pragma", 0, headEndToEnd},
	{"Vary", 0, headEndToEnd},
	{"Warning", 0, headEndToEnd},
	{"Accept", 0, endToEnd},
	{"Accept-Charset", 0, endToEnd},
	{"Accept-Encoding", 0, endToEnd},
	{"Accept-Language", 0, endToEnd},
	{"Accept-Ranges", 0, endToEnd},
	{"Allow", 0, endToEnd},
	{"Via", 0, endToEnd},
	{"Forwarded", 0, endToEnd},
	{"Link", 0, endToEnd},
	{"X-Forwarded-For", 0, endToEnd},
	{"X-Forwarded-Host", 0, endToEnd},
	{"X-Forwarded-Proto", 0, endToEnd},
	{"Sec-WebSocket-Version", 0, endToEnd},
	{"Sec-WebSocket-Protocol", 0, endToEnd},
	{"Sec-WebSocket-Extensions", 0, endToEnd},
	{"Strict-Transport-Security", 0, endToEnd},
}

// fieldIndex finds a row of knownFields, plus one, by a name's hash; a row whose
// place was taken stands in the next free one.
var fieldIndex = indexFields()

func indexFields() (index [256]uint8) {
	for i := range knownFields {
		h := fieldHash([]byte(knownFields[i].name))
		for index[h] != 0 {
			h++
		}
		index[h] = uint8(i + 1)
	}
	return index
}

// fieldHash is the same for all spellings of a name. With these factors no two
// names of the table had the same when they were chosen.
func fieldHash(name []byte) uint8 {
	n := len(name)
	return uint8(n) + (name[0]|0x20)*41 + (name[n-1]|0x20)*43
}

// lookUp returns the row of a name, -1 when it is not known; exact says that it
// is in its usual spelling.
func lookUp(name []byte) (row int, exact bool) {
	if len(name) == 0 {
		return -1, false
	}
	for h := fieldHash(name); fieldIndex[h] != 0; h++ {
		row = int(fieldIndex[h]) - 1
		known := knownFields[row].name
		if string(name) == known {
			return row, true
		}
		if equalFold(name, known) {
			return row, false
		}
	}
	return -1, false
}
