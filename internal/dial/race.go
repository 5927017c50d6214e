package dial

import (
	"context"
	"net/netip"
	"time"
)

// stagger is the time a quiet attempt gets before the next one starts beside
// it (RFC 8305 section 5 recommends 250 ms; Go's own dialer uses 300).
const stagger = 300 * time.Millisecond

// outcome is how one attempt ended; conn is nil if it failed.
type outcome struct {
	index int
	conn  Conn
	err   error
}

// race is the state of one run over the addresses of a host.
type race struct {
	dialer
	addresses []string
	source    netip.AddrPort
	outcomes  chan outcome
	started   int
	running   int
	errs      []error // by address; nil where none was started
}

// race tries the addresses and gives the first connection, or what every
// started attempt failed with. It returns when all attempts have ended.
func (d dialer) race(ctx context.Context, addresses []string, source netip.AddrPort) (Conn, []Attempt) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	r := &race{dialer: d, addresses: addresses, source: source,
		outcomes: make(chan outcome), errs: make([]error, len(addresses))}
	conn := r.run(ctx)
	stop() // the losers
	r.drain()
	if conn != nil {
		return conn, nil
	}
	var attempts []Attempt
	for i, err := range r.errs {
		if err != nil {
			attempts = append(attempts, Attempt{addresses[i], err})
		}
	}
	return nil, attempts
}

// run starts attempts until one connects, all have failed, or ctx is over.
func (r *race) run(ctx context.Context) Conn {
	timer := time.NewTimer(stagger)
	defer timer.Stop()
	for {
		if r.running == 0 {
			if r.started == len(r.addresses) || r.started > 0 && over(ctx) {
				return nil
			}
			r.start(ctx)
			timer.Reset(stagger)
		}
		select {
		case o := <-r.outcomes:
			r.running--
			if o.err == nil {
				return o.conn
			}
			r.errs[o.index] = o.err
			if r.mayStartAnother(ctx) {
				r.start(ctx)
				timer.Reset(stagger)
			}
		case <-timer.C:
			if r.mayStartAnother(ctx) {
				r.start(ctx)
				timer.Reset(stagger)
			}
		}
	}
}

// mayStartAnother says whether an attempt may start beside a running one. A
// source port can be bound only once at a time: then they go one by one.
func (r *race) mayStartAnother(ctx context.Context) bool {
	oneByOne := r.source.Port() != 0
	return r.started < len(r.addresses) && !over(ctx) && (!oneByOne || r.running == 0)
}

func (r *race) start(ctx context.Context) {
	go r.attempt(ctx, r.started)
	r.started++
	r.running++
}

// attempt makes one connection and hands it over; run or drain takes it.
func (r *race) attempt(ctx context.Context, index int) {
	conn, err := r.connect(ctx, "tcp", r.addresses[index], r.source)
	r.outcomes <- outcome{index, conn, err}
}

// drain waits for the attempts still running and closes what they opened.
func (r *race) drain() {
	for ; r.running > 0; r.running-- {
		if o := <-r.outcomes; o.err == nil {
			o.conn.Close()
		}
	}
}

// over says whether ctx has ended. The sockets know the deadline too and can
// give up a moment before ctx itself does.
func over(ctx context.Context) bool {
	if ctx.Err() != nil {
		return true
	}
	deadline, ok := ctx.Deadline()
	if ok && !time.Now().Before(deadline) {
		<-ctx.Done()
		return true
	}
	return false
}
