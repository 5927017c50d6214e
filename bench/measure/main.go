//go:build linux

// Command measure runs rawhttp and a peer in turn and prints what they took:
// lines of `name ours peer ratio goal verdict`, medians, where a ratio below 1 says
// that rawhttp took less. The goal is what the ratio must be (<=0.4), or our figure
// by itself (<=24MB); the verdict is reached, MISSED, or - where there is no goal. It
// exits with 1 when a figure misses its goal, with 2 when a run is wrong.
//
//	measure pair [FLAGS] -- OURS... [-- PEER...]   time, memory, and the bytes
//	measure ends [FLAGS] -- OURS... [-- PEER...]   from the response's last byte to the exit
//	measure medians [FLAGS] OURS [PEER]            of files with a number a line
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

// errMissed says that a figure missed its goal, which its line tells.
var errMissed = errors.New("missed")

func main() {
	if err := run(os.Args[1:]); err != nil {
		if errors.Is(err, errMissed) {
			os.Exit(1)
		}
		fmt.Fprintln(os.Stderr, "measure:", err)
		os.Exit(2)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("pair, ends or medians?")
	}
	if args[0] == "medians" {
		return medians(args[1:])
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
	return fmt.Errorf("%q is none of pair, ends and medians", args[0])
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

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
