package serve

// Fault is one way of being broken.
type Fault struct {
	Name  string
	About string // what is wrong with the answer
	Shows string // what a client shows of it
	Play  Handler
}

var faults []Fault

// Faults returns all of them.
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
