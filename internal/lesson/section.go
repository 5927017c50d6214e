package lesson

import (
	"strconv"
	"strings"
	"time"
)

// action reads a section other than say.
func (s *section) action() (Action, error) {
	words := strings.Fields(s.name)
	if len(words) == 0 {
		return Action{}, mistake(s.line, namesAre, "the section has no name")
	}
	first, rest := words[0], strings.Join(words[1:], " ")
	switch {
	case (first == "client" || first == "server") && (rest == "" || rest == "escaped"):
		return s.send(side(first), rest != "")
	case s.name == "serve":
		return s.bare(Action{Kind: Serve})
	case s.name == "connect":
		return s.bare(Action{Kind: Connect})
	case first == "wait":
		d, err := wait(s.line, rest)
		if err != nil {
			return Action{}, err
		}
		return s.bare(Action{Kind: Wait, For: d})
	case first == "close" && (rest == "client" || rest == "server"):
		return s.bare(Action{Kind: Close, Side: side(rest)})
	case first == "half-close" && (rest == "client" || rest == "server"):
		return s.bare(Action{Kind: HalfClose, Side: side(rest)})
	case s.name == "close" || s.name == "half-close":
		return Action{}, mistake(s.line, "write -- "+s.name+" client -- or -- "+s.name+" server --", "-- %s -- does not say which side does it", s.name)
	}
	return Action{}, mistake(s.line, namesAre, "-- %s -- is no section", brief(s.name))
}

func side(name string) Side {
	if name == "server" {
		return Server
	}
	return Client
}

// send takes the lines as they are, each with its line break.
func (s *section) send(from Side, escaped bool) (Action, error) {
	text := strings.Join(s.lines, "\n")
	if len(s.lines) > 0 {
		text += "\n"
	}
	if text == "" || escaped && strings.Trim(text, "\n") == "" {
		return Action{}, mistake(s.line, "write below it what is sent; an empty line counts as one, but not in an escaped section", "-- %s -- sends nothing", s.name)
	}
	return Action{Kind: Send, Side: from, Text: text, Escaped: escaped, Line: s.line + 1}, nil
}

// bare refuses text below a section that has no use for it.
func (s *section) bare(a Action) (Action, error) {
	for i, line := range s.lines {
		if strings.TrimSpace(line) != "" {
			return Action{}, mistake(s.line+1+i, "put a sentence below -- say --, and bytes below -- client -- or -- server --", "-- %s -- has no text", s.name)
		}
	}
	a.Line = s.line
	return a, nil
}

func wait(line int, text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil {
		seconds, numberErr := strconv.Atoi(text)
		if numberErr != nil || seconds > int(maximumWait/time.Second) {
			return 0, mistake(line, "write 500ms, 1.5s or a number of seconds, for instance -- wait 2s --", "%q is no time to wait", brief(text))
		}
		d = time.Duration(seconds) * time.Second
	}
	if d <= 0 || d > maximumWait {
		return 0, mistake(line, "wait at least 1ms and at most 1m", "%q is no time to wait", brief(text))
	}
	return d, nil
}

// wire follows what is open, so that a lesson cannot ask for what no connection
// does.
type wire struct {
	done   [2]int // the line in which a side ended what it sends; 0: it has not
	closed int    // the line in which a side closed
	serves int    // the line from which on the built-in server answers
}

// allow says whether the action can be done now, and remembers it.
func (w *wire) allow(a Action, line int) error {
	const anew = "-- connect -- begins a new connection"
	switch {
	case a.Kind == Connect:
		*w = wire{}
	case a.Kind == Wait:
	case w.closed != 0:
		return mistake(line, anew, "the connection was closed in line %d", w.closed)
	case w.serves != 0 && (a.Kind == Serve || a.Side == Server):
		return mistake(line, anew+", on which the server is yours again", "the built-in server answers since line %d", w.serves)
	case a.Kind == Serve && w.done[Server] != 0:
		return mistake(line, anew, "the server has ended what it sends in line %d", w.done[Server])
	case a.Kind == Serve:
		w.serves = line
	case w.done[a.Side] != 0 && a.Kind != Close:
		return mistake(line, anew, "the %s has ended what it sends in line %d", a.Side, w.done[a.Side])
	case a.Kind == Close:
		w.closed = line
	case a.Kind == HalfClose:
		w.done[a.Side] = line
	}
	return nil
}
