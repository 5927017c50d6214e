package main

// fieldPlace is where the name of a field is offered. Its values are wherever the
// name was typed.
type fieldPlace uint8

const (
	inRequest fieldPlace = 1 << iota
	inResponse
	inTrailer
	inBoth = inRequest | inResponse
)

// completedFields is the one table of fields and their usual values, by name. A
// list may have several, none of which holds a comma.
var completedFields = []struct {
	name   string
	places fieldPlace
	list   bool
	values []string
}{
	{"Accept", inRequest, true, []string{"*/*", "text/html", "application/json", "text/plain", "image/*"}},
	{"Accept-Encoding", inRequest, true, []string{"gzip", "deflate", "br", "zstd", "identity"}},
	{"Accept-Language", inRequest, true, []string{"en", "de", "fr", "es"}},
	{"Accept-Ranges", inResponse, false, []string{"bytes", "none"}},
	{"Access-Control-Allow-Headers", inResponse, true, []string{"Content-Type", "Authorization"}},
	{"Access-Control-Allow-Methods", inResponse, true, []string{"GET", "POST", "PUT", "DELETE", "OPTIONS"}},
	{"Access-Control-Allow-Origin", inResponse, false, []string{"*"}},
	{"Age", inResponse, false, nil},
	{"Allow", inResponse, true, []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}},
	{"Authorization", inRequest, false, []string{"Basic ", "Bearer "}},
	{"Cache-Control", inBoth, true, []string{"no-cache", "no-store", "max-age=0", "max-age=3600", "private", "public", "must-revalidate"}},
	{"Connection", inBoth, true, []string{"close", "keep-alive", "Upgrade"}},
	{"Content-Digest", inTrailer, false, nil},
	{"Content-Disposition", inResponse, false, []string{"inline", "attachment"}},
	{"Content-Encoding", inBoth, true, []string{"gzip", "deflate", "br", "zstd"}},
	{"Content-Language", inResponse, true, []string{"en", "de", "fr", "es"}},
	{"Content-Length", inBoth, false, nil},
	{"Content-Location", inResponse, false, nil},
	{"Content-Range", inResponse, false, []string{"bytes "}},
	{"Content-Security-Policy", inResponse, false, []string{"default-src 'self'"}},
	{"Content-Type", inBoth, false, []string{
		"text/plain", "text/plain; charset=utf-8", "text/html", "text/html; charset=utf-8", "text/css", "text/javascript", "text/event-stream",
		"application/json", "application/x-www-form-urlencoded", "application/octet-stream", "application/xml",
		"multipart/form-data; boundary=", "image/png", "image/svg+xml",
	}},
	{"Cookie", inRequest, false, nil},
	{"Date", inResponse, false, nil},
	{"ETag", inResponse | inTrailer, false, nil},
	{"Expect", inRequest, false, []string{"100-continue"}},
	{"Expires", inResponse, false, []string{"0"}},
	{"Host", inRequest, false, []string{"localhost"}},
	{"If-Match", inRequest, false, []string{"*"}},
	{"If-Modified-Since", inRequest, false, nil},
	{"If-None-Match", inRequest, false, []string{"*"}},
	{"Keep-Alive", inResponse, false, []string{"timeout=5"}},
	{"Last-Modified", inResponse, false, nil},
	{"Link", inResponse, false, nil},
	{"Location", inResponse, false, nil},
	{"Origin", inRequest, false, []string{"http://localhost", "null"}},
	{"Proxy-Authenticate", inResponse, false, []string{`Basic realm="proxy"`}},
	{"Proxy-Authorization", inRequest, false, []string{"Basic "}},
	{"Range", inRequest, false, []string{"bytes=0-", "bytes=0-99"}},
	{"Referer", inRequest, false, nil},
	{"Retry-After", inResponse, false, nil},
	{"Sec-WebSocket-Accept", inResponse, false, nil},
	{"Sec-WebSocket-Key", inRequest, false, nil},
	{"Sec-WebSocket-Protocol", inBoth, false, nil},
	{"Sec-WebSocket-Version", inRequest, false, []string{"13"}},
	{"Server", inResponse, false, nil},
	{"Server-Timing", inResponse | inTrailer, false, nil},
	{"Set-Cookie", inResponse, false, nil},
	{"Strict-Transport-Security", inResponse, false, []string{"max-age=31536000"}},
	{"TE", inRequest, true, []string{"trailers"}},
	{"Trailer", inBoth, true, []string{"Content-Digest", "ETag", "Server-Timing"}},
	{"Transfer-Encoding", inBoth, false, []string{"chunked"}},
	{"Upgrade", inBoth, false, []string{"websocket"}},
	{"User-Agent", inRequest, false, nil},
	{"Vary", inResponse, true, []string{"Accept", "Accept-Encoding", "Cookie", "Origin", "*"}},
	{"WWW-Authenticate", inResponse, false, []string{`Basic realm="here"`, `Bearer realm="here"`}},
	{"X-Content-Type-Options", inResponse, false, []string{"nosniff"}},
	{"X-Forwarded-For", inRequest, false, nil},
}
