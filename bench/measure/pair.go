//go:build linux

package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
)

// pairOptions are the flags of measure pair.
type pairOptions struct {
	name      string
	runs      int
	sink      string
	input     string
	peerInput string
	sum       string
	unit      string
	least     int64
	maxRatio  float64
	maxMB     float64
	memory    bool
}

func parsePair(args []string) (*pairOptions, error) {
	o := &pairOptions{}
	set := flag.NewFlagSet("pair", flag.ExitOnError)
	set.StringVar(&o.name, "name", "", "what the lines begin with")
	set.IntVar(&o.runs, "runs", 5, "runs of each")
	set.StringVar(&o.sink, "to", "null", "null, pipe, or a file for standard output")
	set.StringVar(&o.input, "input", "", "what goes to standard input")
	set.StringVar(&o.peerInput, "peer-input", "", "the same for the peer")
	set.StringVar(&o.sum, "sha256", "", "what the body's sum must be (to a pipe or a file)")
	set.StringVar(&o.unit, "unit", "s", "s or ms")
	set.Int64Var(&o.least, "least", 0, "bytes that either must put out in a first run, or it did not do its work")
	set.Float64Var(&o.maxRatio, "max-ratio", 0, "of the times: more is a miss")
	set.Float64Var(&o.maxMB, "max-mb", 0, "of our resident memory: more is a miss")
	set.BoolVar(&o.memory, "memory", false, "memory alone, of one run of ours")
	set.Parse(args)
	if o.sum != "" && o.sink == "null" {
		return nil, errors.New("-sha256 wants -to pipe or a file")
	}
	return o, nil
}

// pair runs both commands in turn. A first run of ours is not counted; the
// SHA-256 of the body it puts out is checked.
func pair(args, ours, peer []string) error {
	o, err := parsePair(args)
	if err != nil {
		return err
	}
	defer o.removeFile()
	if o.memory {
		r, err := execute(ours, []byte(o.input), sink{kind: o.sink})
		if err != nil {
			return err
		}
		return report(o.name+"-MB", r.rss, 0, atMost(o.maxMB, "MB"))
	}
	first, err := o.verify(ours)
	if err != nil {
		return err
	}
	if err := errors.Join(o.works(ours, o.input), o.works(peer, o.peerInput)); err != nil {
		return err
	}
	of, ofPeer, err := o.alternate(ours, peer, first.bytes-headSlack)
	if err != nil {
		return err
	}
	timing := report(o.name+"-"+o.unit, median(of.times), median(ofPeer.times), atMost(o.maxRatio, ""))
	if o.unit == "ms" {
		return timing // a process so short is gone before its memory is seen
	}
	return errors.Join(
		timing,
		report(o.name+"-MB", median(of.memory), median(ofPeer.memory), atMost(o.maxMB, "MB")),
	)
}

// series is what the runs of one command took.
type series struct{ times, memory []float64 }

// alternate runs both commands in turn, so that a machine that is busy for a while
// is so for both, and each begins every second round. least is how many bytes must
// come where a sum was asked for.
func (o *pairOptions) alternate(ours, peer []string, least int64) (of, ofPeer series, err error) {
	for i := range o.runs {
		for j := range 2 {
			words, input, to := ours, o.input, &of
			if (i+j)%2 != 0 {
				words, input, to = peer, o.peerInput, &ofPeer
			}
			if len(words) == 0 {
				continue
			}
			r, err := execute(words, []byte(input), sink{kind: o.sink})
			if err == nil && o.sum != "" && r.bytes < least {
				err = fmt.Errorf("%d bytes came, %d are the whole: %s", r.bytes, least, strings.Join(words, " "))
			}
			if err != nil {
				return of, ofPeer, err
			}
			to.times, to.memory = append(to.times, o.scaled(r)), append(to.memory, r.rss)
		}
	}
	return of, ofPeer, nil
}

// works looks at how much a command puts out, in a run that is not counted: a
// pipeline may fail and exit with 0 all the same.
func (o *pairOptions) works(words []string, input string) error {
	if o.least == 0 || len(words) == 0 {
		return nil
	}
	r, err := execute(words, []byte(input), sink{kind: "pipe"})
	if err == nil && r.bytes < o.least {
		err = fmt.Errorf("%s: %d bytes came, %d at least were wanted: %s", o.name, r.bytes, o.least, strings.Join(words, " "))
	}
	return err
}

func (o *pairOptions) scaled(r taken) float64 {
	if o.unit == "ms" {
		return milliseconds(r.wall)
	}
	return r.wall.Seconds()
}

// headSlack is how much longer one response head may be than another's.
const headSlack = 4096

// verify is the first run of ours: it warms up, and its bytes are looked at.
func (o *pairOptions) verify(ours []string) (taken, error) {
	to := sink{o.sink, hasher(o.sum)}
	r, err := execute(ours, []byte(o.input), to)
	if err == nil && r.sum != o.sum {
		err = fmt.Errorf("%s: SHA-256 of the body is %s, must be %s: %s", o.name, r.sum, o.sum, strings.Join(ours, " "))
	}
	return r, err
}

func (o *pairOptions) removeFile() {
	if o.sink != "null" && o.sink != "pipe" {
		os.Remove(o.sink)
	}
}
