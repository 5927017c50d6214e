package http1

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestMisspeltVersions: what was meant for a version is not called missing, and
// what ends an ordinary line is not taken for one. The line is framed as before.
func TestMisspeltVersions(t *testing.T) {
	const host = "\r\nHost: a\r\n\r\n"
	for line, want := range map[string]string{
		"GET / HTP/1.1":             "http-version-invalid@6+7",
		"GET / HTTP1.1":             "http-version-invalid@6+7",
		"GET / HTTP 1.1":            "http-version-invalid@6+8",
		"GET / HTTP /1.1":           "http-version-invalid@6+9",
		"GET / HHTP/1.1":            "http-version-invalid@6+8",
		"GET / HTTPS/1.1":           "http-version-invalid@6+9",
		"GET / TTTP/1.1":            "http-version-invalid@6+8",
		"GET / HTPT/1.1":            "http-version-invalid@6+8",
		"GET / HTTP\\1.1":           "http-version-invalid@6+8",
		"GET / HTTP\uff0f1.1":       "http-version-invalid@6+10",
		"GET / HTTP-1,1":            "http-version-invalid@6+8",
		"POST / HTTP":               "http-version-invalid@7+4",
		"POST / 1.1":                "http-version-invalid@7+3",
		"GET HTTP 1.1":              "relative-target@4+4, http-version-invalid@9+3",
		"POST /HTTP/1.1":            "http-version-no-space@6+8",
		"POST /a/http/1.0":          "http-version-no-space@8+8",
		"POST /HTTP/1.1x":           "http-version-missing@15+0",
		"POST /my file":             "http-version-missing@13+0",
		"POST / 192.0.2.1":          "http-version-missing@16+0",
		"POST / 1.10":               "http-version-missing@11+0",
		"POST / page":               "http-version-missing@11+0",
		"POST / HTTP/1.1.1":         "http-version-invalid@7+10",
		"POST /HTTP":                "http-version-missing@10+0",
		"GET /HTTP/1.1 HTTP/1.1":    "",
		"GET /HTP/1.1/1.1 HTTP/1.1": "",
		"GET / HTP/1.1 HTTP/1.1":    "request-target-space@5+1",
	} {
		for _, cut := range []int{0, 1, 3} {
			r := alone(Request, Known{}, []byte(line+host), cut)
			if got := r.diagnostics(); strings.TrimSuffix(strings.TrimSuffix(got, fmt.Sprintf("post-without-length@%d+2", len(line)+11)), ", ") != want {
				t.Errorf("%q, cut %d: got %s, want %s", line, cut, got, want)
			}
			if m := r.done; len(m) != 1 || !m[0].Complete {
				t.Errorf("%q: %s", line, r.messages())
			}
		}
	}
	for line, want := range map[string]string{
		"GET /HTTP/1.1\r\n":   "http-version-no-space@5+8",
		"GET /x/HTP/1.1\r\n":  "http09-request@0+14",
		"GET /HTTP/\r\n":      "http09-request@0+10",
		"GET /HTTP/1.1/\r\n":  "http09-request@0+14",
		"GET /a1.1\r\n":       "http09-request@0+9",
		"FETCH / HTP/1.1\r\n": "not-http@0+15",
	} {
		if got := alone(Request, Known{}, []byte(line), 0).diagnostics(); got != want {
			t.Errorf("%q: got %s, want %s", line, got, want)
		}
	}
}

// TestMisspeltFields: a field that frames is recognised in a name one slip away,
// and no ordinary name is taken for one.
func TestMisspeltFields(t *testing.T) {
	said := func(side Side, start, name string) bool {
		r := alone(side, Known{}, []byte(start+"Host: a\r\n"+name+": 8\r\n\r\n"), 0)
		return slices.Contains(r.codes(), FramingHeaderLookalike.String())
	}
	const request, response = "GET / HTTP/1.1\r\n", "HTTP/1.1 204 No Content\r\n"
	for _, name := range []string{"Content-Lenght", "content-lengt", "Content-Lengthh", "Kontent-Length", "ContentLength", "ontent-Length",
		"Content-Length1", "Transfer-Enconding", "Tranfer-Encoding", "Transfer-Encodnig", "Transfert-Encoding", "Conection", "Connectoin", "CONNECTIONS"} {
		if !said(Request, request, name) || !said(Response, response, name) {
			t.Errorf("%s is not recognised", name)
		}
	}
	for _, name := range []string{"Hots", "Hst", "Hosst", "hist", "Hoost"} {
		if !said(Request, request, name) || said(Response, response, name) {
			t.Errorf("%s is not recognised, or in a response", name)
		}
	}
	ordinary := []string{"Cost", "Post", "Ghost", "H", "X-Host", "Content-Type", "Content-Lang", "Connect", "Accept-Encoding", "Content-Strength", "Transfer-Coding"}
	for _, known := range knownFields {
		ordinary = append(ordinary, known.name)
	}
	for _, name := range ordinary {
		if said(Request, request, name) || said(Response, response, name) {
			t.Errorf("%s is taken for another", name)
		}
	}
}
