package ims

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// pollShare is the part of the request rate that polls may take together, so that any number of images being made
// leaves room for the calls that get something done.
const pollShare = 0.25

// limiter keeps the client under the cloud's request rate. After a 429 everybody waits, not just the one it hit.
type limiter struct {
	clock Clock
	all   *rate.Limiter
	polls *rate.Limiter

	mu   sync.Mutex
	held time.Time
}

func newLimiter(clock Clock, perSecond float64) *limiter {
	burst := max(1, int(perSecond))
	return &limiter{
		clock: clock,
		all:   rate.NewLimiter(rate.Limit(perSecond), burst),
		polls: rate.NewLimiter(rate.Limit(perSecond*pollShare), burst),
	}
}

// wait returns when the request may go, or with the context's error.
func (l *limiter) wait(ctx context.Context, poll bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for {
		// Places are taken after the hold: places taken before would all be used in the instant that it ends.
		for pause := l.heldFor(); pause > 0; pause = l.heldFor() {
			if err := l.clock.Sleep(ctx, pause); err != nil {
				return err
			}
		}
		if poll {
			if err := l.take(ctx, l.polls); err != nil {
				return err
			}
		}
		if err := l.take(ctx, l.all); err != nil {
			return err
		}
		if l.heldFor() <= 0 {
			return nil
		}
	}
}

func (l *limiter) heldFor() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.held.Sub(l.clock.Now())
}

// take goes by the client's clock, which rate.Limiter.Wait would not.
func (l *limiter) take(ctx context.Context, limit *rate.Limiter) error {
	now := l.clock.Now()
	reservation := limit.ReserveN(now, 1)
	pause := reservation.DelayFrom(now)
	if pause == 0 {
		return nil
	}
	if err := l.clock.Sleep(ctx, pause); err != nil {
		reservation.CancelAt(l.clock.Now())
		return err
	}
	return nil
}

// hold keeps every request back for d.
func (l *limiter) hold(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := l.clock.Now().Add(d); until.After(l.held) {
		l.held = until
	}
}
