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
		return report(o.name+"-MB", r.rss, 0, o.maxMB)
	}
	first, err := o.verify(ours)
	if err != nil {
		return err
	}
	var times, peerTimes, memory, peerMemory []float64
	for i := range o.runs {
		for j := range 2 {
			words, input := ours, o.input
			if (i+j)%2 != 0 {
				words, input = peer, o.peerInput
			}
			if len(words) == 0 {
				continue
			}
			r, err := execute(words, []byte(input), sink{kind: o.sink})
			if err == nil && o.sum != "" && r.bytes < first.bytes-headSlack {
				err = fmt.Errorf("%d bytes came, %d are the whole: %s", r.bytes, first.bytes, strings.Join(words, " "))
			}
			if err != nil {
				return err
			}
			if (i+j)%2 == 0 {
				times, memory = append(times, o.scaled(r)), append(memory, r.rss)
			} else {
				peerTimes, peerMemory = append(peerTimes, o.scaled(r)), append(peerMemory, r.rss)
			}
		}
	}
	timing := report(o.name+"-"+o.unit, median(times), median(peerTimes), o.maxRatio*median(peerTimes))
	if o.unit == "ms" {
		return timing // a process so short is gone before its memory is seen
	}
	return errors.Join(
		timing,
		report(o.name+"-MB", median(memory), median(peerMemory), o.maxMB),
	)
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
