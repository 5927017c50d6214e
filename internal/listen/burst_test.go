package listen

import (
	"testing"
	"testing/synctest"
	"time"
)

// tellings counts events by kind, and what the counts among them add up to.
func tellings(events []Event) (rows, connections map[EventKind]int) {
	rows, connections = map[EventKind]int{}, map[EventKind]int{}
	for _, e := range events {
		rows[e.Kind]++
		connections[e.Kind] += max(1, e.Count)
	}
	return rows, connections
}

// However many handshakes stall or fail, there are a few events and a count a second, and every connection is in one.
func TestStalledHandshakesDoNotFlood(t *testing.T) {
	inBubble(t, Options{Secure: upper}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		const crowd = 450
		for range crowd {
			m.dial() // which waits for the oldest to give way
		}
		<-time.After(2 * securingTime)
		events := r.take()
		rows, connections := tellings(events)
		if len(events) > 40 || rows[Securing] > 2*inFull || rows[Refused] > 4*inFull {
			t.Errorf("%d events: %v", len(events), rows)
		}
		if slow, refused := connections[Securing]+connections[SecuringMore], connections[Refused]+connections[RefusedMore]; slow != crowd || refused != crowd {
			t.Errorf("told of %d that stalled and %d that were refused; there were %d", slow, refused, crowd)
		}
	})
}

func TestFailuresAreToldAndThenCounted(t *testing.T) {
	inBubble(t, Options{Secure: upper}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		fail := func(n int) {
			for range n {
				client := m.dial()
				write(t, client, "G")
				client.Close()
				synctest.Wait()
			}
		}
		refused := func(number int) Event { return Event{Kind: Refused, Number: number, Err: errNotThisOne} }
		fail(inFull + 1)
		r.expect(t, refused(1), refused(2), refused(3), refused(4))
		<-time.After(waitingPause)
		synctest.Wait()
		r.expect(t, refused(5)) // one alone has a name
		fail(3)
		r.expect(t)
		<-time.After(waitingPause)
		synctest.Wait()
		r.expect(t, Event{Kind: RefusedMore, Number: 8, Count: 3, Err: errNotThisOne})
		<-time.After(waitingPause) // a second without any
		synctest.Wait()
		fail(1)
		r.expect(t, refused(9))
	})
}

// What is held back when the Listener is closed is told.
func TestCloseTellsWhatWasHeldBack(t *testing.T) {
	inBubble(t, Options{Secure: upper}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		for range inFull + 2 {
			write(t, m.dial(), "G")
			synctest.Wait()
		}
		r.take()
		l.Close()
		r.expect(t, Event{Kind: RefusedMore, Number: inFull + 2, Count: 2, Err: errNotThisOne})
	})
}
