package serve

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// TestFilesRanges: any range of any file is its bytes, and Content-Range says
// which.
func TestFilesRanges(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	content := make([]byte, 200_000)
	for i := range content {
		content[i] = byte(random.Uint32())
	}
	files := map[string]string{}
	sizes := []int{0, 1, 2, 511, 512, 513, pieceSize - 1, pieceSize, pieceSize + 1, len(content)}
	for _, size := range sizes {
		files[fmt.Sprint(size, ".bin")] = string(content[:size])
	}
	_, handler := directory(t, files)
	for _, size := range sizes {
		around := func() int {
			return max(0, []int{0, 1, size - 1, size, size + 1, random.IntN(size + 10)}[random.IntN(6)])
		}
		for range 60 {
			from, to := around(), around()
			value, start, end := fmt.Sprint(from, "-", to), from, min(to+1, size)
			switch random.IntN(4) {
			case 0:
				value, start, end = fmt.Sprint(from, "-"), from, size
			case 1:
				value, start, end = fmt.Sprint("-", to), max(0, size-to), size
			}
			target := fmt.Sprint("/", size, ".bin")
			response, body := ask(t, handler, "GET", target, "Range: bytes="+value)
			checkRange(t, response, body, string(content[:size]), value, start, end)
		}
	}
}

func checkRange(t *testing.T, response *http.Response, body, content, value string, start, end int) {
	t.Helper()
	size := len(content)
	switch {
	case size == 0 || value[0] != '-' && strings.Index(value, "-") < len(value)-1 && backwards(value):
		if response.StatusCode != 200 || body != content {
			t.Errorf("%s of %d: %s", value, size, response.Status)
		}
	case start >= end:
		if response.StatusCode != 416 || response.Header.Get("Content-Range") != fmt.Sprint("bytes */", size) {
			t.Errorf("%s of %d: %s, %s", value, size, response.Status, response.Header.Get("Content-Range"))
		}
	default:
		if response.StatusCode != 206 || response.Header.Get("Content-Range") != fmt.Sprintf("bytes %d-%d/%d", start, end-1, size) || body != content[start:end] {
			t.Errorf("%s of %d: %s, %s, %d bytes", value, size, response.Status, response.Header.Get("Content-Range"), len(body))
		}
	}
}

func backwards(value string) bool {
	var from, to int
	_, err := fmt.Sscanf(value, "%d-%d", &from, &to)
	return err == nil && from > to
}

// TestFilesOddRanges: what is no single range is not followed.
func TestFilesOddRanges(t *testing.T) {
	_, handler := directory(t, sample)
	for fields, want := range map[string]int{
		"Range: bytes=0-1":                       206,
		"Range: BYTES=0-1":                       206,
		"Range: bytes= 0-1 ":                     206,
		"Range: bytes=,0-1, ,":                   206,
		"Range: bytes=0-99999999999999999999999": 206,
		"Range: bytes=-99999999999999999999999":  206,
		"Range: bytes=99999999999999999999999-":  416,
		"Range: bytes=9223372036854775807-":      416,
		"Range: bytes=10-":                       416,
		"Range: bytes=-0":                        416,
		"Range: bytes=0-1,3-4":                   200,
		"Range: bytes=0-1\r\nRange: bytes=3-4":   200,
		"Range: bytes=4-3":                       200,
		"Range: bytes=-":                         200,
		"Range: bytes=":                          200,
		"Range: bytes":                           200,
		"Range: bytes=--1":                       200,
		"Range: bytes=0 - 1":                     200,
		"Range: bytes=0x0-1":                     200,
		"Range: bytes=+0-1":                      200,
		"Range: lines=0-1":                       200,
		"Range: bytes =0-1":                      200,
		"Range: bytes=0-1\r\nContent-Length: 0":  206,
		"Range: bytes=0-1\r\nIf-Range: \"x\"":    200,
		"Range: bytes=99-\r\nIf-None-Match: *":   304,
		"Range: bytes=99-\r\nIf-Match: \"x\"":    412,
	} {
		response, body := ask(t, handler, "GET", "/ten.txt", fields)
		if response.StatusCode != want || want == 200 && body != "0123456789" {
			t.Errorf("%q: %s %q, not %d", fields, response.Status, body, want)
		}
	}
	response, body := ask(t, handler, "HEAD", "/ten.txt", "Range: bytes=0-1")
	if response.StatusCode != 200 || response.ContentLength != 10 || body != "" {
		t.Errorf("HEAD: %s, %d", response.Status, response.ContentLength)
	}
}

var oneRange = regexp.MustCompile(`^(?i:bytes)=[ \t,]*(?:(\d+)-(\d*)|-(\d+))[ \t]*(?:,[ \t,]*)?$`)

// FuzzRange: a value is read as the grammar of RFC 9110 section 14.1 says, with
// numbers of any size.
func FuzzRange(f *testing.F) {
	for _, seed := range []string{"bytes=0-1", "bytes=-5", "bytes=5-", "bytes=,1-2 ,", "bytes=0-0,1-1", "Bytes=99999999999999999999-", "bytes=3-2", "bytes=-", "x=0-1", "bytes=1 2-3", "bytes=1,-2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		first, last, ok := parseRange(value)
		m := oneRange.FindStringSubmatch(value)
		want := m != nil
		if want && m[1] != "" && m[2] != "" && number10(m[1]).Cmp(number10(m[2])) > 0 {
			want = false
		}
		if ok != want && !(want == false && m != nil && number10(m[1]).Cmp(big.NewInt(1<<62)) > 0) {
			t.Fatalf("%q: %t", value, ok)
		}
		if ok && (last < 0 || first < -1 || first > last && first >= 0) {
			t.Fatalf("%q: %d to %d", value, first, last)
		}
		if ok && len(m[1]) < 19 && m[1] != "" && fmt.Sprint(first) != number10(m[1]).String() {
			t.Fatalf("%q begins at %d", value, first)
		}
	})
}

func number10(digits string) *big.Int {
	n, _ := new(big.Int).SetString("0"+digits, 10)
	return n
}
