package image

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// An unfinished image is one whose making was cut: by an interrupt, a deadline or a lost answer. Its state has no id, or the
// id of an image that is not active yet.

// errGone says that an unfinished image will never be.
var errGone = errors.New("gone")

// look finds out without waiting what became of an unfinished image. No image and no error: it is still being made.
func (o *operation) look(ctx context.Context, state model) (*ims.Image, error) {
	m := state.common()
	if id := m.ID.ValueString(); id != "" {
		image, err := o.images.Image(ctx, id)
		if ims.IsNotFound(err) { // lists may leave out what is not finished
			return o.images.GlanceImage(ctx, id)
		}
		return image, err
	}
	if m.JobID.ValueString() == "" {
		return o.lookForCreated(ctx, state)
	}
	job, err := o.Client.Job(ctx, m.JobID.ValueString())
	switch {
	case ims.IsNotFound(err):
		return o.lookForCreated(ctx, state)
	case err != nil:
		return nil, err
	case job.State() == ims.JobFailed:
		o.diagnostics.AddWarning("The "+o.kind.noun+" was not made", framework.Detail(
			fmt.Sprintf("The service failed to make image %q after the apply that asked for it was cut. It is removed from the state.", m.Name.ValueString()),
			job.Err("create "+o.kind.noun), ""))
		return nil, errGone
	case job.State() == ims.JobRunning:
		return nil, nil
	}
	return o.imageOf(ctx, state, job, o.images.Image)
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
	if age := o.images.Now().Sub(created.Since); age < max(patience, defaultTimeouts.Create) {
		return nil, nil // some clouds do not list an image before its job ends
	}
	o.diagnostics.AddWarning("The "+o.kind.noun+" was not made", fmt.Sprintf("The service was asked at %s to make image %q, its answer was lost, and no image that fits has appeared. "+
		"It is removed from the state.", created.Since.UTC().Format(time.RFC3339), created.Name))
	return nil, errGone
}

// resume waits for an unfinished image.
func (o *operation) resume(ctx context.Context, made, state model) (*ims.Image, error) {
	m := state.common()
	if id := m.ID.ValueString(); id != "" {
		if job := m.JobID.ValueString(); job != "" {
			return o.follow(ctx, id, ims.StartedJob{ID: job})
		}
		return o.deliver(ctx, made, id)
	}
	created, _ := framework.GetPrivate[ims.Created](ctx, o.private, keyCreated)
	defer o.images.Making(created.Name)()
	if job := m.JobID.ValueString(); job != "" {
		return o.await(ctx, made, ims.StartedJob{ID: job}, created)
	}
	image, err := o.images.FindCreated(ctx, created)
	if err != nil {
		return nil, err
	}
	return o.deliver(ctx, made, image.ID)
}

// cutUpdate tells why an unfinished image is still not there.
func (o *operation) cutUpdate(ctx context.Context, plan model, err error) {
	var failed *ims.Error
	var lacking *deliveryError
	_, unclear := ims.IsUnclear(err)
	switch {
	case errors.As(err, &lacking):
		o.discard(ctx, plan, "The image file did not reach the service.", lacking.err)
	case errors.As(err, &failed) && failed.JobID != "" && plan.common().ID.ValueString() != "":
		o.fail(o.diagnostics, "create", "The service failed to make the image. It left image "+plan.common().ID.ValueString()+".", err, "The next plan replaces it.")
	case errors.As(err, &failed) && failed.JobID != "":
		o.fail(o.diagnostics, "create", "The service failed to make the image. No image was left.", err, "The next plan makes a new one.")
	case errors.Is(ctx.Err(), context.Canceled):
		o.keepUnfinished(ctx, plan)
		o.diagnostics.AddWarning("Interrupted: the image is still being made",
			fmt.Sprintf("The %s goes on being made at the service%s. The next apply waits for it.", o.kind.noun, jobClause(plan)))
	case unclear:
		o.failUnclear("create", err)
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
	o.diagnostics.Append(o.state.Set(ctx, plan)...)
	o.state.Raw = withoutUnknown(overlay(o.planned, o.state.Raw))
	o.identify(ctx, m.ID)
}
