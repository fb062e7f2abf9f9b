package ims

import (
	"context"
	"time"
)

// Clock is the time that waits and backoffs go by. Tests give one that steps.
type Clock interface {
	Now() time.Time
	// Sleep returns after d, or with the context's error once that ends.
	Sleep(ctx context.Context, d time.Duration) error
}

type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }

func (wallClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// largestSkew is how far clocks may be apart before a gateway refuses (API gateway, signing guide).
const largestSkew = 15 * time.Minute

// Now is a moment that the server's clock has surely reached, as near to its time as its answers so far tell.
func (c *Client) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock.Now()
	if c.skew == nil {
		told := now.Add(-largestSkew)
		c.blind[told.UnixNano()] = now
		return told
	}
	return now.Add(*c.skew)
}

// LocalTime is this machine's time, by which waits and limits go.
func (c *Client) LocalTime() time.Time { return c.clock.Now() }

// corrected is a moment that Now told, as Now would tell it with what is known since of the server's clock.
func (c *Client) corrected(told time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	ours, blind := c.blind[told.UnixNano()]
	if !blind || c.skew == nil {
		return told
	}
	return ours.Add(*c.skew)
}
