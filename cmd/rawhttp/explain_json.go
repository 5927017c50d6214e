package main

import (
	"encoding/json"
	"io"
	"slices"

	"rawhttp/internal/http1"
)

// explained is an entry of the catalogue for a program: one object a line.
type explained struct {
	Code     string         `json:"code"`
	Severity string         `json:"severity"`
	Sides    []string       `json:"sides"`
	Group    string         `json:"group"`
	Title    string         `json:"title"`
	Text     string         `json:"text"`
	Response string         `json:"response_text,omitempty"`
	Advice   string         `json:"advice,omitempty"`
	RFC      string         `json:"rfc"`
	Examples []shownExample `json:"examples,omitempty"`
	Servers  []programDid   `json:"servers,omitempty"`
	Clients  []programDid   `json:"clients,omitempty"`
}

// shownExample is a stream that shows the code; its bytes are base64.
type shownExample struct {
	Side     string   `json:"side"`
	Bytes    []byte   `json:"bytes"`
	Methods  []string `json:"request_methods,omitempty"`
	Statuses []int    `json:"response_statuses,omitempty"`
	Also     []string `json:"also,omitempty"`
}

type programDid struct {
	Program string `json:"program"`
	Did     string `json:"did"`
}

// explainJSON writes one entry whole, or the list without examples.
func explainJSON(w io.Writer, codes []http1.Code, whole bool) error {
	for _, code := range codes {
		row := code.Entry()
		e := explained{Code: row.Name, Severity: row.Severity.String(), Sides: []string{"request", "response"}, Group: row.Group,
			Title: row.Title, Text: row.Sentence, Advice: row.Advice, RFC: row.RFC}
		if of := code.Sentence(http1.Response); of != row.Sentence {
			e.Response = of
		}
		switch row.Sides {
		case http1.OnRequests:
			e.Sides = e.Sides[:1]
		case http1.OnResponses:
			e.Sides = e.Sides[1:]
		}
		if whole {
			if err := e.exemplify(code); err != nil {
				return err
			}
		}
		if err := json.NewEncoder(w).Encode(e); err != nil {
			return err
		}
	}
	return nil
}

// exemplify adds the examples and what programs did with them.
func (e *explained) exemplify(code http1.Code) error {
	x, err := http1.ExampleOf(code)
	if err != nil {
		return failed(err.Error(), err)
	}
	first := shownExample{Side: x.Side.String(), Bytes: slices.Concat([]byte{}, x.Bytes), Methods: x.RequestMethods, Statuses: x.ResponseStatuses}
	for _, also := range x.Also {
		first.Also = append(first.Also, also.String())
	}
	e.Examples = append(e.Examples, first)
	if x.Response != nil {
		e.Examples = append(e.Examples, shownExample{Side: http1.Response.String(), Bytes: x.Response})
	}
	for _, b := range x.Servers {
		e.Servers = append(e.Servers, programDid(b))
	}
	for _, b := range x.Clients {
		e.Clients = append(e.Clients, programDid(b))
	}
	return nil
}
