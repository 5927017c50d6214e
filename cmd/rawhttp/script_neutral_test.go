package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var (
	anyPort     = regexp.MustCompile(`((127\.0\.0\.1|\[::1\]):)?\b\d{5}\b`)
	spokenTime  = regexp.MustCompile(`\b(in|after) \d+(\.\d)? (millisecond|second)s?\b`)
	spentTime   = regexp.MustCompile(`\b(in|after) \d+(\.\d)? (ms|s)\b`)
	stepLine    = regexp.MustCompile(`(?m)^\* \d+(\.\d+)? (ms|s): .*$`)
	stepBytes   = regexp.MustCompile(`\b\d+( bytes| received\))`)                           // a signature's length varies
	tlsCipher   = regexp.MustCompile(`TLS_CHACHA20_POLY1305_SHA256|TLS_AES_256_GCM_SHA384`) // what the machine is fast at
	utcTime     = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC`)
	fingerprint = regexp.MustCompile(`\b[0-9a-f]{64}\b`)
	jsonTime    = regexp.MustCompile(`"(t|seconds)":[0-9.e-]+`)
	stampTime   = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)`)
	httpDate    = regexp.MustCompile(`\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT`)
)

// neutralText replaces what differs from run to run by something of the same
// length where the length is shown: ports have five digits. Those of peers and
// listeners become 48080, 48081 and so on, those of clients 40112, 40113.
func neutralText(text string, ports []string) string {
	text = neutralPorts(text, ports)
	text = spokenTime.ReplaceAllString(text, "$1 2 milliseconds")
	text = spentTime.ReplaceAllString(text, "$1 2 ms")
	text = stepLine.ReplaceAllStringFunc(text, func(line string) string {
		_, step, _ := strings.Cut(line, ": ")
		return "* 2.0 ms: " + stepBytes.ReplaceAllString(step, "100$1")
	})
	text = utcTime.ReplaceAllString(fingerprint.ReplaceAllString(text, strings.Repeat("0a", 32)), "2024-01-01 00:00:00 UTC")
	text = stampTime.ReplaceAllString(jsonTime.ReplaceAllString(text, `"$1":0.002`), "2024-01-01T00:00:00Z")
	text = tlsCipher.ReplaceAllString(text, "TLS_AES_128_GCM_SHA256")
	return httpDate.ReplaceAllString(text, "Mon, 01 Jan 2024 00:00:00 GMT")
}

// neutralPorts looks at each port of the text once: a real port may be one of the
// numbers that are put in place of others. A port that was given to two listeners,
// one after the other, is that of the second.
func neutralPorts(text string, ports []string) string {
	known, clients := map[string]string{}, 0
	for i, port := range ports {
		known[port] = strconv.Itoa(48080 + i)
	}
	return anyPort.ReplaceAllStringFunc(text, func(found string) string {
		i := strings.LastIndexByte(found, ':') + 1
		if known[found[i:]] == "" {
			if i == 0 {
				return found // a number, and no port
			}
			known[found[i:]] = strconv.Itoa(40112 + clients)
			clients++
		}
		return found[:i] + known[found[i:]]
	})
}

func cmdNeutral(ts *testscript.TestScript, neg bool, args []string) {
	need(ts, !neg && len(args) == 0, "neutral")
	ports := stageOf(ts).ports
	out, errOut := neutralText(ts.ReadFile("stdout"), ports), neutralText(ts.ReadFile("stderr"), ports)
	fmt.Fprint(ts.Stdout(), out)
	fmt.Fprint(ts.Stderr(), errOut)
}

// TestNeutralPorts: a real port may be one of the numbers that stand for others,
// and be given twice.
func TestNeutralPorts(t *testing.T) {
	for _, c := range []struct {
		text, want string
		ports      []string
	}{
		{"listening on 127.0.0.1:48081, 127.0.0.1:50000: 20000 bytes", "listening on 127.0.0.1:48080, 127.0.0.1:40112: 20000 bytes", []string{"48081"}},
		{"to 48081 and 48080", "to 48080 and 48081", []string{"48081", "48080"}},
		{"on [::1]:50000, from [::1]:48080 and [::1]:40112", "on [::1]:48080, from [::1]:40112 and [::1]:40113", []string{"50000"}},
		{"localhost:50000", "localhost:48081", []string{"50000", "50000"}},
		{"a 50000 b 150000 c50000", "a 48080 b 150000 c50000", []string{"50000"}},
	} {
		if got := neutralPorts(c.text, c.ports); got != c.want {
			t.Errorf("%q is %q, want %q", c.text, got, c.want)
		}
	}
}
