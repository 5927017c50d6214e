package tlsdial

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	"rawhttp/internal/tlswords"
)

// steps tells each step of a handshake as it happens. It reads the records of
// both directions as they go by, as far as they are not encrypted: in TLS 1.3
// that is up to the ServerHello. The rules:
//   - A nil *steps, and one whose handshake is finished, does nothing.
//   - Times count from the connection's start of TLS.
//   - It keeps a header and the first bytes of a message, whatever is sent, and tells
//     of no more messages than a handshake has.
type steps struct {
	tell  func(string)
	began time.Time
	offer string
	done  bool

	out, in        records
	sentBytes, got int64
	hellos         int // sent
	messages       int // received
}

// newSteps returns nil if nobody wants them.
func newSteps(tell func(string)) *steps {
	if tell == nil {
		return nil
	}
	s := &steps{tell: tell}
	s.out.message, s.in.message = s.clientMessage, s.serverMessage
	s.in.warning = func(code uint8) { s.say("the server warns: " + tlswords.Alert(code)) }
	s.out.alert = func(code uint8) { s.say(tlswords.Alert(code) + " sent") }
	return s
}

func (s *steps) start(offer string) {
	if s != nil {
		s.began, s.offer = time.Now(), offer
	}
}

func (s *steps) say(text string) {
	s.tell(tlswords.Clean(tlswords.Milliseconds(time.Since(s.began)) + ": " + text))
}

func (s *steps) sending(p []byte) {
	if s != nil && !s.done {
		s.sentBytes += int64(len(p))
		s.out.read(p)
	}
}

func (s *steps) received(p []byte) {
	if s != nil && !s.done {
		s.got += int64(len(p))
		s.in.read(p)
	}
}

func (s *steps) clientMessage(kind uint8, length int, _ []byte) {
	switch kind {
	case typeClientHello:
		s.hellos++
		text := fmt.Sprintf("ClientHello sent, %d bytes", length)
		if s.hellos > 1 {
			text = fmt.Sprintf("second ClientHello sent, %d bytes", length)
		} else {
			text += " (" + s.offer + ")"
		}
		s.say(text)
	case typeClientKeyExchange:
		s.say(fmt.Sprintf("ClientKeyExchange sent, %d bytes; what follows is encrypted", length))
	}
}

// mostMessages is more than a server has to say before what follows is encrypted. One
// record can hold 4,096, which are read here before crypto/tls has refused the first.
const mostMessages = 16

func (s *steps) serverMessage(kind uint8, length int, begin []byte) {
	if s.messages++; s.messages > mostMessages {
		return
	}
	switch kind {
	case typeServerHello:
		if bytes.Equal(begin[min(len(begin), 6):], retryRandom) {
			s.in.retry, s.out.retry = true, true
			s.say(fmt.Sprintf("HelloRetryRequest received, %d bytes: the server wants another group for the key exchange", length))
			return
		}
		s.say(fmt.Sprintf("ServerHello received, %d bytes", length))
	case typeCertificate:
		s.say(fmt.Sprintf("Certificate received, %d bytes", length))
	case typeServerKeyExchange:
		s.say(fmt.Sprintf("ServerKeyExchange received, %d bytes", length))
	case typeCertificateRequest:
		s.say(fmt.Sprintf("CertificateRequest received, %d bytes", length))
	case typeServerHelloDone:
		s.say("ServerHelloDone received")
	}
}

// certificates says how many the server has sent, and what became of them.
func (s *steps) certificates(count int, verified bool) {
	if s == nil {
		return
	}
	verdict := "not verified (--insecure)"
	if verified {
		verdict = "verified"
	}
	noun := "certificates"
	if count == 1 {
		noun = "certificate"
	}
	s.say(fmt.Sprintf("%d %s of the server, %s", count, noun, verdict))
}

// certificateRequest says that there was one, and what is sent.
func (s *steps) certificateRequest(at *situation) {
	if s == nil {
		return
	}
	text := "the server asks for a client certificate" + fromWhom(at)
	if at.sent == nil {
		s.say(text + "; an empty Certificate is sent")
		return
	}
	s.say(text + "; that of " + at.sent.Name + ", issued by " + at.sent.IssuerName + ", is sent")
}

