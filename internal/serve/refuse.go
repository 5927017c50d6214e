package serve

import (
	"bytes"
	"errors"
	"strconv"

	"rawhttp/internal/http1"
)

// refusals are the codes that are not answered 400, or that are refused though
// they are no errors: two readers could take the message for two different ones.
var refusals = map[http1.Code]int{
	http1.HTTPVersionUnsupported:   505,
	http1.HTTP2Preface:             505,
	http1.HTTP09Request:            505, // its client could not read a head
	http1.TEUnknownCoding:          501,
	http1.TECompression:            501,
	http1.ExpectUnknown:            417,
	http1.RequestBodyWithoutLength: 411,
	http1.RequestLineWhitespace:    400,
	http1.MixedLineEndings:         400,
	http1.TEMultipleLines:          400,
	http1.ObsFold:                  400, // RFC 9112 section 5.2
	http1.ChunkSizeWhitespace:      400,
	http1.ContentLengthRepeated:    400,
	http1.BareCR:                   400,
}

// refusal returns the status with which a message with this diagnostic is
// refused; 0: it is not.
func refusal(code http1.Code) int {
	if status, ok := refusals[code]; ok {
		return status
	}
	if code.Entry().Severity == http1.Error {
		return 400
	}
	return 0
}

// refuse answers with an error and ends the connection.
func (c *conn) refuse(status int, why string) {
	w := &c.response
	w.begin(c)
	w.closes = true
	body := strconv.Itoa(status) + " " + reason(status) + ": " + why + "\n"
	w.Send(status, plainText, []byte(body))
	c.finish()
	c.ending, c.linger = Refused, true
}

// line returns the request line as far as it is known.
func (c *conn) line() []byte {
	return bytes.TrimRight(c.request.raw[:min(c.request.line, len(c.request.raw))], "\r\n")
}

func decimal(n int) string { return strconv.Itoa(n) }

func isAny(err error, targets ...error) bool {
	for _, target := range targets {
		if errors.Is(err, target) {
			return true
		}
	}
	return false
}
