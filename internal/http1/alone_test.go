package http1

import (
	"bytes"
	"strings"
	"testing"
)

// FuzzAlone is the first law for a stream read alone, with what is known of the
// other side.
func FuzzAlone(f *testing.F) {
	for _, code := range Codes() {
		e, err := ExampleOf(code)
		if err != nil {
			f.Fatal(err)
		}
		status := uint16(0)
		if len(e.ResponseStatuses) > 0 {
			status = uint16(e.ResponseStatuses[0])
		}
		f.Add(e.Bytes, e.Side == Response, strings.Join(e.RequestMethods, " "), status, uint8(1))
		f.Add(e.Bytes, e.Side != Response, "HEAD CONNECT POST", uint16(101), uint8(3))
	}
	f.Fuzz(func(t *testing.T, stream []byte, response bool, methods string, status uint16, cut uint8) {
		side, known := Request, Known{ResponseStatuses: []int{int(status), 101, 200}}
		if response {
			side, known = Response, Known{RequestMethods: strings.Fields(methods)}
		}
		whole := alone(side, known, stream, 0)
		if whole.violate != "" || !bytes.Equal(whole.bytes[side], stream) {
			t.Fatalf("%s %q", whole.violate, whole.bytes[side])
		}
		checkDiagnostics(t, whole)
		if a, b := whole.all(), alone(side, known, stream, int(cut)+1).all(); a != b {
			t.Fatalf("cut at %d:\n%s\nwhole:\n%s", int(cut)+1, b, a)
		}
	})
}
