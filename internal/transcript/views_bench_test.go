package transcript

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"rawhttp/internal/http1"
)

// body is what a benchmark shows.
type body struct {
	kind  string
	bytes []byte
}

// bodies are about 32 KiB each, as a read brings it.
func bodies() []body {
	random := make([]byte, 32<<10)
	rand.NewChaCha8([32]byte{1}).Read(random)
	return []body{
		{"ascii", bytes.Repeat([]byte("The quick brown fox jumps over the lazy dog, and 0123456789 again and again.\r\n"), 400)},
		{"utf8", bytes.Repeat([]byte("Zwölf Boxkämpfer jagen Eva, é and 世界 too, quer über den großen Sylter Deich.\r\n"), 400)},
		{"random", random},
	}
}

// BenchmarkEscape is the escaper by itself, of a line as of a body.
func BenchmarkEscape(b *testing.B) {
	for _, of := range bodies() {
		b.Run(of.kind, func(b *testing.B) {
			dst := make([]byte, 0, 4*len(of.bytes))
			b.SetBytes(int64(len(of.bytes)))
			b.ReportAllocs()
			for b.Loop() {
				dst = appendEscaped(dst[:0], of.bytes, false)
			}
		})
	}
}

// BenchmarkViews is each view of each body, from the scanner to the write.
func BenchmarkViews(b *testing.B) {
	views := []struct {
		name string
		o    Options
	}{
		{"none", Options{NoRows: true}},
		{"text", Options{}},
		{"text-colour", Options{Color: true}},
		{"text-ascii", Options{ASCII: true}},
		{"text-numbered", Options{Numbers: true, Seconds: true}},
		{"body-text", Options{Body: BodyText}},
		{"body-hex", Options{Body: BodyHex}},
		{"hex", Options{Hex: true}},
		{"hex-colour", Options{Hex: true, Color: true}},
		{"plain", Options{Plain: true}},
		{"json", Options{JSON: true}},
	}
	for _, view := range views {
		for _, of := range bodies() {
			b.Run(view.name+"/"+of.kind, func(b *testing.B) {
				o := view.o
				o.Output = discard{}
				c := NewScreen(o).Conversation(1, http1.Request)
				_ = c.Received([]byte("HTTP/1.1 200 OK\r\n\r\n"))
				_ = c.Received(of.bytes) // what it is shown as is settled by its beginning
				b.SetBytes(int64(len(of.bytes)))
				b.ReportAllocs()
				for b.Loop() {
					_ = c.Received(of.bytes)
				}
			})
		}
	}
}
