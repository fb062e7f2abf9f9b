package image

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

const (
	// appearsIn is how long after the end of its job an image may be nowhere to be seen.
	appearsIn = 5 * time.Minute
)

// sighting is what one step saw.
type sighting struct {
	outcome framework.Outcome
	image   *ims.Image // as far as it was seen
	job     *ims.Job   // if it was looked at
	err     error      // the service's own words
	reason  error      // why an image that lacks its file was not deleted
}

// step takes one look at the service and does not wait for it: it brings the record up to date and says how the image
// stands. The one thing it may do that takes long is to send an image its file. Nothing else asks for the job, the
// image, or the image of a lost answer, and nothing else delivers a file.
func (o *operation) step(ctx context.Context) sighting {
	switch id := o.model.common().ID.ValueString(); o.record.stage(id) {
	case stageRequested:
		return o.searchImage(ctx)
	case stageJob:
		return o.readJob(ctx)
	case stageRegistered:
		if m := o.record.Making; m.JobID != "" && m.JobEnded.IsZero() {
			return o.readJob(ctx)
		}
		return o.readImage(ctx)
	case stageFinished:
		image, err := o.client.Image(ctx, id)
		if err == nil && isUnderWay(image.Status) {
			o.record.Making = &making{ImageID: id}
		}
		return o.judge(image, err)
	case stageUnknown:
	}
	if o.verb == updating { // the next plan, with a refresh, makes a new one
		return sighting{outcome: framework.Gone}
	}
	return sighting{outcome: framework.NeverSeen}
}

// judge is what an image's status, or the error of reading it, means.
func (o *operation) judge(image *ims.Image, err error) sighting {
	switch {
	case ims.IsNotFound(err) && o.mayBeLate():
		return sighting{outcome: framework.UnderWay}
	case ims.IsNotFound(err):
		return sighting{outcome: framework.Gone, err: err}
	case err != nil:
		return sighting{outcome: framework.Unreadable, err: err}
	case image == nil || isUnderWay(image.Status):
		return sighting{outcome: framework.UnderWay, image: image}
	case image.Status == ims.StatusKilled:
		return sighting{outcome: framework.Killed, image: image}
	default:
		return sighting{outcome: framework.Ready, image: image}
	}
}

// mayBeLate is true of an image whose job ended a moment ago: not even the native read need know it yet.
func (o *operation) mayBeLate() bool {
	m := o.record.Making
	return m != nil && m.FromJob && o.client.Now().Sub(m.JobEnded) < appearsIn
}

// searchImage looks for the image of a request whose answer was lost.
func (o *operation) searchImage(ctx context.Context) sighting {
	request := o.record.Making.Request
	image, err := o.client.LookForCreated(ctx, request)
	now := o.client.LocalTime()
	if o.searching.IsZero() {
		o.searching = now
	}
	unclear, isUnclear := ims.IsUnclear(err)
	if isUnclear {
		unclear.Searched = now.Sub(o.searching)
	}
	switch {
	case err == nil && o.verb == reading:
		o.adopt(image)
		return o.readImage(ctx)
	case err == nil: // the search has a limit of its own, and is over
		o.adopt(image)
		return sighting{outcome: framework.UnderWay, image: image}
	case !isUnclear:
		return sighting{outcome: framework.Unreadable, err: err}
	case o.verb != reading && now.Sub(o.searching) < ims.SearchFor:
		return sighting{outcome: framework.UnderWay}
	case len(unclear.Candidates) > 0:
		return sighting{outcome: framework.Ambiguous, err: err}
	case o.client.Now().Sub(request.Since) < max(o.createTimeout(ctx), o.kind.timeouts().Create):
		// Some clouds list no image before its job has ended.
		return sighting{outcome: framework.Unseen, err: err}
	}
	return sighting{outcome: framework.NeverSeen, err: err}
}

// adopt takes over the only image that fits a request. The request is never repeated: it may have been accepted.
func (o *operation) adopt(image *ims.Image) {
	o.record.Making.ImageID = image.ID
	if o.lost == nil {
		return
	}
	o.diagnostics.AddWarning(
		"Adopted the "+o.kind.noun+" after its request's answer was lost",
		adviceOnCodes.Detail(fmt.Sprintf(
			"The service was asked to make the image and its answer was lost. Image %s, registered at %s, is the only one "+
				"that fits "+
				"the request: it was taken over.",
			image.ID,
			image.CreatedAt,
		), o.lost, ""),
	)
}

// readJob looks at the job that makes the image, or its file.
func (o *operation) readJob(ctx context.Context) sighting {
	m := o.record.Making
	job, err := o.client.Job(ctx, m.JobID)
	now := o.client.Now()
	switch {
	case ims.IsNotFound(err) && now.Sub(m.JobSince) < ims.JobUnknownFor:
		return sighting{outcome: framework.UnderWay}
	case ims.IsNotFound(err) && m.ImageID == "":
		// The record of the job is gone; its image need not be.
		m.JobID = ""
		return o.searchImage(ctx)
	case ims.IsNotFound(err):
		m.JobEnded = now
		return o.readImage(ctx)
	case err != nil:
		return sighting{outcome: framework.Unreadable, err: err}
	}
	switch job.State() {
	case ims.JobFailed:
		return o.readLeft(ctx, job)
	case ims.JobRunning:
		return sighting{outcome: framework.UnderWay, job: job}
	case ims.JobSucceeded:
	}
	if m.ImageID == "" {
		return o.register(ctx, job)
	}
	m.JobEnded = endOf(job, now)
	return o.readImage(ctx)
}

