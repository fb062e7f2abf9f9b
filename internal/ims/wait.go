package ims

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// JobUnknownFor is how long a job just accepted may not be known to the service's other half.
const JobUnknownFor = 30 * time.Second

// Wait follows a job to its end and returns it. Its deadline is the context's. Looks that fail in passing do not end
// it; only the job's FAIL (as an [*Error]), an unknown job, a refusal, or the context (as a [*WaitError]) do.
func (c *Client) Wait(ctx context.Context, operation string, started StartedJob) (*Job, error) {
	return c.Follow(ctx, operation, started, func(*Job) {})
}

// Follow is [Client.Wait] and shows each look at the job while it runs.
func (c *Client) Follow(ctx context.Context, operation string, started StartedJob, show func(*Job)) (*Job, error) {
	begin := c.clock.Now()
	var job *Job
	err := c.Poll(ctx, Polling{For: "job " +
		started.ID, Expected: started.Expected, Later: true}, func(ctx context.Context) (Look, error) {
		seen, err := c.Job(ctx, started.ID)
		switch {
		case IsNotFound(err) && job == nil && c.clock.Now().Sub(begin) < JobUnknownFor:
			return Look{}, nil
		case err != nil:
			return Look{}, err
		}
		job = seen
		if job.State() == JobRunning {
			show(job)
		}
		return Look{Done: job.State() != JobRunning, Status: job.Status, Job: job}, nil
	})
	var cut *WaitError
	if errors.As(err, &cut) {
		cut.JobID = started.ID
	}
	if err != nil {
		return nil, err
	}
	return job, c.JobFailure(ctx, job, operation)
}

// JobFailure is the failure of a failed job, with the project's limits if one of them was the reason; nil for any
// other.
func (c *Client) JobFailure(ctx context.Context, job *Job, operation string) error {
	return c.withFigures(ctx, call{}, job.Err(operation))
}

// WaitGone waits until the service no longer lists an image.
func (c *Client) WaitGone(ctx context.Context, id string) error {
	return c.Poll(ctx, Polling{For: "image " + id}, func(ctx context.Context) (Look, error) {
		image, err := c.listed(ctx, id)
		switch {
		case IsNotFound(err):
			return Look{Done: true}, nil
		case err != nil:
			return Look{}, err
		}
		return Look{Status: image.Status}, nil
	})
}

// WaitActive waits until an image is active or killed and is listed, and returns it. One that is gone is [ErrNotFound].
func (c *Client) WaitActive(ctx context.Context, id string) (*Image, error) {
	var image *Image
	sight := c.Sight(id)
	err := c.Poll(ctx, Polling{For: "image " + id}, func(ctx context.Context) (look Look, err error) {
		if image, err = sight.Look(ctx); err != nil || image == nil {
			return Look{}, err
		}
		return Look{Done: image.Status == StatusActive || image.Status == StatusKilled, Status: image.Status}, nil
	})
	if err != nil {
		return nil, err
	}
	return image, nil
}

// Sight is one image seen again and again while it is waited for. Lists may leave an image out for long while it is
// made, or just after: absence alone does not mean that it is gone, and the native read that can tell is asked ever
// more rarely.
type Sight struct {
	client *Client
	id     string
	absent time.Time // since when no list has shown it; zero: the last one did
	proof  time.Time // when the native read is to be asked next
	alone  bool      // the list alone is to be believed: there is no native read
}

const (
	// firstProof is how long an image may be left out of lists before the native read is asked for it.
	firstProof = 30 * time.Second
	// proofFactor is by how much the absence has to grow from one native read to the next.
	proofFactor = 3
	// absentFor is how long an image may be left out of lists where there is no native read to ask.
	absentFor = 5 * time.Minute
)

// Sight begins to look at an image.
func (c *Client) Sight(id string) *Sight { return &Sight{client: c, id: id} }

// Look looks once. No image and no error: no list shows it, and nothing says that it is gone. One that is gone is
// [ErrNotFound].
func (s *Sight) Look(ctx context.Context) (*Image, error) {
	image, err := s.client.listed(ctx, s.id)
	if !errors.Is(err, ErrNotFound) {
		s.absent = time.Time{}
		return image, err
	}
	now := s.client.clock.Now()
	if s.absent.IsZero() {
		s.absent, s.proof = now, now.Add(firstProof)
	}
	if now.Before(s.proof) {
		return nil, nil
	}
	if s.alone {
		return nil, fmt.Errorf("read image %s: %w", s.id, ErrNotFound)
	}
	s.proof = s.absent.Add(proofFactor * now.Sub(s.absent))
	_, err = s.client.nativeImage(ctx, s.id)
	if s.alone = IsNotOffered(err); s.alone {
		s.proof, err = s.absent.Add(absentFor), nil
	}
	return nil, err
}
