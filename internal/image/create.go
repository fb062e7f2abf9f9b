package image

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-ims/terraform-provider-ims/internal/framework"
	"github.com/terraform-provider-ims/terraform-provider-ims/internal/ims"
)

// create makes the image of a plan.
func (o *operation) create(ctx context.Context, plan model) {
	m := plan.common()
	if !isWhollyKnown(m.TagsAll) {
		m.TagsAll = tagValue(o.Tags.All(tagMap(m.Tags)))
	}
	var far *farError
	if err := o.enter(ctx, plan); errors.As(err, &far) {
		o.failFar(far)
		return
	} else if err != nil {
		o.fail(o.diagnostics, "create", "", err, "")
		return
	}
	defer o.images.Making(m.Name.ValueString())()
	created := describe(plan, o.images.Now())
	o.diagnostics.Append(setPrivate(ctx, o.private, keyCreated, created)...)

	job, err := plan.create(ctx, o.Client)
	var image *ims.Image
	switch {
	case err == nil && job.ImageID != "":
		image, err = o.deliver(ctx, plan, job.ImageID)
	case err == nil:
		m.JobID = types.StringValue(job.ID)
		image, err = o.await(ctx, plan, job, created)
	case ims.AnswerLost(err):
		image, err = o.adopt(ctx, plan, created, err)
	default:
		advice := ""
		if ims.HasCode(err, ims.CodeNoAPI) && o.images != o.Client {
			advice = "This cloud does not offer cross-region replication. Leave target_region out to replicate the image in its own region."
		}
		o.fail(o.diagnostics, "create", "The request was refused or could not be sent: no image was made.", err, advice)
		return
	}
	if err != nil {
		o.cutCreate(ctx, plan, err)
		return
	}
	o.settle(ctx, plan, image)
}

// await waits for a job and returns its image, once that is usable.
func (o *operation) await(ctx context.Context, made model, job ims.StartedJob, created ims.Created) (*ims.Image, error) {
	finished, err := o.Client.Wait(ctx, "create "+o.kind.noun, job)
	if ims.IsNotFound(err) {
		// The record of the job is gone; its image need not be.
		image, err := o.images.FindCreated(ctx, created)
		if err != nil {
			return nil, err
		}
		return o.deliver(ctx, made, image.ID)
	}
	if err != nil {
		if finished != nil {
			keepLeft(made, finished.ImageIDs())
		}
		return nil, err
	}
	return o.imageOf(ctx, made, finished, o.images.WaitActive)
}

// keepLeft notes the images that a job left although it failed.
func keepLeft(made model, ids []string) {
	if len(ids) > 0 {
		made.common().ID = types.StringValue(ids[0])
		made.setParts(ids[1:])
	}
}

// imageOf finds the image among those that a job made, and keeps the others as its parts.
func (o *operation) imageOf(ctx context.Context, made model, job *ims.Job, read func(context.Context, string) (*ims.Image, error)) (*ims.Image, error) {
	var own *ims.Image
	var parts []string
	for _, id := range job.ImageIDs() {
		o.images.MarkMade(id)
		image, err := read(ctx, id)
		if err != nil {
			return nil, err
		}
		if own == nil && o.kind.stands(image) {
			own = image
			continue
		}
		parts = append(parts, id)
	}
	if own == nil {
		return nil, fmt.Errorf("job %s succeeded and names no %s", job.ID, o.kind.noun)
	}
	made.setParts(parts)
	return own, nil
}

// adopt finds the image of a request whose answer was lost. The request is never repeated: it may have been accepted.
func (o *operation) adopt(ctx context.Context, plan model, created ims.Created, lost error) (*ims.Image, error) {
	image, err := o.images.FindCreated(ctx, created)
	if err != nil {
		return nil, errors.Join(err, lost)
	}
	o.diagnostics.AddWarning("Adopted the "+o.kind.noun+" after its request's answer was lost", framework.Detail(
		fmt.Sprintf("The service was asked to make the image and its answer was lost. Image %s, registered at %s, is the only one that fits the request: it was taken over.",
			image.ID, image.CreatedAt), lost, ""))
	return o.deliver(ctx, plan, image.ID)
}

