package framework

import (
	"context"
	"time"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// Job is the record of a thing that one job of the service makes: what a later run needs to see how the making goes.
type Job struct {
	ID        string
	Operation string        // in words, for logs and errors: "export image 1234"
	Expected  time.Duration // how long such jobs take; 0: unknown
}

// JobOutcomes are the outcomes of [Job.Look] and [Job.Wait]: a table of verdicts has a row for each of them.
func JobOutcomes() []Outcome {
	return []Outcome{UnderWay, Ready, Failed, Gone, Interrupted, OutOfTime, Unreadable}
}

// Look reads the job once. The job is nil if it could not be read. The error is why the outcome is neither [UnderWay]
// nor [Ready].
func (j Job) Look(ctx context.Context, client *ims.Client) (*ims.Job, Outcome, error) {
	job, err := client.Job(ctx, j.ID)
	if err != nil {
		return nil, OutcomeOf(ctx, err), err
	}
	if job.State() == ims.JobRunning {
		return job, UnderWay, nil
	}
	err = client.JobFailure(ctx, job, j.Operation)
	return job, OutcomeOf(ctx, err), err
}

// Wait waits for the end of the job until the context ends, and shows what each look at it finds while it runs. The
// outcome is never [UnderWay], and the error is why it is not [Ready].
func (j Job) Wait(ctx context.Context, client *ims.Client, show func(*ims.Job)) (*ims.Job, Outcome, error) {
	job, err := client.Follow(ctx, j.Operation, ims.StartedJob{ID: j.ID, Expected: j.Expected}, show)
	return job, OutcomeOf(ctx, err), err
}
