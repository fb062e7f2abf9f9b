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

// An unfinished image is one whose making was cut: by an interrupt, a deadline or a lost answer. Its state has no id, or the
// id of an image that is not active yet.

// errGone says that an unfinished image will never be.
var errGone = errors.New("gone")

// appearsIn is how long after the end of its job an image may be nowhere to be seen.
const appearsIn = 5 * time.Minute

// look finds out without waiting what became of an unfinished image. No image and no error: it is still being made.
func (o *operation) look(ctx context.Context, state model) (*ims.Image, error) {
	m := state.common()
	id, jobID := m.ID.ValueString(), m.JobID.ValueString()
	var image *ims.Image
	var err error
	if id != "" {
		image, err = o.readUnlisted(ctx, id)
		if err != nil || jobID == "" || !isUnderWay(image.Status) {
			return image, err
		}
	} else if jobID == "" {
		return o.lookForCreated(ctx, state)
	}
	job, err := o.Client.Job(ctx, jobID)
	switch {
	case ims.IsNotFound(err) && id == "":
		return o.lookForCreated(ctx, state)
	case ims.IsNotFound(err):
		return image, nil
	case err != nil:
		return nil, err
	case job.State() == ims.JobFailed:
		return o.lookForLeft(ctx, state, job)
	case id != "" || job.State() == ims.JobRunning:
		return image, nil
	}
	image, err = o.imageOf(ctx, state, job, o.readUnlisted)
	if ims.IsNotFound(err) && o.images.Now().Sub(job.EndTime.Time) < appearsIn {
		return nil, nil
	}
	return image, err
}

// lookForLeft finds what a failed job left. An image that it left is kept track of, and replaced.
func (o *operation) lookForLeft(ctx context.Context, state model, job *ims.Job) (*ims.Image, error) {
	m := state.common()
	ids := job.ImageIDs()
	if id := m.ID.ValueString(); id != "" && !slices.Contains(ids, id) {
		ids = append(ids, id)
	}
	var left *ims.Image
	var others []string
	for _, id := range ids {
		image, err := o.readUnlisted(ctx, id)
		switch {
		case ims.IsNotFound(err):
		case err != nil:
			return nil, err
		case left == nil:
			left = image
		default:
			others = append(others, id)
		}
	}
	sentence := fmt.Sprintf("The service failed to make image %q after the apply that asked for it was cut. ", m.Name.ValueString())
	err := errGone
	if left == nil {
		sentence += "It is removed from the state."
	} else {
		sentence += "It left image " + left.ID + ", which the plan replaces."
		state.setParts(others)
		o.diagnostics.Append(framework.SetPrivate(ctx, o.private, keyFailed, true)...)
		err = nil
	}
	o.diagnostics.AddWarning("The "+o.kind.noun+" was not made", framework.Detail(sentence, job.Err("create "+o.kind.noun), ""))
	return left, err
}

// lookForCreated looks once for the image of a request of which nothing is left but what it said.
func (o *operation) lookForCreated(ctx context.Context, state model) (*ims.Image, error) {
	created, ok := framework.GetPrivate[ims.Created](ctx, o.private, keyCreated)
	if !ok {
		return nil, errGone
	}
	defer o.images.Making(created.Name)()
	image, err := o.images.LookForCreated(ctx, created)
	unclear, isUnclear := ims.IsUnclear(err)
	if !isUnclear || len(unclear.Candidates) > 0 {
		return image, err
	}
	patience, _ := state.common().Timeouts.Create(ctx, defaultTimeouts.Create)
	if o.mayAppear(created, patience) {
		return nil, nil
	}
	o.diagnostics.AddWarning("The "+o.kind.noun+" was not made", fmt.Sprintf("The service was asked at %s to make image %q, its answer was lost, and no image that fits has appeared. "+
		"It is removed from the state.", created.Since.UTC().Format(time.RFC3339), created.Name))
	return nil, errGone
}

// mayAppear tells whether the image of a request whose answer was lost may yet be seen: some clouds list none before its job ends.
func (o *operation) mayAppear(created ims.Created, patience time.Duration) bool {
	return o.images.Now().Sub(created.Since) < max(patience, defaultTimeouts.Create)
}

// resume waits for an unfinished image.
func (o *operation) resume(ctx context.Context, made, state model) (*ims.Image, error) {
	id, job := state.common().ID, ims.StartedJob{ID: state.common().JobID.ValueString()}
	created, known := framework.GetPrivate[ims.Created](ctx, o.private, keyCreated)
	defer o.images.Making(created.Name)()
	switch {
	case id.ValueString() != "" && job.ID != "":
		made.common().ID = id
		return o.follow(ctx, id.ValueString(), job)
	case id.ValueString() != "":
		image, err := o.readUnlisted(ctx, id.ValueString())
		if err != nil {
			return nil, err
		}
		made.common().ID = id
		if image.Status != ims.StatusQueued { // it has its data, or is getting them
			return o.follow(ctx, image.ID, job)
		}
		return o.deliver(ctx, made, image.ID)
	case job.ID != "":
		return o.await(ctx, made, job, created)
	case !known:
		return nil, errGone
	}
	image, err := o.images.FindCreated(ctx, created)
	if err != nil {
		return nil, err
	}
	return o.deliver(ctx, made, image.ID)
}

// cutUpdate tells why an unfinished image is still not there.
func (o *operation) cutUpdate(ctx context.Context, plan model, err error) {
	var lacking *deliveryError
	_, unclear := ims.IsUnclear(err)
	switch {
	case errors.As(err, &lacking):
		o.discard(ctx, plan, "The image file did not reach the service.", lacking.err)
	case ims.IsJobFailure(err) && plan.common().ID.ValueString() != "":
		o.keepUnfinished(ctx, plan)
		o.fail(o.diagnostics, "create", "The service failed to make the image. It left image "+plan.common().ID.ValueString()+".", err, "The next plan replaces it.")
	case ims.IsJobFailure(err):
		o.fail(o.diagnostics, "create", "The service failed to make the image. No image was left.", err, "The next plan makes a new one.")
	case errors.Is(ctx.Err(), context.Canceled):
		o.keepUnfinished(ctx, plan)
		o.diagnostics.AddWarning("Interrupted: the image is still being made",
			fmt.Sprintf("The %s goes on being made at the service%s. The next apply waits for it.", o.kind.noun, jobClause(plan)))
	case errors.Is(err, errGone):
		o.fail(o.diagnostics, "create", "Nothing is known of the request that was to make the image.", nil, "Apply again with a refresh: the next plan makes a new one.")
	case unclear:
		o.failUnclear("create", err, true)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		o.fail(o.diagnostics, "create", "The image is not finished within timeouts.create. It goes on being made at the service.", err,
			"Raise timeouts.create, or apply again: the next apply goes on waiting.")
	default:
		o.fail(o.diagnostics, "create", "The image is being made at the service, and could not be waited for.", err, "The next apply goes on waiting.")
	}
}

// keepUnfinished puts what is known into the state: the plan, without an id. What only the finished image can tell is null.
func (o *operation) keepUnfinished(ctx context.Context, plan model) {
	m := plan.common()
	if m.ID.IsUnknown() {
		m.ID = types.StringNull()
	}
	m.Owner = types.StringValue(o.project)
	o.diagnostics.Append(o.state.Set(ctx, plan)...)
	o.state.Raw = withoutUnknown(overlay(o.planned, o.state.Raw))
	o.identify(ctx, m.ID)
}
