package transcript

import (
	"strconv"
)

// page is what one call writes, before the outputs get it: the rows of a
// Conversation are made without the Screen's lock, so that connections do not
// wait for each other's.
//
// Rules:
//
//   - A page belongs to one call, from Screen.page to flush.
//   - hold takes the Screen's lock for what all share (which sentences were told,
//     the row shown last) and where a page grows large, and it is kept to the end
//     of the call. So a page is never cut by another, and what carets point at
//     stands directly above them.
//   - A page that nothing has made hold the lock by its end, when another has it,
//     is written by that one (queue.go).
//   - A Conversation's lock is taken before the Screen's, never the other way round.
type page struct {
	screen   *Screen
	sheets   []*sheet
	journals []*journal
	rows     bool // some sheet shows rows
	held     bool // the Screen's lock is
	touched  bool // own says what stands above the next line
	own      *lastRow
	timed    bool
	seconds  []byte // the time of this call since the Screen's beginning, for people
	t        []byte // the same for programs
}

// lastRow is the row that stands directly above the next line.
type lastRow struct {
	valid    bool
	of       *Conversation
	received bool
	row      row
}

const (
	holdAt  = 8 << 10  // bytes of a page that do not wait for the lock
	flushAt = 64 << 10 // where a long call writes what it has so far
)

// page begins a call; release ends it.
func (s *Screen) page() *page {
	if p, ok := s.pages.Get().(*page); ok {
		return p
	}
	p := &page{screen: s, rows: s.rows, own: &lastRow{}}
	for _, paper := range s.papers {
		p.sheets = append(p.sheets, &sheet{paper: paper})
	}
	for _, book := range s.books {
		p.journals = append(p.journals, &journal{book: book})
	}
	return p
}

// hold takes the Screen's lock, unless the page has it.
func (p *page) hold() {
	if !p.held {
		p.screen.mu.Lock()
		p.screen.writeQueue()
		p.holding()
	}
}

// holding is called when the lock is taken, and all that came before is written.
func (p *page) holding() {
	p.held = true
	if p.touched {
		p.screen.last, p.own = p.own, p.screen.last
	}
}

// last is what stands above the next line, to be set; to be read, the page must
// be held.
func (p *page) last() *lastRow {
	if p.held {
		return p.screen.last
	}
	p.touched = true
	return p.own
}

// flush ends the call: it hands over what the page holds, and the page. The error
// is the first one of any output so far.
func (p *page) flush() error {
	s := p.screen
	if !p.held && !s.mu.TryLock() {
		s.queue.add(p)
		return s.deliver()
	}
	if !p.held {
		s.writeQueue()
		p.holding()
	}
	p.write()
	p.put()
	s.mu.Unlock()
	return s.deliver()
}

// drop ends a call that has panicked.
func (p *page) drop() {
	if p.held {
		p.screen.mu.Unlock()
		_ = p.screen.deliver()
	}
}

// put gives the page back.
func (p *page) put() {
	p.own.of = nil
	p.held, p.touched, p.timed = false, false, false
	p.screen.pages.Put(p)
}

// size is how many bytes the page holds.
func (p *page) size() int {
	n := 0
	for _, sh := range p.sheets {
		n += len(sh.buffer)
	}
	for _, j := range p.journals {
		n += len(j.buffer)
	}
	return n
}

// write writes what the page holds; the lock is held.
func (p *page) write() {
	for _, sh := range p.sheets {
		sh.flush()
		p.check(sh.output)
	}
	for _, j := range p.journals {
		j.flush()
		p.check(j.output)
	}
	if content := p.screen.content; content != nil {
		p.check(content)
	}
}

func (p *page) check(o *output) {
	if o.err != nil {
		p.screen.queue.failed(o.err)
	}
}

// isLong reports whether a buffer of n bytes is to be written before the call ends.
func (p *page) isLong(n int) bool {
	if n >= holdAt {
		p.hold()
	}
	if n >= flushAt {
		p.timed = false // writing may take long
		return true
	}
	return false
}

// clock reads the time, once a call.
func (p *page) clock() {
	if p.timed {
		return
	}
	p.timed = true
	now := p.screen.time()
	p.t = appendSeconds(p.t[:0], now)
	if p.screen.options.Seconds {
		p.seconds = strconv.AppendFloat(p.seconds[:0], now.Seconds(), 'f', 3, 64)
	}
}

// note appends a `*` line; number 0 is no connection's.
func (p *page) note(number int, code, text string) {
	p.show(number, []byte(text))
	p.recordNote(number, code, text)
}

// noteAbout appends a `*` line that is no connection's but for programs.
func (p *page) noteAbout(conn int, code, text string) {
	p.show(0, []byte(text))
	p.recordNote(conn, code, text)
}

// show appends a `*` line to the views for people.
func (p *page) show(number int, text []byte) {
	p.last().valid = false
	for _, sh := range p.sheets {
		p.begin(sh, number)
		sh.note(text)
	}
}

// begin sets the beginning that a sheet's next lines carry.
func (p *page) begin(sh *sheet, number int) {
	sh.said = false
	if p.screen.options.Seconds {
		p.clock()
	}
	if !p.screen.options.Numbers {
		number = 0
	}
	sh.setPrefix(p.seconds, number)
}

// row shows one row of a conversation.
func (p *page) row(c *Conversation, r *row) {
	for _, sh := range p.sheets {
		if !sh.rows || r.beyond && sh.limited {
			continue
		}
		p.begin(sh, c.number)
		sh.row(r)
		if p.isLong(len(sh.buffer)) {
			sh.flush()
		}
	}
	if !r.beyond {
		p.last().set(c, r)
	}
}

func (l *lastRow) set(c *Conversation, r *row) {
	l.valid, l.of, l.received = true, c, r.mark == markReceived
	// Field by field: a copy of the whole would wait for the stores that made it.
	l.row.mark, l.row.kind, l.row.offset = r.mark, r.kind, r.offset
	l.row.bytes = append(l.row.bytes[:0], r.bytes...)
	l.row.hidden, l.row.hex, l.row.bad, l.row.beyond = r.hidden, r.hex, r.bad, r.beyond
}
