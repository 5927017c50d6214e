//go:build linux

package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// medians prints the line of figures that something else took: one file for ours
// and one for the peer, a number a line.
func medians(args []string) error {
	set := flag.NewFlagSet("medians", flag.ExitOnError)
	name := set.String("name", "", "what the line begins with")
	wanted := goalFlags(set)
	_ = set.Parse(args)
	g, err := wanted()
	if err != nil {
		return err
	}
	if set.NArg() < 1 || set.NArg() > 2 {
		return errors.New("medians wants a file of numbers, and perhaps the peer's")
	}
	var both [2]float64
	for i, file := range set.Args() {
		values, err := numbers(file)
		if err != nil {
			return err
		}
		both[i] = median(values)
	}
	return report(*name, both[0], both[1], g)
}

// numbers reads a file with a number a line, at least one.
func numbers(file string) ([]float64, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var values []float64
	for _, word := range strings.Fields(string(data)) {
		v, err := strconv.ParseFloat(word, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		values = append(values, v)
	}
	if len(values) == 0 {
		return nil, fmt.Errorf("%s: no number in it", file)
	}
	return values, nil
}

// median is 0 for no values.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Sorted(slices.Values(v))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}
