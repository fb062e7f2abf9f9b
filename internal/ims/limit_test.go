package ims

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// goThrough has many requests ask for their turn at once and returns when each got it.
func goThrough(t *testing.T, l *limiter, requests int, poll bool) []time.Duration {
	t.Helper()
	begin := time.Now()
	var mu sync.Mutex
	var turns []time.Duration
	var wait sync.WaitGroup
	for range requests {
		wait.Go(func() {
			if err := l.wait(t.Context(), poll); err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			turns = append(turns, time.Since(begin))
		})
	}
	wait.Wait()
	return turns
}

func within(turns []time.Duration, d time.Duration) int {
	n := 0
	for _, turn := range turns {
		if turn <= d {
			n++
		}
	}
	return n
}

func TestLimit(t *testing.T) {
	for name, test := range map[string]struct {
		perSecond       float64
		poll            bool
		burst, after10s int
	}{
		"requests":      {10, false, 10, 110},
		"polls":         {10, true, 10, 35},
		"slow":          {0.5, false, 1, 6},
		"slow, polls":   {0.4, true, 1, 2},
		"fast requests": {100, false, 100, 1100},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				turns := goThrough(t, newLimiter(wallClock{}, test.perSecond), 2*test.after10s, test.poll)
				if got := within(turns, 0); got != test.burst {
					t.Errorf("%d went at once, want %d", got, test.burst)
				}
				if got := within(turns, 10*time.Second); got != test.after10s {
					t.Errorf("%d went within 10 s, want %d", got, test.after10s)
				}
			})
		})
	}
}

// TestLimitPollsGiveWay: however many polls wait, others go at once.
func TestLimitPollsGiveWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(wallClock{}, 10)
		var polls sync.WaitGroup
		polls.Go(func() { goThrough(t, l, 100, true) })
		<-time.After(5 * time.Second)
		if turns := goThrough(t, l, 5, false); within(turns, 0) != 5 {
			t.Errorf("others went after %s", turns)
		}
		polls.Wait()
	})
}

// TestLimitHold: after a 429 nobody goes before its time, and then not everybody at once.
func TestLimitHold(t *testing.T) {
	for name, poll := range map[string]bool{"requests": false, "polls": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLimiter(wallClock{}, 10)
				const held = 30 * time.Second
				l.hold(held)
				l.hold(time.Second) // a shorter one changes nothing
				turns := goThrough(t, l, 60, poll)
				if got := within(turns, held-1); got != 0 {
					t.Errorf("%d went too soon", got)
				}
				if got := within(turns, held); got != 10 {
					t.Errorf("%d went in the instant that the hold ended", got)
				}
			})
		})
	}
	t.Run("held again", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := newLimiter(wallClock{}, 10)
			l.hold(10 * time.Second)
			time.AfterFunc(9*time.Second, func() { l.hold(10 * time.Second) })
			if turns := goThrough(t, l, 1, false); turns[0] != 19*time.Second {
				t.Errorf("it went after %s", turns[0])
			}
		})
	})
	t.Run("cancelled", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			l := newLimiter(wallClock{}, 10)
			l.hold(time.Hour)
			ctx, stop := context.WithTimeout(t.Context(), time.Second)
			defer stop()
			if err := l.wait(ctx, false); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v", err)
			}
		})
	})
}

// TestLimitCancelled: a request that leaves the end of the queue gives its place back.
func TestLimitCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(wallClock{}, 0.1)
		goThrough(t, l, 1, false)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if err := l.wait(ctx, false); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if turns := goThrough(t, l, 1, false); turns[0] != 9*time.Second {
			t.Errorf("the next one went after %s", turns[0])
		}
	})
}

// TestRateLimitHoldsEverybody: a 429 to one request keeps the others back, too.
func TestRateLimitHoldsEverybody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		session := newSession(t, reply(429, ``, "Retry-After", "20"), wellRead)
		client := New(session, Options{})
		var limited sync.WaitGroup
		limited.Go(func() {
			if err := readImage(t.Context(), client); err != nil {
				t.Error(err)
			}
		})
		<-time.After(time.Second)
		begin := time.Now()
		if err := readImage(t.Context(), client); err != nil || time.Since(begin) != 19*time.Second {
			t.Errorf("got %v after %s", err, time.Since(begin))
		}
		limited.Wait()
	})
}
