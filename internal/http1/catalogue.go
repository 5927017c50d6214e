package http1

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

//go:embed catalogue.json
var catalogue []byte

// Example is one stream that shows a code, and what well-known programs did with
// it when it was tried on loopback.
type Example struct {
	Side             Side
	Bytes            []byte
	RequestMethods   []string // of the requests that a response stream answers
	ResponseStatuses []int    // of the responses that a request stream got
	Also             []Code   // that the same bytes show too
	Response         []byte   // on a code of both sides: the same as a response; may be nil
	// Servers and Clients list program and behaviour, for instance "nginx",
	// "400", in the order in which they were tried; either may be empty.
	Servers, Clients []Behaviour
}

// Behaviour is what one program did.
type Behaviour struct{ Program, Did string }

// The programs the examples were tried with, in the order in which they are
// listed. The versions are in docs/diagnostics.md.
var (
	triedServers = []string{"nginx", "go", "node", "apache", "lighttpd", "haproxy", "python"}
	triedClients = []string{"curl", "go", "node-http", "node-fetch", "python", "nginx-proxy"}
)

// ExampleOf returns the code's example. It reads the embedded catalogue anew:
// call it for what one person looks up, not per message.
func ExampleOf(c Code) (*Example, error) {
	var rows []struct {
		Code     string   `json:"code"`
		Side     string   `json:"side"`
		Example  string   `json:"example"`
		Methods  []string `json:"request_methods"`
		Statuses []int    `json:"response_statuses"`
		Also     []string `json:"also"`
		Response string   `json:"response_example"`
		Observed struct {
			Servers map[string]string `json:"servers"`
			Clients map[string]string `json:"clients"`
		} `json:"observed"`
	}
	if err := json.Unmarshal(catalogue, &rows); err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	for _, r := range rows {
		if r.Code != c.String() {
			continue
		}
		e := &Example{RequestMethods: r.Methods, ResponseStatuses: r.Statuses,
			Servers: behaviours(triedServers, r.Observed.Servers), Clients: behaviours(triedClients, r.Observed.Clients)}
		if r.Side == Response.String() {
			e.Side = Response
		}
		for _, name := range r.Also {
			also, ok := CodeNamed(name)
			if !ok {
				return nil, fmt.Errorf("catalogue: %s: no code %q", r.Code, name)
			}
			e.Also = append(e.Also, also)
		}
		var err error
		if e.Bytes, err = unescape(r.Example); err == nil && r.Response != "" {
			e.Response, err = unescape(r.Response)
		}
		if err != nil {
			return nil, fmt.Errorf("catalogue: %s: %w", r.Code, err)
		}
		return e, nil
	}
	return nil, fmt.Errorf("catalogue: no example of %s", c)
}

// unescape reads the catalogue's escapes, which are those of a transcript.
func unescape(text string) ([]byte, error) {
	read, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
	return []byte(read), err
}

func behaviours(order []string, did map[string]string) []Behaviour {
	var list []Behaviour
	for _, program := range order {
		if text, ok := did[program]; ok {
			list = append(list, Behaviour{program, text})
		}
	}
	return list
}