// finish ends the telling: what follows is the user's.
func (s *steps) finish(summary *Summary) {
	if s == nil {
		return
	}
	kind := "a full handshake, no session was resumed"
	if summary.Resumed {
		kind = "a session was resumed"
	}
	s.say(fmt.Sprintf("Finished sent and received: %s (%d bytes sent, %d received)", kind, s.sentBytes, s.got))
	s.done = true
}

// The handshake messages that are told (RFC 8446 section 4, RFC 5246 section 7.4).
const (
	typeClientHello        = 1
	typeServerHello        = 2
	typeCertificate        = 11
	typeServerKeyExchange  = 12
	typeCertificateRequest = 13
	typeServerHelloDone    = 14
	typeClientKeyExchange  = 16
)

// retryRandom makes a HelloRetryRequest of a ServerHello (RFC 8446 section 4.1.3).
var retryRandom = []byte("\xcf\x21\xad\x74\xe5\x9a\x61\x11\xbe\x1d\x8c\x02\x1e\x65\xb8\x91\xc2\xa2\x11\x16\x7a\xbb\x8c\x5e\x07\x9e\x09\xe2\xc8\xa8\x33\x9c")

// messageBegin is the header of a handshake message, a version and a random.
const messageBegin = 4 + 2 + 32

// records reads one direction's records.
type records struct {
	message func(kind uint8, length int, begin []byte) // a message has begun; length is all of it
	warning func(code uint8)                           // an alert that ends nothing; nil: not told
	alert   func(code uint8)                           // any alert; nil: not told

	header    []byte // of the record at hand, 5 bytes when it is whole
	left      int    // of the record's content
	begin     []byte // of the message at hand
	skip      int    // of the message's rest
	alertBody []byte
	changed   bool // ChangeCipherSpec has gone by
	retry     bool // there was a HelloRetryRequest
}

func (r *records) read(p []byte) {
	for len(p) > 0 {
		if len(r.header) < 5 {
			n := min(5-len(r.header), len(p))
			r.header = append(r.header, p[:n]...)
			p = p[n:]
			if len(r.header) == 5 {
				r.left, r.alertBody = int(binary.BigEndian.Uint16(r.header[3:])), r.alertBody[:0]
				r.changed = r.changed || r.header[0] == 20
			}
			if len(r.header) < 5 || r.left > 0 {
				continue
			}
		}
		n := min(r.left, len(p))
		r.content(p[:n])
		p = p[n:]
		if r.left -= n; r.left == 0 {
			r.header = r.header[:0]
		}
	}
}

func (r *records) content(p []byte) {
	switch r.header[0] {
	case 21:
		if !r.changed && len(r.alertBody) < 2 {
			r.alertBody = append(r.alertBody, p[:min(2, len(p))]...)
			r.told()
		}
	case 22:
		r.handshake(p)
	}
}

func (r *records) told() {
	if len(r.alertBody) < 2 {
		return
	}
	if r.alertBody[0] == 1 && r.warning != nil {
		r.warning(r.alertBody[1])
	}
	if r.alert != nil {
		r.alert(r.alertBody[1])
	}
}

// handshake finds the messages in p. Behind ChangeCipherSpec they are encrypted,
// but for those that follow a HelloRetryRequest.
func (r *records) handshake(p []byte) {
	if r.changed && !r.retry {
		return
	}
	for len(p) > 0 {
		if r.skip > 0 {
			n := min(r.skip, len(p))
			r.skip -= n
			p = p[n:]
			continue
		}
		n := min(r.wanted()-len(r.begin), len(p))
		r.begin = append(r.begin, p[:n]...)
		p = p[n:]
		if len(r.begin) == r.wanted() { // which the header has changed
			r.message(r.begin[0], r.length(), r.begin)
			r.skip = r.length() - len(r.begin)
			r.begin = r.begin[:0]
		}
	}
}

// wanted is how much of the message at hand is looked at: its header, and then
// as much as has a version and a random.
func (r *records) wanted() int {
	if len(r.begin) < 4 {
		return 4
	}
	return min(messageBegin, r.length())
}

// length is the whole message's.
func (r *records) length() int {
	return 4 + (int(r.begin[1])<<16 | int(r.begin[2])<<8 | int(r.begin[3]))
}
