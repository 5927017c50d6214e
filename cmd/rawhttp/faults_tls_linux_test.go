package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// A TLS connection that breaks at any byte of its records: in the handshake, in an
// alert, in data. The server sends its response in records of one byte, so that what
// must be shown can be told from how many bytes of them were carried.

// secured is one TLS server and how many bytes a conversation with it has when
// nothing breaks.
type secured struct {
	exchange
	config *tls.Config
	args   []string
	all    [2]int // bytes by direction
	around int    // bytes of a record around its content
	alert  int    // bytes of close_notify
}

// run runs tls-send once; got is what the server has read.
func (c *secured) run(t *testing.T, f fault) (s *said, w *wire, got string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var serving sync.WaitGroup
	serving.Go(func() { got = c.serve(l) })
	w = newWire(t, f, toServer, func() (net.Conn, error) { return net.Dial("tcp", l.Addr().String()) })
	in, keys, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(keys, c.request)
	keys.Close()
	s = carriedOut(t, in, append(append([]string{"tls-send", w.address}, c.args...), everyView...))
	close(w.over)
	in.Close()
	<-w.done
	serving.Wait()
	return s, w, got
}

func (c *secured) serve(l net.Listener) string {
	plain, err := l.Accept()
	if err != nil {
		return ""
	}
	defer plain.Close()
	conn := tls.Server(plain, c.config)
	request := make([]byte, len(c.request))
	n, err := io.ReadFull(conn, request)
	for i := 0; err == nil && i < len(c.response); i++ {
		_, err = io.WriteString(conn, c.response[i:i+1])
	}
	if err == nil && c.closes {
		_ = conn.CloseWrite()
	}
	if err == nil {
		_, _ = io.Copy(io.Discard, conn)
	}
	return string(request[:n])
}

// shown is how many bytes of the response are whole records when so many bytes of
// the server's were carried.
func (c *secured) shown(carried int) int {
	end := c.all[toClient]
	if c.closes {
		end -= c.alert
	}
	record := c.around + 1
	begin := end - record*len(c.response)
	return max(0, min(len(c.response), (carried-begin)/record))
}

// check holds a run to what was carried.
func (c *secured) check(s *said, w *wire, f fault, got string) error {
	if err := s.read(1); err != nil {
		return err
	}
	if s.close == nil { // it broke in the handshake
		code, want := "tls", statusTLS
		if len(s.failures) == 1 && s.failures[0].Code == "connect" && f.after == 0 {
			code, want = "connect", statusFailed
		}
		if s.status != want || len(s.failures) != 1 || s.failures[0].Code != code || len(s.streams) > 0 || len(s.text) > 0 && strings.Contains(s.text, "\n> ") ||
			!strings.HasPrefix(s.errors, "rawhttp: error: "+s.failures[0].Text+"\n") {
			return fmt.Errorf("a broken handshake ends so")
		}
		return nil
	}
	carried := w.took(toClient)
	n := c.shown(len(carried))
	if err := s.agrees([]byte(c.response[:n]), []byte(got)); err != nil {
		return err
	}
	status, reason := "3", "peer"
	switch all := n == len(c.response); {
	case all && !c.closes:
		status, reason = "0", "answered peer reset" // whichever is seen first
	case all && len(carried) == c.all[toClient]: // with close_notify
		status, reason = "0", "peer"
	case f.kind == reset:
		status, reason = "1", "reset"
	}
	if !among(strconv.Itoa(s.status), status) || !among(s.close.Reason, reason) {
		return fmt.Errorf("status %d and %s, want %s and %s", s.status, s.close.Reason, status, reason)
	}
	return nil
}

