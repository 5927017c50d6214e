package main

import (
	"bytes"
	"strconv"
	"strings"

	"rawhttp/internal/http1"
)

// TAB completes what everybody has to look up, and nothing that has to be thought
// about:
//
//   - A word is offered as it is written usually, whatever case was typed.
//   - Behind Content-Length nothing is: the length is the user's to count.
//   - In bodies and chunks nothing is: there a TAB is a TAB.

// completer knows what may be typed at this end.
type completer struct {
	client bool
	host   string // the value for Host; "" is localhost
}

// completer knows the Host that the address calls for.
func (o *clientOptions) completer() completer {
	host, usual := o.address.Host, "80"
	if o.tls != nil {
		usual = "443"
		if o.tls.serverName != "" {
			host = o.tls.serverName
		}
	}
	host, _, _ = strings.Cut(host, "%") // a zone means something on this machine only
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if o.address.Path == "" && o.address.Port != usual {
		host += ":" + o.address.Port
	}
	return completer{client: true, host: host}
}

// complete returns what may stand where the cursor is: line[from:] may be replaced
// by one of words, each of which begins with it but for its case. kind is the kind
// of the row that is typed, as http1 expects it, and line what stands in it before
// the cursor. No words: there is nothing to offer.
func (c completer) complete(kind http1.Kind, line []byte) (from int, words []string) {
	switch kind {
	case http1.RequestLine:
		return completeRequest(line)
	case http1.StatusLine:
		return completeStatus(line)
	case http1.HeaderLine:
		if c.client {
			return c.completeField(line, inRequest)
		}
		return c.completeField(line, inResponse)
	case http1.TrailerLine:
		return c.completeField(line, inTrailer)
	}
	return 0, nil
}

// begun picks the words that begin with what is typed; one that is wholly typed is
// the only one.
func begun(typed []byte, words []string) (found []string) {
	for _, word := range words {
		if len(word) < len(typed) || !strings.EqualFold(word[:len(typed)], string(typed)) {
			continue
		}
		if len(typed) >= len(strings.TrimRight(word, ": ")) {
			return []string{word}
		}
		found = append(found, word)
	}
	return found
}

var methods = []string{"GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "TRACE ", "CONNECT "}

func completeRequest(line []byte) (from int, words []string) {
	_, rest, hasMethod := bytes.Cut(line, []byte{' '})
	if !hasMethod {
		return 0, begun(line, methods)
	}
	target, version, hasTarget := bytes.Cut(rest, []byte{' '})
	if !hasTarget || len(target) == 0 {
		return 0, nil
	}
	return len(line) - len(version), completeVersion(version, "")
}

// completeVersion offers one version: 1.0 is for those who type it.
func completeVersion(typed []byte, behind string) []string {
	if words := begun(typed, []string{"HTTP/1.1" + behind}); words != nil {
		return words
	}
	return begun(typed, []string{"HTTP/1.0" + behind})
}

func completeStatus(line []byte) (from int, words []string) {
	version, rest, hasVersion := bytes.Cut(line, []byte{' '})
	if !hasVersion {
		return 0, completeVersion(line, " ")
	}
	if !bytes.EqualFold(version, []byte("HTTP/1.1")) && !bytes.EqualFold(version, []byte("HTTP/1.0")) {
		return 0, nil
	}
	for _, r := range http1.Statuses() {
		words = append(words, strconv.Itoa(r.Code)+" "+r.Phrase)
	}
	return len(line) - len(rest), begun(rest, words)
}

// completeField completes a name, or behind its colon a value.
func (c completer) completeField(line []byte, where fieldPlace) (from int, words []string) {
	name, rest, hasName := bytes.Cut(line, []byte{':'})
	if !hasName {
		for _, f := range completedFields {
			if f.places&where != 0 {
				words = append(words, f.name+": ")
			}
		}
		return 0, begun(line, words)
	}
	values, list := c.values(name)
	if len(rest) == 0 { // right behind the colon: the blank comes with the value
		for _, value := range values {
			words = append(words, " "+value)
		}
		return len(line), words
	}
	if last := bytes.LastIndexByte(rest, ','); list && last >= 0 {
		rest = rest[last+1:]
	}
	typed := bytes.TrimLeft(rest, " ")
	return len(line) - len(typed), begun(typed, values)
}

// values returns the values that a field usually has, and whether it may have
// several.
func (c completer) values(name []byte) (values []string, list bool) {
	for _, f := range completedFields {
		if !strings.EqualFold(f.name, string(name)) {
			continue
		}
		if f.name == "Host" && c.host != "" {
			return []string{c.host}, false
		}
		return f.values, f.list
	}
	return nil, false
}
