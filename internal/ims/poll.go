package ims

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// Polling describes a wait for something that only looking can tell.
type Polling struct {
	// For is what is waited for, in words: "job 1234".
	For string
	// Limit is how long to wait. 0: until the context ends.
	Limit time.Duration
	// Expected is how long such things take; 0: unknown. It spaces the looks in the first half of that time.
	Expected time.Duration
	// Every is the pause between two looks where it is to be always the same; 0: it grows.
	Every time.Duration
	// Later puts the first look behind the first pause: nothing can be over at once.
	Later bool
}

// Look is what one look saw.
type Look struct {
	Done   bool
	Status string // in the service's words, for the error of a wait that is cut; "" if there is none
	Job    *Job   // the job looked at, if it was one: its type and progress space the next looks
}

// ErrNotYet is a wait whose [Polling.Limit] ran out.
var ErrNotYet = errors.New("not yet")

// WaitError is a wait that was cut: what was waited for goes on without us.
type WaitError struct {
	For    string // "job 1234"
	JobID  string // "" when it was no job
	Status string // the last one seen; "": none was
	After  time.Duration
	Err    error // the context's error, with the last failure to look if there was one
}

func (e *WaitError) Error() string {
	status := e.Status
	if status == "" {
		status = "unknown"
	}
	return fmt.Sprintf("%s was %s after %s: %v", e.For, status, e.After.Round(time.Second), e.Err)
}

func (e *WaitError) Unwrap() error { return e.Err }

// Poll looks until a look says that it is done. Every look after the first stands behind other calls, and the pauses
// between them grow from one look to the next and never start anew. A look that fails in passing does not end the wait,
// any other error does; the end of the context is a [*WaitError], the end of the limit is [ErrNotYet] with the last
// passing failure.
func (c *Client) Poll(ctx context.Context, polling Polling, look func(context.Context) (Look, error)) error {
	return poll(ctx, c.clock, polling, look)
}

func poll(ctx context.Context, clock Clock, polling Polling, look func(context.Context) (Look, error)) error {
	begin := clock.Now()
	pace := pace{expected: polling.Expected}
	var last Look
	var lastErr error
	cut := func(err error) error {
		if lastErr != nil {
			err = fmt.Errorf("%w; the last look failed: %w", err, lastErr)
		}
		failure := &WaitError{For: polling.For, Status: last.Status, After: clock.Now().Sub(begin), Err: err}
		if last.Job != nil {
			failure.JobID = last.Job.ID
		}
		return failure
	}
	behind := context.WithValue(ctx, behindOthers{}, true)
	current := ctx
	if polling.Later {
		current = behind
	}

	for looks := 0; ; looks++ {
		elapsed := clock.Now().Sub(begin)
		if looks > 0 || polling.Later {
			pause := beforeDeadline(ctx, cmp.Or(polling.Every, pace.pause(elapsed)))
			if polling.Limit > 0 {
				pause = min(pause, polling.Limit-elapsed)
			}
			if err := clock.Sleep(ctx, pause); err != nil {
				return cut(err)
			}
			current = behind //nolint:fatcontext // one of two, both made before the loop
		}

		seen, err := look(current)
		switch {
		case err == nil && seen.Done:
			return nil
		case err == nil:
			last, lastErr = seen, nil
			pace.heard(seen.Job)
			logWait(ctx, polling, seen, clock.Now().Sub(begin))
		case ctx.Err() != nil:
			return cut(ctx.Err())
		case isPassing(err):
			lastErr = err
			tflog.Warn(ctx, "Unable to look; the wait goes on", map[string]any{"for": polling.For, "error": err.Error()})
		default:
			return err
		}
		if polling.Limit > 0 && clock.Now().Sub(begin) >= polling.Limit {
			if lastErr != nil {
				return fmt.Errorf("%w: %w", ErrNotYet, lastErr)
			}
			return ErrNotYet
		}
	}
}

func logWait(ctx context.Context, polling Polling, seen Look, elapsed time.Duration) {
	fields := map[string]any{"for": polling.For, "status": seen.Status, "elapsed": elapsed.Round(time.Second).String()}
	if seen.Job != nil && seen.Job.Progress() >= 0 {
		fields["percent"] = math.Round(100 * seen.Job.Progress())
	}
	tflog.Info(ctx, "Waiting", fields)
}

// behindOthers is the key of a context whose calls give way to those of other contexts.
type behindOthers struct{}

func givesWay(ctx context.Context) bool {
	behind, _ := ctx.Value(behindOthers{}).(bool)
	return behind
}
