package console

import (
	"os"
	"sync"
)

// rawMode is whether a terminal gives every key as it is pressed, and how it was
// before.
type rawMode struct {
	in, out *os.File
	mu      sync.Mutex
	restore func() // nil: it is as it was
}

// begin may be called again when somebody else has changed the terminal: what it
// was at first counts.
func (r *rawMode) begin() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	restore, err := raw(r.in, r.out)
	if err == nil && r.restore == nil {
		r.restore = restore
	}
	return err
}

func (r *rawMode) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.restore != nil {
		r.restore()
		r.restore = nil
	}
}
