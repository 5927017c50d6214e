package main

import (
	"fmt"
	"strconv"
	"sync"

	"rawhttp/internal/serve"
)

// accessLog keeps lines whole.
type accessLog struct{ mu sync.Mutex }

// accessLine writes the lines of one connection.
type accessLine struct {
	log  *accessLog
	to   interface{ Write([]byte) (int, error) }
	host string
	line []byte
}

// answered writes a line in the Common Log Format. What could break a line, or
// move things on a terminal, is written as \xHH.
func (a *accessLine) answered(s serve.Answer) error {
	b := append(a.line[:0], a.host...)
	b = s.Time.AppendFormat(append(b, " - - ["...), "02/Jan/2006:15:04:05 -0700")
	b = append(b, `] "`...)
	if len(s.Line) == 0 {
		b = append(b, '-')
	}
	const most = 1024
	for _, c := range s.Line[:min(len(s.Line), most)] {
		if c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			b = fmt.Appendf(b, `\x%02X`, c)
		} else {
			b = append(b, c)
		}
	}
	b = strconv.AppendInt(append(b, `" `...), int64(s.Status), 10)
	b = append(b, ' ')
	if s.Body == 0 {
		b = append(b, '-')
	} else {
		b = strconv.AppendInt(b, s.Body, 10)
	}
	a.line = append(b, '\n')
	a.log.mu.Lock()
	defer a.log.mu.Unlock()
	_, err := a.to.Write(a.line)
	return err
}
