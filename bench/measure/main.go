//go:build linux

// Command measure runs rawhttp and a peer in turn and prints what they took:
// lines of `name ours peer ratio`, medians, where a ratio below 1 says that
// rawhttp took less. It exits with 1 when a figure misses its limit or a run is
// wrong.
//
//	measure pair [FLAGS] -- OURS... [-- PEER...]   time, memory, and the bytes
//	measure ends [FLAGS] -- OURS... [-- PEER...]   from the response's last byte to the exit
//
// In the words of a command %PORT% is the proxy's port (ends).
package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// errMissed says that a figure missed its limit, which was told before.
var errMissed = errors.New("missed")

func main() {
	if err := run(os.Args[1:]); err != nil {
		if !errors.Is(err, errMissed) {
			fmt.Fprintln(os.Stderr, "measure:", err)
		}
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("pair or ends?")
	}
	words, ours, peer := split(args[1:])
	if len(ours) == 0 {
		return errors.New("no command after --")
	}
	switch args[0] {
	case "pair":
		return pair(words, ours, peer)
	case "ends":
		return ends(words, ours, peer)
	}
	return fmt.Errorf("%q is neither pair nor ends", args[0])
}

// split cuts the command line at its two "--".
func split(args []string) (words, ours, peer []string) {
	i := slices.Index(args, "--")
	if i < 0 {
		return args, nil, nil
	}
	words, ours = args[:i], args[i+1:]
	if j := slices.Index(ours, "--"); j >= 0 {
		ours, peer = ours[:j], ours[j+1:]
	}
	return words, ours, peer
}

// report prints one line; a peer of 0 was not measured. limit is what ours
// may be at most, 0 for none.
func report(name string, ours, peer, limit float64) error {
	other, ratio := "-", "-"
	if peer > 0 {
		other, ratio = fmt.Sprintf("%.2f", peer), fmt.Sprintf("%.2f", ours/peer)
	}
	fmt.Printf("%s %.2f %s %s\n", name, ours, other, ratio)
	if limit > 0 && ours > limit {
		fmt.Fprintf(os.Stderr, "MISSED: %s is %.2f, at most %.2f was wanted\n", name, ours, limit)
		return errMissed
	}
	return nil
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Sorted(slices.Values(v))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
