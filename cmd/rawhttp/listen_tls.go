package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"rawhttp/internal/listen"
	"rawhttp/internal/tlslisten"
	"rawhttp/internal/transcript"
)

// serverTLS is what listen --tls is, once the command line is read.
type serverTLS struct {
	on                         bool
	certFile, keyFile          string
	names                      []string
	saveCA, clientCA           string
	keyLog                     string
	keys                       *keyLog // nil: nobody wants them
	certificate                tls.Certificate
	made                       *tlslisten.ThrowAway // nil with --cert
	server                     *tlslisten.Server
	certificateOfFileSignsSelf bool
}

// serverTLSFlags have no meaning without --tls.
var serverTLSFlags = []string{"cert", "key", "name", "save-ca", "client-ca", "keylog"}

func (o *serverTLS) register(set *pflag.FlagSet) {
	set.BoolVar(&o.on, "tls", false, "speak TLS, with a throw-away certificate unless --cert is given")
	set.StringVar(&o.certFile, "cert", "", "the server's certificate, and the chain behind it, from the PEM `FILE`")
	set.StringVar(&o.keyFile, "key", "", "its key, from the PEM `FILE` (default: the one of --cert)")
	set.StringArrayVar(&o.names, "name", nil, "the throw-away certificate is for `NAME` too, a host name or an IP address (repeatable)")
	set.StringVar(&o.saveCA, "save-ca", "", "save the certificate of the throw-away CA in `FILE`, for --cacert of curl and tls-send")
	set.StringVar(&o.clientCA, "client-ca", "", "ask for a client certificate, and say if it is from an authority in the PEM `FILE`")
	registerKeyLog(set, &o.keyLog)
}

// checkTLS reads the files, and makes a certificate where none is given.
func (pl *place) checkTLS(f *conversationFlags) error {
	t := &pl.tls
	if !t.on {
		for _, name := range serverTLSFlags {
			if f.set.Changed(name) {
				return usagef("use: rawhttp "+pl.command+" --tls "+pl.word+" --"+name+" ...", "--%s has no meaning without --tls", name)
			}
		}
		return nil
	}
	if err := checkKeyLog(f, t.certFile, t.keyFile, t.clientCA); err != nil {
		return err
	}
	if f.set.Changed("cert") || f.set.Changed("key") {
		if err := t.load(f.set); err != nil {
			return err
		}
	} else if err := t.make(pl.address); err != nil {
		return err
	}
	var pool *x509.CertPool
	if f.set.Changed("client-ca") {
		var err error
		if pool, err = tlslisten.Authorities(t.clientCA); err != nil {
			return asUsage(err)
		}
	}
	options := tlslisten.Options{Certificate: t.certificate, ClientCA: pool, Plain: answerPlain}
	if t.keys = newKeyLog(f.keyLog, "each session's"); t.keys != nil {
		options.KeyLog = t.keys
	}
	t.server = tlslisten.New(options)
	return nil
}

// load reads --cert and --key.
func (t *serverTLS) load(set *pflag.FlagSet) (err error) {
	switch {
	case !set.Changed("cert"):
		return usagef("give the certificate too: --cert FILE", "--key without --cert")
	case set.Changed("name"):
		return usagef("leave out one of them", "--name is for a certificate that is made here, and --cert gives one")
	case set.Changed("save-ca"):
		return usagef("leave out one of them", "--save-ca is for a certificate that is made here, and --cert gives one")
	case !set.Changed("key"):
		t.keyFile = t.certFile
	}
	if t.certificate, err = tlslisten.Load(t.certFile, t.keyFile); err != nil {
		return asUsage(err)
	}
	leaf := t.certificate.Leaf
	t.certificateOfFileSignsSelf = bytes.Equal(leaf.RawIssuer, leaf.RawSubject)
	return nil
}

// make makes a certificate for the names that clients will use.
func (t *serverTLS) make(address listen.Address) error {
	names := []string{"localhost", "127.0.0.1", "::1"}
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if address.Host != "" && !isUnspecified(address.Host) {
		add(address.Host)
	}
	if address.All || isUnspecified(address.Host) {
		for _, other := range listen.OtherAddresses() { // which the notes name
			add(other)
		}
	}
	for _, name := range t.names {
		if !isCertificateName(name) {
			return usagef("give a host name such as test.example, or an IP address", "--name %q: a certificate cannot be for that", name)
		}
		add(name)
	}
	if info, err := os.Stat(t.saveCA); t.saveCA != "" && err == nil && !(info.Mode().IsRegular() && tlslisten.OnlyThrowAway(t.saveCA)) {
		return usagef("give another name", "--save-ca would overwrite %s, which is not what --save-ca made", t.saveCA)
	}
	made, err := tlslisten.Make(names, time.Now())
	if err != nil {
		return failed("cannot make a certificate: "+err.Error(), err)
	}
	t.made, t.certificate = made, made.Certificate
	return nil
}

// isCertificateName tells what can be asked for as a host in a URL.
func isCertificateName(name string) bool {
	if ip, err := netip.ParseAddr(name); err == nil {
		return ip.Zone() == ""
	}
	host := strings.TrimPrefix(name, "*.")
	strange := func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '.' || r == '_')
	}
	return host != "" && len(name) <= 253 && !strings.ContainsFunc(host, strange) && !strings.HasPrefix(host, ".") && !strings.Contains(host, "..")
}

// saveAuthority writes the CA's certificate, once the address is listened on: a
// command that failed has no effect.
func (t *serverTLS) saveAuthority() error {
	if t.saveCA == "" {
		return nil
	}
	if err := os.WriteFile(t.saveCA, t.made.PEM(), 0o666); err != nil {
		return failed(fmt.Sprintf("cannot write %s: %s", t.saveCA, plainFileError(err)), err)
	}
	return nil
}

// secure makes the server's end of TLS of a connection; nil without --tls.
func (t *serverTLS) secure(p *program, screen *transcript.Screen) func(net.Conn) (net.Conn, error) {
	if !t.on {
		return nil
	}
	return func(conn net.Conn) (net.Conn, error) {
		defer p.guard()
		secured, err := t.server.Secure(conn)
		t.keys.warn(screen)
		if failure := t.keys.failure(); errors.Is(err, errors.Unwrap(failure)) && failure != nil {
			err = failure
		}
		if err != nil {
			return nil, err
		}
		return secured, nil
	}
}

// answerPlain is what a client gets that speaks plain HTTP to the TLS port.
func answerPlain(local net.Addr, first []byte) []byte {
	line, _, _ := bytes.Cut(first, []byte("\n"))
	words := strings.Fields(string(line))
	target := "/"
	if len(words) > 1 && strings.HasPrefix(words[1], "/") && quote(words[1]) == words[1] && len(words[1]) < 200 {
		target = words[1]
	}
	host := "localhost"
	if tcp, ok := local.(*net.TCPAddr); ok {
		host = tcp.AddrPort().String()
		if tcp.IP.IsLoopback() {
			host = fmt.Sprintf("localhost:%d", tcp.Port)
		}
	}
	body := "This is an HTTPS port, and the request came in plain HTTP. Try:\n\n  curl -k https://" + host + target + "\n"
	b := fmt.Appendf(nil, "HTTP/1.1 400 Bad Request\r\nDate: %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\nConnection: close\r\n\r\n",
		time.Now().UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT"), len(body))
	if len(words) > 0 && words[0] == "HEAD" {
		return b
	}
	return append(b, body...)
}
