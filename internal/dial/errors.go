package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"unicode"
)

// Error says why there is no connection.
type Error struct {
	Address  Address   // as it was asked for
	Attempts []Attempt // every attempt made, in the order they were started
	Err      error     // why no (further) attempt was made: a failed look-up, or the context's end; may be nil
	source   netip.AddrPort
}

// Attempt is one address that was tried, and how it failed.
type Attempt struct {
	Address string // IP address and port, or unix:/path
	Err     error
}

// Error names each attempt with its own failure, in plain words.
func (e *Error) Error() string {
	text := "cannot connect to " + e.Address.String() + ": "
	if len(e.Attempts) == 0 {
		return text + Explain(e.Err)
	}
	if len(e.Attempts) == 1 && e.Attempts[0].Address == e.Address.String() {
		return text + e.explain(e.Attempts[0])
	}
	var parts []string
	for _, a := range e.Attempts {
		parts = append(parts, a.Address+": "+e.explain(a))
	}
	return text + strings.Join(parts, "; ")
}

// explain words one attempt. One that was still waiting when the context
// ended failed for the context's reason.
func (e *Error) explain(a Attempt) string {
	var end *endError
	if reason := reasonOf(a.Err); errors.As(e.Err, &end) && (reason == stopped || reason == deadline) {
		return end.Error()
	}
	if reasonOf(a.Err) == badSource && e.source.IsValid() {
		return "this machine does not have the source address " + e.source.Addr().String()
	}
	if reasonOf(a.Err) == inUse && e.source.Port() != 0 {
		return fmt.Sprintf("the source port %d is in use", e.source.Port())
	}
	return Explain(a.Err)
}

// Unwrap gives Err and the error of every attempt.
func (e *Error) Unwrap() []error {
	var errs []error
	if e.Err != nil {
		errs = append(errs, e.Err)
	}
	for _, a := range e.Attempts {
		errs = append(errs, a.Err)
	}
	return errs
}

// Refused reports whether a host said that nothing listens on the port.
func (e *Error) Refused() bool {
	return slices.ContainsFunc(e.Attempts, func(a Attempt) bool { return reasonOf(a.Err) == refused })
}

// endError is the end of a context: its cause, and for errors.Is both.
type endError struct{ cause, err error }

func endOf(ctx context.Context) error { return &endError{context.Cause(ctx), ctx.Err()} }

func (e *endError) Unwrap() []error { return []error{e.cause, e.err} }

// Error uses the words of whoever ended the context, where it has some.
func (e *endError) Error() string {
	switch e.cause {
	case context.DeadlineExceeded:
		return "timed out"
	case context.Canceled:
		return "cancelled"
	}
	return e.cause.Error()
}

// plainError is an error that already is in plain words.
type plainError string

func (e plainError) Error() string { return string(e) }

// familyError is a host that has no address of the wanted family.
type familyError struct {
	host   string
	family int
}

func (e *familyError) Error() string {
	if _, err := netip.ParseAddr(e.host); err == nil {
		return fmt.Sprintf("%s is not an IPv%d address", e.host, e.family)
	}
	return fmt.Sprintf("the name %s has no IPv%d address", e.host, e.family)
}

// lookupError is a name that could not be turned into addresses.
type lookupError struct {
	host string
	err  error
}

func (e *lookupError) Unwrap() error { return e.err }

func (e *lookupError) Error() string {
	var end *endError
	var dns *net.DNSError
	switch {
	case errors.As(e.err, &end):
		return "looking up the name " + e.host + ": " + end.Error()
	case !errors.As(e.err, &dns):
		return "looking up the name " + e.host + ": " + Explain(e.err)
	case dns.IsNotFound:
		return "the name " + e.host + " was not found"
	case dns.IsTimeout:
		return "looking up the name " + e.host + ": the name server did not answer in time"
	}
	return "looking up the name " + e.host + ": " + dns.Err
}

func (e *lookupError) notFound() bool {
	var dns *net.DNSError
	return errors.As(e.err, &dns) && dns.IsNotFound
}

func (e *lookupError) isASCII() bool {
	return !strings.ContainsFunc(e.host, func(r rune) bool { return r > unicode.MaxASCII })
}
