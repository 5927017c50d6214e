package transcript

import "slices"

// saidWidth is the widest a Say line becomes: longer ones are hard to read.
const saidWidth = 80

// Say shows paragraphs that are to be read before the rows that follow: without
// a mark, set apart by empty lines, wrapped at words; in the view for a screen
// reader each is a line, in the JSON view a note with this code. A quiet Screen
// shows them all the same. Without a paragraph it is the empty line alone. The
// error is the output's.
func (s *Screen) Say(code string, paragraphs ...string) error {
	for _, c := range s.conversations() {
		_ = c.Pause()
	}
	p := s.page()
	p.hold()
	p.last().valid = false
	for _, sh := range p.sheets {
		sh.say(paragraphs)
	}
	for _, text := range paragraphs {
		p.recordNote(0, code, text)
	}
	return p.flush()
}

// conversations returns those that are open.
func (s *Screen) conversations() []*Conversation {
	s.counts.Lock()
	defer s.counts.Unlock()
	return slices.Clone(s.open)
}

// say is the first on its page, which is held.
func (s *sheet) say(paragraphs []string) {
	s.prefix, s.number = s.prefix[:0], 0
	if s.plain {
		for _, text := range paragraphs {
			s.plainLine(Spoken(text))
		}
		return
	}
	shared := s.paper
	defer func() { s.paper, s.said = shared, true }()
	if s.columns() > saidWidth {
		narrow := *shared
		narrow.width = func() int { return saidWidth }
		s.paper = &narrow
	}
	if !s.apart {
		s.buffer = append(s.buffer, '\n')
	}
	for _, text := range paragraphs {
		s.words(0, paint{}, []byte(text))
		s.buffer = append(s.buffer, '\n')
	}
}
