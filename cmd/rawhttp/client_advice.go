package main

import (
	"errors"
	"strings"

	"rawhttp/internal/dial"
)

// advised is an error with advice that takes the place of its own.
type advised struct {
	error
	hint string
}

// Hint implements hinted.
func (a *advised) Hint() string { return a.hint }

func (a *advised) Unwrap() error { return a.error }

// advised gives an error of connecting the advice that only the command line
// knows: the address, or its port, was left out.
func (o *clientOptions) advised(err error) error {
	var failed *dial.Error
	if !errors.As(err, &failed) {
		return err
	}
	noPort := o.address.Path == "" && !hasPort(o.word)
	switch {
	case len(failed.Attempts) == 0 && noPort && isFile(o.word):
		line := "rawhttp " + o.command + " HOST:PORT"
		for _, name := range append([]string{o.word}, o.files.names...) {
			line += " " + quote(name)
		}
		return &advised{err, o.word + " is a file: the address comes first: " + line}
	case noPort && failed.Refused():
		example := "8080"
		if o.tls != nil {
			example = "8443"
		}
		return &advised{err, "no port was given, so it is " + o.address.Port + "; give the server's, as in " + joinPort(o.address.Host, example)}
	case o.tls != nil && strings.Contains(hintOf(err), "rawhttp listen"):
		return &advised{err, "nothing listens there; is it the right port?"}
	}
	return err
}
