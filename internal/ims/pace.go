package ims

import (
	"context"
	"time"
)

const (
	shortestInterval = time.Second
	longestInterval  = time.Minute
	// lastLook is how long before its deadline a wait looks once more: a job that ended since the look before is no
	// failure.
	lastLook = 3 * time.Second
)

// pace decides when a wait looks again: few looks, and none much too late.
type pace struct {
	expected time.Duration // how long such jobs take; 0: unknown
	progress float64       // the job's own, from 0 to 1; 0: unknown
	still    bool          // the progress is where it was at the look before
	last     time.Duration // the last pause
}

// heard takes in what a look at a job showed; nil is a look at something else.
func (p *pace) heard(job *Job) {
	if job == nil {
		return
	}
	if p.expected == 0 {
		p.expected = expectedOf(job.Type)
	}
	progress := max(0, job.Progress())
	p.still = progress == p.progress
	p.progress = progress
}

// pause is the time to the next look.
func (p *pace) pause(elapsed time.Duration) time.Duration {
	switch {
	case p.progress <= 0:
		p.last = interval(elapsed, p.expected)
	case p.still:
		// Many jobs stay at their last percent for long: what stands still tells nothing of the end.
		p.last = min(2*p.last, interval(elapsed, 0))
	default:
		left := time.Duration(float64(elapsed) * (1 - p.progress) / p.progress)
		// Progress is rarely even: half the way to the estimated end, then look again.
		p.last = min(max(left/2, elapsed/20, shortestInterval), longestInterval)
	}
	return p.last
}

// interval is the pause before the next look at something that tells no progress: a tenth of the time gone by, which is
// then the most that its end is noticed late. Before half of the expected time it is a quarter: few jobs end there.
func interval(elapsed, expected time.Duration) time.Duration {
	pause := elapsed / 10
	if elapsed < expected/2 {
		pause = elapsed / 4
	}
	shortest := min(max(elapsed/2, shortestInterval), 2*shortestInterval)
	return min(max(pause, shortest), longestInterval)
}

// beforeDeadline shortens a pause that would end after the context's deadline, so that there is a last look before it.
func beforeDeadline(ctx context.Context, pause time.Duration) time.Duration {
	deadline, ok := ctx.Deadline()
	if !ok {
		return pause
	}
	if left := time.Until(deadline) - lastLook; left > 0 && left < pause {
		return left
	}
	return pause
}
