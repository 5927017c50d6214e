package main

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"rawhttp/internal/tlsdial"
)

// tlsOptions is what tls-send has besides send. A nil one is send's.
type tlsOptions struct {
	serverName string
	alpn       string
	noALPN     bool
	certFile   string
	keyFile    string
	caFiles    []string
	oldest     string
	newest     string
	ciphers    string
	keyLog     string
	showCert   bool
	insecure   bool

	set    *pflag.FlagSet
	keys   *keyLog // nil: nobody wants them
	client *tlsdial.Client
	step   func(string)  // takes what happens in the handshake
	conn   *tlsdial.Conn // nil before the handshake is done
}

func (o *tlsOptions) register(set *pflag.FlagSet) {
	o.set = set
	set.StringVar(&o.serverName, "servername", "", "ask for `NAME` (SNI) and verify the certificate for it; none: send no SNI")
	set.StringArrayVar(&o.caFiles, "cacert", nil, "trust the authorities in the PEM `FILE`, or directory, instead of the system's (repeatable)")
	set.BoolVarP(&o.insecure, "insecure", "k", false, "verify nothing: anybody may be answering")
	set.StringVar(&o.certFile, "cert", "", "send the certificate in the PEM `FILE` to a server that asks for one")
	set.StringVar(&o.keyFile, "key", "", "its private key is in the PEM `FILE` (default: in that of --cert)")
	set.StringVar(&o.alpn, "alpn", "", "offer the protocols in `LIST` by ALPN, for instance h2,http/1.1 (default http/1.1)")
	set.BoolVar(&o.noALPN, "no-alpn", false, "offer no protocol by ALPN")
	set.StringVar(&o.oldest, "tls-min", "", "offer no TLS version older than `V`: 1.0, 1.1, 1.2 or 1.3 (default 1.2)")
	set.StringVar(&o.newest, "tls-max", "", "offer no TLS version newer than `V` (default 1.3)")
	set.StringVar(&o.ciphers, "ciphers", "", "offer the cipher suites in `LIST` for TLS 1.2 and older; those of 1.3 cannot be chosen")
	registerKeyLog(set, &o.keyLog)
	set.BoolVar(&o.showCert, "show-cert", false, "show the server's certificates in PEM, as notes")
}

// notEmpty are the flags that mean nothing without a value, and what to do then.
var notEmpty = [][2]string{
	{"servername", "give a name, or none to send no SNI"},
	{"alpn", "for instance --alpn h2,http/1.1; --no-alpn offers none"},
	{"cert", "give the path of a PEM file"},
	{"key", "give the path of a PEM file"},
	{"tls-min", "give 1.0, 1.1, 1.2 or 1.3"},
	{"tls-max", "give 1.0, 1.1, 1.2 or 1.3"},
	{"ciphers", "give names such as ECDHE-RSA-AES128-GCM-SHA256, joined by colons"},
}

// check reads every file that is named, before anything is opened.
func (o *tlsOptions) check(of *clientOptions) error {
	if o == nil {
		return nil
	}
	for _, flag := range notEmpty {
		if o.set.Changed(flag[0]) && o.set.Lookup(flag[0]).Value.String() == "" {
			return usagef(flag[1], "--%s is empty", flag[0])
		}
	}
	if err := checkKeyLog(&of.conversationFlags, slices.Concat([]string{o.certFile, o.keyFile}, o.caFiles)...); err != nil {
		return err
	}
	options := tlsdial.Options{
		ServerName: o.serverName, NoALPN: o.noALPN, CAFiles: o.caFiles, CertFile: o.certFile, KeyFile: o.keyFile,
		MinVersion: o.oldest, MaxVersion: o.newest, Ciphers: o.ciphers, Insecure: o.insecure,
	}
	if o.serverName == "none" {
		options.ServerName, options.NoSNI = "", true
	}
	if o.alpn != "" {
		options.ALPN = strings.Split(o.alpn, ",")
	}
	if o.keys = newKeyLog(of.keyLog, "this session's"); o.keys != nil {
		options.KeyLog = o.keys
	}
	if of.verbose {
		options.Step = func(line string) { o.step(line) }
	}
	client, err := tlsdial.New(options)
	if err == nil {
		err = client.Check(of.address.Host)
	}
	o.client = client
	return asUsage(err)
}
