package serve

import (
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// fileTypes are the media types of file names. Package mime would read the system's
// own lists, which differ: the same file would have another type on another
// machine, and on some none that works.
var fileTypes = map[string]string{
	".html": "text/html", ".htm": "text/html", ".css": "text/css", ".txt": "text/plain", ".text": "text/plain",
	".log": "text/plain", ".md": "text/markdown", ".csv": "text/csv", ".ics": "text/calendar", ".vtt": "text/vtt",
	".js": "text/javascript", ".mjs": "text/javascript", ".xml": "text/xml",

	".json": "application/json", ".map": "application/json", ".webmanifest": "application/manifest+json",
	".xhtml": "application/xhtml+xml", ".atom": "application/atom+xml", ".rss": "application/rss+xml",
	".pdf": "application/pdf", ".wasm": "application/wasm", ".zip": "application/zip", ".gz": "application/gzip",
	".tar": "application/x-tar", ".bin": "application/octet-stream", ".exe": "application/octet-stream",

	".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
	".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon", ".bmp": "image/bmp",

	".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".wav": "audio/wav", ".flac": "audio/flac", ".m4a": "audio/mp4",
	".mp4": "video/mp4", ".webm": "video/webm", ".ogv": "video/ogg", ".mov": "video/quicktime",

	".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".otf": "font/otf",
}

const sniffed = 512 // bytes that are looked at

// fileType returns the Content-Type of a file by its name, or if that says nothing
// by its first bytes. charset is said only of text that is UTF-8.
func fileType(name string, f io.ReaderAt) (string, error) {
	known := fileTypes[strings.ToLower(filepath.Ext(name))]
	if known != "" && !strings.HasPrefix(known, "text/") {
		return known, nil
	}
	b := make([]byte, sniffed+1)
	n, err := f.ReadAt(b, 0)
	if err != nil && err != io.EOF {
		return "", err
	}
	text, inUTF8 := isText(b[:min(n, sniffed)], n > sniffed)
	switch {
	case known != "" && inUTF8:
		return known + "; charset=utf-8", nil
	case known != "":
		return known, nil
	case text && inUTF8:
		return plainText, nil
	}
	return "application/octet-stream", nil
}

// isText tells whether these first bytes are without the control characters that
// no text has, and whether they are UTF-8; cut: more follows, a character may be
// cut in two.
func isText(b []byte, cut bool) (text, inUTF8 bool) {
	if cut {
		for i := 1; i < utf8.UTFMax; i++ {
			if start := len(b) - i; utf8.RuneStart(b[start]) {
				if !utf8.FullRune(b[start:]) {
					b = b[:start]
				}
				break
			}
		}
	}
	for _, c := range b {
		if c < ' ' && !strings.ContainsRune("\t\n\f\r\x1b", rune(c)) || c == 0x7f {
			return false, utf8.Valid(b)
		}
	}
	return true, utf8.Valid(b)
}
