package console

import (
	"testing"
	"testing/synctest"
)

func textOf(n int) press { return press{key: keyText, text: make([]byte, n)} }

// TestQueueSize: what is held is counted, runs that were joined too, and nothing is
// when all was taken.
func TestQueueSize(t *testing.T) {
	var q queue
	q.init()
	for _, step := range []struct {
		put  press
		size int
	}{
		{textOf(10), pressSize + 10},
		{textOf(5), pressSize + 15}, // the same run
		{press{key: keyEnter}, 2*pressSize + 15},
		{textOf(longestRun), 3*pressSize + 15 + longestRun},
		{textOf(1), 4*pressSize + 16 + longestRun},
		{press{key: keyText, text: []byte("p"), pasted: true}, 5*pressSize + 17 + longestRun},
	} {
		if q.put(step.put); q.size != step.size {
			t.Fatalf("%d bytes are counted, want %d", q.size, step.size)
		}
	}
	for left := 4; left >= 0; left-- {
		if _, last, ok := q.take(); last != (left == 0) || !ok {
			t.Errorf("with %d left: last %v, %v", left, last, ok)
		}
	}
	if q.size != 0 {
		t.Errorf("%d bytes are counted of nothing", q.size)
	}
}

// TestQueueWaits: no key is read while more is held than may be, and the next one
// when enough was done, or at the end.
func TestQueueWaits(t *testing.T) {
	for name, free := range map[string]func(q *queue){"taken": func(q *queue) { q.take() }, "closed": (*queue).close} {
		synctest.Test(t, func(t *testing.T) {
			var q queue
			q.init()
			q.put(press{key: keyEnter})
			q.put(textOf(aheadLimit - 2*pressSize))
			q.wait() // as much as may be
			q.put(textOf(1))
			waited := false
			go func() {
				q.wait()
				waited = true
			}()
			if synctest.Wait(); waited {
				t.Errorf("%s: it did not wait", name)
			}
			free(&q)
			if synctest.Wait(); waited != (name == "closed") { // one Enter is not enough
				t.Errorf("%s: waited %v", name, waited)
			}
			if name == "taken" {
				q.take()
			}
			if synctest.Wait(); !waited {
				t.Errorf("%s: it waits for ever", name)
			}
		})
	}
}
