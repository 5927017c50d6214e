package listen

import (
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// wantsEnd reads the orderly end of a connection that was turned away.
func wantsEnd(t *testing.T, conn net.Conn) {
	t.Helper()
	if n, err := conn.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("read %d, %v", n, err)
	}
}

func TestTheNewestIsTurnedAway(t *testing.T) {
	inBubble(t, Options{MaxWaiting: 2}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		write(t, m.dial(), "x")
		mustNext(t, l, 1)
		write(t, m.dial(), "x")
		m.dial() // silent, and yet it came before
		becomeQuiet()
		wantsEnd(t, m.dial())
		<-time.After(waitingPause)
		r.expect(t, Event{Kind: Waiting, Number: 2, Sent: true}, Event{Kind: Waiting, Number: 3}, Event{Kind: TurnedAway, Number: 4})
		mustNext(t, l, 2)
		write(t, m.dial(), "x")
		synctest.Wait()
		if l.Waiting() != 2 {
			t.Errorf("%d are waiting", l.Waiting())
		}
	})
}

func TestNobodyMayWait(t *testing.T) {
	inBubble(t, Options{MaxWaiting: nobody}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		spare, speaker := m.dial(), m.dial()
		becomeQuiet()
		if l.Waiting() != 2 {
			t.Fatal("a silent connection was turned away while the seat is free")
		}
		write(t, speaker, "x")
		conn := mustNext(t, l, 2)
		wantsEnd(t, spare)
		synctest.Wait()
		r.expect(t, Event{Kind: TurnedAway, Number: 1})
		go speaker.Write([]byte("y"))
		readExactly(t, conn, "xy")
	})
}

// When the last seat is taken and too many are left over, those that are silent go first.
func TestTheSilentAreTurnedAwayFirst(t *testing.T) {
	inBubble(t, Options{MaxWaiting: 2}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		var clients []net.Conn
		for range 5 {
			clients = append(clients, m.dial())
		}
		for _, i := range []int{0, 2, 4} {
			write(t, clients[i], "x")
			synctest.Wait()
		}
		mustNext(t, l, 1)
		wantsEnd(t, clients[1])
		wantsEnd(t, clients[3])
		mustNext(t, l, 3)
		mustNext(t, l, 5)
	})
}

func TestTurnedAwayIsToldOnceASecond(t *testing.T) {
	inBubble(t, Options{MaxWaiting: nobody}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		write(t, m.dial(), "x")
		mustNext(t, l, 1)
		for range 10 {
			m.dial()
		}
		synctest.Wait()
		r.expect(t, Event{Kind: TurnedAway, Number: 2})
		<-time.After(waitingPause + 1)
		r.expect(t, Event{Kind: TurnedAwayMore, Count: 9})
		m.dial()
		<-time.After(waitingPause)
		r.expect(t, Event{Kind: TurnedAway, Number: 12})
		m.dial()
		synctest.Wait()
		l.Close()
		r.expect(t, Event{Kind: TurnedAway, Number: 13})
	})
}

// While a seat is free the silent do not stand in the way of who speaks, however many they are.
func TestTheLongestSilentGivesWay(t *testing.T) {
	inBubble(t, Options{MaxWaiting: nobody}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		var clients []net.Conn
		for range maxSilent {
			clients = append(clients, m.dial())
		}
		becomeQuiet()
		beyond := m.dial()
		wantsEnd(t, clients[0])
		r.expect(t, Event{Kind: TurnedAway, Number: 1})
		write(t, beyond, "x")
		readExactly(t, mustNext(t, l, maxSilent+1), "x")
	})
}

// Who comes in a crowd is not called silent before it had the time to speak: until then the kernel keeps the others.
func TestACrowdMayTakeItsTime(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		for range maxSilent {
			m.dial()
		}
		admitted := make(chan struct{})
		go func() {
			m.dial()
			close(admitted)
		}()
		<-time.After(silence - 1)
		select {
		case <-admitted:
			t.Error("more are taken in than may be silent")
		default:
		}
		r.expect(t)
		<-admitted
		if l.Waiting() != maxSilent {
			t.Errorf("%d are open", l.Waiting())
		}
	})
}

// What was said to wait, at once or in a count, is not said to wait again when it speaks; what was only counted while a
// seat was free again is.
func TestWaitingIsToldOnce(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		write(t, m.dial(), "x")
		mustNext(t, l, 1)
		var late []net.Conn
		for range 3 {
			late = append(late, m.dial())
			becomeQuiet()
		}
		<-time.After(waitingPause)
		r.expect(t, Event{Kind: Waiting, Number: 2}, Event{Kind: WaitingMore, Count: 2})
		<-time.After(2 * waitingPause) // nothing is held back any more
		for _, client := range late {
			write(t, client, "x")
			synctest.Wait()
		}
		<-time.After(2 * waitingPause)
		r.expect(t)
	})
	inBubble(t, Options{}, func(t *testing.T, l *Listener, m *memoryListener, r *recorder) {
		write(t, m.dial(), "x")
		mustNext(t, l, 1)
		m.dial()
		becomeQuiet()
		third := m.dial()
		becomeQuiet()
		l.Free()
		<-time.After(waitingPause) // counted with the seat free: it does not wait for anybody
		write(t, m.dial(), "x")
		mustNext(t, l, 4)
		r.expect(t, Event{Kind: Waiting, Number: 2}, Event{Kind: Silent, Number: 2}, Event{Kind: Silent, Number: 3}, Event{Kind: Waiting, Number: 3})
		write(t, third, "x")
		<-time.After(2 * waitingPause)
		r.expect(t)
	})
}
