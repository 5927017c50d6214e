//go:build linux

package main

import (
	"flag"
	"fmt"
	"strconv"
)

// goal is what a figure has to be: at most or at least so many times the peer's,
// or at most so much by itself. The zero value asks nothing.
type goal struct {
	sign  string // "<=" or ">="
	limit float64
	unit  string // "": the limit is of the ratio
}

func atMost(limit float64, unit string) goal {
	if limit <= 0 {
		return goal{}
	}
	return goal{"<=", limit, unit}
}

// String is the goal as a line has it, "-" for none.
func (g goal) String() string {
	if g.sign == "" {
		return "-"
	}
	return g.sign + strconv.FormatFloat(g.limit, 'f', -1, 64) + g.unit
}

// verdict is "reached", "MISSED", or "-" where there is nothing to judge. It goes
// by the figures as they are, not as they are printed; the limit itself is reached.
func (g goal) verdict(ours, peer float64) string {
	figure := ours
	if g.unit == "" {
		figure = ours / peer
	}
	switch {
	case g.sign == "" || g.unit == "" && peer <= 0:
		return "-"
	case g.sign == "<=" && figure <= g.limit, g.sign == ">=" && figure >= g.limit:
		return "reached"
	}
	return "MISSED"
}

// goalFlags defines the flags of one goal. What they say is asked after set was
// parsed.
func goalFlags(set *flag.FlagSet) func() (goal, error) {
	maxRatio := set.Float64("max-ratio", 0, "more times the peer's is a miss")
	minRatio := set.Float64("min-ratio", 0, "fewer times the peer's is a miss")
	maxMB := set.Float64("max-mb", 0, "more MB is a miss")
	return func() (goal, error) {
		var found []goal
		if *maxRatio > 0 {
			found = append(found, atMost(*maxRatio, ""))
		}
		if *minRatio > 0 {
			found = append(found, goal{">=", *minRatio, ""})
		}
		if *maxMB > 0 {
			found = append(found, atMost(*maxMB, "MB"))
		}
		switch len(found) {
		case 0:
			return goal{}, nil
		case 1:
			return found[0], nil
		}
		return goal{}, fmt.Errorf("goals %s and %s: a line has one", found[0], found[1])
	}
}

// report prints one line: name ours peer ratio goal verdict. A peer of 0 was not
// measured.
func report(name string, ours, peer float64, g goal) error {
	other, ratio := "-", "-"
	if peer > 0 {
		other, ratio = number(peer), number(ours/peer)
	}
	verdict := g.verdict(ours, peer)
	fmt.Println(name, number(ours), other, ratio, g, verdict)
	if verdict == "MISSED" {
		return errMissed
	}
	return nil
}

// number writes a figure with as many digits as mean something.
func number(v float64) string {
	switch {
	case v >= 1000:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v < 0.1:
		return strconv.FormatFloat(v, 'f', 3, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}
