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

const (
	onceTo    = ruleOnce | ruleEndToEnd
	onceHead  = ruleOnce | ruleNoTrailer | ruleEndToEnd
	headTo    = ruleNoTrailer | ruleEndToEnd
	headOnly  = ruleNoTrailer
	everybody = ruleEndToEnd
)

// knownFields is the one table of fields, in their usual spelling.
var knownFields = [...]struct {
	name  string
	field field
	rules fieldRule
}{
	{"Host", fieldHost, headTo},
	{"Content-Length", fieldContentLength, headTo},
	{"Transfer-Encoding", fieldTransferEncoding, headOnly},
	{"Connection", fieldConnection, headOnly},
	{"Expect", fieldExpect, headTo},
	{"Upgrade", fieldUpgrade, headOnly},
	{"TE", fieldTE, headOnly},
	{"Content-Encoding", fieldContentEncoding, headTo},
	{"Proxy-Connection", fieldProxyConnection, headOnly},
	{"Keep-Alive", 0, headOnly},
	{"Trailer", 0, headOnly},
	{"Proxy-Authenticate", 0, headOnly},
	{"Proxy-Authorization", 0, ruleOnce | ruleNoTrailer},

	{"Content-Type", 0, onceHead},
	{"Content-Range", 0, onceHead},
	{"Content-Location", 0, onceTo},
	{"Content-Disposition", 0, onceTo},
	{"Content-Language", 0, everybody},
	{"Location", 0, onceHead},
	{"Date", 0, onceHead},
	{"Age", 0, onceHead},
	{"Expires", 0, onceHead},
	{"Retry-After", 0, onceHead},
	{"Last-Modified", 0, onceTo},
	{"ETag", 0, onceTo},
	{"Server", 0, onceTo},
	{"Authorization", 0, onceHead},
	{"User-Agent", 0, onceTo},
	{"Referer", 0, onceTo},
	{"From", 0, onceTo},
	{"Origin", 0, onceTo},
	{"Range", 0, onceHead},
	{"If-Range", 0, onceHead},
	{"If-Modified-Since", 0, onceHead},
	{"If-Unmodified-Since", 0, onceHead},
	{"Max-Forwards", 0, onceHead},
	{"Cookie", 0, onceHead},
	{"Access-Control-Allow-Origin", 0, onceTo},
	{"Sec-WebSocket-Key", 0, onceTo},
	{"Sec-WebSocket-Accept", 0, onceTo},
	{"X-Content-Type-Options", 0, everybody},

	{"If-Match", 0, headTo},
	{"If-None-Match", 0, headTo},
	{"Set-Cookie", 0, headTo},
	{"WWW-Authenticate", 0, headTo},
	{"Cache-Control", 0, headTo},
	{"Pragma", 0, headTo},
	{"Vary", 0, headTo},
	{"Warning", 0, headTo},
	{"Accept", 0, everybody},
	{"Accept-Charset", 0, everybody},
	{"Accept-Encoding", 0, everybody},
	{"Accept-Language", 0, everybody},
	{"Accept-Ranges", 0, everybody},
	{"Allow", 0, everybody},
	{"Via", 0, everybody},
	{"Forwarded", 0, everybody},
	{"Link", 0, everybody},
	{"X-Forwarded-For", 0, everybody},
	{"X-Forwarded-Host", 0, everybody},
	{"X-Forwarded-Proto", 0, everybody},
	{"Sec-WebSocket-Version", 0, everybody},
	{"Sec-WebSocket-Protocol", 0, everybody},
	{"Sec-WebSocket-Extensions", 0, everybody},
	{"Strict-Transport-Security", 0, everybody},
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
