//go:build linux || darwin

package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestResizeLong: however the window is resized while a line of many rows is being
// edited, the screen shows each row of it once at the most, and nothing else that was
// drawn of it before.
func TestResizeLong(t *testing.T) {
	for name, c := range map[string]struct {
		unit  string
		sizes [][2]int
	}{
		"narrower and wider": {"-", [][2]int{{40, 12}, {80, 12}, {40, 12}, {33, 12}, {120, 12}, {80, 12}}},
		"wide characters":    {"世", [][2]int{{41, 12}, {80, 12}, {33, 12}, {80, 12}}},
		"lower and higher":   {"-", [][2]int{{80, 8}, {80, 24}, {80, 6}, {80, 7}, {80, 24}}},
		"all of it":          {"-", [][2]int{{40, 8}, {80, 24}, {33, 12}, {80, 24}, {50, 8}, {50, 24}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := classroom
			s.reflows = true
			x, _ := s.asked(t)
			x.resizeDrawn(80, 12)
			x.typeKeys("HTTP/1.1 200 OK\rContent-Length: 3000\r\r")
			for i := range 80 {
				x.typeKeys(fmt.Sprintf("%04d%s", i, c.unit))
			}
			x.expectRows("▮", func(rows []string) []string {
				_, end, _ := strings.Cut(rows[len(rows)-1], "0079"+c.unit)
				return []string{end}
			})
			for i, size := range c.sizes {
				x.resizeDrawn(size[0], size[1])
				last := string(rune('a' + i))
				x.typeKeys(last)
				x.expectRows(last+"▮", func(rows []string) []string {
					_, end, _ := strings.Cut(rows[len(rows)-1], last)
					return []string{last + end}
				})
				x.once(c.unit, fmt.Sprint(c.sizes[:i+1]))
			}
			x.typeKeys("\r")
			x.expectBottom(">     {} to go  ▮")
			x.once(c.unit, "Enter")
			x.typeKeys("\x03")
			x.exit(130)
		})
	}
}

// resizeDrawn resizes the terminal and waits for the drawing that this causes: one that
// comes later could fall into the next change of size.
func (x *terminal) resizeDrawn(columns, rows int) {
	x.t.Helper()
	x.mu.Lock()
	before, grown := len(x.shown), x.grown
	x.mu.Unlock()
	x.resize(columns, rows)
	for limit := time.After(failureLimit); ; {
		select {
		case <-grown:
		case <-limit:
			x.t.Fatal("the line is not drawn at its new size")
		}
		x.mu.Lock()
		drawn := len(x.shown) > before
		grown = x.grown
		x.mu.Unlock()
		if drawn {
			return
		}
	}
}

// once holds that the screen shows no part of what was typed twice.
func (x *terminal) once(unit, when string) {
	x.t.Helper()
	x.mu.Lock()
	screen := x.cells.screen(false)
	x.mu.Unlock()
	var shown string
	for row := range strings.Lines(screen) {
		if strings.HasPrefix(row, "> body") || strings.HasPrefix(row, ">     ") || strings.HasPrefix(row, "        ") {
			shown += strings.TrimRight(row[min(18, len(row)):], "\\\n ")
		}
	}
	for i := range 80 {
		if strings.Count(shown, fmt.Sprintf("%04d%s", i, unit)) > 1 {
			x.t.Fatalf("%s: %04d is shown twice:\n%s", when, i, screen)
		}
	}
	if strings.Count(screen, " to go") > 1 {
		x.t.Fatalf("%s: the prompt is shown twice:\n%s", when, screen)
	}
}

// TestClearedScreen: behind Ctrl-L, which puts the line into the first row, keys leave
// nothing of the line above the screen.
func TestClearedScreen(t *testing.T) {
	x, _ := classroom.asked(t)
	x.typeKeys("HTTP/1.1 200 ")
	x.expectBottom("> status          HTTP/1.1 200 ▮")
	x.typeKeys("\x0cO")
	x.expectBottom("> status          HTTP/1.1 200 O▮")
	x.typeKeys("K\r")
	x.expectScreen(`
> status      17  HTTP/1.1 200 OK\r\n
> header          ▮`)
	x.typeKeys("\x03")
	if screen := x.exit(130); strings.Count(screen, "HTTP/1.1 200") > 1 {
		t.Errorf("the line is shown more than once:\n%s", screen)
	}
}
