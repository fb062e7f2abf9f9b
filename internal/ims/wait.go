package ims

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

const (
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
	return c.Follow(ctx, operation, started, func(*Job) {})
}

// Follow is [Client.Wait] and shows each look at the job while it runs.
func (c *Client) Follow(ctx context.Context, operation string, started StartedJob, show func(*Job)) (*Job, error) {
	begin := c.clock.Now()
	pace := pace{expected: started.Expected}
	status := ""
	var lastErr error
	cut := func(err error) error {
		if lastErr != nil {
			err = fmt.Errorf("%w; the last look failed: %w", err, lastErr)
		}
		return &WaitError{JobID: started.ID, Status: status, After: c.clock.Now().Sub(begin), Err: err}
	}
	for {
		elapsed := c.clock.Now().Sub(begin)
		if err := c.clock.Sleep(ctx, beforeDeadline(ctx, pace.pause(elapsed))); err != nil {
			return nil, cut(err)
		}
		job, err := c.job(ctx, started.ID, true)
		switch {
		case err == nil:
			lastErr, status = nil, job.Status
			pace.heard(job)
		case ctx.Err() != nil:
			return nil, cut(ctx.Err())
		case isPassing(err), IsNotFound(err) && status == "" && c.clock.Now().Sub(begin) < jobUnknownFor:
			lastErr = err
			tflog.Warn(ctx, "Unable to look at a job; the wait goes on", map[string]any{"job_id": started.ID, "error": err.Error()})
			continue
		default:
			return nil, err
		}
		if job.State() != JobRunning {
			return job, c.withFigures(ctx, call{}, job.Err(operation))
		}
		fields := map[string]any{"job_id": started.ID, "status": job.Status, "elapsed": elapsed.Round(time.Second).String()}
		if percent := job.Entities.Percent; percent != nil {
			fields["percent"] = *percent
		}
		tflog.Info(ctx, "Waiting for a job", fields)
		show(job)
	}
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
			return fmt.Errorf("waiting for image %s: %w", id, ctx.Err())
		case !isPassing(err):
			return err
		}
		if err := c.clock.Sleep(ctx, interval(c.clock.Now().Sub(begin), 0)); err != nil {
			return fmt.Errorf("waiting for image %s: %w", id, err)
		}
	}
}
