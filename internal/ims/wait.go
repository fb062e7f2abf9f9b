package ims

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

const (
	shortestInterval = time.Second
	longestInterval  = 30 * time.Second
	// jobUnknownFor is how long a job just accepted may not be known to the service's other half.
	jobUnknownFor = 30 * time.Second
	// unlistedFor is how long an image whose job has ended may not be listed.
	unlistedFor = 30 * time.Second
)

// WaitError is a wait that was cut: the job goes on without us.
type WaitError struct {
	JobID  string
	Status string // the last one seen; empty: none was
	After  time.Duration
	Err    error // the context's error, with the last failure to look if there was one
}

func (e *WaitError) Error() string {
	status := e.Status
	if status == "" {
		status = "unknown"
	}
	return fmt.Sprintf("job %s was %s after %s: %v", e.JobID, status, e.After.Round(time.Second), e.Err)
}

func (e *WaitError) Unwrap() error { return e.Err }

// Wait follows a job to its end and returns it. Its deadline is the context's. Looks that fail in passing do not end it; only
// the job's FAIL (as an [*Error]), an unknown job, a refusal, or the context (as a [*WaitError]) do.
func (c *Client) Wait(ctx context.Context, operation string, started StartedJob) (*Job, error) {
	begin := c.clock.Now()
	status := ""
	var lastErr error
	var percent *float64
	cut := func(err error) error {
		return &WaitError{JobID: started.ID, Status: status, After: c.clock.Now().Sub(begin), Err: errors.Join(err, lastErr)}
	}
	expected := started.Expected
	for {
		elapsed := c.clock.Now().Sub(begin)
		if err := c.clock.Sleep(ctx, interval(elapsed, expected, percent)); err != nil {
			return nil, cut(err)
		}
		job, err := c.job(ctx, started.ID, true)
		switch {
		case err == nil:
			lastErr, status, percent = nil, job.Status, job.Entities.Percent
			if expected == 0 {
				expected = expectedOf(job.Type)
			}
		case ctx.Err() != nil:
			return nil, cut(ctx.Err())
		case IsNotFound(err) && status == "" && c.clock.Now().Sub(begin) < jobUnknownFor:
			continue
		case isPassing(err):
			lastErr = err
			tflog.Warn(ctx, "Unable to look at a job; the wait goes on", map[string]any{"job_id": started.ID, "error": err.Error()})
			continue
		default:
			return nil, err
		}
		if job.State() != JobRunning {
			return job, job.Err(operation)
		}
		fields := map[string]any{"job_id": started.ID, "status": job.Status, "elapsed": elapsed.Round(time.Second).String()}
		if percent != nil {
			fields["percent"] = *percent
		}
		tflog.Info(ctx, "Waiting for a job", fields)
	}
}

// interval is the pause before the next look. With the job's own progress it aims at the end; else it grows with the time
// gone by until the end is near and then stays a small part of it, so that looks are few and none is much too late.
func interval(elapsed, expected time.Duration, percent *float64) time.Duration {
	var pause time.Duration
	switch {
	case percent != nil && *percent > 0 && *percent <= 100 && elapsed > 0:
		left := time.Duration(float64(elapsed) * (100 - *percent) / *percent)
		// Progress is rarely even: half the way to the estimate, then look again.
		pause = left / 2
	case elapsed < expected:
		pause = min(elapsed/2, (expected-elapsed)/2)
	default:
		pause = elapsed / 10
	}
	return min(max(pause, shortestInterval), longestInterval)
}

// WaitGone waits until the service no longer lists an image.
func (c *Client) WaitGone(ctx context.Context, id string) error {
	return c.waitImage(ctx, id, func(image *Image) bool { return image == nil })
}

// WaitActive waits until an image is active or killed, and returns it. An image that is not listed, and does not appear
// within half a minute, is [ErrNotFound].
func (c *Client) WaitActive(ctx context.Context, id string) (*Image, error) {
	var found *Image
	begin := c.clock.Now()
	err := c.waitImage(ctx, id, func(image *Image) bool {
		found = image
		if image == nil {
			return c.clock.Now().Sub(begin) >= unlistedFor
		}
		return image.Status == StatusActive || image.Status == StatusKilled
	})
	if err == nil && found == nil {
		err = fmt.Errorf("read image %s: %w", id, ErrNotFound)
	}
	return found, err
}

// waitImage looks at an image, at once and then ever more rarely, until done says so of it; nil is a gone image.
func (c *Client) waitImage(ctx context.Context, id string, done func(*Image) bool) error {
	begin := c.clock.Now()
	for looks := 0; ; looks++ {
		image, err := c.image(ctx, id, looks > 0)
		switch {
		case err == nil || IsNotFound(err):
			if done(image) {
				return nil
			}
		case ctx.Err() != nil:
			return ctx.Err()
		case !isPassing(err):
			return err
		}
		if err := c.clock.Sleep(ctx, interval(c.clock.Now().Sub(begin), 0, nil)); err != nil {
			return fmt.Errorf("waiting for image %s: %w", id, err)
		}
	}
}