func endOf(job *ims.Job, now time.Time) time.Time {
	if job.EndTime.IsZero() {
		return now
	}
	return job.EndTime.Time
}

// register takes the ids of the images that a job made: the image, and its parts. An only one is the image, whatever
// the service makes of it.
func (o *operation) register(ctx context.Context, job *ims.Job) sighting {
	m, ids := o.record.Making, job.ImageIDs()
	ended := endOf(job, o.client.Now())
	if len(ids) == 0 {
		return sighting{outcome: framework.Unreadable, err: fmt.Errorf("job %s succeeded and names no image", job.ID)}
	}
	for _, id := range ids {
		o.client.MarkMade(id)
	}
	if len(ids) == 1 {
		m.ImageID, m.FromJob, m.JobEnded = ids[0], true, ended
		return o.readImage(ctx)
	}

	var own *ims.Image
	var parts []string
	for _, id := range ids {
		image, err := o.see(ctx, id)
		switch {
		case ims.IsNotFound(err):
		case err != nil:
			return sighting{outcome: framework.Unreadable, err: err}
		case image == nil: // not listed yet
			return sighting{outcome: framework.UnderWay, job: job}
		case own == nil && o.kind.stands(image):
			own = image
			continue
		}
		parts = append(parts, id)
	}
	switch {
	case own == nil && o.client.Now().Sub(ended) < appearsIn:
		return sighting{outcome: framework.UnderWay, job: job}
	case own == nil:
		return sighting{outcome: framework.Gone, err: fmt.Errorf("read the images of job %s: %w", job.ID, ims.ErrNotFound)}
	}
	m.ImageID, m.Parts, m.JobEnded, o.delivered = own.ID, parts, ended, true
	return o.judge(own, nil)
}

// readLeft finds what a failed job left. What it left is kept track of, and replaced.
func (o *operation) readLeft(ctx context.Context, job *ims.Job) sighting {
	m := o.record.Making
	ids := job.ImageIDs()
	if m.ImageID != "" && !slices.Contains(ids, m.ImageID) {
		ids = append(ids, m.ImageID)
	}
	left := sighting{outcome: framework.Failed, err: o.client.JobFailure(ctx, job, "create "+o.kind.noun)}
	var found []string
	for _, id := range ids {
		image, err := o.client.Image(ctx, id)
		switch {
		case ims.IsNotFound(err):
			continue
		case err != nil: // the record keeps what it knows
			return sighting{outcome: framework.Unreadable, err: err}
		case left.image == nil:
			left.outcome, left.image = framework.FailedAndLeft, image
		}
		found = append(found, id)
	}
	m.ImageID, m.Parts = "", nil
	if len(found) > 0 {
		m.ImageID, m.Parts = found[0], found[1:]
	}
	return left
}

// readImage looks at an image whose id is known. One that lacks its file gets it first, unless the operation only
// reads, or is about to delete it.
func (o *operation) readImage(ctx context.Context) sighting {
	m := o.record.Making
	if o.verb == creating && !o.delivered {
		return o.deliver(ctx)
	}
	image, err := o.see(ctx, m.ImageID)
	if o.verb == updating && !o.delivered && err == nil && image.Status == ims.StatusQueued {
		return o.deliver(ctx)
	}
	o.delivered = o.delivered || err == nil && image != nil
	return o.judge(image, err)
}

// deliver sends an image its file, where the kind makes images in two steps, and looks at it.
func (o *operation) deliver(ctx context.Context) sighting {
	m := o.record.Making
	o.model.common().ID = types.StringValue(m.ImageID)
	job, err := o.model.deliver(ctx, o.client, m.ImageID)
	if err != nil {
		return sighting{outcome: framework.Undelivered, err: err}
	}
	o.delivered = true
	if job.ID == "" {
		return o.readImage(ctx)
	}
	o.accept(job)
	return sighting{outcome: framework.UnderWay}
}

// see reads an image: at once and for sure where the operation only reads, else as one look among many. No image and no
// error: it is not listed yet.
func (o *operation) see(ctx context.Context, id string) (*ims.Image, error) {
	if o.verb == reading || o.verb == updating && !o.delivered {
		return o.client.Image(ctx, id)
	}
	sight, ok := o.sights[id]
	if !ok {
		sight = o.client.Sight(id)
		o.sights[id] = sight
	}
	return sight.Look(ctx)
}

// wait steps until the image is no longer under way, or until enough is known of it. The context ends the wait.
func (o *operation) wait(ctx context.Context, job ims.StartedJob, enough func() bool) sighting {
	return o.poll(ctx, ims.Polling{For: o.inWords(), Expected: job.Expected, Later: job.ID != ""}, enough)
}

func (o *operation) poll(ctx context.Context, polling ims.Polling, enough func() bool) sighting {
	var seen sighting
	err := o.client.Poll(ctx, polling, func(ctx context.Context) (ims.Look, error) {
		seen = o.step(ctx)
		if seen.outcome == framework.Unreadable {
			return ims.Look{}, seen.err
		}
		look := ims.Look{Done: seen.outcome != framework.UnderWay || enough(), Job: seen.job}
		switch {
		case seen.job != nil:
			look.Status = seen.job.Status
		case seen.image != nil:
			look.Status = seen.image.Status
		}
		return look, nil
	})
	if err == nil {
		return seen
	}
	var cut *ims.WaitError
	if m := o.record.Making; errors.As(err, &cut) && m != nil {
		cut.JobID = m.JobID
	}
	seen.outcome, seen.err = framework.OutcomeOf(ctx, err), err
	return seen
}
