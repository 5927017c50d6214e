package transcript

// saidWidth is the widest a Say line becomes: longer ones are hard to read.
const saidWidth = 80

// Say shows paragraphs that are to be read before the rows that follow: without
// a mark, set apart by empty lines, wrapped at words; in the view for a screen
// reader each is a line, in the JSON view a note with this code. A quiet Screen
// shows them all the same. Without a paragraph it is the empty line alone. The
// error is the output's.
func (s *Screen) Say(code string, paragraphs ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.open {
		c.showHeld()
	}
	s.last.valid = false
	for _, sh := range s.sheets {
		sh.say(paragraphs)
	}
	for _, text := range paragraphs {
		s.recordNote(0, code, text)
	}
	return s.flush()
}

func (s *sheet) say(paragraphs []string) {
	s.prefix = s.prefix[:0]
	if s.plain {
		for _, text := range paragraphs {
			s.plainLine(Spoken(text))
		}
		return
	}
	width := s.width
	defer func() { s.width, s.apart = width, true }()
	if s.columns() > saidWidth {
		s.width = func() int { return saidWidth }
	}
	if !s.apart {
		s.buffer = append(s.buffer, '\n')
	}
	for _, text := range paragraphs {
		s.words(0, paint{}, text)
		s.buffer = append(s.buffer, '\n')
	}
}
