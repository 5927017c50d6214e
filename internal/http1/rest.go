package http1

// Resting is all that a Scanner knows between messages. It is a value.
type Resting struct {
	streams         [2]resting
	begun, answered int // requests
}

// resting is one direction between messages.
type resting struct {
	offset                    int64
	begun, complete, answered int
	status, lastStatus        int
	facts                     requestFacts
	delimiter                 Delimiter
	last                      byte
	crlf, closes              bool
	interim, expect           bool
	version09, upgrade        bool // of the message before
	why                       Closing
}

// Rest puts into r what has to be known to go on later, in a Scanner that Resume is
// called for, so that a connection on which nothing comes need not hold this one.
// It reports false, and r means nothing, where more has to be known: inside a
// message or a line, behind an end, while a request is unanswered, and for a
// Scanner of responses alone, or of requests whose statuses are known.
func (s *Scanner) Rest(r *Resting) bool {
	if len(s.statuses) > 0 || s.requests.unknown || s.requests.first < len(s.requests.facts) {
		return false
	}
	for side := range s.streams {
		st := &s.streams[side]
		if st.phase != atBoundary || len(st.pending) > 0 || st.long || st.ended || st.cut || st.tunnelNext || st.watch != 0 {
			return false
		}
		r.streams[side] = resting{
			offset: st.offset, begun: st.begun, complete: st.complete, answered: st.answered,
			status: st.status, lastStatus: st.msg.Status, facts: st.facts, delimiter: st.msg.Delimiter,
			last: st.last, crlf: st.crlf, closes: st.closes, interim: st.msg.Interim, expect: st.msg.ExpectContinue, why: st.why,
			version09: st.msg.Version09, upgrade: st.head.upgrade,
		}
	}
	r.begun, r.answered = s.requests.begun, s.requests.answered
	return true
}

// Resume makes a Scanner go on where another rested; behind the zero Resting it
// begins. s is new or has rested itself: then whatever else is in it means nothing.
func (s *Scanner) Resume(sink Sink, r *Resting) {
	s.sink = sink
	for side := range s.streams {
		st, of := &s.streams[side], &r.streams[side]
		st.offset, st.begun, st.complete, st.answered = of.offset, of.begun, of.complete, of.answered
		st.status, st.facts, st.last, st.crlf, st.closes = of.status, of.facts, of.last, of.crlf, of.closes
		st.why = of.why
		m := &st.msg
		m.Side, m.Number, m.Complete, m.Status, m.Delimiter = Side(side), of.begun, of.complete > 0, of.lastStatus, of.delimiter
		m.Interim, m.ExpectContinue, m.Version09 = of.interim, of.expect, of.version09
		st.head.upgrade = of.upgrade
	}
	s.requests.begun, s.requests.answered = r.begun, r.answered
}