// settle sends what a create request cannot say, or what the service did not heed, and keeps the image.
func (o *operation) settle(ctx context.Context, plan model, image *ims.Image) {
	o.images.MarkMade(image.ID)
	if image.Status == ims.StatusKilled {
		o.keep(ctx, plan, image)
		o.diagnostics.AddError("Unable to create "+o.kind.noun, fmt.Sprintf("The service killed image %s while making it. The next apply replaces it.", image.ID))
		return
	}
	fresh := o.kind.newModel().common()
	fresh.read(image, o.Tags)
	updated, err := changesTo(plan.common(), fresh, presentAttributes(image)).send(ctx, o.images, image.ID)
	if updated == nil {
		updated = image
	}
	o.keep(ctx, plan, updated)
	switch {
	case err == nil:
	case errors.Is(ctx.Err(), context.Canceled):
		o.diagnostics.AddWarning("Interrupted", fmt.Sprintf("Image %s is made; some of its attributes are still to be changed. The next apply does that.", image.ID))
	default:
		o.fail(o.diagnostics, "create", fmt.Sprintf("Image %s is made, and some of its attributes could not be changed to what is configured.", image.ID), err,
			"The next apply replaces the image. To keep it, run `terraform untaint` (or `tofu untaint`) on the resource first: then the next apply changes it in place.")
	}
}

// cutCreate tells why there is no image yet, and keeps in the state what a later run needs to find it.
func (o *operation) cutCreate(ctx context.Context, plan model, err error) {
	var failed *ims.Error
	jobFailed := errors.As(err, &failed) && failed.JobID != ""
	_, unclear := ims.IsUnclear(err)
	var lacking *deliveryError
	switch {
	case errors.As(err, &lacking):
		o.discard(ctx, plan, "The image file did not reach the service.", lacking.err)
	case jobFailed && plan.common().ID.IsUnknown():
		o.fail(o.diagnostics, "create", "The service began to make the image and failed. No image was left.", err, "")
	case jobFailed:
		o.keepUnfinished(ctx, plan)
		o.fail(o.diagnostics, "create", "The service began to make the image and failed. It left image "+plan.common().ID.ValueString()+".", err,
			"The next apply deletes what was left and makes a new image.")
	case errors.Is(ctx.Err(), context.Canceled):
		o.keepUnfinished(ctx, plan)
		o.diagnostics.AddWarning("Interrupted: the image is still being made", fmt.Sprintf(
			"The %s goes on being made at the service%s. The next apply waits for it and makes no second one.", o.kind.noun, jobClause(plan)))
	case unclear:
		o.failUnclear("create", err)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		o.keepUnfinished(ctx, plan)
		o.fail(o.diagnostics, "create", "The image is not finished within timeouts.create. It goes on being made at the service.", err,
			"Raise timeouts.create. The next apply deletes this image and makes a new one; to take it over instead, run `terraform untaint` (or `tofu untaint`) on the resource first.")
	default:
		o.keepUnfinished(ctx, plan)
		o.fail(o.diagnostics, "create", "The image is being made at the service, and could not be waited for.", err,
			"The next apply deletes this image and makes a new one; to take it over instead, run `terraform untaint` (or `tofu untaint`) on the resource first.")
	}
}

// failUnclear tells of a search that found no image, or several.
func (o *operation) failUnclear(verb string, err error) {
	unclear, _ := ims.IsUnclear(err)
	if len(unclear.Candidates) == 0 {
		o.fail(o.diagnostics, verb, "The service was asked to make the image and its answer was lost. No image that fits the request has appeared, so it was probably never accepted.", err,
			"Look whether the image appears after all. If it does, import it or delete it; if not, apply again.")
		return
	}
	var list strings.Builder
	for _, image := range unclear.Candidates {
		fmt.Fprintf(&list, "\n  %s  %s  %s", image.ID, image.CreatedAt, image.Name)
	}
	o.fail(o.diagnostics, verb, "The service was asked to make the image and its answer was lost. Which image is its is not clear; these fit:"+list.String(), err,
		"Import the one that is yours, and delete those that nobody needs.")
}

func jobClause(m model) string {
	if job := m.common().JobID.ValueString(); job != "" {
		return " (job " + job + ")"
	}
	return ""
}

// describe is what is known of an image before it has an id.
func describe(plan model, now time.Time) ims.Created {
	m := plan.common()
	origin, minDisk := plan.origin()
	created := ims.Created{
		Since: now, Name: m.Name.ValueString(), Description: m.Description.ValueString(), Tags: tagMap(m.TagsAll),
		MinDisk: minDisk, EnterpriseProjectID: m.EnterpriseProjectID.ValueString(), Origin: origin,
	}
	plan.unsent(&created)
	return created
}