// TestTLSSendBroken: in the suite a part of the bytes of the handshake, and each of
// the last records; RAWHTTP_SOAK_FAULTS tries all.
func TestTLSSendBroken(t *testing.T) {
	config, authority := trustedCertificate(t)
	for name, c := range map[string]*secured{
		"1.3":             {exchange: exchanges["length"], args: []string{"--cacert", authority}, around: 5 + 1 + 16},
		"1.2":             {exchange: exchanges["length"], args: []string{"--cacert", authority, "--tls-max", "1.2", "--ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256"}, around: 5 + 8 + 16},
		"1.3 until close": {exchange: exchanges["until close"], args: []string{"--cacert", authority}, around: 5 + 1 + 16, alert: 24},
	} {
		c.config = config
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, w, got := c.run(t, fault{kind: unbroken})
			c.all = [2]int{len(w.took(toServer)), len(w.took(toClient))}
			if err := c.check(s, w, fault{kind: unbroken}, got); err != nil || s.status != 0 {
				t.Fatalf("unbroken: %v\nstatus %d %s\n%s", err, s.status, s.errors, s.json)
			}
			for _, kind := range []faultKind{reset, ended} {
				for d, all := range c.all {
					places := c.places(all)
					fewAtATime(len(places), func(i int) {
						f := fault{kind: kind, in: direction(d), after: places[i]}
						s, w, got := c.run(t, f)
						if err := c.check(s, w, f, got); err != nil {
							t.Errorf("%+v of %d: %v\nstatus %d %s\n%s", f, all, err, s.status, s.errors, s.json)
						}
					})
				}
			}
		})
	}
}

// places are the bytes at which it is broken: all, or some of the handshake and
// those of the last records.
func (c *secured) places(all int) (places []int) {
	for k := 0; k <= all; {
		places = append(places, k)
		switch {
		case everyByte() || all-k < 2*c.around:
			k++
		case all-k < len(c.response)*c.around:
			k += 29
		default:
			k += 131
		}
	}
	return places
}

// TestListenTLSBroken: a client whose handshake or connection breaks is named, or its
// bytes are shown, and the next one is served.
func TestListenTLSBroken(t *testing.T) {
	e := exchanges["length"]
	client := &tls.Config{InsecureSkipVerify: true} // who it is, is not the question here
	ask := func(address string) {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			return
		}
		defer conn.Close()
		secured := tls.Client(conn, client)
		if _, err := io.WriteString(secured, e.request); err == nil {
			_, _ = io.ReadFull(secured, make([]byte, len(e.response)))
			secured.Close()
		}
	}
	once := func(f fault) (*said, *wire, bool) {
		h := hostFor(t, "--tls", "--reply", "204", "-k", "--format", "json", "127.0.0.1:0")
		w := newWire(t, f, toClient, func() (net.Conn, error) { return net.Dial("tcp", h.address) })
		ask(w.address)
		<-w.done
		seated := h.await(`"conn":1,.*("code":"vanished"|"code":"tls-failed")|"event":"close".*"conn":1,`)[1] == ""
		ask(h.address)
		h.await(`"event":"close".*"conn":2,`)
		shown, err := h.interrupt()
		s := &said{json: shown}
		if err != nil {
			s.status = statusOf(err)
		}
		return s, w, seated
	}
	_, w, _ := once(fault{kind: unbroken})
	for _, kind := range []faultKind{reset, ended} {
		for d := range 2 {
			all := len(w.took(direction(d)))
			step := stepOf(197)
			fewAtATime(all/step+1, func(i int) {
				f := fault{kind: kind, in: direction(d), after: i * step}
				s, w, seated := once(f)
				err := s.read(1)
				if err == nil && seated {
					shown := s.streams["received"]
					if !strings.HasPrefix(e.request, string(shown)) {
						err = fmt.Errorf("shown is %q", shown)
					} else if err = s.reasoned(); err != nil && s.status == 0 && len(s.failures) > 0 {
						err = nil // with -k the status is that of Ctrl-C
					}
				}
				if err == nil {
					if err = s.read(2); err == nil && (s.close == nil || string(s.streams["received"]) != e.request) {
						err = fmt.Errorf("the next one is not served")
					}
				}
				if err != nil {
					t.Errorf("%+v of %d (%d carried): %v\nstatus %d\n%s", f, all, len(w.took(f.in)), err, s.status, s.json)
				}
			})
		}
	}
}
