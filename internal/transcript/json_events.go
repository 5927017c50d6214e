package transcript

import (
	"time"

	"rawhttp/internal/http1"
)

// saidByEvents are the codes of notes that are not in the JSON view: another
// event says the same in its fields, or they are about rows.
var saidByEvents = map[string]bool{
	"listening": true, "connected": true, "connected-from": true, "connected-to": true, // listening, open
	"tls": true, "certificate": true, "certificate-not-verified": true, "certificate-chain": true, // open
	"closed": true, "error": true, // close, error
	"shown-early": true,
}

// event writes one object to every output of the JSON view.
func (p *page) event(name string, conn int, fields func(*journal)) {
	for _, j := range p.journals {
		p.open(j, name, conn)
		fields(j)
		p.close(j)
	}
}

func (p *page) open(j *journal, name string, conn int) {
	p.clock()
	j.open(name, p.t, conn)
}

func (p *page) close(j *journal) {
	j.close()
	if p.isLong(len(j.buffer)) {
		j.flush()
	}
}

// Listening tells the JSON view where clients can connect; the other views are
// told by a Note.
func (s *Screen) Listening(addresses []string) error {
	if len(s.books) == 0 {
		return nil
	}
	p := s.page()
	p.event("listening", 0, func(j *journal) { j.strings("addresses", addresses) })
	return p.flush()
}

// Error tells the JSON view of an error; people read it on standard error. code
// never changes; conn is 0 where it is no connection's. Save gets
// it only behind something else, so that a command which fails before anything
// crossed leaves a file as it was.
func (s *Screen) Error(conn int, code, text, hint string) error {
	if len(s.books) == 0 {
		return nil
	}
	p := s.page()
	p.hold()
	for _, j := range p.journals {
		if !j.begun && j.saved {
			continue
		}
		p.open(j, "error", conn)
		j.string("code", code)
		j.string("text", text)
		j.string("hint", hint)
		p.close(j)
	}
	return p.flush()
}

// Opened is what is known of a connection when it begins.
type Opened struct {
	Time          time.Time
	Server        bool // rawhttp is the server
	Local, Remote string
	TLS           *TLS // nil without
}

// TLS is what a handshake agreed on. The words may be a peer's.
type TLS struct {
	Version, Cipher, Curve, ALPN string
	SNI                          string // "" when none was sent
	Verified                     bool
	Chain                        []Certificate // the peer's own first
}

// Certificate is one certificate of a chain.
type Certificate struct {
	Subject, Issuer     string
	NotBefore, NotAfter time.Time
	SHA256              string   // of the whole certificate, in hex
	Names               []string // host names and IP addresses it is for
}

// Open tells the JSON view that the connection is there; the other views are
// told by a Note.
func (c *Conversation) Open(o Opened) error {
	if len(c.screen.books) == 0 {
		return nil
	}
	role := "client"
	if o.Server {
		role = "server"
	}
	c.begin()
	defer c.end()
	c.page.event("open", c.number, func(j *journal) {
		j.string("time", o.Time.Format(time.RFC3339Nano))
		j.word("role", role)
		j.string("local", o.Local)
		j.string("remote", o.Remote)
		j.tls(o.TLS)
	})
	return c.flush()
}

func (j *journal) tls(t *TLS) {
	j.name("tls")
	if t == nil {
		j.buffer = append(j.buffer, "null"...)
		return
	}
	j.buffer = append(j.buffer, '{')
	j.field = false
	j.string("version", t.Version)
	j.string("cipher", t.Cipher)
	j.string("curve", t.Curve)
	j.string("alpn", t.ALPN)
	j.string("sni", t.SNI)
	j.bool("verified", t.Verified)
	j.name("chain")
	j.buffer = append(j.buffer, '[')
	for i, c := range t.Chain {
		if i > 0 {
			j.buffer = append(j.buffer, ',')
		}
		j.buffer = append(j.buffer, '{')
		j.field = false
		j.string("subject", c.Subject)
		j.string("issuer", c.Issuer)
		j.string("not_before", c.NotBefore.UTC().Format(time.RFC3339))
		j.string("not_after", c.NotAfter.UTC().Format(time.RFC3339))
		j.string("sha256", c.SHA256)
		j.strings("sans", c.Names)
		j.buffer = append(j.buffer, '}')
	}
	j.buffer = append(j.buffer, "]}"...)
	j.field = true
}

// direction is "sent" or "received".
func (c *Conversation) direction(side http1.Side) string {
	if side == c.ours {
		return "sent"
	}
	return "received"
}

// record writes a token's bytes, in which hide is overwritten, to the JSON view.
func (c *Conversation) record(t *http1.Token, hide []span) {
	for _, j := range c.page.journals {
		for p, offset := t.Bytes, t.Offset; len(p) > 0; {
			n := min(len(p), jsonPiece)
			if n > holdAt {
				c.page.hold()
			}
			c.page.open(j, "data", c.number)
			j.word("dir", c.direction(t.Side))
			j.word("kind", t.Kind.String())
			j.int("offset", offset)
			j.int("length", int64(n))
			j.int("message", int64(t.Message))
			shown, hidden := inWords(p[:n], offset, hide)
			j.text("text", shown)
			j.base64("bytes", p[:n])
			if hidden > 0 {
				j.int("hidden", hidden)
			}
			if !t.Kind.Opaque() && (t.More || n < len(p)) {
				j.bool("more", true)
			}
			c.page.close(j)
			p, offset = p[n:], offset+int64(n)
		}
	}
}

// recordDiagnostic writes a diagnostic to the JSON view.
func (c *Conversation) recordDiagnostic(d *http1.Diagnostic) {
	if len(c.page.journals) == 0 {
		return
	}
	e := d.Code.Entry()
	sentence, advice, _ := c.sentence(d)
	c.page.event("diagnostic", c.number, func(j *journal) {
		j.word("dir", c.direction(d.Side))
		j.word("code", e.Name)
		j.word("severity", e.Severity.String())
		j.int("offset", d.Offset)
		j.int("length", d.Length)
		j.int("message", int64(d.Message))
		j.string("text", sentence+advice)
		j.string("rfc", e.RFC)
	})
}

// recordMessage writes a message to the JSON view. One whose end was not seen is
// not complete.
func (c *Conversation) recordMessage(m *http1.Message) {
	c.page.event("message", c.number, func(j *journal) {
		j.word("dir", c.direction(m.Side))
		j.int("message", int64(m.Number))
		if m.Side == http1.Response {
			j.int("request", int64(m.Request))
		}
		j.bool("complete", m.Complete && !c.left)
		j.int("head", m.Head)
		j.int("body", m.Body)
		j.int("framing", m.Framing)
		j.int("total", m.Total())
		j.text("start", c.startLine(m))
		j.word("delimited_by", m.Delimiter.String())
	})
}

// recordNote writes a note to the JSON view.
func (p *page) recordNote(conn int, code, text string) {
	if saidByEvents[code] {
		return
	}
	p.event("note", conn, func(j *journal) {
		j.string("code", code)
		j.string("text", text)
	})
}
