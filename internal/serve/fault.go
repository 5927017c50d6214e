package serve

import "strings"

// Fault is one way of being broken: an answer that is wrong on purpose.
type Fault struct {
	Name  string // what it is called in /fault/NAME
	About string // what is wrong with the answer, in a sentence
	Shows string // what curl 7.88 and Go's client show of it, in a sentence
	Play  Handler
}

// Faults returns all of them, in the order in which they are listed.
func Faults() []Fault { return faults }

// FaultNamed finds a Fault by its name.
func FaultNamed(name string) (*Fault, bool) {
	for i := range faults {
		if faults[i].Name == name {
			return &faults[i], true
		}
	}
	return nil, false
}

// FaultList returns the table as text: each name, what is wrong, and what a
// client shows, in lines of at most 79 characters.
func FaultList() string {
	var b strings.Builder
	for i := range faults {
		b.WriteString(faults[i].Name + "\n")
		fold(&b, "  wrong: ", faults[i].About)
		fold(&b, "  shows: ", faults[i].Shows)
	}
	return b.String()
}

// fold writes text in lines; those behind the first are indented as it is.
func fold(b *strings.Builder, first, text string) {
	at := len(first)
	b.WriteString(first)
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case at+1+len(word) > 79:
			b.WriteString("\n" + strings.Repeat(" ", len(first)))
			at = len(first)
		default:
			b.WriteByte(' ')
			at++
		}
		b.WriteString(word)
		at += len(word)
	}
	b.WriteByte('\n')
}

// sendFault is the page /fault/NAME, and the table at /fault/list; it reports
// whether there is such a page.
func sendFault(w *Response, r *Request, name string) bool {
	f, found := FaultNamed(name)
	switch {
	case found:
		f.Play(w, r)
	case name == "list":
		w.Send(200, plainText, []byte(FaultList()))
	default:
		return false
	}
	return true
}

func noSuchFault(w *Response, r *Request) {
	w.Send(404, plainText, []byte("404 Not Found: "+string(r.Target)+": these are the faults\n\n"+FaultList()))
}
